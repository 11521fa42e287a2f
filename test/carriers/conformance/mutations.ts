type Json = unknown;
export type Path = readonly (string | number)[];

/** A response with one value changed. */
export interface Mutation {
  /** "rates.0.currency: empty". */
  readonly title: string;
  readonly path: Path;
  readonly body: object;
}

const missing = Symbol('missing');
/** What may stand in the place of any value. */
const mutants: Readonly<Record<string, (value: Json) => Json>> = {
  'of another type': (value) => (typeof value === 'string' ? { text: value } : 'text'),
  null: () => null,
  empty: () => '',
  'with a decimal comma': () => '35,65',
  huge: (value) => (typeof value === 'number' ? 1e300 : '9'.repeat(400)),
  missing: () => missing,
};

/** Keeps two rows of each list. */
export function shorten(value: Json): Json {
  if (Array.isArray(value)) return value.slice(0, 2).map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shorten(child)]));
}

/** Changes each value of a response in each way. Of a list, the first row stands for all. */
export function* mutate(body: object): Generator<Mutation> {
  for (const path of pathsOf(body, [])) {
    for (const [name, mutant] of Object.entries(mutants)) {
      yield { title: `${path.join('.')}: ${name}`, path, body: replaceAt(body, path, mutant) as object };
    }
  }
}

function* pathsOf(value: Json, path: Path): Generator<Path> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) {
    if (value.length > 0) yield* pathsOf(value[0], [...path, 0]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) yield* pathsOf(child, [...path, key]);
  }
}

function replaceAt(value: Json, [key, ...rest]: Path, mutant: (value: Json) => Json): Json {
  if (key === undefined) return mutant(value);
  const entries = Object.entries(value as object).flatMap(([name, child]): [string, Json][] => {
    if (name !== String(key)) return [[name, child]];
    const replaced = replaceAt(child, rest, mutant);
    return replaced === missing ? [] : [[name, replaced]];
  });
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

const datePattern = /^\d{4}-\d\d-\d\d$/;
const rules: readonly (readonly [name: RegExp, holds: (value: never) => boolean])[] = [
  [/^amount$/, (value: unknown) => typeof value === 'object' || /^-?\d+(\.\d+)?$/.test(String(value))],
  [/^currencyCode$/, (value: string) => /^[A-Z]{3}$/.test(value)],
  [/^(estimatedDays|percentile\d+)$/, (value: number) => Number.isInteger(value) && value < 2 ** 31],
  [
    /^(date|shipDate|\w+Date)$/,
    (value: string) => datePattern.test(value) && !Number.isNaN(Date.parse(value)),
  ],
  [/^(occurredAt|changedAt|sourceUpdatedAt|estimatedDelivery)$/, isInstant],
  [
    /^(occurredAtLocal|deliveryWindow\w+)$/,
    (value: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value),
  ],
];
function isInstant(value: string) {
  return /(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Returns the names of values in a result that our schema could not return. */
export function unreturnable(result: unknown): string[] {
  if (typeof result !== 'object' || result === null || result instanceof Uint8Array) return [];
  return Object.entries(result).flatMap(([name, value]: [string, unknown]) => {
    // The adapter's own data, which callers never see.
    if (value == null || name === 'providerRef' || name === 'prepared') return [];
    const rule = rules.find(([pattern]) => pattern.test(name));
    const fits = rule === undefined || rule[1](value as never);
    return [...(fits ? [] : [`${name}: ${JSON.stringify(value)}`]), ...unreturnable(value)];
  });
}
