import { randomUUID } from 'node:crypto';
import { accessSync, constants, createReadStream, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

import type { MailStatuses } from '../carriers/provider.ts';
import { providers } from '../carriers/registry.ts';
import { systemClock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import { isLoopback } from '../transport/networks.ts';
import { upload } from '../transport/upload.ts';
import { createProgressBar } from './progress-bar.ts';
import { run } from './run.ts';

const usage = `Usage: npm run mail -- send FILE --workflow ID [--account A] [--metadata KEY=VALUE ...]
       npm run mail -- list [--account A] [--limit N]

Sends a document as mail, or lists mail jobs, through a running server:
  --url       the server's URL. Default: PUBLIC_URL, or else HOST and PORT
  --key-file  a file that holds your API key. Default: PARCELGRAPH_API_KEY, or else the sandbox's key
  --job-key   the idempotency key of the job: a repeated key continues the same job. Default: a random key
  --timeout   the seconds to wait for the job to end. Default: 300
  --limit     the most jobs to list. Default: 100

Example: npm run mail -- send letter.pdf --workflow registered-letter`;

interface Job {
  readonly id: string;
  readonly account: { readonly provider: string };
  readonly status: string;
  readonly startedAt: string | null;
  readonly workflowId: string | null;
  readonly uploadUrl: string | null;
}
interface Failure {
  readonly message: string;
  readonly hint?: string | null;
}
const jobFields = 'id account { provider } status startedAt workflowId uploadUrl';

/** An error whose message says what failed and what to do next. */
class CommandError extends Error {}

const commandError = ({ message, hint }: Failure) =>
  new CommandError(hint ? `${message}\n> ${hint}` : message);

interface GraphQLResponse<T> {
  readonly data: T;
  readonly errors: readonly (Failure & { extensions?: { hint?: string } })[];
}

/** Sends an operation to the server and returns its data. Throws a `CommandError`. */
type Query = <T>(query: string, variables: object) => Promise<T>;

function createQuery(url: URL, key: string): Query {
  return async <T>(query: string, variables: object) => {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    }).catch(() => {
      throw new CommandError(
        `no server responds at ${url.origin}\n> Start it with \`npm start\`, or name another by --url.`,
      );
    });
    const body = (await response.json().catch(() => undefined)) as Partial<GraphQLResponse<T>> | undefined;
    const [first] = body?.errors ?? [];
    if (first) throw commandError({ message: first.message, hint: first.extensions?.hint });
    if (!body?.data)
      throw new CommandError(`${url.origin} is not a Parcelgraph server\n> Name the server by --url.`);
    return body.data;
  };
}

/** Returns the status words of the job's provider. */
function statusesOf({ account }: Job): MailStatuses {
  const statuses = providers.find(({ id }) => id === account.provider)?.mailStatuses;
  if (statuses === undefined) throw new CommandError(`the statuses of ${account.provider} are not known`);
  return statuses;
}

/** Returns the bytes of a file. Throws where it can't be sent, so that no job is created for it. */
function sizeOf(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new CommandError(`${file} is not a file`);
  if (stats.size === 0) throw new CommandError(`${file} is empty`);
  accessSync(file, constants.R_OK);
  return stats.size;
}

interface SendOptions {
  readonly file: string;
  readonly size: number;
  readonly workflowId: string;
  readonly accountId: string | undefined;
  readonly metadata: readonly { key: string; value: string }[];
  readonly jobKey: string;
  readonly timeoutMs: number;
  /** True for a server on this machine, whose providers may be emulated here as well. */
  readonly isLocal: boolean;
}

/** Creates the job, uploads its file, and waits for the job to end. */
async function send(query: Query, options: SendOptions): Promise<string> {
  const created = await createJob(query, options);
  // A repeated key returns the job as it was created; its file may have been uploaded since.
  const job = (await readJob(query, created.id)) ?? created;
  console.log(`${job.id} ${job.status}`);
  if (statusesOf(job).awaitsFile(job.status))
    await uploadFile(options.file, options.size, created.uploadUrl, options.isLocal);
  return waitForEnd(query, job, options.timeoutMs);
}

async function createJob(query: Query, options: SendOptions): Promise<Job> {
  const { file, workflowId, accountId, metadata, jobKey } = options;
  const input = { idempotencyKey: jobKey, accountId, workflowId, fileName: basename(file), metadata };
  const { mailJobCreate: payload } = await query<{
    mailJobCreate: { mailJob: Job | null; userErrors: readonly Failure[]; failure: Failure | null };
  }>(
    `mutation ($input: MailJobCreateInput!) { mailJobCreate(input: $input) {
      mailJob { ${jobFields} } userErrors { message } failure { message hint }
    } }`,
    { input },
  );
  const failure = payload.failure ?? payload.userErrors[0];
  if (failure) throw commandError(failure);
  return payload.mailJob!;
}

async function readJob(query: Query, id: string): Promise<Job | null> {
  const document = `query ($id: ID!) { mailJob(id: $id) { ${jobFields} } }`;
  return (await query<{ mailJob: Job | null }>(document, { id })).mailJob;
}

async function uploadFile(
  file: string,
  size: number,
  uploadUrl: string | null,
  isLocal: boolean,
): Promise<void> {
  if (uploadUrl === null) {
    throw new ProviderError('REJECTED', 'the job has no upload URL', {
      hint: 'If the job still waits for its file, the provider takes uploads at a host that the account does not allow: add the host, which the server logs, to the account’s uploadHosts.', // prettier-ignore
    });
  }
  const url = new URL(uploadUrl);
  const show = createProgressBar();
  await upload({
    url,
    // The server has checked the host against those that the account allows; this checks its addresses.
    rules: { hosts: [url.hostname], loopback: isLocal },
    body: createReadStream(file),
    size,
    onProgress(sent) {
      const share = size === 0 ? 1 : sent / size;
      const quarters = Math.floor(share * 4) * 25;
      show(share, `${sent} of ${size} bytes`, `uploaded ${quarters} % of ${size} bytes`);
    },
    signal: new AbortController().signal,
  });
}

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** Prints each status once, until the job ends. Throws where it fails or the time is over. */
async function waitForEnd(query: Query, { id, status: first }: Job, timeoutMs: number): Promise<string> {
  const end = systemClock.now() + timeoutMs;
  let status = first;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 1.5, longestPauseMs)) {
    const before = status;
    const job = await readJob(query, id);
    if (job === null) throw new CommandError(`the provider no longer finds ${id}`);
    ({ status } = job);
    const { hasFailed, isFinal } = statusesOf(job);
    if (status !== before) console.log(status);
    if (hasFailed(status)) throw new CommandError(`${id} is ${status}`);
    if (isFinal(status)) return `done: ${id} is ${status}`;
    const left = end - systemClock.now();
    if (left <= 0) throw new CommandError(`${id} is still ${status} after ${timeoutMs / 1000} s\n> See later: npm run mail -- list`); // prettier-ignore
    await systemClock.sleep(Math.min(pause, left));
  }
}

/** Lists jobs by ascending start, a line each. */
async function list(query: Query, accountId: string | undefined, limit: number): Promise<string> {
  const lines: string[] = [];
  let after: string | null = null;
  do {
    const { mailJobs: page }: { mailJobs: { nodes: readonly Job[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } = // prettier-ignore
      await query(
        `query ($accountId: ID, $first: Int, $after: String) {
          mailJobs(accountId: $accountId, first: $first, after: $after) {
            nodes { ${jobFields} } pageInfo { hasNextPage endCursor }
          }
        }`,
        { accountId, first: Math.min(100, limit - lines.length), after },
      );
    for (const { id, status, startedAt, workflowId } of page.nodes) {
      lines.push([startedAt ?? '-'.padEnd(24), status.padEnd(18), workflowId ?? '-', id].join('  '));
    }
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null && lines.length < limit);
  return lines.length > 0 ? lines.join('\n') : 'there are no mail jobs';
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
  if (!URL.canParse(address)) throw new CommandError(`--url: ${address} is not a URL`);
  const url = new URL(address);
  const isLocal = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !isLocal)
    throw new CommandError('--url: the API key is sent over https only, except to loopback');
  const keyFile = values['key-file'];
  const key = keyFile === undefined ? PARCELGRAPH_API_KEY : readFileSync(keyFile, 'utf8').trim();
  const query = createQuery(url, key);

  const [command, file] = positionals;
  const limit = Number(values.limit);
  const seconds = Number(values.timeout);
  if (command === 'list' && positionals.length === 1 && limit >= 1) return list(query, values.account, limit);
  if (command !== 'send' || !file || !values.workflow || positionals.length > 2 || !(seconds >= 0))
    throw new CommandError(usage);
  const size = sizeOf(file);
  const metadata = values.metadata.map((entry) => {
    const [name, ...value] = entry.split('=');
    if (!name || value.length === 0) throw new CommandError(`--metadata ${entry}: write it as KEY=VALUE`);
    return { key: name, value: value.join('=') };
  });
  const jobKey = values['job-key'] ?? randomUUID();
  return send(query, {
    file,
    size,
    workflowId: values.workflow,
    accountId: values.account,
    metadata,
    jobKey,
    timeoutMs: seconds * 1000,
    isLocal,
  }).catch((error: unknown) => {
    const { message, hint } = error as Failure;
    const retry = `To continue with the same job, repeat the command with --job-key ${jobKey}`;
    throw commandError({ message, hint: hint ? `${hint} ${retry}` : retry });
  });
}

run(async () => console.log(await main()), usage);
