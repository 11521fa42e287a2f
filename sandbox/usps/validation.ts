import type { z } from 'zod';
import { envelope } from './errors.ts';

/** Names of the OpenAPI documents in error messages. Recorded for Addresses (USPS/api-examples#42). Guess: the others. */
const openApiDocuments: Record<string, [policy: string, file: string]> = {
  '/addresses/v3/': ['Addresses-Request', 'addresses_v3.yaml'],
  '/payments/v3': ['Payments', 'payments_v3.yaml'],
  '/shipments/v3': ['Shipping-Options', 'shipping-options_v3.yaml'],
  '/labels/v3': ['Domestic-Labels', 'domestic-labels_v3.yaml'],
  // Recorded (USPS/api-examples#83).
  '/international-labels/v3/': ['International-Labels', 'international-labels-v3.yaml'],
  '/prices/v3': ['Domestic-Prices', 'domestic-prices_v3.yaml'],
  '/international-prices/v3': ['International-Prices', 'international-prices_v3.yaml'],
  '/scan-forms/v3': ['SCAN-Forms', 'scan-forms_v3.yaml'],
  '/pickup/v3': ['Carrier-Pickup', 'carrier-pickup_v3.yaml'],
  '/locations/v3': ['Locations', 'locations_v3.yaml'],
  '/service-standards/v3': ['Service-Standards', 'service-standards_v3.yaml'],
  '/tracking/v3': ['Tracking', 'tracking_v3.yaml'],
  '/tracking/v3r2': ['Tracking', 'tracking_v3r2.yaml'],
};

/** The gateway's error for a request that does not match the OpenAPI document (USPS/api-examples#42 and #83). */
export function openApiError(apiVersion: string, messages: string[]) {
  const [policy, file] = openApiDocuments[apiVersion] ?? ['Request', 'v3.yaml'];
  return envelope(
    apiVersion,
    400,
    `OASValidation OpenAPI-Spec-Validation-${policy} with resource oas://${file}: failed with reason: [${messages.join(', ')}]`,
    // Recorded: errors of this API have no items.
    apiVersion === '/international-labels/v3/'
      ? []
      : [
          {
            title: 'openapi_validation_error',
            detail: 'The API request or response does not validate against the specification.',
            source: 'API',
          },
        ],
  );
}

/** Parses a request body with a schema. Throws the gateway's error when it does not match. */
export function validateBody<T>(apiVersion: string, schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw openApiError(apiVersion, openApiMessages(result.error.issues));
}

/** The pattern that a query value must match. */
type QueryPattern = Pick<RegExp, 'source' | 'test'>;

/** The format `date`: a day that exists in the calendar. */
export const calendarDate: QueryPattern = {
  source: 'date',
  test: (text) => new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text,
};

/**
 * Validates a query. Throws the gateway's error for an unknown name (names are case sensitive, USPS/api-examples#42), a
 * missing required one, or a value that does not match its pattern.
 */
export function validateQuery(
  apiVersion: string,
  path: string,
  query: unknown,
  allowed: Record<string, QueryPattern>,
  required: string[],
): Record<string, string | undefined> {
  const given = query as Record<string, unknown>;
  for (const name of Object.keys(given)) {
    if (allowed[name] !== undefined) continue;
    throw openApiError(apiVersion, [
      `IGNORE - Query parameter '${name}' is unexpected on path ${path}: []`,
      `ERROR - query parameter is unexpected : ${name}: []`,
    ]);
  }
  for (const name of required) {
    if (given[name] !== undefined) continue;
    throw openApiError(apiVersion, [
      `ERROR - Query parameter '${name}' is required on path '${path}' but not found in request.: []`,
    ]);
  }
  for (const [name, value] of Object.entries(given)) {
    const pattern = allowed[name]!;
    if (typeof value === 'string' && pattern.test(value)) continue;
    throw openApiError(apiVersion, [
      `ERROR - [Parameter '${name}'] ECMA 262 regex "${pattern.source}" does not match input string "${String(value)}": []`,
    ]);
  }
  return given as Record<string, string | undefined>;
}

/** Converts zod issues to the messages of the gateway's validator, Atlassian's swagger-request-validator. */
export function openApiMessages(issues: z.core.$ZodIssue[]): string[] {
  const missing = new Map<string, string[]>();
  const messages: string[] = [];
  for (const issue of issues) {
    const path = issue.path.map(String);
    if (issue.code === 'invalid_type' && issue.input === undefined && path.length > 0) {
      const parent = path.slice(0, -1).join('/');
      missing.set(parent, [...(missing.get(parent) ?? []), path.at(-1)!]);
    } else {
      messages.push(`ERROR - ${pathPrefix(path.join('/'))}${messageOf(issue)}: []`);
    }
  }
  const required = [...missing].map(
    ([parent, names]) =>
      `ERROR - ${pathPrefix(parent)}Object has missing required properties ([${names.join(',')}]): []`,
  );
  return [...required, ...messages];
}

const pathPrefix = (path: string) => (path === '' ? '' : `[Path '/${path}'] `);

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `Object instance has properties which are not allowed by the schema: [${issue.keys.join(',')}]`;
    case 'invalid_type':
      return `Instance type (${typeOf(issue.input)}) does not match any allowed primitive type (allowed: ["${issue.expected}"])`;
    case 'invalid_value':
      return `Instance value (${JSON.stringify(issue.input)}) not found in enum (possible values: ${JSON.stringify(issue.values)})`;
    case 'invalid_format':
      return issue.format === 'regex'
        ? `ECMA 262 regex "${regexText(issue.pattern)}" does not match input string "${String(issue.input)}"`
        : `String "${String(issue.input)}" is invalid against requested format ${issue.format}`;
    case 'too_small':
      return issue.origin === 'number'
        ? issue.inclusive === false
          ? `Numeric instance is not strictly greater than the required minimum ${issue.minimum}`
          : `Numeric instance is lower than the required minimum (minimum: ${issue.minimum}, found: ${String(issue.input)})`
        : issue.origin === 'array'
          ? `Array is too short: must have at least ${issue.minimum} elements but instance has ${lengthOf(issue.input)} elements`
          : `String "${String(issue.input)}" is too short (length: ${lengthOf(issue.input)}, required minimum: ${issue.minimum})`;
    case 'too_big':
      return issue.origin === 'number'
        ? `Numeric instance is greater than the required maximum (maximum: ${issue.maximum}, found: ${String(issue.input)})`
        : issue.origin === 'array'
          ? `Array is too long: must have at most ${issue.maximum} elements but instance has ${lengthOf(issue.input)} elements`
          : `String "${String(issue.input)}" is too long (length: ${lengthOf(issue.input)}, maximum allowed: ${issue.maximum})`;
    default:
      return issue.message;
  }
}

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const lengthOf = (value: unknown) => (typeof value === 'string' || Array.isArray(value) ? value.length : 0);
const regexText = (pattern: string | undefined) => (pattern ?? '').replace(/^\/|\/$/g, '');
