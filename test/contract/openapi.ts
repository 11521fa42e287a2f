import { fromSchema } from '@openapi-contrib/openapi-schema-to-json-schema';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { parse } from 'yaml';

import { readContract } from './shared.ts';

type Json = Record<string, unknown>;

/** A place of a document that is not so at USPS, and what stands there in truth. */
export interface Correction {
  /** Document and JSON pointer: `tracking#/components/schemas/TrackingEvent/properties/firm`. */
  readonly at: string;
  /** The schema that is true there; keywords that it does not name go. */
  readonly is: Json | null;
}

export interface Operation {
  readonly document: string;
  readonly method: 'get' | 'post' | 'delete';
  /** As the document writes it. */
  readonly path: string;
}

/** An OpenAPI document of USPS that judges requests and answers. */
export interface Judge {
  query(operation: Operation, query: Readonly<Record<string, string>>): string[];
  body(operation: Operation, body: unknown): string[];
  /** Undefined where the document does not know the status, or has no JSON there. */
  answer(operation: Operation, status: number, body: unknown, contentType?: string): string[] | undefined;
  /** A request body with everything in it that the document knows; of several kinds, the first or another one. */
  example(operation: Operation, kind?: number): unknown;
}

/** Reads documents on demand, with the given places corrected. */
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
  /** A validator of the schema at a pointer, or of one that is made. */
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
      return judged(validate, query);
    },
    body({ document, path, method }, body) {
      documentOf(document);
      const pointer = `/paths/${escape(path)}/${method}/requestBody/content/application~1json/schema`;
      return judged(at(document, pointer), body);
    },
    example({ document, path, method }, kind = 0) {
      const whole = documentOf(document);
      const schema = resolved(whole, get(whole, `/paths/${escape(path)}/${method}/requestBody/content/application~1json/schema`) as Json); // prettier-ignore
      return exampleOf(whole, (schema.oneOf as Json[] | undefined)?.[kind] ?? schema);
    },
    answer(operation, status, body, contentType = 'application/json') {
      const { document, path, method } = operation;
      const pointer = `/paths/${escape(path)}/${method}/responses/${status}/content/${escape(contentType)}/schema`;
      return get(documentOf(document), pointer) === undefined
        ? undefined
        : judged(at(document, pointer), body);
    },
  };
}

/** Made of the schema's own words; what is read only is no part of a request. */
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

/** Parsed once: the longest has 300 kB. */
function printed(name: string): Json {
  const document = texts.get(name) ?? (parse(readContract(`usps/openapi/${name}.yaml`)) as Json);
  texts.set(name, document);
  return document;
}

function judged(validate: ValidateFunction, value: unknown): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map(told);
}

const told = ({ instancePath, message, params }: ErrorObject) =>
  `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;

/** A document whose schemas are JSON Schema, and whose references name the document. */
function converted(value: unknown, document: string, inSchemas = false): unknown {
  if (Array.isArray(value)) return value.map((each) => converted(each, document));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const isSchema = inSchemas || (key === 'schema' && typeof each === 'object');
    return [key, isSchema ? schemaOf(each as Json, document) : converted(each, document, key === 'schemas')];
  });
  return Object.fromEntries(entries);
}

/**
 * What a request may not have since it is read only is the gateway's business, not the document's: it is left in.
 */
function schemaOf(schema: Json, document: string): Json {
  const hooks = { beforeTransform, afterTransform } as Parameters<typeof fromSchema>[1];
  const { $schema: _, ...made } = fromSchema(schema, hooks) as Json;
  return JSON.parse(JSON.stringify(made).replaceAll('"$ref":"#', `"$ref":"usps:${document}#`)) as Json;
}

/** The package drops what is required of a neighbour in an `allOf`, so it is kept where the package does not look. */
function beforeTransform<T>(schema: T): T {
  const { required, ...rest } = schema as Json;
  return (required === undefined ? rest : { ...rest, 'x-required': required }) as T;
}

/** Draft 4, which the package makes, has booleans for exclusive bounds. What stands beside a `$ref` counts for nothing. */
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
