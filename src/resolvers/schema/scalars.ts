import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

import { countryCodes, currencyCodes, findCountryCode } from '../../domain/codes.ts';

interface StringForm {
  readonly isValid: (value: string) => boolean;
  /** Returns what is probably meant by a value that is not valid. */
  readonly findMeant?: (value: string) => string | undefined;
}

/** A scalar for strings of a certain form. The value is passed on unchanged. */
function stringScalar(name: string, example: string, { isValid, findMeant }: StringForm) {
  const check = (value: unknown, nodes?: ValueNode): string => {
    if (typeof value === 'string' && isValid(value)) return value;
    const meant = typeof value === 'string' ? findMeant?.(value) : undefined;
    const suggestion = meant ? `; did you mean "${meant}"?` : '';
    throw new GraphQLError(`${name} is written like "${example}"${suggestion}`, {
      nodes,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  };
  return {
    check,
    type: new GraphQLScalarType<string, string>({
      name,
      serialize: (value) => check(value),
      parseValue: (value) => check(value),
      parseLiteral: (node) => check(textOf(node), node),
    }),
  };
}

const textOf = (node: ValueNode) => (node.kind === Kind.STRING ? node.value : undefined);

/** A scalar for the codes of a set. Lower case is accepted; the value is passed on in upper case. */
function codeScalar(
  name: string,
  example: string,
  codes: ReadonlySet<string>,
  findMeant?: StringForm['findMeant'],
) {
  const { check, type } = stringScalar(name, example, { isValid: (value) => codes.has(value), findMeant });
  const upperCase = (value: unknown) => (typeof value === 'string' ? value.toUpperCase() : value);
  return new GraphQLScalarType({
    ...type.toConfig(),
    serialize: (value) => check(upperCase(value)),
    parseValue: (value) => check(upperCase(value)),
    parseLiteral: (node) => check(upperCase(textOf(node)), node),
  });
}

/** Every month has 28 days. Only a later day is looked up in the calendar, which takes ten times as long. */
const isDate = (value: string) =>
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/.test(value) ||
  (/^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) === true);

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const localDateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
/** The year has four digits in UTC too: databases write other years in another form than JavaScript. */
const [firstTime, lastTime] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
const isTime = (form: RegExp) => (value: string) => {
  const time = Date.parse(value);
  return form.test(value) && isDate(value.slice(0, 10)) && time >= firstTime && time <= lastTime;
};

const decimal = stringScalar('Decimal', '7.40', { isValid: (value) => /^-?\d+(\.\d+)?$/.test(value) });

export const scalars = {
  DateTime: stringScalar('DateTime', '2026-11-20T07:31:00-05:00', { isValid: isTime(dateTime) }).type,
  LocalDateTime: stringScalar('LocalDateTime', '2026-11-20T07:31:00', { isValid: isTime(localDateTime) })
    .type,
  Date: stringScalar('Date', '2026-11-20', { isValid: isDate }).type,
  Decimal: new GraphQLScalarType({
    ...decimal.type.toConfig(),
    // JavaScript's shortest form of a JSON number is exact for up to 15 digits.
    parseValue: (value) => decimal.check(typeof value === 'number' ? String(value) : value),
    parseLiteral: (node) =>
      decimal.check(node.kind === Kind.FLOAT || node.kind === Kind.INT ? node.value : textOf(node), node),
  }),
  CountryCode: codeScalar('CountryCode', 'US', countryCodes, findCountryCode),
  CurrencyCode: codeScalar('CurrencyCode', 'USD', currencyCodes),
  // Any value is passed on unchanged.
  JSON: new GraphQLScalarType({ name: 'JSON' }),
  URL: stringScalar('URL', 'https://example.com/', { isValid: (value) => URL.canParse(value) }).type,
};
