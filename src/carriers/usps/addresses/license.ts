import { ProviderError } from '../../../domain/errors.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import { readErrorBody, unauthorizedCause } from '../error-response.ts';

/**
 * The next step of an app that may not call the Addresses API. Since 2026-07-12 USPS serves it to licensed apps only
 * (USPS/api-examples#117 and #118). The license decides between versions 3.2.3 and 3.3.1 ("Enhanced Addresses"). By the
 * document of 3.3.1 they have one host, path and scope, so that nothing is to be set here. Guess: the menu is that of
 * USPS's NCOA license.
 */
export const licenseHint =
  'Since July 2026 USPS verifies addresses for licensed apps only. In the USPS Business Portal (cop.usps.com), sign the Addresses license (My Account, API Licenses), and link this app to it.';

/**
 * Returns true where a refusal of the Addresses API means that the app has no license. Guess: users report a 401 without
 * its body, so any 401 that is not about the token does, and a 403 of USPS, by which the gateway refuses other products; a
 * page of a proxy does not.
 */
export function lacksLicense(response: HttpResponse): boolean {
  if (response.status === 403) return readErrorBody(response).shape !== 'none';
  const cause = unauthorizedCause(response);
  return cause === 'product' || cause === 'scope' || cause === 'unspecified';
}

/** Turns the failure of an address call that `lacksLicense` into one that says so. */
export const licenseFailure = (failure: ProviderError) =>
  new ProviderError(
    'SCOPE_MISSING',
    'USPS refuses the Addresses API to this app, as it does to one without a license',
    {
      ...failure,
      hint: licenseHint,
    },
  );
