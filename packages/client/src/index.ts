export { createClient, type CallOptions, type Client, type ClientOptions } from './client.ts';
export type { Failure, ProviderFailure, Result, UserError } from './failure.ts';
export type { KeyStore, OptionalKey } from './idempotency-keys.ts';
export * from './generated/graphql.ts';
