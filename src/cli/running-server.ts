import { pino } from 'pino';

import type { Config } from '../config/config.ts';
import type { App } from '../app.ts';
import { sendCommand } from '../admin/command-client.ts';

/**
 * Sends a command to the server that runs on the same data directory and returns its result. Returns undefined if no
 * server runs, and if the ledger is a Postgres server, which this process can open itself.
 */
export async function askServer<Result>(
  { storage }: Config,
  command: string,
  input?: unknown,
): Promise<Result | undefined> {
  const response = 'folder' in storage ? await sendCommand(storage.folder, command, input) : undefined;
  return response?.result as Result | undefined;
}

/** Creates the app in this process, for commands that no running server handles. Creates no embedded ledger. */
export async function createStandaloneApp(config: Config): Promise<App> {
  // Imported here, so that usage and requests to a running server need not load the app.
  const { createApp } = await import('../app.ts');
  return createApp(config, { log: pino({ level: 'silent' }), onProgress: console.error, mustExist: true });
}
