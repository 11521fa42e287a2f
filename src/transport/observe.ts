import { ProviderError } from '../domain/errors.ts';
import { currentPlan } from './call-plan.ts';
import type { HttpResponse, Layer } from './http.ts';

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

/**
 * Reports every call that failed, refusals of the layers inside among them. `toError` reads a response with a status from 400
 * on, as the adapter does. Planned calls are not reported.
 */
export function observeFailures(
  toError: (api: string, response: HttpResponse) => ProviderError,
  onFailure: (api: string, error: ProviderError) => void,
): Layer {
  return (next) => async (request, signal) => {
    const report = (error: ProviderError) => {
      if (currentPlan() === undefined) onFailure(request.api, error);
    };
    try {
      const response = await next(request, signal);
      if (response.status >= 400) report(toError(request.api, response));
      return response;
    } catch (error) {
      if (error instanceof ProviderError) report(error);
      throw error;
    }
  };
}
