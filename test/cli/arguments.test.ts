import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, vi } from 'vitest';

import { emptyFolder, ledgerFolder } from '../support/test-server.ts';

// Each test starts processes, which takes long on a loaded machine.
vi.setConfig({ testTimeout: 120_000 });

const root = new URL('../../', import.meta.url);

async function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', './src/compile-cache.mjs', program === 'main' ? 'src/main.ts' : `src/cli/${program}.ts`, ...args], { cwd: root, env: { PATH: process.env.PATH, ...env } }); // prettier-ignore
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

it.each([
  ['connect', ['csr', '--cn', 'x', '--key', 'y'], 'npm run connect'],
  ['doctor', ['--jsno'], 'There is no option --jsno. Did you mean --json?'],
  ['doctor', ['usps'], 'npm run doctor'],
  ['import', ['--acount', 'easypost'], 'Did you mean --account?'],
  ['import', ['--since', '2026'], '--since 2026 is not a date'],
  ['import', ['--since', 'Nov 18 2026'], 'write it as 2026-01-31'],
  ['import', ['--since', ''], 'write it as 2026-01-31'],
  ['mail', ['list', '--acount', 'x'], 'Did you mean --account?'],
  ['purchases', ['--jsno'], 'npm run purchases'],
  ['purchases', ['list', 'shp_1'], 'npm run purchases'],
  ['purchases', ['--nothing'], 'npm run purchases'],
  ['retention', ['--days', '1', '--dryrun'], 'Did you mean --dry-run?'],
  ['connect', ['csr', '--ou', 'x'], 'Did you mean --out?'],
  ['mail', ['send', 'nowhere.pdf', '--workflow', 'w'], 'nowhere.pdf is not a file\n'],
  ['ledger', ['export', 'file', '--force'], 'npm run ledger'],
  ['webhook', ['register', '--account', 'easypost'], 'npm run webhook'],
  ['webhook', ['register', 'easypost'], 'npm run webhook'],
] as const)('npm run %s refuses the arguments %j and prints its usage', async (program, args, text) => {
  expect(await run(program, args)).toEqual({ code: 1, output: expect.stringContaining(text) });
});

const programs = ['connect', 'doctor', 'import', 'ledger', 'mail', 'main', 'purchases', 'retention', 'webhook', '../../sandbox/main', '../../test/workflows/purchases/prove']; // prettier-ignore

it.each(programs)('%s prints its usage and an example for --help, and does nothing else', async (program) => {
  const { code, output } = await run(program, ['--help'], { DATA_DIR: '/dev/null/nowhere' });
  expect(code, output).toBe(0);
  expect(output).toMatch(/^Usage: npm [^]*\nExample: .*npm /);
});

it('retention of less than 30 days needs --yes, and each run first prints what it would touch', async () => {
  const DATA_DIR = ledgerFolder();
  const retention = async (...args: string[]) => {
    const { code, output } = await run('retention', ['--days', ...args], { DATA_DIR });
    return [code, ...output.trimEnd().split('\n')];
  };
  const touched = (days: number) => `Older than ${days} days: 0 shipments, 0 pickups, manifests and mail jobs, 0 trackers.`; // prettier-ignore
  const deleted = expect.stringContaining('Personal data was deleted from 0 shipments');
  expect(await retention('29')).toEqual([1, touched(29), expect.stringContaining('repeat the command with --yes')]); // prettier-ignore
  expect(await retention('29', '--yes')).toEqual([0, touched(29), deleted]);
  expect(await retention('30')).toEqual([0, touched(30), deleted]);
  rmSync(DATA_DIR, { recursive: true });
});

it.each([
  ['main', []],
  ['doctor', []],
  // `import` and `purchases` open it as `retention` does.
  ['retention', ['--days', '30']],
  ['ledger', ['export', 'nowhere']],
  ['webhook', ['list']],
] as const)('%s reports in one sentence why the ledger cannot be opened', async (program, args) => {
  const settings = { PARCELGRAPH_API_KEY: 'my-own-key', PARCELGRAPH_SECRET: 's'.repeat(32), EASYPOST_API_KEY: 'EZTK-x' }; // prettier-ignore
  const { code, output } = await run(program, args, {
    ...settings,
    PUBLIC_URL: 'https://ship.example',
    DATABASE_URL: 'postgres://user:hidden@localhost:1/ledger',
    PORT: '0',
  });
  expect(code).toBe(1);
  expect(output).toMatch(
    /^The ledger cannot be opened: .*ECONNREFUSED.*\. Check DATABASE_URL or DATA_DIR\.\n$/,
  );
});

it.each([
  ['doctor', []],
  ['retention', ['--days', '30']],
  ['ledger', ['export', 'nowhere']],
  ['webhook', ['list']],
] as const)('%s says that its folder has no ledger, and creates none', async (program, args) => {
  const DATA_DIR = join(emptyFolder(), 'data');
  const { code, output } = await run(program, args, { DATA_DIR, PUBLIC_URL: 'https://ship.example' });
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^There is no ledger in .*, and none was created: .*\n$/) }); // prettier-ignore
  expect(existsSync(DATA_DIR)).toBe(false);
});
