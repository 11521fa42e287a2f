/**
 * The `schemaController` of a Fastify server none of whose routes has a JSON schema. Loading the compilers for them would take
 * 50 ms of a start, and memory.
 */
export const noSchemas = {
  compilersFactory: { buildValidator: compileNoSchema, buildSerializer: compileNoSchema },
};

function compileNoSchema(): never {
  throw new TypeError('a route has a JSON schema, for which there is no compiler');
}
