import type { FailureFragment, UserErrorFragment } from './generated/graphql.ts';

/** Why a provider did not do what a mutation asked, with the next step in `hint`. */
export type ProviderFailure = FailureFragment;
/** A mistake in the input of a mutation, with the path into it. */
export type UserError = UserErrorFragment;

/**
 * Why a call has no result. `kind` tells which:
 *
 * - `aborted`: the caller's signal aborted it. A mutation may have been performed.
 * - `network`: no response arrived. A mutation may have been performed; call again for the same key.
 * - `http`: the response is not GraphQL, such as that of a proxy.
 * - `graphql`: the server refused the operation; `code` is stable, such as `UNAUTHENTICATED` or `BAD_USER_INPUT`.
 * - `input`: the input of a mutation has errors; no provider was called.
 * - `provider`: the provider rejected the mutation or did not respond.
 */
export type Failure =
  | { readonly kind: 'aborted'; readonly message: string; readonly retryable: false }
  | { readonly kind: 'network'; readonly message: string; readonly retryable: true }
  | {
      readonly kind: 'http';
      readonly message: string;
      readonly status: number;
      readonly retryable: boolean;
      readonly retryAfterSeconds?: number;
    }
  | {
      readonly kind: 'graphql';
      readonly message: string;
      readonly code: string;
      readonly hint?: string;
      readonly field?: readonly string[];
      readonly requestId?: string;
      readonly retryable: boolean;
      readonly retryAfterSeconds?: number;
    }
  | {
      readonly kind: 'input';
      readonly message: string;
      readonly userErrors: readonly UserError[];
      readonly retryable: false;
    }
  | {
      readonly kind: 'provider';
      readonly message: string;
      readonly code: ProviderFailure['code'];
      readonly hint?: string;
      readonly failure: ProviderFailure;
      readonly retryable: boolean;
      readonly retryAfterSeconds?: number;
    };

/** The data of an operation, or why there is none. A failure may have data beside it, such as an UNCERTAIN shipment. */
export type Result<Data> =
  | { readonly ok: true; readonly data: Data; readonly extensions?: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly failure: Failure; readonly data?: Data };

interface GraphQLAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

interface Payload {
  readonly userErrors?: readonly UserError[];
  readonly failure?: ProviderFailure | null;
}

/** Reads a GraphQL response. In a mutation, the first payload with errors or a failure makes it a failure. */
export function readAnswer<Data>(answer: GraphQLAnswer<Data>, isMutation: boolean): Result<Data> {
  const data = answer.data ?? undefined;
  const [error] = answer.errors ?? [];
  if (error) return { ok: false, failure: graphqlFailure(error), data };
  if (data === undefined) {
    const message = 'the response has neither data nor errors';
    return { ok: false, failure: { kind: 'http', message, status: 200, retryable: false } };
  }
  const failure = isMutation ? payloadFailure(Object.values<Payload | null>(data)) : undefined;
  if (failure) return { ok: false, failure, data };
  return { ok: true, data, extensions: answer.extensions };
}

function graphqlFailure({
  message,
  extensions = {},
}: NonNullable<GraphQLAnswer<unknown>['errors']>[number]): Failure {
  const { code, hint, field, requestId, retryable, retryAfterSeconds } = extensions;
  return {
    kind: 'graphql',
    message,
    code: optional<string>(code) ?? 'INTERNAL_SERVER_ERROR',
    hint: optional<string>(hint),
    field: optional<readonly string[]>(field),
    requestId: optional<string>(requestId),
    retryable: retryable === true,
    retryAfterSeconds: optional<number>(retryAfterSeconds),
  };
}

const optional = <T>(value: unknown) => (value ?? undefined) as T | undefined;

function payloadFailure(payloads: readonly (Payload | null)[]): Failure | undefined {
  for (const payload of payloads) {
    const [first] = payload?.userErrors ?? [];
    if (first) {
      const message = `${first.field?.join('.') ?? 'input'}: ${first.message}`;
      return { kind: 'input', message, userErrors: payload!.userErrors!, retryable: false };
    }
    const failure = payload?.failure;
    if (failure) {
      return {
        kind: 'provider',
        message: failure.message,
        code: failure.code,
        hint: failure.hint ?? undefined,
        failure,
        retryable: failure.retryable,
        retryAfterSeconds: failure.retryAfterSeconds ?? undefined,
      };
    }
  }
  return undefined;
}
