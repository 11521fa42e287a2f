import { ProviderError } from '../domain/errors.ts';
import type { Layer } from './http.ts';

/** One call on the wire, as it ended. */
export interface ProviderCall {
  readonly api: string;
  /** The status of the answer, else the code of its failure; `ABORTED` where whoever waited for it had left. */
  readonly outcome: string;
  readonly milliseconds: number;
}

/** Tells of every call that goes out, and of what came. */
export function observe(tell: (call: ProviderCall) => void): Layer {
  return (next) => async (request, signal) => {
    const started = performance.now();
    const ended = (outcome: string) =>
      tell({ api: request.api, outcome, milliseconds: performance.now() - started });
    try {
      const answer = await next(request, signal);
      ended(String(answer.status));
      return answer;
    } catch (error) {
      ended(error instanceof ProviderError ? error.code : signal.aborted ? 'ABORTED' : 'INTERNAL');
      throw error;
    }
  };
}
