/** Options of every call to a provider. */
export interface CallOptions {
  /** Aborts the call, once no caller needs its result. */
  readonly signal: AbortSignal;
}
