import { GraphQLError, isEnumType, Kind, type GraphQLSchema, type ValueNode } from 'graphql';

/** Other names of enum values that people write, in upper case. */
const aliases: Readonly<Record<string, string>> = {
  ...{ LB: 'POUND', LBS: 'POUND', POUNDS: 'POUND', OZ: 'OUNCE', OUNCES: 'OUNCE' },
  ...{ KG: 'KILOGRAM', KGS: 'KILOGRAM', KILOGRAMS: 'KILOGRAM', G: 'GRAM', GRAMS: 'GRAM' },
  ...{ IN: 'INCH', INCHES: 'INCH', CM: 'CENTIMETER', CENTIMETERS: 'CENTIMETER', CENTIMETRE: 'CENTIMETER' },
};

/** Makes the errors of all enums list the values, and name the one that is probably meant. */
export function describeEnumErrors(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isEnumType(type)) continue;
    const names = type.getValues().map(({ name }) => name);
    const parse = type.parseValue.bind(type) as (name: string) => unknown;
    const read = (given: unknown, nodes?: ValueNode): unknown => {
      if (typeof given === 'string' && names.includes(given)) return parse(given);
      const upper = String(given).toUpperCase();
      const meant = names.find((name) => name === upper || name === aliases[upper]);
      const suggestion = meant ? `; did you mean ${meant}?` : '';
      throw new GraphQLError(`must be one of ${names.join(', ')}${suggestion}`, {
        nodes,
        extensions: { code: 'BAD_USER_INPUT' },
      });
    };
    type.parseValue = (value) => read(value);
    // In a document an enum value is written without quotes.
    type.parseLiteral = (node) => read(node.kind === Kind.ENUM ? node.value : undefined, node);
  }
  return schema;
}
