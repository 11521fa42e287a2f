import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server process of its own, with the means to die in it. */
export interface Server {
  readonly url: string;
  readonly startedAt: number;
  readonly ended: Promise<unknown>;
  isAlive(): boolean;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<unknown>;
}

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const die = new URL('./crash.ts', import.meta.url).href;

/** Resolves when it listens; undefined where it died before. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<Server | undefined> {
  const startedAt = Date.now();
  const child: ChildProcess = spawn(process.execPath, ['--import', die, main], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let said = '';
  const url = await new Promise<string | undefined>((resolve) => {
    child.stdout!.setEncoding('utf8').on('data', (more: string) => {
      said += more;
      const found = /listens at (\S+)\/graphql/.exec(said);
      if (found) resolve(found[1]);
    });
    child.stderr!.setEncoding('utf8').on('data', (more: string) => void (said += more));
    void ended.then(() => resolve(undefined));
  });
  if (url === undefined) {
    if (child.signalCode !== 'SIGKILL') throw new Error(`the server did not start: ${said.slice(-2000)}`);
    return undefined;
  }
  return {
    url,
    startedAt,
    ended,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
