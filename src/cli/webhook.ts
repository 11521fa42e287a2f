import { parseArgs } from 'node:util';

import { readConfig, type Config } from '../config/config.ts';
import {
  webhookActions,
  runWebhookAction,
  type WebhookAction,
  type WebhookReport,
} from '../admin/webhook-registration.ts';
import { run } from './run.ts';
import { askServer, createStandaloneApp } from './running-server.ts';

const usage = 'Usage: npm run webhook -- register | list | remove';

/** Asks the server that runs on the same folder, which knows where it listens; without one, does it by itself. */
async function tend(action: WebhookAction, config: Config): Promise<WebhookReport[]> {
  const told = await askServer<WebhookReport[]>(config, `webhook ${action}`);
  if (told) return told;
  if (config.publicUrl === undefined) {
    throw new Error(
      'no server is running that could tell where it listens: set PUBLIC_URL, or start it first',
    );
  }
  const { accounts, sealer, close } = await createStandaloneApp(config);
  try {
    return await runWebhookAction(action, accounts.callers, sealer, config.publicUrl);
  } finally {
    await close();
  }
}

function report(reports: readonly WebhookReport[]): string {
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
  const { positionals } = parseArgs({ allowPositionals: true });
  const action = webhookActions.find((each) => each === positionals[0]);
  if (action === undefined || positionals.length > 1) throw new Error(usage);
  const reports = await tend(action, readConfig(process.env));
  console.log(report(reports));
  process.exitCode = reports.length > 0 && reports.every(({ fault }) => fault === undefined) ? 0 : 1;
}

run(main, usage);
