import { pino } from 'pino';

import { ConfigError, readConfig, type Config } from './config.ts';
import { hookActions, tendHooks, type HookAction, type HookReport } from './hooks.ts';
import { build } from './house.ts';
import { askOwner, FolderTaken } from './ledger/owner.ts';

/** Asks the server that runs on the same folder, which knows where it listens; without one, does it by itself. */
async function tend(action: HookAction, config: Config): Promise<HookReport[]> {
  const { storage } = config;
  const running = 'folder' in storage ? await askOwner(storage.folder, `webhook ${action}`) : undefined;
  if (running) return running.answer as HookReport[];
  if (config.publicUrl === undefined) {
    throw new Error(
      'no server is running that could tell where it listens: set PUBLIC_URL, or start it first',
    );
  }
  const { publicUrl } = config;
  const log = pino({ level: 'silent' });
  const { house, door, close } = await build(config, { log, say: console.error }, () => publicUrl);
  try {
    return await tendHooks(action, door.callers, house.sealer, publicUrl);
  } finally {
    await close();
  }
}

function report(reports: readonly HookReport[]): string {
  if (reports.length === 0) {
    return 'No account has a secret for webhooks, so nothing was done: docs/webhooks.md says how to set one.';
  }
  return reports
    .map(({ tenant, account, provider, url, done, webhooks, fault }) => {
      const all = webhooks?.map(
        (each) =>
          `  ${each.active ? '✓' : '✗ switched off'} ${each.url}${each.url === url ? '  (ours)' : ''}`,
      );
      const ours = webhooks?.some((each) => each.url === url) ?? true;
      return [
        `${tenant} / ${account} (${provider})`,
        ...(fault ? [`  ✗ ${fault}`] : []),
        ...(done ? [`  ✓ ${done}: ${url}`] : []),
        ...(all ?? []),
        ...(ours ? [] : [`  - not registered: ${url}`]),
      ].join('\n');
    })
    .join('\n\n');
}

async function main(): Promise<void> {
  const action = hookActions.find((each) => each === process.argv[2]);
  if (action === undefined) throw new Error('Usage: npm run webhook -- register | list | remove');
  const reports = await tend(action, readConfig(process.env));
  console.log(report(reports));
  process.exitCode = reports.length > 0 && reports.every(({ fault }) => fault === undefined) ? 0 : 1;
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError || error instanceof FolderTaken || error instanceof Error;
  console.error(known ? error.message : String(error));
  process.exitCode = 1;
});
