import { pino, type DestinationStream, type Logger } from 'pino';

import type { Config } from './config/config.ts';
import { createRedaction, textsWithin, type Redaction } from './domain/redaction.ts';

/**
 * Creates the log. Every line passes through `redaction` as it is written, whoever wrote it; the secrets of the configuration
 * are added to it.
 */
export function createLog(
  { logLevel, secret, previousSecret, storage, tenants }: Config,
  destination: DestinationStream,
  redaction: Redaction = createRedaction(),
): Logger {
  const credentials = tenants.flatMap(({ accounts }) => accounts.map((account) => account.credentials));
  redaction.addSecrets(textsWithin([secret, previousSecret, 'url' in storage && storage.url, credentials]));
  return pino({ level: logLevel, hooks: { streamWrite: redaction.redact } }, destination);
}
