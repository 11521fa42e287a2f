import { fromSchema } from '@openapi-contrib/openapi-schema-to-json-schema';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { parse } from 'yaml';

import { readContract } from './shared.ts';

type Json = Record<string, unknown>;

/** A part of a document that differs from the real service, with its correction. */
export interface Correction {
  /** Document and JSON pointer: `tracking#/components/schemas/TrackingEvent/properties/firm`. */
  readonly at: string;
  /** The correct schema, which replaces the whole part; null removes it. */
  readonly is: Json | null;
}

export interface Operation {
  readonly document: string;
  readonly method: 'get' | 'post' | 'delete';
  /** The path as the document has it. */
  readonly path: string;
}

/** Validates requests and responses against USPS's OpenAPI documents; returns the errors found. */
export interface Judge {
  query(operation: Operation, query: Readonly<Record<string, string>>): string[];
  body(operation: Operation, body: unknown): string[];
  /** Undefined when the document has no schema for the status and content type. */
  response(operation: Operation, status: number, body: unknown, contentType?: string): string[] | undefined;
  /** A request body with every documented field. `kind` selects a branch of a `oneOf`. Default: the first. */
  example(operation: Operation, kind?: number): unknown;
}

/** Reads documents on demand and applies corrections. */
export function openJudge(corrections: readonly Correction[] = []): Judge {
  const documents = new Map<string, Json>();
  const compiled = new Map<string, ValidateFunction>();
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, logger: false });
  // @ts-expect-error The package is CommonJS, and its types name the module where Node gives the function.
  formats(ajv);

  const documentOf = (name: string): Json => {
    const known = documents.get(name);
    if (known !== undefined) return known;
    const document = structuredClone(printed(name));
    for (const { at, is } of corrections) {
      const [of, pointer] = at.split('#') as [string, string];
      if (of === name) put(document, pointer, is);
    }
    documents.set(name, document);
    ajv.addSchema({ $id: `usps:${name}`, ...(converted(document, name) as Json) });
    return document;
  };
  /** Compiles a schema once for each key. */
  const validatorOf = (key: string, schema: Json): ValidateFunction => {
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = ajv.compile(schema);
    compiled.set(key, made);
    return made;
  };
  const operationOf = ({ document, path, method }: Operation) =>
    get(documentOf(document), `/paths/${escape(path)}/${method}`) as Json;
  const at = (name: string, pointer: string) =>
    validatorOf(`${name}#${pointer}`, { $ref: `usps:${name}#${pointer}` });

  return {
    query(operation, query) {
      const parameters = ((operationOf(operation).parameters ?? []) as Json[])
        .map((each) => resolved(documentOf(operation.document), each))
        .filter((each) => each.in === 'query');
      // Names are closed and case sensitive at the gateway (recorded: error.400.oas-unexpected-query-parameter).
      const validate = validatorOf(JSON.stringify(operation), {
        type: 'object',
        properties: Object.fromEntries(
          parameters.map(({ name, schema }) => [
            name as string,
            schemaOf(schema as Json, operation.document),
          ]),
        ),
        required: parameters.filter((each) => each.required).map((each) => each.name),
        additionalProperties: false,
      });
      return errorsOf(validate, query);
    },
    body({ document, path, method }, body) {
      documentOf(document);
      const pointer = `/paths/${escape(path)}/${method}/requestBody/content/application~1json/schema`;
      return errorsOf(at(document, pointer), body);
    },
    example({ document, path, method }, kind = 0) {
      const whole = documentOf(document);
      const schema = resolved(whole, get(whole, `/paths/${escape(path)}/${method}/requestBody/content/application~1json/schema`) as Json); // prettier-ignore
      return exampleOf(whole, (schema.oneOf as Json[] | undefined)?.[kind] ?? schema);
    },
    response(operation, status, body, contentType = 'application/json') {
      const { document, path, method } = operation;
      const pointer = `/paths/${escape(path)}/${method}/responses/${status}/content/${escape(contentType)}/schema`;
      return get(documentOf(document), pointer) === undefined
        ? undefined
        : errorsOf(at(document, pointer), body);
    },
  };
}

/** An example value of a schema, without read-only properties. */
function exampleOf(document: Json, schema: Json): unknown {
  const { $ref, allOf, oneOf, anyOf, properties, items, pattern, format, minLength = 1 } = schema as Schema;
  if ($ref !== undefined) return exampleOf(document, get(document, $ref.slice(1)) as Json);
  const branch = (oneOf ?? anyOf)?.[0];
  const parts = [...(allOf ?? []), ...(branch ? [branch] : [])].map((each) => exampleOf(document, each));
  if (parts.length > 0 && properties === undefined)
    return parts.length === 1 ? parts[0] : Object.assign({}, ...parts);
  if (properties !== undefined) {
    const made = Object.entries(properties)
      .filter(([, each]) => !each.readOnly)
      .map(([name, each]) => [name, exampleOf(document, each)]);
    return Object.assign({}, ...parts, Object.fromEntries(made));
  }
  if (schema.enum !== undefined) return (schema.enum as unknown[])[0];
  switch (schema.type) {
    case 'array':
      return [exampleOf(document, items!)];
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Math.max((schema.minimum as number | undefined) ?? 1, 1);
    case 'string':
      if (format === 'date') return '2026-11-18';
      if (format === 'date-time') return '2026-11-18T18:00:00Z';
      if (format === 'email') return 'joe@example.com';
      if (pattern !== undefined)
        return fc.sample(fc.stringMatching(new RegExp(`^(?:${pattern})$`)), { numRuns: 1, seed: 1 })[0];
      return 'x'.repeat(Math.max(minLength, 1));
    default:
      return {};
  }
}

interface Schema {
  readonly $ref?: string;
  readonly allOf?: Json[];
  readonly oneOf?: Json[];
  readonly anyOf?: Json[];
  readonly properties?: Record<string, Json>;
  readonly items?: Json;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
}

const texts = new Map<string, Json>();

/** Parses each document once, since they have up to 300 kB. */
function printed(name: string): Json {
  const document = texts.get(name) ?? (parse(readContract(`usps/openapi/${name}.yaml`)) as Json);
  texts.set(name, document);
  return document;
}

function errorsOf(validate: ValidateFunction, value: unknown): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map(errorText);
}

const errorText = ({ instancePath, message, params }: ErrorObject) =>
  `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;

/** Converts a document's schemas to JSON Schema, with references that name the document. */
function converted(value: unknown, document: string, inSchemas = false): unknown {
  if (Array.isArray(value)) return value.map((each) => converted(each, document));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const isSchema = inSchemas || (key === 'schema' && typeof each === 'object');
    return [key, isSchema ? schemaOf(each as Json, document) : converted(each, document, key === 'schemas')];
  });
  return Object.fromEntries(entries);
}

/** Converts a schema. Read-only properties stay, since rejecting them in requests is the gateway's rule. */
function schemaOf(schema: Json, document: string): Json {
  const hooks = { beforeTransform, afterTransform } as Parameters<typeof fromSchema>[1];
  const { $schema: _, ...made } = fromSchema(schema, hooks) as Json;
  return JSON.parse(JSON.stringify(made).replaceAll('"$ref":"#', `"$ref":"usps:${document}#`)) as Json;
}

/** The package drops `required` properties of another part of an `allOf`, so `required` is renamed during conversion. */
function beforeTransform<T>(schema: T): T {
  const { required, ...rest } = schema as Json;
  return (required === undefined ? rest : { ...rest, 'x-required': required }) as T;
}

/** Converts draft 4's boolean exclusive bounds, and removes the keywords beside a `$ref`. */
function afterTransform<T>(schema: T): T {
  const { $ref, minimum, exclusiveMinimum, 'x-required': required, ...rest } = schema as Json;
  if (typeof $ref === 'string') return { $ref } as T;
  const bound =
    exclusiveMinimum === true ? { exclusiveMinimum: minimum } : minimum === undefined ? {} : { minimum };
  return { ...rest, ...bound, ...(required === undefined ? {} : { required }) } as T;
}

function resolved(document: Json, value: Json): Json {
  return typeof value.$ref === 'string' ? (get(document, value.$ref.slice(1)) as Json) : value;
}

const escape = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1');
const stepsOf = (pointer: string) =>
  pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')); // prettier-ignore

function get(document: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>((value, step) => (value as Json | undefined)?.[step], document);
}

function put(document: Json, pointer: string, value: Json | null): void {
  const steps = stepsOf(pointer);
  const last = steps.pop()!;
  const parent = steps.reduce<unknown>((each, step) => (each as Json | undefined)?.[step], document) as Json | undefined; // prettier-ignore
  if (parent?.[last] === undefined) throw new Error(`the document has nothing at ${pointer}`);
  if (value === null) delete parent[last];
  else parent[last] = value;
}
