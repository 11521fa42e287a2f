/** A request to a provider exactly as it will be sent; JSON, stored before it is sent. Only its adapter reads `request`. */
export interface PreparedRequest {
  /** A random UUID: the idempotency key at providers that accept one. */
  readonly attemptId: string;
  readonly request: unknown;
}
