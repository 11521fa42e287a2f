import { randomUUID } from 'node:crypto';
import { accessSync, constants, createReadStream, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

import { awaitsFile, hasFailed, isFinal } from '../carriers/easypost-connect/mail/jobs.ts';
import { systemClock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import { isLoopback } from '../transport/networks.ts';
import { upload } from '../transport/upload.ts';
import { run } from './run.ts';

const usage = `npm run mail -- send FILE --workflow ID [--account A] [--metadata KEY=VALUE ...]
npm run mail -- list [--account A] [--limit N]

Sends a document as mail, and lists what was sent, by asking the server that runs here:
  --url       where it listens; PUBLIC_URL, or HOST and PORT, when left out
  --key-file  a file with your API key; PARCELGRAPH_API_KEY, or the sandbox's, when left out
  --job-key   names this sending: the same one again goes on with the same job
  --timeout   how many seconds to wait for the job's end; 300 when left out`;

interface Job {
  readonly id: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly workflowId: string | null;
  readonly uploadUrl: string | null;
}
interface Failure {
  readonly message: string;
  readonly hint?: string | null;
}
const fields = 'id status startedAt workflowId uploadUrl';

/** What a person can read, and what to do next. */
class Told extends Error {}

const told = ({ message, hint }: Failure) => new Told(hint ? `${message}\n> ${hint}` : message);

interface Answer<T> {
  readonly data: T;
  readonly errors: readonly (Failure & { extensions?: { hint?: string } })[];
}

type Ask = <T>(query: string, variables: object) => Promise<T>;

/** The graph of the running server, by one key. */
function graphAt(url: URL, key: string): Ask {
  return async <T>(query: string, variables: object) => {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    }).catch(() => {
      throw new Told(
        `no server answers at ${url.origin}\n> Start it with \`npm start\`, or name another by --url.`,
      );
    });
    const answer = (await response.json().catch(() => undefined)) as Partial<Answer<T>> | undefined;
    const [first] = answer?.errors ?? [];
    if (first) throw told({ message: first.message, hint: first.extensions?.hint });
    if (!answer?.data)
      throw new Told(`what answers at ${url.origin} is no graph\n> Name the server by --url.`);
    return answer.data;
  };
}

interface Sending {
  readonly file: string;
  readonly workflowId: string;
  readonly accountId: string | undefined;
  readonly metadata: readonly { key: string; value: string }[];
  readonly jobKey: string;
  readonly timeoutMs: number;
  /** The server is on this machine, so its providers may be emulated here as well. */
  readonly local: boolean;
}

/** Makes the job, puts its file, and follows it to its end. */
async function send(ask: Ask, sending: Sending): Promise<string> {
  const { file, workflowId, accountId, metadata, jobKey } = sending;
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new Told(`${file} is no file`);
  // Before a job is made for it.
  if (found.size === 0) throw new Told(`${file} is empty`);
  accessSync(file, constants.R_OK);
  const input = { idempotencyKey: jobKey, accountId, workflowId, fileName: basename(file), metadata };
  const { mailJobCreate: made } = await ask<{
    mailJobCreate: { mailJob: Job | null; userErrors: readonly Failure[]; failure: Failure | null };
  }>(
    `mutation ($input: MailJobCreateInput!) { mailJobCreate(input: $input) {
      mailJob { ${fields} } userErrors { message } failure { message hint }
    } }`,
    { input },
  );
  const failure = made.failure ?? made.userErrors[0];
  if (failure) throw told(failure);
  const job = made.mailJob!;
  const { id, uploadUrl } = job;
  // One that was made before may have its file.
  const { status } = (await read(ask, id)) ?? job;
  console.log(`${id} ${status}`);
  if (awaitsFile(status)) await putFile(file, found.size, uploadUrl, sending.local);
  return follow(ask, id, status, sending.timeoutMs);
}

async function read(ask: Ask, id: string): Promise<Job | null> {
  const query = `query ($id: ID!) { mailJob(id: $id) { ${fields} } }`;
  return (await ask<{ mailJob: Job | null }>(query, { id })).mailJob;
}

async function putFile(file: string, size: number, uploadUrl: string | null, local: boolean): Promise<void> {
  if (uploadUrl === null) {
    throw new ProviderError('REJECTED', 'the job names no address that its file may be put to', {
      hint: 'If it still waits and the provider takes files elsewhere than at easypost.eu, name that host, which the server’s log tells, in the account’s uploadHosts.', // prettier-ignore
    });
  }
  const url = new URL(uploadUrl);
  await upload({
    url,
    // The server has compared the host with what the account allows; here only an address can still be wrong.
    rules: { hosts: [url.hostname], loopback: local },
    body: createReadStream(file),
    size,
    onProgress: progress(size),
    signal: new AbortController().signal,
  });
}

/** A bar on a terminal, and a line for each quarter elsewhere. */
function progress(size: number): (sent: number) => void {
  const width = 40;
  let shown = -1;
  return (sent) => {
    const share = size === 0 ? 1 : sent / size;
    const step = Math.floor(share * (process.stdout.isTTY ? width : 4));
    if (step === shown) return;
    shown = step;
    const percent = `${Math.floor(share * 100)} %`;
    if (!process.stdout.isTTY) return console.log(`uploaded ${percent} of ${size} bytes`);
    process.stdout.write(`\r[${'#'.repeat(step).padEnd(width)}] ${percent}${share >= 1 ? '\n' : ''}`);
  };
}

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** Tells each status once, until nothing more is expected or the time is up. */
async function follow(ask: Ask, id: string, first: string, timeoutMs: number): Promise<string> {
  const end = systemClock.now() + timeoutMs;
  let status = first;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 1.5, longestPauseMs)) {
    const before = status;
    const job = await read(ask, id);
    if (job === null) throw new Told(`the provider knows nothing of ${id} any more`);
    ({ status } = job);
    if (status !== before) console.log(status);
    if (hasFailed(status)) throw new Told(`${id} is ${status}`);
    if (isFinal(status)) return `done: ${id} is ${status}`;
    const left = end - systemClock.now();
    if (left <= 0) throw new Told(`${id} is still ${status} after ${timeoutMs / 1000} s\n> Ask for it later: npm run mail -- list`); // prettier-ignore
    await systemClock.sleep(Math.min(pause, left));
  }
}

/** The oldest first, as the provider lists them. */
async function list(ask: Ask, accountId: string | undefined, limit: number): Promise<string> {
  const lines: string[] = [];
  let after: string | null = null;
  do {
    const { mailJobs: page }: { mailJobs: { nodes: readonly Job[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } = // prettier-ignore
      await ask(
        `query ($accountId: ID, $first: Int, $after: String) {
          mailJobs(accountId: $accountId, first: $first, after: $after) {
            nodes { ${fields} } pageInfo { hasNextPage endCursor }
          }
        }`,
        { accountId, first: Math.min(100, limit - lines.length), after },
      );
    for (const { id, status, startedAt, workflowId } of page.nodes) {
      lines.push([startedAt ?? '-'.padEnd(24), status.padEnd(18), workflowId ?? '-', id].join('  '));
    }
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null && lines.length < limit);
  return lines.length > 0 ? lines.join('\n') : 'no mail job yet';
}

async function main(): Promise<string> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      workflow: { type: 'string' },
      account: { type: 'string' },
      metadata: { type: 'string', multiple: true, default: [] },
      limit: { type: 'string', default: '100' },
      url: { type: 'string' },
      'key-file': { type: 'string' },
      'job-key': { type: 'string' },
      timeout: { type: 'string', default: '300' },
    },
  });
  const { HOST = '127.0.0.1', PORT = '4000', PUBLIC_URL, PARCELGRAPH_API_KEY = 'sandbox' } = process.env;
  const address = values.url ?? PUBLIC_URL ?? `http://${HOST}:${PORT}`;
  if (!URL.canParse(address)) throw new Told(`--url: ${address} is no URL`);
  const url = new URL(address);
  const local = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !local)
    throw new Told('--url: the key goes over https only, but to loopback');
  const keyFile = values['key-file'];
  const ask = graphAt(
    url,
    keyFile === undefined ? PARCELGRAPH_API_KEY : readFileSync(keyFile, 'utf8').trim(),
  );

  const [command, file] = positionals;
  const limit = Number(values.limit);
  const seconds = Number(values.timeout);
  if (command === 'list' && positionals.length === 1 && limit >= 1) return list(ask, values.account, limit);
  if (command !== 'send' || !file || !values.workflow || positionals.length > 2 || !(seconds >= 0))
    throw new Told(usage);
  const jobKey = values['job-key'] ?? randomUUID();
  return send(ask, {
    file,
    workflowId: values.workflow,
    accountId: values.account,
    metadata: values.metadata.map((entry) => {
      const [key, ...value] = entry.split('=');
      if (!key || value.length === 0) throw new Told(`--metadata ${entry}: is written KEY=VALUE`);
      return { key, value: value.join('=') };
    }),
    jobKey,
    timeoutMs: seconds * 1000,
    local,
  }).catch((error: unknown) => {
    const { message, hint } = error as Failure;
    const again = `To go on with this sending, and make no second one: --job-key ${jobKey}`;
    throw told({ message, hint: hint ? `${hint} ${again}` : again });
  });
}

run(async () => console.log(await main()), usage);
