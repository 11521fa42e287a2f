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

const usage = `Usage: npm run webhook -- register | list | remove

  register   registers the webhook of every account that has a webhook secret
  list       lists the webhooks at the providers
  remove     removes the webhooks of this server

Example: PUBLIC_URL=https://ship.example npm run webhook -- register`;

/** Runs an action in the server on the same data directory, which knows its URL; else in this process. */
async function runAction(action: WebhookAction, config: Config): Promise<WebhookReport[]> {
  const reports = await askServer<WebhookReport[]>(config, `webhook ${action}`);
  if (reports) return reports;
  if (config.publicUrl === undefined) {
    throw new Error('the URL of the server is unknown: set PUBLIC_URL, or start the server first');
  }
  const { accounts, sealer, close } = await createStandaloneApp(config);
  try {
    return await runWebhookAction(action, accounts.callers, sealer, config.publicUrl);
  } finally {
    await close();
  }
}

function formatReports(reports: readonly WebhookReport[]): string {
  if (reports.length === 0) {
    return 'No account has a webhook secret, so nothing was done. See docs/webhooks.md for how to set one.';
  }
  return reports
    .map(({ tenant, account, provider, url, done, webhooks, fault }) => {
      const lines = webhooks?.map(
        (each) =>
          `  ${each.active ? '✓' : '✗ disabled'} ${each.url}${each.url === url ? '  (this server)' : ''}`,
      );
      const isRegistered = webhooks?.some((each) => each.url === url) ?? true;
      return [
        `${tenant} / ${account} (${provider})`,
        ...(fault ? [`  ✗ ${fault}`] : []),
        ...(done ? [`  ✓ ${done}: ${url}`] : []),
        ...(lines ?? []),
        ...(isRegistered ? [] : [`  - not registered: ${url}`]),
      ].join('\n');
    })
    .join('\n\n');
}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const action = webhookActions.find((each) => each === positionals[0]);
  if (action === undefined || positionals.length > 1) throw new Error(usage);
  const reports = await runAction(action, readConfig(process.env));
  console.log(formatReports(reports));
  process.exitCode = reports.length > 0 && reports.every(({ fault }) => fault === undefined) ? 0 : 1;
}

run(main, usage);
