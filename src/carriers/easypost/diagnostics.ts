import { z } from 'zod';

import { outcome, ProviderError } from '../../domain/errors.ts';
import { parseJson } from '../../domain/json.ts';
import type { CallOptions, Diagnostic } from '../adapter.ts';
import { checkClock } from '../diagnostics.ts';
import type { Environment } from '../provider.ts';
import type { EasyPostClient } from './client.ts';
import { toProviderError } from './errors.ts';

/** Every object has the mode of the key that created it. */
const addressList = z.object({ addresses: z.array(z.object({ mode: z.enum(['test', 'production']) })) });

/**
 * Checks the key, its environment and the clock by one call, the cheapest that needs a key. `keyEnvironment` is the
 * environment that the key's prefix stands for, if any.
 */
export const diagnose =
  (client: EasyPostClient, environment: Environment, keyEnvironment: Environment | undefined) =>
  async ({ signal }: CallOptions): Promise<readonly Diagnostic[]> => {
    const sent = await outcome(() => client.send({ path: '/addresses?page_size=1' }, signal));
    const response =
      sent instanceof ProviderError || sent.status === 200 ? sent : toProviderError(sent, client.clock.now());
    if (response instanceof ProviderError)
      return [{ check: 'key', status: 'failed', message: response.message, hint: response.hint }];
    const [address] = addressList.safeParse(parseJson(response.body.toString())).data?.addresses ?? [];
    return [
      { check: 'key', status: 'ok', message: 'EasyPost accepts the key' },
      checkEnvironment(
        environment,
        (address?.mode.toUpperCase() as Environment | undefined) ?? keyEnvironment,
      ),
      checkClock(Date.parse(String(response.headers.date)), client.clock.now()),
    ];
  };

function checkEnvironment(account: Environment, key: Environment | undefined): Diagnostic {
  const check = 'environment';
  const expected = account === 'PRODUCTION' ? 'PRODUCTION' : 'TEST';
  if (key === undefined)
    return { check, status: 'skipped', message: 'neither the key nor the response names an environment' };
  if (key === expected) return { check, status: 'ok', message: `the key is for ${key}` };
  return {
    check,
    status: 'failed',
    message: `the key is for ${key}, while the account is ${expected}`,
    hint: 'Use a key of the account’s environment: EZTK keys are for test, EZAK keys for production.',
  };
}
