import { pino } from 'pino';

import type { Config } from '../config.ts';
import { build, type Built } from '../house.ts';
import { askOwner } from '../ledger/owner.ts';

/** What the server that runs on the same folder answers; undefined without one, or where the ledger is open to all. */
export async function askServer<Answer>(
  { storage }: Config,
  command: string,
  input?: unknown,
): Promise<Answer | undefined> {
  const told = 'folder' in storage ? await askOwner(storage.folder, command, input) : undefined;
  return told?.answer as Answer | undefined;
}

/** The house in this process, for what no server does. */
export const buildAlone = (config: Config): Promise<Built> =>
  build(config, { log: pino({ level: 'silent' }), say: console.error }, () => config.publicUrl ?? '');
