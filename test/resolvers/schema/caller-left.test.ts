import { execute, parse } from 'graphql';
import { expect, it } from 'vitest';

import { buildSchema } from '../../../src/resolvers/schema/schema.ts';

it.each([
  ['query', '{ providerAccounts { id } }'],
  ['mutation', 'mutation { shipmentVoid(input: { id: "shp_1" }) { userErrors { code } } }'],
])('no field of a %s is resolved once its caller has left', async (_, document) => {
  const used: unknown[] = [];
  const signal = AbortSignal.abort(new Error('the caller left'));
  const context = new Proxy({ signal }, { get: (target, name) => (name === 'signal' ? target.signal : void used.push(name)) }); // prettier-ignore
  const { errors } = await execute({
    schema: buildSchema(),
    document: parse(document),
    contextValue: context,
  });
  expect(errors).toMatchObject([{ message: 'the caller left' }]);
  expect(used).toEqual([]);
});
