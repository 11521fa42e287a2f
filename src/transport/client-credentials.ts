import { z } from 'zod';

import type { Clock } from '../domain/clock.ts';
import type { ProviderError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';
import type { BearerOptions } from './bearer-token.ts';
import type { HttpResponse } from './http.ts';
import type { CertificateSource } from './client-certificate.ts';

export interface ClientCredentials {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  /** As in `HttpRequest`. */
  readonly certificate?: CertificateSource;
  /** Returns the error for a response that grants no token, such as an unreadable 2xx. */
  readonly toError: (response: HttpResponse, cause?: unknown) => ProviderError;
}

const grant = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
  scope: z.string().optional(),
});

/**
 * Fetches tokens by the client credentials grant, form-encoded (RFC 6749, 4.4). `scope` is left out, which grants every
 * scope of the client; a request that names scopes is granted those alone, without an error.
 */
export function clientCredentials({
  url,
  clientId,
  clientSecret,
  clock,
  certificate,
  toError,
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
      const sentAt = clock.now();
      const response = await send({ api: 'oauth', method: 'POST', url, headers, body, certificate }, signal);
      const { data, error } =
        response.status < 300 ? grant.safeParse(parseJson(response.body.toString())) : {};
      if (data === undefined) throw toError(response, error);
      return {
        value: data.access_token,
        receivedAt: clock.now(),
        expiresAt: sentAt + data.expires_in * 1000,
        scope: data.scope?.split(/\s+/).filter(Boolean),
      };
    },
    header: ({ value }) => ({ authorization: `Bearer ${value}` }),
  };
}
