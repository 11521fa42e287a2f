import { printSubgraphSchema } from '@apollo/subgraph';
import { Kind, parse, visit, type ASTNode, type StringValueNode } from 'graphql';
import { expect, it } from 'vitest';

import { buildSchema } from '../../../src/resolvers/schema/schema.ts';

/** The types, fields, arguments, input fields and enum values of the schema, without those of federation itself. */
function schemaElements(): { readonly path: string; readonly description: string }[] {
  const elements: { path: string; description: string }[] = [];
  const names: string[] = [];
  visit(parse(printSubgraphSchema(buildSchema())), {
    enter(node) {
      if (node.kind === Kind.DIRECTIVE_DEFINITION) return false;
      if (!isElement(node)) return undefined;
      if (/^(_|link__|federation__)/.test(node.name.value)) return false;
      names.push(node.name.value);
      elements.push({ path: names.join('.'), description: node.description?.value.trim() ?? '' });
      return undefined;
    },
    leave(node) {
      if (isElement(node)) names.pop();
    },
  });
  return elements;
}

type Element = ASTNode & { name: { value: string }; description?: StringValueNode };

const isElement = (node: ASTNode): node is Element =>
  /^((Scalar|Object|Interface|Union|Enum|InputObject)Type|Field|InputValue|EnumValue)Definition$/.test(
    node.kind,
  );

it('describes every element of the schema', () => {
  const elements = schemaElements();
  expect(elements.length).toBeGreaterThan(500);
  expect(elements.filter(({ description }) => description === '').map(({ path }) => path)).toEqual([]);
});

it('describes every element in sentences', () => {
  const odd = schemaElements().filter(({ description }) => !/^[A-Z`][^]*\.$/.test(description));
  expect(odd.map(({ path, description }) => `${path}: ${description}`)).toEqual([]);
});
