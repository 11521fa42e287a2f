import { pino, type DestinationStream, type Logger } from 'pino';

import type { Config } from './config/config.ts';
import { createRedact } from './domain/redaction.ts';

/** Creates the log. Every line passes through `redact` as it is written, whoever wrote it. */
export function createLog({ logLevel, ...config }: Config, destination: DestinationStream): Logger {
  const redact = createRedact(secretsOf(config));
  return pino({ level: logLevel, hooks: { streamWrite: redact } }, destination);
}

/** The secrets of the process and the credentials of every account. */
function* secretsOf({
  secret,
  previousSecret,
  storage,
  tenants,
}: Omit<Config, 'logLevel'>): Iterable<string> {
  const credentials = tenants.flatMap(({ accounts }) => accounts.map((account) => account.credentials));
  const values: unknown[] = [secret, previousSecret, 'url' in storage && storage.url, ...credentials];
  // The list grows while it is walked.
  for (const value of values) {
    if (typeof value === 'string') yield value;
    else if (typeof value === 'object' && value !== null) values.push(...(Object.values(value) as unknown[]));
  }
}
