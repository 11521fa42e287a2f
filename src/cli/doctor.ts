import { parseArgs } from 'node:util';

import type { Diagnostic } from '../carriers/adapter.ts';
import { readConfig, type Config } from '../config/config.ts';
import { ConfigError } from '../config/faults.ts';
import { diagnoseAccounts, type DiagnosticReport } from '../admin/diagnostics.ts';
import { run } from './run.ts';
import { askServer, createStandaloneApp } from './running-server.ts';

/** Runs the checks in the server on the same data directory, which knows its recent failures; else in this process. */
async function diagnose(config: Config): Promise<DiagnosticReport> {
  const report = await askServer<DiagnosticReport>(config, 'doctor');
  if (report) return report;
  const { accounts, close } = await createStandaloneApp(config);
  try {
    return await diagnoseAccounts(accounts.callers());
  } finally {
    await close();
  }
}

const marks: Readonly<Record<Diagnostic['status'], string>> = {
  ok: '✓',
  warning: '!',
  failed: '✗',
  skipped: '-',
};

/** Formats a report as text: a line for each check, followed by its hint. */
function formatReport({ well, accounts, faults = [] }: DiagnosticReport): string {
  const sections = accounts.map(({ tenant, account, provider, environment, diagnostics }) => {
    const lines = diagnostics.map(
      ({ check, status, message, hint }) =>
        `  ${marks[status]} ${check.padEnd(14)} ${message}${hint ? `\n${' '.repeat(19)}> ${hint}` : ''}`,
    );
    return [`${tenant} / ${account} (${provider}, ${environment.toLowerCase()})`, ...lines, ''].join('\n');
  });
  if (faults.length > 0) {
    const lines = faults.map((fault) => `  ${marks.failed} ${fault}`);
    sections.push(['configuration', ...lines, ''].join('\n'));
  }
  return [
    ...sections,
    well ? 'All checks passed.' : `Resolve the checks marked ${marks.failed} in order.`,
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  let report: DiagnosticReport;
  try {
    report = await diagnose(readConfig(process.env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    report = { well: false, accounts: [], faults: error.faults };
  }
  console.log(values.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
  process.exitCode = report.well ? 0 : 1;
}

const usage = `Usage: npm run doctor -- [--json]

Checks the configuration and every provider account. Exit status 1 if a check fails.
  --json   print the report as JSON

Example: npm run -s doctor -- --json`;

run(main, usage);
