import { pino } from 'pino';

import type { Config } from '../config/config.ts';
import { createApp, type App } from '../app.ts';
import { callRunningServer } from '../storage/data-directory-lock.ts';

/** What the server that runs on the same folder answers; undefined without one, or where the ledger is open to all. */
export async function askServer<Answer>(
  { storage }: Config,
  command: string,
  input?: unknown,
): Promise<Answer | undefined> {
  const told = 'folder' in storage ? await callRunningServer(storage.folder, command, input) : undefined;
  return told?.answer as Answer | undefined;
}

/** The app in this process, for what no running server answers. */
export const createStandaloneApp = (config: Config): Promise<App> =>
  createApp(config, { log: pino({ level: 'silent' }), onProgress: console.error });
