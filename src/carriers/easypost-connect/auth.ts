import { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import type { BearerOptions } from '../../transport/bearer.ts';
import { isOk, read } from './client.ts';
import type { EasyPostConnectCredentials } from './credentials.ts';
import { failureOf } from './errors.ts';

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
  scope: z.string().optional(),
});

/** Client credentials in a form, without a certificate: the guide's example shows none to the OAuth host. */
export function oauth(
  oauthUrl: string,
  { clientId, clientSecret }: EasyPostConnectCredentials,
  clock: Clock,
): Omit<BearerOptions, 'key' | 'tokens'> {
  return {
    clock,
    async mint(send, signal) {
      const form = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      };
      const answer = await send(
        {
          api: 'oauth',
          method: 'POST',
          url: new URL('/oauth2/token', oauthUrl),
          headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(form).toString(),
        },
        signal,
      );
      if (!isOk(answer)) throw failureOf(answer, clock.now());
      const { access_token, expires_in, scope } = read(tokenAnswer, answer, 'the token');
      const receivedAt = clock.now();
      return {
        value: access_token,
        receivedAt,
        expiresAt: receivedAt + expires_in * 1000,
        scope: scope?.split(/\s+/).filter(Boolean),
      };
    },
    header: (token) => ({ authorization: `Bearer ${token.value}` }),
    refusesToken: ({ status }) => status === 401,
  };
}
