/** The reason for a provider's failure; the schema's `ProviderFailureCode`. */
export type ProviderFailureCode =
  | 'CREDENTIALS_MISSING'
  | 'CREDENTIALS_REJECTED'
  | 'SCOPE_MISSING'
  | 'WRONG_ENVIRONMENT'
  | 'RETIRED_HOST'
  | 'PAYMENT_NOT_AUTHORIZED'
  | 'ACCOUNT_NOT_AUTHORIZED'
  | 'QUOTA_EXHAUSTED'
  | 'RATE_LIMITED'
  | 'TIMEOUT'
  | 'UNAVAILABLE'
  | 'REJECTED'
  | 'NOT_FOUND'
  | 'NOT_SUPPORTED'
  | 'PRICE_CHANGED'
  | 'UNREADABLE';

/** The codes after which the same call may succeed later, unless a failure says otherwise. */
export const retryableCodes: ReadonlySet<ProviderFailureCode> = new Set([
  'QUOTA_EXHAUSTED',
  'RATE_LIMITED',
  'TIMEOUT',
  'UNAVAILABLE',
]);

export interface ProviderErrorDetails {
  /** What to do about it. */
  hint?: string;
  /** Whether the same call may succeed later. Default: by the code. */
  retryable?: boolean;
  retryAfterSeconds?: number;
  /** The path from the argument of the operation on, where the provider named one of its fields: `['to', 'street1']`. */
  field?: readonly string[];
  /** The provider's own code and message, as sent. */
  providerCode?: string;
  providerMessage?: string;
  /** False where the provider may have processed the request although no response arrived. Default: true. */
  refused?: boolean;
  cause?: unknown;
}

/** One provider's failure, returned beside the results of the others. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: ProviderFailureCode;
  readonly hint?: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  readonly field?: readonly string[];
  readonly providerCode?: string;
  readonly providerMessage?: string;
  readonly refused: boolean;

  constructor(code: ProviderFailureCode, message: string, details: ProviderErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.retryable = details.retryable ?? retryableCodes.has(code);
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.field = details.field;
    this.providerCode = details.providerCode;
    this.providerMessage = details.providerMessage;
    this.refused = details.refused ?? true;
  }
}

/** A result of a batch: a value, or the failure in its place. */
export type Outcome<T> = T | ProviderError;

/** Returns a `ProviderError` as a value; throws any other error. */
export async function outcome<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

export type UserErrorCode =
  | 'INVALID'
  | 'REQUIRED'
  | 'NOT_FOUND'
  | 'TOO_MANY'
  | 'NOT_ALLOWED'
  | 'RATE_INVALID'
  | 'RATE_EXPIRED'
  | 'RATE_USED'
  | 'PLAN_INVALID'
  | 'PLAN_EXPIRED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'NOT_VOIDABLE'
  | 'SPEND_LIMIT_EXCEEDED';

/** An error that is found without calling a provider, with the path into the input. */
export interface UserError {
  readonly code: UserErrorCode;
  readonly field: readonly string[];
  readonly message: string;
}

/** All errors of one request, found before any call to a provider. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly errors: readonly UserError[];

  constructor(errors: readonly UserError[]) {
    super(errors.map((error) => `${error.field.join('.')}: ${error.message}`).join('; '));
    this.errors = errors;
  }
}

/** Throws an `InputError` where there are errors. */
export function throwIfInvalid(errors: readonly UserError[]): void {
  if (errors.length > 0) throw new InputError(errors);
}
