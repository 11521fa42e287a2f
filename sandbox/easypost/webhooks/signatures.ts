import { createHmac } from 'node:crypto';

/**
 * Returns the headers of both signature versions. Version 1 signs the body alone and has published vectors. Of version 2
 * the rule is published; prefix and normalization of the secret are guesses.
 */
export function signatures(secret: string, now: number, path: string, body: string): Record<string, string> {
  const sign = (text: string) =>
    `hmac-sha256-hex=${createHmac('sha256', secret.normalize('NFKD')).update(text).digest('hex')}`;
  const timestamp = new Date(now).toUTCString().replace('GMT', '-0000');
  return {
    'x-hmac-signature': sign(body),
    'x-timestamp': timestamp,
    'x-path': path,
    'x-hmac-signature-v2': sign(`${timestamp}POST${path}${body}`),
  };
}
