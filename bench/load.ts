import { Pool } from 'undici';

/** Sends one request and returns the body of its answer. Throws where the status is not 200. */
export type Send = (path: string, body?: object) => Promise<Buffer>;

/** Does the work that is measured once. `number` differs from run to run. */
export type Run = (send: Send, number: number) => Promise<unknown>;

export interface Measurement {
  readonly runs: number;
  /** Runs a second. */
  readonly rate: number;
  /** Milliseconds within which 99 of 100 runs ended. */
  readonly p99: number;
  /** Milliseconds of the server's processor time for one run. */
  readonly cpu: number;
}

/** Creates a client of a server: `connections` requests at once, each on a connection of its own. */
export function createClient(url: string, connections: number) {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer bench-key' };
  const send: Send = async (path, body) => {
    const response = await pool.request({
      method: body ? 'POST' : 'GET',
      path,
      headers,
      body: body && JSON.stringify(body),
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    if (response.statusCode === 200) return bytes;
    throw new Error(`${url}${path} answered ${response.statusCode}: ${bytes.toString().slice(0, 500)}`);
  };
  return { send, close: () => pool.close() };
}

let lastNumber = 0;

/** Repeats a run for some seconds, or a number of times where that takes less, `connections` at a time. Throws what a run throws. */
export async function measure(
  run: Run,
  send: Send,
  cpuTime: () => number,
  { connections, seconds, runs = Infinity }: { connections: number; seconds: number; runs?: number },
): Promise<Measurement> {
  const durations: number[] = [];
  const cpuBefore = cpuTime();
  const started = performance.now();
  const end = started + seconds * 1000;
  const repeat = async () => {
    while (performance.now() < end && durations.length < runs) {
      const begun = performance.now();
      await run(send, (lastNumber += 1));
      durations.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: connections }, repeat));
  const elapsed = performance.now() - started;
  durations.sort((a, b) => a - b);
  return {
    runs: durations.length,
    rate: (durations.length * 1000) / elapsed,
    p99: durations[Math.floor(durations.length * 0.99)]!,
    cpu: (cpuTime() - cpuBefore) / durations.length,
  };
}
