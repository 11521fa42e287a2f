/** Why a provider gave no answer; the schema's `ProviderFailureCode`. */
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

/** The codes after which the same call may succeed later. */
const passing: ReadonlySet<ProviderFailureCode> = new Set([
  'QUOTA_EXHAUSTED',
  'RATE_LIMITED',
  'TIMEOUT',
  'UNAVAILABLE',
]);

export interface ProviderErrorDetails {
  /** The next step that mends it. */
  hint?: string;
  retryAfterSeconds?: number;
  /** Path into our input, where the provider named one of its fields. */
  field?: readonly string[];
  /** The provider's own code and words, as sent. */
  providerCode?: string;
  providerMessage?: string;
  /** False where the provider may have acted although no answer came: a lost answer, never a refusal. */
  refused?: boolean;
  cause?: unknown;
}

/** One provider's failure, which stands beside the answers of the others. */
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
    this.retryable = passing.has(code);
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.field = details.field;
    this.providerCode = details.providerCode;
    this.providerMessage = details.providerMessage;
    this.refused = details.refused ?? true;
  }
}

/** A value or the reason why there is none, in one slot of a batch. */
export type Outcome<T> = T | ProviderError;

/** A failure of the provider as a value; whatever else is thrown is ours, and stays thrown. */
export async function outcome<T>(ask: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return await ask();
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
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'NOT_VOIDABLE';

/** What we can judge without a provider, with the path into the input. */
export interface UserError {
  readonly code: UserErrorCode;
  readonly field: readonly string[];
  readonly message: string;
}

/** Everything that is wrong with one request, found before it cost a call. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly errors: readonly UserError[];

  constructor(errors: readonly UserError[]) {
    super(errors.map((error) => `${error.field.join('.')}: ${error.message}`).join('; '));
    this.errors = errors;
  }
}

/** Throws when there is anything to complain about. */
export function throwIfInvalid(errors: readonly UserError[]): void {
  if (errors.length > 0) throw new InputError(errors);
}
