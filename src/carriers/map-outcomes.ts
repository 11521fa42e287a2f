import pMap from 'p-map';

import { outcome, type Outcome } from '../domain/errors.ts';

/**
 * Maps each input by one call and returns the results in the order of the inputs. A `ProviderError` becomes the result
 * of its own input; any other error rejects. Default concurrency: 8 calls.
 */
export function mapOutcomes<Input, Result>(
  inputs: readonly Input[],
  call: (input: Input) => Promise<Result>,
  concurrency = 8,
): Promise<Outcome<Result>[]> {
  return pMap(inputs, (input) => outcome(() => call(input)), { concurrency });
}
