import type { z } from 'zod';

/** An answer that is not a success: thrown anywhere, sent as it is. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: object | string;
  readonly headers: Record<string, string>;

  constructor(status: number, body: object | string, headers: Record<string, string> = {}) {
    super(`${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export interface ErrorItem {
  status?: string;
  code?: string;
  title?: string;
  detail?: string;
  source?: string | { parameter: string; example?: string };
}

const reasons: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
};
export const reasonOf = (status: number) => reasons[status] ?? 'Error';

/** Shape A, the standard envelope; `error.code` is the status as a string. */
export function envelope(
  apiVersion: string,
  status: number,
  message = reasonOf(status),
  errors: ErrorItem[] = [],
  headers: Record<string, string> = {},
) {
  return new Refusal(status, { apiVersion, error: { code: String(status), message, errors } }, headers);
}

/** Shape A with one business error of the workbook: "Bad Request", the word itself in `detail`. */
export function businessError(apiVersion: string, code: string, detail: string, parameter?: string) {
  const source = parameter === undefined ? {} : { source: { parameter } };
  return envelope(apiVersion, 400, 'Bad Request', [
    { status: '400', code, title: 'Bad Request', detail, ...source },
  ]);
}

/** Shape B, a fault raised by the gateway (issues 18 and 22). */
export function gatewayFault(status = 403) {
  return new Refusal(status, {
    fault: {
      faultstring: 'Raising fault. Fault name : Raise-Fault-Access-Control',
      detail: { errorcode: 'steps.raisefault.RaiseFault' },
    },
  });
}

/** Shape C, the errors of RFC 6749. */
export function oauthError(status: number, error: string, description: string, headers = {}) {
  const page = { 401: 'rfc6749#page-45', 429: 'rfc6585#section-4' }[status] ?? 'rfc6749#section-5.2';
  return new Refusal(
    status,
    { error, error_description: description, error_uri: `https://datatracker.ietf.org/doc/html/${page}` },
    headers,
  );
}

/** The guide's own 401: flat, with the word UNAUTHORIZED for an error. */
export function guideUnauthorized(message: string) {
  return new Refusal(401, { apiVersion: 'v3', error: 'UNAUTHORIZED', message });
}

/** Names of the validated documents. The Addresses one is recorded (issue 42). Guess: the others follow it. */
const documents: Record<string, [policy: string, file: string]> = {
  '/addresses/v3/': ['Addresses-Request', 'addresses_v3.yaml'],
  '/payments/v3': ['Payments', 'payments_v3.yaml'],
  '/shipments/v3': ['Shipping-Options', 'shipping-options_v3.yaml'],
  '/labels/v3': ['Domestic-Labels', 'domestic-labels_v3.yaml'],
  // Recorded too (issue 83).
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

/** What the gateway says of a request that does not fit the OpenAPI document (issues 42 and 83). */
export function oasError(apiVersion: string, faults: string[]) {
  const [policy, file] = documents[apiVersion] ?? ['Request', 'v3.yaml'];
  return envelope(
    apiVersion,
    400,
    `OASValidation OpenAPI-Spec-Validation-${policy} with resource oas://${file}: failed with reason: [${faults.join(', ')}]`,
    // Recorded: this API's refusals have no items.
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

/** A value as the schema has it, or the gateway's refusal. */
export function validated<T>(apiVersion: string, schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw oasError(apiVersion, oasFaults(result.error.issues));
}

/** What a value of a query must look like. */
type Form = Pick<RegExp, 'source' | 'test'>;

/** A day that the calendar has: the format `date`. */
export const calendarDate: Form = {
  source: 'date',
  test: (text) => new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text,
};

/** A query as the document has it: closed, its names case sensitive (issue 42), its values by their patterns. */
export function checkedQuery(
  apiVersion: string,
  path: string,
  query: unknown,
  allowed: Record<string, Form>,
  required: string[],
): Record<string, string | undefined> {
  const given = query as Record<string, unknown>;
  for (const name of Object.keys(given)) {
    if (allowed[name] !== undefined) continue;
    throw oasError(apiVersion, [
      `IGNORE - Query parameter '${name}' is unexpected on path ${path}: []`,
      `ERROR - query parameter is unexpected : ${name}: []`,
    ]);
  }
  for (const name of required) {
    if (given[name] !== undefined) continue;
    throw oasError(apiVersion, [
      `ERROR - Query parameter '${name}' is required on path '${path}' but not found in request.: []`,
    ]);
  }
  for (const [name, value] of Object.entries(given)) {
    const pattern = allowed[name]!;
    if (typeof value === 'string' && pattern.test(value)) continue;
    throw oasError(apiVersion, [
      `ERROR - [Parameter '${name}'] ECMA 262 regex "${pattern.source}" does not match input string "${String(value)}": []`,
    ]);
  }
  return given as Record<string, string | undefined>;
}

/** Our validator's findings in the words of the gateway's, which is Atlassian's swagger-request-validator. */
export function oasFaults(issues: z.core.$ZodIssue[]): string[] {
  const missing = new Map<string, string[]>();
  const faults: string[] = [];
  for (const issue of issues) {
    const path = issue.path.map(String);
    if (issue.code === 'invalid_type' && issue.input === undefined && path.length > 0) {
      const parent = path.slice(0, -1).join('/');
      missing.set(parent, [...(missing.get(parent) ?? []), path.at(-1)!]);
    } else {
      faults.push(`ERROR - ${at(path.join('/'))}${wordOf(issue)}: []`);
    }
  }
  const required = [...missing].map(
    ([parent, names]) =>
      `ERROR - ${at(parent)}Object has missing required properties ([${names.join(',')}]): []`,
  );
  return [...required, ...faults];
}

const at = (path: string) => (path === '' ? '' : `[Path '/${path}'] `);

function wordOf(issue: z.core.$ZodIssue): string {
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
