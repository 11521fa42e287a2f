import { uspsSandboxNumbers, uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { createRandom } from './random.ts';
import { box, receiver, sender, type TestServer } from './test-server.ts';

/** An operation of a generated corpus. */
export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** How long after the operation before it is sent. */
  readonly minutesLater: number;
}

/** A root field with the variable that it uses. */
interface Field {
  readonly type: string;
  readonly value: unknown;
  /** Returns the selection of the field, with the name of its variable. */
  select(variable: string): string;
}

/**
 * Generates read operations: one to four root fields each, with aliases, fragments and entities, for each account and for
 * those that are selected. Numbers and addresses come back, so that the ledger answers some; the same seed gives the same
 * operations.
 */
export function generateOperations(
  { sandbox }: TestServer,
  count: number,
  seed = 1,
): readonly GeneratedOperation[] {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const list = <T>(most: number, create: () => T): T[] => Array.from({ length: 1 + below(most) }, create);

  const known = Array.from({ length: 120 }, (_, index) => {
    const trackingNumber = uspsTrackingNumber(9_000 + index);
    sandbox.usps.parcel({ trackingNumber });
    return { trackingNumber };
  });
  const numbers = [
    ...known,
    ...Object.values(uspsSandboxNumbers).map((trackingNumber) => ({ trackingNumber })),
    { trackingNumber: uspsTrackingNumber(55_555) },
    { trackingNumber: 'EZ4000000004' },
    { trackingNumber: 'EZ1000000001', accountId: 'easypost' },
    { trackingNumber: '1Z999AA10123456784', carrier: 'UPS' },
    { trackingNumber: '1Z999AA10123456784' },
    { trackingNumber: 'not a number' },
    { trackingNumber: uspsTrackingNumber(9_000), accountId: 'usps' },
  ];
  const addresses = [
    sender,
    receiver,
    { ...receiver, state: undefined },
    { ...sender, state: undefined, city: undefined },
    { street1: '1 Nowhere', postalCode: '94107', country: 'US' },
    { street1: '1 Nowhere', postalCode: '00000', country: 'US' },
    { street1: 'Friedrichstr. 1', city: 'Berlin', postalCode: '10117', country: 'DE' },
    { street1: 'no place', country: 'US' },
  ];
  const parcels = [
    box,
    { ...box, weight: { value: 5, unit: 'POUND' } },
    { weight: { value: 8, unit: 'OUNCE' } },
  ];

  const fields: readonly (() => Field)[] = [
    () => ({
      type: '[TrackingNumberInput!]!',
      value: list(pick([3, 40, 80]), () => pick(numbers)),
      select: (variable) =>
        `trackers(numbers: $${variable}${pick(['', ', maxAgeSeconds: 0', ', maxAgeSeconds: 100000'])}) { ...State }`,
    }),
    () => ({
      type: 'String!',
      value: pick(known).trackingNumber,
      select: (variable) =>
        `tracker(trackingNumber: $${variable}) { ...State shipment { tracker { status } } }`,
    }),
    () => ({
      type: '[AddressInput!]!',
      value: list(6, () => pick(addresses)),
      select: (variable) =>
        `addressVerifications(addresses: $${variable}${pick(['', ', accountId: "easypost"', ', accountId: "usps"'])}) { status }`,
    }),
    () => ({
      type: 'RatesInput!',
      value: {
        from: sender,
        to: pick([receiver, { ...receiver, street1: 'A street of a name that is far too long for any label of USPS, however it is cut' }]), // prettier-ignore
        parcels: list(3, () => pick(parcels)),
        accountIds: pick([undefined, ['usps'], ['easypost'], ['usps', 'easypost'], ['easypost-connect']]),
        carriers: pick([undefined, undefined, ['USPS'], ['UPS', 'FedEx']]),
      },
      select: (variable) =>
        `rates(input: $${variable}) { rates { id ${pick(['', '... on Rate { transitTimes { percentile50 } }'])} } failures { code } }`,
    }),
    () => ({
      type: 'String!',
      value: pick(['94107', '20260', 'none']),
      select: (variable) => `dropOffLocations(postalCode: $${variable}) { name }`,
    }),
    () => ({
      type: 'Int!',
      value: pick([1, 20, 100]),
      select: (variable) => `mailJobs(first: $${variable}) { nodes { id } }`,
    }),
    () => ({
      type: '[_Any!]!',
      value: list(20, () => ({ __typename: 'Tracker', ...pick(known), carrier: 'USPS' })),
      select: (variable) => `_entities(representations: $${variable}) { ... on Tracker { ...State } }`,
    }),
  ];

  return Array.from({ length: count }, () => {
    const chosen = list(4, () => pick(fields)());
    const variables = chosen.map(({ value }, index) => [`v${index}`, value] as const);
    const declared = chosen.map(({ type }, index) => `$v${index}: ${type}`).join(', ');
    const selected = chosen.map((field, index) => `a${index}: ${field.select(`v${index}`)}`);
    // A part of the fields is selected through a fragment.
    const split = below(selected.length + 1);
    return {
      query: `query Corpus(${declared}) { ...Some ${selected.slice(split).join(' ')} }
        fragment Some on Query { __typename ${selected.slice(0, split).join(' ')} }
        ${selected.some((text) => text.includes('...State')) ? stateFragment : ''}`,
      variables: Object.fromEntries(variables),
      minutesLater: pick([0, 0, 1, 20, 200]),
    };
  });
}

const stateFragment = 'fragment State on Tracker { trackingNumber status stale }';
