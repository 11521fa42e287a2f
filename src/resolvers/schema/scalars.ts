import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

import { countryCodes, currencyCodes } from '../../domain/codes.ts';

/** A scalar for strings of a certain form. The value is passed on unchanged. */
function stringScalar(
  name: string,
  example: string,
  isValid: (value: string) => boolean,
): GraphQLScalarType<string, string> {
  const check = (value: unknown): string => {
    if (typeof value === 'string' && isValid(value)) return value;
    throw new GraphQLError(`${name} is written like "${example}"`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  };
  return new GraphQLScalarType<string, string>({
    name,
    serialize: check,
    parseValue: check,
    parseLiteral: (node) => check(textOf(node)),
  });
}

const textOf = (node: ValueNode) => (node.kind === Kind.STRING ? node.value : undefined);

/** A scalar for the codes of a set. Lower case is accepted; the value is passed on in upper case. */
function codeScalar(name: string, example: string, codes: ReadonlySet<string>) {
  const scalar = stringScalar(name, example, (value) => codes.has(value));
  const upperCase = (value: unknown) => (typeof value === 'string' ? value.toUpperCase() : value);
  return new GraphQLScalarType({
    ...scalar.toConfig(),
    serialize: (value) => scalar.serialize(upperCase(value)),
    parseValue: (value) => scalar.parseValue(upperCase(value)),
    parseLiteral: (node) => scalar.parseValue(upperCase(textOf(node))),
  });
}

const isDate = (value: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) === true;

const dateTime = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const localDateTime = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
/** The year has four digits in UTC too: databases write other years in another form than JavaScript. */
const [firstTime, lastTime] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
const isTime = (form: RegExp) => (value: string) => {
  const date = form.exec(value)?.[1];
  const time = Date.parse(value);
  return date !== undefined && isDate(date) && time >= firstTime && time <= lastTime;
};

const decimal = stringScalar('Decimal', '7.40', (value) => /^-?\d+(\.\d+)?$/.test(value));

export const scalars = {
  DateTime: stringScalar('DateTime', '2026-11-20T07:31:00-05:00', isTime(dateTime)),
  LocalDateTime: stringScalar('LocalDateTime', '2026-11-20T07:31:00', isTime(localDateTime)),
  Date: stringScalar('Date', '2026-11-20', isDate),
  Decimal: new GraphQLScalarType({
    ...decimal.toConfig(),
    // JavaScript's shortest form of a JSON number is exact for up to 15 digits.
    parseValue: (value) => decimal.parseValue(typeof value === 'number' ? String(value) : value),
    parseLiteral: (node) =>
      decimal.parseValue(node.kind === Kind.FLOAT || node.kind === Kind.INT ? node.value : textOf(node)),
  }),
  CountryCode: codeScalar('CountryCode', 'US', countryCodes),
  CurrencyCode: codeScalar('CurrencyCode', 'USD', currencyCodes),
  URL: stringScalar('URL', 'https://example.com/', (value) => URL.canParse(value)),
};
