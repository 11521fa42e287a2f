import { globSync, readFileSync } from 'node:fs';

import { isEnumType } from 'graphql';
import { expect, it } from 'vitest';

import { errorCodes } from '../../src/resolvers/error-codes.ts';
import { buildSchema } from '../../src/resolvers/schema/schema.ts';

it('every code of an error that the server sends is documented', () => {
  const schema = buildSchema();
  const valuesOf = (name: string) => {
    const type = schema.getType(name);
    return isEnumType(type) ? type.getValues().map((value) => value.name) : [];
  };
  const documented = [
    ...Object.keys(errorCodes),
    ...valuesOf('ShippingUserErrorCode'),
    ...valuesOf('ProviderFailureCode'),
  ];
  const files = globSync('src/{auth,domain,resolvers,server,workflows}/**/*.ts');
  const sent = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bcode: '([A-Z_]{3,})'/g)].map(([, code]) => code!),
  );
  expect(sent.length).toBeGreaterThan(20);
  expect(
    sent.filter((code) => !documented.includes(code)),
    'add the code to src/resolvers/error-codes.ts',
  ).toEqual([]);
});
