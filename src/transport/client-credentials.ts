import { z } from 'zod';

import type { Clock } from '../domain/clock.ts';
import type { ProviderError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';
import type { BearerOptions } from './bearer-token.ts';
import type { Response } from './http.ts';
import type { CertificateSource } from './client-certificate.ts';

export interface ClientCredentials {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  /** As a request's. */
  readonly certificate?: CertificateSource;
  /** What an answer is that grants no token; a 2xx that can't be read among them. */
  readonly failureOf: (answer: Response, cause?: unknown) => ProviderError;
}

const grant = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
  scope: z.string().optional(),
});

/**
 * A token by client credentials, in a form (RFC 6749, 4.4). `scope` is left out, which grants everything that the client
 * has; asking narrows it, silently.
 */
export function clientCredentials({
  url,
  clientId,
  clientSecret,
  clock,
  certificate,
  failureOf,
}: ClientCredentials): Pick<BearerOptions, 'clock' | 'fetchToken' | 'header'> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }).toString();
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return {
    clock,
    async fetchToken(send, signal) {
      const answer = await send({ api: 'oauth', method: 'POST', url, headers, body, certificate }, signal);
      const { data, error } = answer.status < 300 ? grant.safeParse(parseJson(answer.body.toString())) : {};
      if (data === undefined) throw failureOf(answer, error);
      const receivedAt = clock.now();
      return {
        value: data.access_token,
        receivedAt,
        expiresAt: receivedAt + data.expires_in * 1000,
        scope: data.scope?.split(/\s+/).filter(Boolean),
      };
    },
    header: ({ value }) => ({ authorization: `Bearer ${value}` }),
  };
}
