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

const usage = `Usage: npm run webhook -- register | list | remove | replay [--since YYYY-MM-DD]

  register   registers the webhook of every account that has a webhook secret
  list       lists the webhooks at the providers
  remove     removes the webhooks of this server
  replay     applies again what providers sent; --since defaults to 30 days ago, which is how long it is kept

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
    return await runWebhookAction(action, accounts.callers(), sealer, config.publicUrl);
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

/** Applies received webhooks again, in the server on the same data directory or in this process; returns how many. */
async function replay(since: number, config: Config): Promise<number> {
  const answer = await askServer<{ replayed: number }>(config, 'webhook replay', { since });
  if (answer) return answer.replayed;
  const { workflows, close } = await createStandaloneApp(config);
  try {
    return await workflows.receivedWebhooks.replay(new Date(since));
  } finally {
    await close();
  }
}

/** The start of a day, YYYY-MM-DD in UTC; undefined where the text is no day. */
const dayOf = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) || undefined : undefined);

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { since: { type: 'string' } },
  });
  if (positionals.length === 1 && positionals[0] === 'replay') {
    const since = values.since === undefined ? 0 : dayOf(values.since);
    if (since === undefined) throw new Error(usage);
    console.log(`${await replay(since, readConfig(process.env))} webhooks were applied again`);
    return;
  }
  const action = webhookActions.find((each) => each === positionals[0]);
  if (action === undefined || positionals.length > 1 || values.since !== undefined) throw new Error(usage);
  const reports = await runAction(action, readConfig(process.env));
  console.log(formatReports(reports));
  process.exitCode = reports.length > 0 && reports.every(({ fault }) => fault === undefined) ? 0 : 1;
}

run(main, usage);
