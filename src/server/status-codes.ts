import type { FastifyInstance } from 'fastify';

/** The codes of errors in the document or its variables; the HTTP request itself is well-formed. */
const documentErrors: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Sends an error in the document with status 200 where the response is `application/json`; as
 * `application/graphql-response+json` it keeps its 400 (GraphQL over HTTP, section 6.4).
 */
export function addStatusCodes(app: FastifyInstance): void {
  app.addHook('onSend', (_, reply, payload, done) => {
    const isJson = /^application\/json\b/.test(String(reply.getHeader('content-type')));
    if (reply.statusCode === 400 && isJson && hasDocumentError(payload)) reply.code(200);
    done();
  });
}

function hasDocumentError(payload: unknown): boolean {
  const { errors } = JSON.parse(String(payload)) as { errors?: { extensions?: { code?: unknown } }[] };
  return errors?.some(({ extensions }) => documentErrors.has(extensions?.code)) ?? false;
}
