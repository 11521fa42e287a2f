import { afterAll, beforeAll, expect, test } from 'vitest';

import { uspsSandboxNumbers as numbers } from '../../sandbox/usps/index.ts';
import { openJudge, type Judge } from './openapi.ts';
import { describeContract, readContract, type Loose } from './shared.ts';
import { deviations } from './usps-deviations.ts';
import { labelBody, openSandboxClient, operations, optionsBody, today, type RequestInput, type SandboxClient, type SandboxOperation } from './usps-sandbox-client.ts'; // prettier-ignore

describeContract('the emulated USPS rejects what the documents reject', () => {
  let client: SandboxClient;
  let judge: Judge;
  beforeAll(async () => {
    client = await openSandboxClient();
    judge = openJudge(deviations);
  });
  afterAll(() => client.close());

  /** Compares the document's result for a request with the sandbox's. Gateway errors are recognized by their text. */
  const disagreement = async (
    name: string,
    operation: SandboxOperation,
    input: RequestInput,
    faults: string[],
  ) => {
    const { status, body } = await client.request(operation, input);
    const refused = status === 400 && JSON.stringify(body).includes('OASValidation');
    if (status < 500 && refused === faults.length > 0) return [];
    return [
      `${name}: document ${faults[0] ?? 'fits'}, sandbox ${status} ${JSON.stringify(body).slice(0, 300)}`,
    ];
  };

  test.each([
    ['domestic options', operations.options, 0],
    ['international options', operations.options, 1],
    ['a payment authorization', operations.authorise, 0],
    ['a label', operations.label, 0],
  ] as const)('in requests for %s with one change', async (_, operation, kind) => {
    const whole = judge.example(operation, kind);
    expect(judge.body(operation, whole)).toEqual([]);
    const found: string[] = [];
    let count = 0;
    for (const [name, body] of changes(whole)) {
      count++;
      found.push(...(await disagreement(name, operation, { body }, judge.body(operation, body))));
    }
    expect(found).toEqual([]);
    expect(count).toBeGreaterThan(50);
  });

  test.each([
    ['160284', { shape: 'RECTANGULAR', packagingType: 'VARIABLE' }],
    ['160285', { rateIndicator: undefined }],
  ] as const)('and accepts requests that only the error workbook rejects, with %s', async (code, more) => {
    const body = labelBody({}, more);
    const { seen, at } = deviations.find((each) => each.seen === code)!;
    expect(readContract('usps/error-inventory.json')).toContain(`"${seen}"`);
    const without = openJudge(deviations.filter((each) => each.at !== at));
    expect(without.body(operations.label, body)).not.toEqual([]);
    expect(judge.body(operations.label, body)).toEqual([]);
    expect(JSON.stringify((await client.request(operations.label, { body })).body)).toContain(`"${seen}"`);
  });

  test('in requests for each documented extra service', async () => {
    const found: string[] = [];
    for (let code = 360; code < 1000; code++) {
      const body = optionsBody({}, { extraServices: [code] });
      const label = labelBody({ imageType: 'NONE' }, { extraServices: [code] });
      if (judge.body(operations.options, body).length === 0) {
        found.push(...(await disagreement(`${code}`, operations.options, { body }, [])));
        const faults = judge.body(operations.label, label);
        found.push(...(await disagreement(`label ${code}`, operations.label, { body: label }, faults)));
      }
    }
    expect(found).toEqual([]);
  });

  test.each([
    [
      'address',
      operations.address,
      {},
      '',
      {
        streetAddress: '388 Townsend St',
        secondaryAddress: 'Apt 20',
        city: 'San Francisco',
        state: 'CA',
        ZIPCode: '94107',
        ZIPPlus4: '1670',
        firm: 'Acme',
        urbanization: 'Luna',
      },
    ],
    [
      'zip code',
      operations.zipCode,
      {},
      '',
      {
        streetAddress: '388 Townsend St',
        secondaryAddress: 'Apt 20',
        city: 'San Francisco',
        state: 'CA',
        ZIPCode: '94107',
        ZIPPlus4: '1670',
        firm: 'Acme',
      },
    ],
    ['city and state', operations.cityState, {}, '', { ZIPCode: '94107' }],
    [
      'tracking',
      operations.track,
      {},
      numbers.delivered,
      { expand: 'DETAIL', destinationZIPCode: '94107', mailingDate: today },
    ],
  ] as const)('in queries for %s with one change', async (_, operation, __, of, whole) => {
    expect(judge.query(operation, whole)).toEqual([]);
    const found: string[] = [];
    const queries: [string, Record<string, string>][] = [['unexpected', { ...whole, unexpected: 'x' }]];
    for (const name of Object.keys(whole)) {
      const { [name]: value, ...rest } = whole as Record<string, string>;
      queries.push(
        [`${name} left out`, rest],
        [`${name} in lower case`, { ...rest, [name.toLowerCase()]: value! }],
      );
      for (const to of ['x', 'ZZ', '1', '12345678', 'x'.repeat(60), '2026-02-30', 'detail', '']) {
        queries.push([`${name} is ${to}`, { ...whole, [name]: to }]);
      }
    }
    for (const [name, query] of queries) {
      found.push(...(await disagreement(name, operation, { of, query }, judge.query(operation, query))));
    }
    expect(found).toEqual([]);
  });
});

/** Copies of a request with one part omitted, invalid, or added in each. */
function* changes(root: unknown): Generator<[string, unknown]> {
  for (const path of pathsOf(root)) {
    const name = `/${path.join('/')}`;
    if (path.length > 0) {
      for (const value of wrongFor(at(root, path)))
        yield [`${name} = ${JSON.stringify(value)}`, put(root, path, value)];
      if (typeof path.at(-1) === 'string') yield [`${name} left out`, put(root, path, undefined)];
    }
    const here = at(root, path);
    if (typeof here !== 'object' || here === null) continue;
    if (!Array.isArray(here))
      yield [`${name} has something unexpected`, put(root, [...path, 'unexpected'], 'x')];
    else
      yield [
        `${name} has very many`,
        put(
          root,
          path,
          Array.from({ length: 50 }, () => here[0]),
        ),
      ];
  }
}

const at = (root: unknown, path: readonly (string | number)[]) =>
  path.reduce<Loose>((value, step) => value[step], root);

/** Values of other types, and values of the same type that a schema may exclude. */
function wrongFor(value: unknown): unknown[] {
  switch (typeof value) {
    case 'string':
      return [null, 7, true, [], '', '~', 'x'.repeat(120), ...(/^\d{4}-/.test(value) ? ['2026-02-30'] : [])];
    case 'number':
      return [null, '~', true, 0, -1, 1.5, 7];
    case 'boolean':
      return [null, 'true', 1];
    default:
      return [null, '~', 7, [], {}];
  }
}

function* pathsOf(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    yield* pathsOf(each, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function put(root: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(root) as Loose;
  const parent = path.slice(0, -1).reduce<Loose>((each, step) => each[step], copy);
  const last = path.at(-1)!;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
