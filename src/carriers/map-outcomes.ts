import pMap from 'p-map';

import { outcome, type Outcome } from '../domain/errors.ts';

/**
 * Maps each input by one call and returns the results in the order of the inputs. A `ProviderError` becomes the result
 * of its own input; any other error rejects. Default concurrency: 8 calls.
 */
export async function mapOutcomes<Input, Result>(
  inputs: readonly Input[],
  call: (input: Input) => Promise<Result>,
  concurrency = 8,
): Promise<Outcome<Result>[]> {
  // Most quotes have one request.
  if (inputs.length === 1) return [await outcome(() => call(inputs[0]!))];
  return pMap(inputs, (input) => outcome(() => call(input)), { concurrency });
}
