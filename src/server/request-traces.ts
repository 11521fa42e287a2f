import type { FastifyInstance, FastifyRequest } from 'fastify';

import { currentRequest } from '../auth/request-record.ts';
import { runInSpan, type Span, type Tracer } from '../transport/tracing.ts';

/** Traces each request of GraphQL, as part of the trace that its `traceparent` names. */
export function addRequestTraces(app: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('preHandler', (request, _, done) => {
    if (request.routeOptions.url !== '/graphql') return done();
    const span = tracer.start(
      `${request.method} /graphql`,
      request.headers.traceparent as string | undefined,
    );
    spans.set(request, span);
    runInSpan(span, done);
  });
  app.addHook('onSend', (request, reply, _, done) => {
    const record = currentRequest();
    spans.get(request)?.end(
      {
        'http.request.method': request.method,
        'http.route': '/graphql',
        'http.response.status_code': reply.statusCode,
        'graphql.operation.name': record?.operation,
        'parcelgraph.tenant': record?.tenant,
        'parcelgraph.request_id': request.id,
        'parcelgraph.errors': record?.errors?.join(' ') || undefined,
      },
      reply.statusCode >= 500,
    );
    done();
  });
}
