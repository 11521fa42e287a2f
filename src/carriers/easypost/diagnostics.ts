import { z } from 'zod';

import { outcome, ProviderError } from '../../domain/errors.ts';
import { parseJson } from '../../domain/json.ts';
import type { CallOptions, Environment, Diagnostic } from '../adapter.ts';
import { checkClock } from '../diagnostics.ts';
import type { EasyPost } from './client.ts';
import { failureOf } from './errors.ts';

/** Objects carry the mode of the key that made them. */
const page = z.object({ addresses: z.array(z.object({ mode: z.enum(['test', 'production']) })) });

/** One call, the cheapest that wants a key; `form` is the environment that the key betrays by how it begins. */
export const diagnose =
  (api: EasyPost, environment: Environment, form: Environment | undefined) =>
  async ({ signal }: CallOptions): Promise<readonly Diagnostic[]> => {
    const answer = await outcome(() => api.send({ path: '/addresses?page_size=1' }, signal));
    const failure =
      answer instanceof ProviderError || answer.status === 200 ? answer : failureOf(answer, api.clock.now());
    if (failure instanceof ProviderError)
      return [{ check: 'key', status: 'failed', message: failure.message, hint: failure.hint }];
    const [first] = page.safeParse(parseJson(failure.body.toString())).data?.addresses ?? [];
    return [
      { check: 'key', status: 'ok', message: 'EasyPost takes it' },
      modeOf(environment, (first?.mode.toUpperCase() as Environment | undefined) ?? form),
      checkClock(Date.parse(String(failure.headers.date)), api.clock.now()),
    ];
  };

function modeOf(environment: Environment, mode: Environment | undefined): Diagnostic {
  const check = 'environment';
  const own = environment === 'PRODUCTION' ? 'PRODUCTION' : 'TEST';
  if (mode === undefined) return { check, status: 'skipped', message: 'neither the key nor an answer tells' };
  if (mode === own) return { check, status: 'ok', message: `the key is for ${mode}` };
  return {
    check,
    status: 'failed',
    message: `the key is for ${mode}, while the account is ${own}`,
    hint: 'Use a key of the account’s environment: EZTK keys are for test, EZAK keys for production.',
  };
}
