import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, it, vi } from 'vitest';

// Each test starts processes, which takes long on a loaded machine.
vi.setConfig({ testTimeout: 120_000 });

const root = new URL('../../', import.meta.url);

async function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program === 'main' ? 'src/main.ts' : `src/cli/${program}.ts`, ...args], { cwd: root, env: { PATH: process.env.PATH, ...env } }); // prettier-ignore
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

it.each([
  ['connect', ['csr', '--cn', 'x', '--key', 'y'], 'npm run connect'],
  ['doctor', ['--jsno'], 'npm run doctor'],
  ['doctor', ['usps'], 'npm run doctor'],
  ['import', ['--acount', 'easypost'], 'npm run import'],
  ['import', ['--since', '2026'], '--since 2026 is not a date'],
  ['import', ['--since', 'Nov 18 2026'], 'write it as 2026-01-31'],
  ['import', ['--since', ''], 'write it as 2026-01-31'],
  ['mail', ['list', '--acount', 'x'], 'npm run mail'],
  ['purchases', ['--jsno'], 'npm run purchases'],
  ['purchases', ['list', 'shp_1'], 'npm run purchases'],
  ['purchases', ['--nothing'], 'npm run purchases'],
  ['retention', ['--days', '1', '--dryrun'], 'npm run retention'],
  ['ledger', ['export', 'file', '--force'], 'npm run ledger'],
  ['webhook', ['register', '--account', 'easypost'], 'npm run webhook'],
  ['webhook', ['register', 'easypost'], 'npm run webhook'],
] as const)('npm run %s refuses the arguments %j and prints its usage', async (program, args, text) => {
  expect(await run(program, args)).toEqual({ code: 1, output: expect.stringContaining(text) });
});

it.each([
  ['main', []],
  ['doctor', []],
  ['import', []],
  ['purchases', []],
  ['retention', ['--days', '30']],
  ['ledger', ['export', 'nowhere']],
  ['webhook', ['list']],
] as const)('%s reports in one sentence why the ledger cannot be opened', async (program, args) => {
  const settings = { PARCELGRAPH_API_KEY: 'my-own-key', PARCELGRAPH_SECRET: 's'.repeat(32), EASYPOST_API_KEY: 'EZTK-x' }; // prettier-ignore
  const { code, output } = await run(program, args, {
    ...settings,
    PUBLIC_URL: 'https://ship.example',
    DATABASE_URL: 'postgres://user:hidden@localhost:1/ledger',
  });
  expect(code).toBe(1);
  expect(output).toMatch(
    /^The ledger cannot be opened: .*ECONNREFUSED.*\. Check DATABASE_URL or DATA_DIR\.\n$/,
  );
});
