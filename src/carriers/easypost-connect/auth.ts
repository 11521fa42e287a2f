import type { Clock } from '../../domain/clock.ts';
import type { BearerOptions } from '../../transport/bearer-token.ts';
import { clientCredentials } from '../../transport/client-credentials.ts';
import { openTrustedCa } from '../../transport/client-certificate.ts';
import { isOk } from './client.ts';
import type { EasyPostConnectCredentials } from './credentials.ts';
import { classifyGrant, failureOf, unreadable } from './errors.ts';

/** Without a certificate: the guide's example shows none to the OAuth host. */
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
    failureOf: (answer, cause) =>
      isOk(answer) ? unreadable('the token', cause) : failureOf(answer, clock.now(), classifyGrant),
  }),
  refusesToken: ({ status }) => status === 401,
});
