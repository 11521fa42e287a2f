import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface RunningProcess {
  /** Its origin: "http://127.0.0.1:4000". */
  readonly url: string;
  /** By `performance.now`. */
  readonly startedAt: number;
  /** The processor time that it has used, in milliseconds; NaN where there is no /proc. */
  cpuTime(): number;
  /** Asks it to end by SIGTERM, kills it five seconds later, and waits until it has ended. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments for Node itself. */
  readonly nodeArguments?: readonly string[];
  /** Where its log goes: a file, as in production. */
  readonly folder: string;
}

/** Starts a script with no environment but the given one, and waits for the line of its output that names its URL. */
export async function startProcess(script: string, options: ProcessOptions): Promise<RunningProcess> {
  const { environment = {}, nodeArguments = [], folder } = options;
  const logFile = join(folder, `${script.replace(/\W+/g, '-')}.log`);
  const log = openSync(logFile, 'a');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...nodeArguments, script], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  process.once('exit', () => child.kill());
  // Its log tells why, and is removed with the folder.
  child.once('exit', (code) => code && process.stderr.write(readFileSync(logFile)));
  return {
    url: await urlOf(child, `${script} ended before it listened: see ${logFile}`),
    startedAt,
    cpuTime: () => cpuTime(child.pid!),
    stop: () => stop(child),
  };
}

/** Linux counts processor time in hundredths of a second, in user and in system mode: fields 14 and 15 of proc_pid_stat(5). */
function cpuTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return NaN;
  }
}

async function urlOf(child: ChildProcess, failure: string): Promise<string> {
  for await (const line of createInterface(child.stdout!)) {
    const url = /http:\/\/[\w.:]+/.exec(line)?.[0];
    if (url === undefined) continue;
    child.stdout!.resume();
    return url;
  }
  throw new Error(failure);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  // Mesh's gateway catches the signal and goes on.
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await once(child, 'exit');
  clearTimeout(timer);
}
