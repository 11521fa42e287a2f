import type { Clock } from '../../domain/clock.ts';
import type { BearerOptions } from '../../transport/bearer-token.ts';
import { clientCredentials } from '../../transport/client-credentials.ts';
import { openTrustedCa } from '../../transport/client-certificate.ts';
import type { EasyPostConnectCredentials } from './credentials.ts';
import { classifyTokenError, isOk, toProviderError, unreadableResponse } from './errors.ts';

/** The options of the token layer. No client certificate is presented: EasyPost's example to the OAuth host has none. */
export const oauth = (
  oauthUrl: string,
  { clientId, clientSecret, ca }: EasyPostConnectCredentials,
  clock: Clock,
): Omit<BearerOptions, 'key' | 'tokens'> => ({
  ...clientCredentials({
    url: new URL('/oauth2/token', oauthUrl),
    clientId,
    clientSecret,
    clock,
    certificate: ca === undefined ? undefined : openTrustedCa(ca, clock),
    toError: (response, cause) =>
      isOk(response)
        ? unreadableResponse('the token', cause)
        : toProviderError(response, clock.now(), classifyTokenError),
  }),
  rejectsToken: ({ status }) => status === 401,
  blocksApi: ({ status }) => status === 401,
});
