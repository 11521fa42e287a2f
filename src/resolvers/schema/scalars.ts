import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLCountryCode, GraphQLCurrency } from 'graphql-scalars';

/** A scalar that is text of a certain form, taken and given as it is. */
function text(
  name: string,
  example: string,
  isOne: (value: string) => boolean,
): GraphQLScalarType<string, string> {
  const check = (value: unknown): string => {
    if (typeof value === 'string' && isOne(value)) return value;
    throw new GraphQLError(`${name} is written like "${example}"`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  };
  return new GraphQLScalarType<string, string>({
    name,
    serialize: check,
    parseValue: check,
    parseLiteral: (node) => check(node.kind === Kind.STRING ? node.value : undefined),
  });
}

const isDay = (value: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) === true;
const dateTime = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const localDateTime = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
/** Of four digits in UTC as well; beyond them databases write years in another way than JavaScript does. */
const [firstTime, lastTime] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
const inForm = (form: RegExp) => (value: string) => {
  const day = form.exec(value)?.[1];
  const time = Date.parse(value);
  return day !== undefined && isDay(day) && time >= firstTime && time <= lastTime;
};

const decimal = text('Decimal', '7.40', (value) => /^-?\d+(\.\d+)?$/.test(value));

/** A code that is taken in small letters too; from here on it is always in capitals. */
function inCapitals(name: string, codes: GraphQLScalarType): GraphQLScalarType {
  const parse = (value: unknown) => codes.parseValue(typeof value === 'string' ? value.toUpperCase() : value);
  return new GraphQLScalarType({
    ...codes.toConfig(),
    name,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

export const scalars = {
  DateTime: text('DateTime', '2026-11-20T07:31:00-05:00', inForm(dateTime)),
  LocalDateTime: text('LocalDateTime', '2026-11-20T07:31:00', inForm(localDateTime)),
  Date: text('Date', '2026-11-20', isDay),
  Decimal: new GraphQLScalarType({
    ...decimal.toConfig(),
    // A JSON number is taken by its shortest form, which is what was written for anything up to 15 digits.
    parseValue: (value) => decimal.parseValue(typeof value === 'number' ? String(value) : value),
    parseLiteral: (node) =>
      decimal.parseValue(
        node.kind === Kind.STRING || node.kind === Kind.FLOAT || node.kind === Kind.INT
          ? node.value
          : undefined,
      ),
  }),
  CountryCode: inCapitals('CountryCode', GraphQLCountryCode),
  CurrencyCode: inCapitals('CurrencyCode', GraphQLCurrency),
  URL: text('URL', 'https://example.com/', (value) => URL.canParse(value)),
};
