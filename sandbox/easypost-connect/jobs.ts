import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

import type { FastifyInstance } from 'fastify';

import { badKey, badRequest, notFound } from './errors.ts';
import { answerRefusals, requireToken } from './token.ts';
import { minute, type Job, type ConnectState } from './state.ts';

/** A file that was put whole. */
export interface Upload {
  readonly jobId: string;
  readonly bytes: number;
  readonly sha256: string;
}

const kind = 'connect.job';
/** The documents' own figure. */
const pageSize = 100;
/** How long a job waits for its file is not documented. */
const patienceMs = 24 * 60 * minute;

/** AWAITING_FOR_FILE is documented; the words and times after it are this sandbox's own. */
function statusOf({ start, uploadedAt }: Job, now: number): string {
  if (uploadedAt === undefined) return now < start + patienceMs ? 'AWAITING_FOR_FILE' : 'EXPIRED';
  return now < uploadedAt + 5_000 ? 'PROCESSING' : 'COMPLETED';
}

/** `id`, `startDate` and a status are documented; how the link to the workflow is called is not. */
const draw = (job: Job, now: number) => ({
  id: job.id,
  startDate: new Date(job.start).toISOString(),
  status: statusOf(job, now),
  workflow: { id: job.workflowId },
});

export const jobsOf = ({ store, clock }: ConnectState) =>
  store.all<Job>(kind).map((job) => ({ id: job.id, status: statusOf(job, clock.now()) }));

/** The API, behind key and token; the certificate was wanted before. */
export function jobRoutes(app: FastifyInstance, world: ConnectState): void {
  const { store, clock, client, workflows } = world;
  answerRefusals(app);
  app.addHook('onRequest', async ({ headers }) => {
    if (headers['x-api-key'] !== client.apiKey) throw badKey();
    requireToken(world, headers.authorization);
  });

  app.get<{ Querystring: { after?: string } }>('/jobs', async ({ query: { after } }) => {
    const all = store.all<Job>(kind).sort((a, b) => a.start - b.start);
    const last = after === undefined ? -1 : all.findIndex(({ id }) => id === after);
    // What becomes of an id that it does not know is not documented.
    if (after !== undefined && last < 0) throw badRequest('after: no such job');
    const page = all.slice(last + 1, last + 1 + pageSize).map((job) => draw(job, clock.now()));
    return world.envelope === 'array' ? page : { items: page };
  });

  app.get<{ Params: { id: string } }>('/jobs/:id', async ({ params }) => {
    const job = store.get<Job>(kind, params.id);
    if (job === undefined) throw notFound();
    return draw(job, clock.now());
  });

  app.post('/jobs/single-file', async ({ body }, reply) => {
    // It "needs metadata and a workflow id"; what these are called is not documented, so any place will do.
    const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const workflowId = textsIn(fields).find((text) => workflows.has(text));
    if (workflowId === undefined) throw badRequest('no such workflow');
    if (!workflows.get(workflowId)) throw badRequest('the workflow is not validated');
    if (!Object.keys(fields).some((name) => /metadata/i.test(name))) throw badRequest('metadata is missing');
    const signature = randomBytes(16).toString('hex');
    const job: Job = { id: randomUUID(), start: clock.now(), workflowId, signature };
    store.put(kind, job.id, job);
    return reply.code(201).send({ id: job.id, fileUploadUrl: world.uploadUrl(job.id, signature) });
  });
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

/** Where files are put: whoever has the URL may, once, while the job waits. */
export function uploadRoutes(app: FastifyInstance, { store, clock }: ConnectState): void {
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.put<{ Params: { id: string }; Querystring: { signature?: string } }>(
    '/uploads/:id',
    { bodyLimit: 1024 * 1024 * 1024 },
    async ({ params: { id }, query, body, raw }, reply) => {
      const job = store.get<Job>(kind, id);
      if (job === undefined || job.signature === '' || query.signature !== job.signature) {
        return reply.code(403).send({ message: 'Forbidden' });
      }
      if (statusOf(job, clock.now()) !== 'AWAITING_FOR_FILE') {
        return reply.code(403).send({ message: 'Request has expired' });
      }
      const hash = createHash('sha256');
      let bytes = 0;
      // Without a content type nothing was parsed, and the request itself is the stream.
      for await (const chunk of (body ?? raw) as Readable) {
        bytes += (chunk as Buffer).length;
        hash.update(chunk as Buffer);
      }
      store.put<Upload>('connect.upload', id, { jobId: id, bytes, sha256: hash.digest('hex') });
      store.put<Job>(kind, id, { ...job, uploadedAt: clock.now() });
      return reply.code(200).send();
    },
  );
}
