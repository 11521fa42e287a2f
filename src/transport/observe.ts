import { ProviderError } from '../domain/errors.ts';
import type { Layer } from './http.ts';

/** One finished call to a provider. */
export interface ProviderCall {
  readonly api: string;
  /** The HTTP status, or the code of the `ProviderError`; `ABORTED` where the caller disconnected, `INTERNAL` for any other error. */
  readonly outcome: string;
  readonly milliseconds: number;
}

/** Reports every call with its outcome and duration. */
export function observe(onCall: (call: ProviderCall) => void): Layer {
  return (next) => async (request, signal) => {
    const started = performance.now();
    const report = (outcome: string) =>
      onCall({ api: request.api, outcome, milliseconds: performance.now() - started });
    try {
      const response = await next(request, signal);
      report(String(response.status));
      return response;
    } catch (error) {
      report(error instanceof ProviderError ? error.code : signal.aborted ? 'ABORTED' : 'INTERNAL');
      throw error;
    }
  };
}
