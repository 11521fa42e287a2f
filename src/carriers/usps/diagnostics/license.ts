import { ProviderError, type Outcome } from '../../../domain/errors.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import type { Diagnostic } from '../../adapter.ts';
import { lacksLicense, licenseHint } from '../addresses/license.ts';
import { isOk } from '../client.ts';
import { missingScope } from '../scopes.ts';
import { failed, ok, skipped, type DiagnosticContext } from './context.ts';

/**
 * Checks that the app has the license of the Addresses API, which neither its token nor its scope shows: by a city
 * look-up, unless this process knows the answer.
 */
export async function checkLicense(
  { token }: DiagnosticContext,
  scope: readonly string[] | undefined,
  lookUpCity: () => Promise<Outcome<HttpResponse>>,
): Promise<Diagnostic> {
  const check = 'license';
  const refused = (reason: string) => failed(check, `USPS verifies no addresses: ${reason}`, licenseHint);
  if (missingScope({ scope }, 'addresses')) return refused('the token lacks the scope addresses');
  const accepted = ok(check, 'the Addresses API accepts the app');
  if ((await token.tokenState()).accepted.includes('addresses')) return accepted;
  const response = await lookUpCity();
  if (response instanceof ProviderError) return skipped(check, `the check call failed: ${response.message}`);
  if (isOk(response)) return accepted;
  return response.status === 401 || lacksLicense(response)
    ? refused(`it answers ${response.status} to this app, as it does to one without a license`)
    : skipped(check, `USPS answered the check call with ${response.status}`);
}
