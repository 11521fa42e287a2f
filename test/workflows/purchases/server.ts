import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server process that loads `crash.ts`. */
export interface Server {
  readonly url: string;
  readonly startedAt: number;
  readonly ended: Promise<unknown>;
  isAlive(): boolean;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<unknown>;
}

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const crash = new URL('./crash.ts', import.meta.url).href;

/** Starts a server and resolves when it listens; undefined where it dies before. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<Server | undefined> {
  const startedAt = Date.now();
  const child: ChildProcess = spawn(process.execPath, ['--import', crash, main], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let output = '';
  const url = await new Promise<string | undefined>((resolve) => {
    child.stdout!.setEncoding('utf8').on('data', (more: string) => {
      output += more;
      const found = /listens at (\S+)\/graphql/.exec(output);
      if (found) resolve(found[1]);
    });
    child.stderr!.setEncoding('utf8').on('data', (more: string) => void (output += more));
    void ended.then(() => resolve(undefined));
  });
  if (url === undefined) {
    if (child.signalCode !== 'SIGKILL') throw new Error(`the server did not start: ${output.slice(-2000)}`);
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
