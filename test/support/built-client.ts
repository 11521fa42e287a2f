import { execFileSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const clientFolder = fileURLToPath(new URL('../../packages/client/', import.meta.url));

/** Builds the client as it is published, unless that is up to date. */
export function buildClient(): void {
  const built = statSync(`${clientFolder}dist/index.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = globSync(['src/**/*.ts', 'tsconfig.json'], { cwd: clientFolder });
  if (sources.every((name) => statSync(clientFolder + name).mtimeMs <= built)) return;
  const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  execFileSync(process.execPath, [compiler, '-p', clientFolder], { stdio: 'inherit' });
}
