import { ProviderError, type Outcome } from '../../../domain/errors.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import type { Diagnostic } from '../../adapter.ts';
import type { Environment } from '../../provider.ts';
import { isOk } from '../client.ts';
import { unauthorizedCause } from '../error-response.ts';
import type { Claims } from './claims.ts';
import { failed, ok, warning, type DiagnosticContext } from './context.ts';

/** Environments by the host of the claim `iss`, such as https://keyc.usps.com/realms/USPS. */
const issuers: Readonly<Record<string, Environment>> = {
  'keyc.usps.com': 'PRODUCTION',
  'cat-keyc.usps.com': 'TEST',
};

const check = 'environment';
const hint =
  "Use credentials and base URL of one environment: apis.usps.com for production, apis-tem.usps.com for test, and set the account's environment accordingly.";

/**
 * Checks that the token was issued in the account's environment. Sources disagree on whether test credentials are
 * separate, so where the issuer is unknown or another's, a city look-up decides.
 */
export async function checkEnvironment(
  { environment }: DiagnosticContext,
  { iss = '' }: Claims,
  lookUpCity: () => Promise<Outcome<HttpResponse>>,
): Promise<Diagnostic> {
  const host = URL.canParse(iss) ? new URL(iss).hostname : '';
  const issued = issuers[host];
  const expected = environment === 'PRODUCTION' ? 'PRODUCTION' : 'TEST';
  if (issued === expected) return ok(check, `the token was issued by ${host}, the ${expected} issuer`);
  const origin = issued
    ? `the token was issued by ${host}, the ${issued} issuer, while the account is ${expected}`
    : 'the token does not name the environment that issued it';

  const response = await lookUpCity();
  if (response instanceof ProviderError)
    return warning(check, `${origin}; the check call failed: ${response.message}`, hint);
  const cause = unauthorizedCause(response);
  if (cause === 'token' || cause === 'unspecified')
    return failed(check, `USPS answers 401 to a fresh token: ${origin}`, hint);
  if (cause !== undefined)
    return warning(check, `${origin}; the app lacks the Addresses API, which this check calls`, hint);
  if (!isOk(response))
    return warning(check, `${origin}; USPS answered the check call with ${response.status}`, hint);
  return issued
    ? warning(check, `${origin}; this host accepts it nevertheless`, hint)
    : ok(check, `${origin}, and this host accepts it`);
}
