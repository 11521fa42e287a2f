import { parseArgs } from 'node:util';

import type { Diagnostic } from '../carriers/adapter.ts';
import { ConfigError, readConfig, type Config } from '../config/config.ts';
import { diagnoseAccounts, type DiagnosticReport } from '../admin/diagnostics.ts';
import { run } from './run.ts';
import { askServer, createStandaloneApp } from './running-server.ts';

/** Asks the server that runs on the same folder, which knows what it was refused; without one, looks for itself. */
async function diagnose(config: Config): Promise<DiagnosticReport> {
  const told = await askServer<DiagnosticReport>(config, 'doctor');
  if (told) return told;
  const { accounts, close } = await createStandaloneApp(config);
  try {
    return await diagnoseAccounts(accounts.callers);
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

/** For people: a mark for each check, and below what is not well its next step. */
function report({ well, accounts, faults = [] }: DiagnosticReport): string {
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
    well ? 'All is well.' : `Mend what is marked ${marks.failed}, the first one first.`,
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  let diagnosis: DiagnosticReport;
  try {
    diagnosis = await diagnose(readConfig(process.env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    diagnosis = { well: false, accounts: [], faults: error.faults };
  }
  console.log(values.json ? JSON.stringify(diagnosis, undefined, 2) : report(diagnosis));
  process.exitCode = diagnosis.well ? 0 : 1;
}

run(main, 'Usage: npm run doctor -- [--json]');
