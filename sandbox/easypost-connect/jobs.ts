import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

import type { FastifyInstance } from 'fastify';

import { badKey, badRequest, notFound } from './errors.ts';
import { minute, type ConnectState, type Job } from './state.ts';
import { requireToken, sendErrorResponses } from './token.ts';

/** A file that was uploaded whole. */
export interface Upload {
  readonly jobId: string;
  readonly bytes: number;
  readonly sha256: string;
}

const kind = 'connect.job';
/** By the documents. */
const pageSize = 100;
/** How long a job waits for its file is not documented. */
const uploadPeriodMs = 24 * 60 * minute;

/** Returns a job's status. AWAITING_FOR_FILE is documented; the other statuses and all times are this sandbox's own. */
function statusOf({ start, uploadedAt }: Job, now: number): string {
  if (uploadedAt === undefined) return now < start + uploadPeriodMs ? 'AWAITING_FOR_FILE' : 'EXPIRED';
  return now < uploadedAt + 5_000 ? 'PROCESSING' : 'COMPLETED';
}

/** Builds a job's response. `id`, `startDate` and `status` are documented; the name of the workflow's field is not. */
const toResponse = (job: Job, now: number) => ({
  id: job.id,
  startDate: new Date(job.start).toISOString(),
  status: statusOf(job, now),
  workflow: { id: job.workflowId },
});

export const jobsOf = ({ store, clock }: ConnectState) =>
  store.all<Job>(kind).map((job) => ({ id: job.id, status: statusOf(job, clock.now()) }));

/** The API. It requires the API key and a token; the client certificate is checked in the TLS handshake. */
export function jobRoutes(app: FastifyInstance, state: ConnectState): void {
  const { store, clock, client, workflows } = state;
  sendErrorResponses(app);
  app.addHook('onRequest', async ({ headers }) => {
    if (headers['x-api-key'] !== client.apiKey) throw badKey();
    await requireToken(state, headers.authorization);
  });

  app.get<{ Querystring: { after?: string } }>('/jobs', async ({ query: { after } }) => {
    const jobs = store.all<Job>(kind).sort((a, b) => a.start - b.start);
    const last = after === undefined ? -1 : jobs.findIndex(({ id }) => id === after);
    // The response to an unknown id is not documented.
    if (after !== undefined && last < 0) throw badRequest('after: no such job');
    const page = jobs.slice(last + 1, last + 1 + pageSize).map((job) => toResponse(job, clock.now()));
    return state.envelope === 'array' ? page : { items: page };
  });

  app.get<{ Params: { id: string } }>('/jobs/:id', async ({ params }) => {
    const job = store.get<Job>(kind, params.id);
    if (job === undefined) throw notFound();
    return toResponse(job, clock.now());
  });

  app.post('/jobs/single-file', async ({ body }, reply) => {
    // A job "needs metadata and a workflow id". The names of the fields are not documented, so any name is accepted.
    const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const workflowId = textsIn(fields).find((text) => workflows.has(text));
    if (workflowId === undefined) throw badRequest('no such workflow');
    if (!workflows.get(workflowId)) throw badRequest('the workflow is not validated');
    if (!Object.keys(fields).some((name) => /metadata/i.test(name))) throw badRequest('metadata is missing');
    const signature = randomBytes(16).toString('hex');
    const job: Job = { id: randomUUID(), start: clock.now(), workflowId, signature };
    store.put(kind, job.id, job);
    return reply.code(201).send({ id: job.id, fileUploadUrl: state.uploadUrl(job.id, signature) });
  });
}

/** Returns every string within a JSON value. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

/** The host that takes uploads. The URL alone authorises one upload, while the job waits for its file. */
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
      // A request without a content type is not parsed, and is itself the stream.
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
