/** A document that no honest client sends. */
export interface HostileDocument {
  readonly name: string;
  readonly query: string;
  readonly variables?: object;
}

const repeat = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join(' ');

const number = '9400100000000000000000';
const tracker = (selection: string) => `{ tracker(trackingNumber: "${number}") { ${selection} } }`;
const circle = (levels: number) =>
  repeat(levels, (level) => (level % 2 === 0 ? 'shipment {' : 'tracker {')) + ' id ' + '}'.repeat(levels);

/** The kinds of hostile documents; each becomes more so with its size. */
const kinds: Readonly<Record<string, (size: number) => Omit<HostileDocument, 'name'>>> = {
  'fields nested': (size) => ({ query: tracker(circle(15 + size)) }),
  'fragments nested': (size) => ({
    query: `${tracker('...F')} fragment F on Tracker { ${circle(15 + size)} }`,
  }),
  'brackets nested': (size) => ({
    query: `{ a(b: ${'['.repeat(100 + size * 50)}${']'.repeat(100 + size * 50)}) }`,
  }),
  'aliases of one field': (size) => ({
    query: `{ ${repeat(200 + size, (i) => `a${i}: providerAccounts { id }`)} }`,
  }),
  'aliases by fragments': (size) => ({
    query: `{ ${repeat(10 + size, (i) => `a${i}: providerAccounts { ...F }`)} } fragment F on ProviderAccount { ${repeat(21, (i) => `b${i}: id`)} }`,
  }),
  'one field again and again': (size) => ({
    query: `{ ${repeat(1000 + size * 100, () => 'providerAccounts { id }')} }`,
  }),
  tokens: (size) => ({
    query: `{ shipments(filter: { accountIds: [${'"a" '.repeat(10_000 + size * 500)}] }) { nodes { id } } }`,
  }),
  directives: (size) => ({ query: `{ ${repeat(50 + size, () => '__typename @include(if: true)')} }` }),
  'directives on one field': (size) => ({
    query: `{ __typename ${repeat(1 + size, () => '@skip(if: false)')} }`,
  }),
  'unknown directives': (size) => ({ query: `{ __typename ${repeat(size, (i) => `@a${i}`)} }` }),
  'fragments in a circle': (size) => ({
    query: `{ providerAccounts { ...F0 } } ${repeat(size, (i) => `fragment F${i} on ProviderAccount { id ...F${(i + 1) % size} }`)}`,
  }),
  'fragments that double': (size) => ({
    query: `{ ${repeat(201, (i) => `a${i}: providerAccounts { ...F0 }`)} } ${repeat(10 + size, (i) => `fragment F${i} on ProviderAccount { ...F${i + 1} ...F${i + 1} }`)} fragment F${10 + size} on ProviderAccount { id }`,
  }),
  'unused fragments': (size) => ({
    query: `{ __typename } ${repeat(size, (i) => `fragment F${i} on Tracker { id }`)}`,
  }),
  'fields that conflict': (size) => ({
    query: `{ ${repeat(size, (i) => `a: tracker(trackingNumber: "${i}") { id } a: shipment(id: "${i}") { id }`)} }`,
  }),
  'unknown fields': (size) => ({ query: `{ ${repeat(size * 20, (i) => `unknown${i}`)} }` }),
  'unknown arguments': (size) => ({
    query: `{ providerAccounts(${repeat(size * 20, (i) => `unknown${i}: 1`)}) { id } }`,
  }),
  'unknown types': (size) => ({ query: `{ ${repeat(size * 10, (i) => `... on Unknown${i} { id }`)} }` }),
  quotes: (size) => ({
    query: `query ($input: RatesInput!) { ${repeat(85 + size, (i) => `q${i}: rates(input: $input) { rates { id } }`)} }`,
    variables: {
      input: {
        from: { country: 'US' },
        to: { country: 'US' },
        parcels: [{ weight: { value: 1, unit: 'POUND' } }],
      },
    },
  }),
  'introspection repeated': (size) => ({
    query: `{ ${repeat(20 + size * 10, (i) => `s${i}: __schema { types { fields { args { type { ofType { name } } } } } }`)} }`,
  }),
  'introspection nested': (size) => ({
    query: `{ __type(name: "Tracker") { ${'fields { type { '.repeat(4 + size)} name ${'} }'.repeat(4 + size)} } }`,
  }),
  'a list of a list argument': (size) => ({
    query: `query ($n: [TrackingNumberInput!]!) { ${repeat(7 + size, (i) => `t${i}: trackers(numbers: $n) { id }`)} }`,
    variables: { n: Array.from({ length: 1200 }, (_, i) => ({ trackingNumber: String(i) })) },
  }),
  'a variable nested': (size) => ({
    query: 'query ($a: ID!) { shipment(id: $a) { id } }',
    variables: { a: JSON.parse('['.repeat(size * 100) + ']'.repeat(size * 100)) as object },
  }),
  'a variable of the wrong type': (size) => ({
    query: 'query ($n: [TrackingNumberInput!]!) { trackers(numbers: $n) { id } }',
    variables: { n: Array.from({ length: size * 100 }, () => ({ trackingNumber: {} })) },
  }),
  'variables that are not declared': (size) => ({
    query: `{ ${repeat(size, (i) => `a${i}: shipment(id: $v${i}) { id }`)} }`,
  }),
  'text that is no text': (size) => ({
    query: 'query ($a: ID!) { shipment(id: $a) { id } }',
    variables: { a: 'x'.repeat(size * 1000) + (size % 2 ? '\0' : '\ud800') },
  }),
  'operations without a name to choose': (size) => ({
    query: repeat(1 + size, (i) => `query Q${i} { providerAccounts { id } }`),
  }),
  'anonymous operations beside others': (size) => ({
    query: repeat(1 + size, () => '{ providerAccounts { id } }'),
  }),
  subscriptions: (size) => ({ query: `subscription { ${repeat(size, (i) => `a${i}`)} }` }),
  'comments and no operation': (size) => ({ query: `#${'x'.repeat(size * 10_000)}` }),
  'text that is no document': (size) => ({ query: '{'.repeat(size * 3) }),
};

/** Generates documents of each kind in growing sizes: each of them is refused before a resolver runs. */
export const hostileDocuments = (perKind = 7): readonly HostileDocument[] =>
  Object.entries(kinds).flatMap(([name, create]) =>
    Array.from({ length: perKind }, (_, index) => ({
      name: `${name}, size ${index + 1}`,
      ...create(index + 1),
    })),
  );

/** The dearest documents that the limits allow, each in another way. */
export const dearestDocuments: readonly HostileDocument[] = [
  { name: 'one field again and again', query: `{ ${repeat(600, () => '__typename')} }` },
  {
    name: 'objects again and again',
    query: `{ providerAccounts { ${repeat(200, () => 'breakers { api }')} } }`,
  },
  {
    name: 'fragments that spread others',
    query: `{ providerAccounts { ${repeat(10, (i) => `...F${i}`)} } } ${repeat(10, (i) => `fragment F${i} on ProviderAccount { quotas { api } ${repeat(10, (j) => `...G${i * 10 + j}`)} }`)} ${repeat(100, (i) => `fragment G${i} on ProviderAccount { quotas { api limit } }`)}`,
  },
  { name: 'many small fragments', query: `{ providerAccounts { ${repeat(240, (i) => `...F${i}`)} } } ${repeat(240, (i) => `fragment F${i} on ProviderAccount { id }`)}` }, // prettier-ignore
  {
    name: '200 aliases',
    query: `{ ${repeat(200, (i) => `a${i}: providerAccounts { id name operations }`)} }`,
  },
  {
    name: '10,000 tokens of a list',
    query: `{ shipments(filter: { accountIds: [${'"a" '.repeat(9981)}] }) { nodes { id } } }`,
  },
  { name: 'three introspections', query: `{ ${repeat(3, (i) => `s${i}: __schema { types { name fields { name args { name type { name } } type { name ofType { name } } } } }`)} }` }, // prettier-ignore
  {
    name: '1,000 trackers',
    query: `query ($n: [TrackingNumberInput!]!) { trackers(numbers: $n) { id status events { description } failure { code } } }`,
    variables: { n: Array.from({ length: 1000 }, (_, i) => ({ trackingNumber: `no number ${i}` })) },
  },
];
