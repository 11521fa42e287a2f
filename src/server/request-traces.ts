import type { FastifyInstance, FastifyRequest } from 'fastify';

import { currentRequest } from '../auth/request-record.ts';
import { runInSpan, type Span, type Tracer } from '../transport/tracing.ts';

/** The routes that execute operations. */
const traced: ReadonlySet<unknown> = new Set(['/graphql', '/mcp']);

/** Traces each request that executes operations, as part of the trace that its `traceparent` names. */
export function addRequestTraces(app: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('preHandler', (request, _, done) => {
    const { method, routeOptions } = request;
    if (!traced.has(routeOptions.url)) return done();
    const span = tracer.start(
      `${method} ${routeOptions.url}`,
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
        'http.route': request.routeOptions.url,
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
