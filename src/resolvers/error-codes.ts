interface ErrorCode {
  /** What happened. */
  readonly meaning: string;
  /** What to do about it. */
  readonly hint: string;
  /** Whether the same request may succeed later. Default: false. */
  readonly retryable?: true;
}

/** The codes of errors of a whole request, beside those of `ProviderFailureCode`; docs/errors.md lists them. */
export const errorCodes = {
  UNAUTHENTICATED: {
    meaning: 'The request has no valid API key or token.',
    hint: 'Send `Authorization: Bearer <key>` with a key of this server, in full.',
  },
  FORBIDDEN: {
    meaning: 'The API key or token lacks a permission: `permissions` names it.',
    hint: 'Use a key or token that has the permission.',
  },
  BAD_USER_INPUT: {
    meaning:
      'An argument or a variable is not valid: `field` is the path of the first, `errors` has all of them.',
    hint: 'Correct the values.',
  },
  BAD_REQUEST: {
    meaning: 'The body or a header of the request can’t be read.',
    hint: 'Correct what the message names.',
  },
  PAYLOAD_TOO_LARGE: {
    meaning: 'The body of the request is too large.',
    hint: 'Split the operation.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    meaning: 'The body of the request is no JSON, compressed, or not UTF-8.',
    hint: 'Send the operation as `application/json`.',
  },
  GRAPHQL_PARSE_FAILED: {
    meaning: 'The document is no GraphQL, or has too many tokens.',
    hint: 'Correct the document, or split it.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    meaning: 'The document does not fit the schema, or exceeds the limits of depth, aliases or directives.',
    hint: 'Compare the document with the schema, or split it.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    meaning: 'The document has several operations, and `operationName` names none of them.',
    hint: 'Set `operationName`.',
  },
  OPERATION_TOO_COSTLY: {
    meaning: 'The operation costs `cost`, and `maxCost` is allowed. Nothing was executed.',
    hint: 'Ask for fewer items, or split the operation: `@cost` and `@listSize` in the schema give the weights.',
  },
  TOO_MANY_PROVIDER_CALLS: {
    meaning: 'The operation may take more provider calls than allowed: `plan` has them. None was made.',
    hint: 'Ask for less, or allow more with the header `x-parcelgraph-max-provider-calls`.',
  },
  PERSISTED_OPERATION_REQUIRED: {
    meaning: 'The tenant allows registered operations only, and this one is not registered.',
    hint: 'Add the document, to the letter, to the manifest of the tenant’s `persistedOperations`.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    meaning: 'No document is known by this hash.',
    hint: 'Send the document with its hash, as Apollo’s clients do by themselves.',
  },
  TOO_MANY_REQUESTS: {
    meaning: 'The tenant sends more requests than its limits allow, or an address without a key does.',
    hint: 'Send the request again after `retryAfterSeconds`. No provider was called.',
    retryable: true,
  },
  TOO_MANY_SUBSCRIPTIONS: {
    meaning: 'The connection or the tenant has as many subscriptions as it may have.',
    hint: 'End subscriptions that nobody follows, or name several numbers in one.',
  },
  OVERLOADED: {
    meaning: 'The server has more requests than it can serve, and has not executed this one.',
    hint: 'Send the request again after `retryAfterSeconds`.',
    retryable: true,
  },
  OPERATION_TIMEOUT: {
    meaning: 'The operation took too long, and was ended.',
    hint: 'Ask for less at once, or set `deadlineMs` on rates. A mutation goes on: send it again with its key.',
    retryable: true,
  },
  LEDGER_UNAVAILABLE: {
    meaning: 'The database does not respond.',
    hint: 'Retry later. Retry a mutation with the same idempotency key, so that it is not performed twice.',
    retryable: true,
  },
  CALLER_LEFT: {
    meaning: 'The caller disconnected before the response. Only the log shows it.',
    hint: 'Wait longer. Send a mutation again with its idempotency key.',
    retryable: true,
  },
  INTERNAL_SERVER_ERROR: {
    meaning: 'The server has a fault, which it has logged.',
    hint: 'Report it with the `requestId`.',
  },
} satisfies Readonly<Record<string, ErrorCode>>;

/** Returns a code with its hint, for the extensions of an error. */
export function withHint(code: keyof typeof errorCodes) {
  const { hint, retryable }: ErrorCode = errorCodes[code];
  return { code, hint, retryable };
}
