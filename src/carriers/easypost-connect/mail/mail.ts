import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { uploadFault, type UploadRules } from '../../../transport/upload.ts';
import type { MailApi, AdapterDependencies } from '../../adapter.ts';
import type { EasyPostConnect } from '../client.ts';
import { fromJob, jobAnswer, jobsAnswer, pageSize, toJob } from './jobs.ts';

const preparedRequest = z.object({ body: z.string(), workflowId: z.string() });

/**
 * Jobs: made, listed, read. There is no `recall`: no field is known by which a job could be found again whose creation
 * was not answered.
 */
export function createMailApi(
  api: EasyPostConnect,
  uploads: UploadRules,
  warn: AdapterDependencies['warn'],
): MailApi {
  /** Each place is warned of once. */
  const told = new Set<string>();
  return {
    async prepare(order) {
      const { workflowId } = order;
      return { attemptId: randomUUID(), request: { body: JSON.stringify(toJob(order)), workflowId } };
    },
    async perform({ request }, { signal }) {
      const { body, workflowId } = preparedRequest.parse(request);
      const made = await api.ask(jobAnswer, { method: 'POST', path: '/jobs/single-file', body }, signal);
      return { workflowId, ...withoutGaps(fromJob(made)) };
    },
    async jobs({ first, after }, { signal }) {
      const pageAfter = (id?: string) => api.ask(jobsAnswer, { path: '/jobs', query: { after: id } }, signal);
      const page = await pageAfter(after);
      const jobs = page.slice(0, first);
      // Whether a full page is the last one, only the next one tells.
      const isFull = page.length === jobs.length && page.length >= pageSize;
      const rest = isFull ? await pageAfter(jobs.at(-1)!.id) : page.slice(first);
      return { jobs: jobs.map(fromJob), hasNextPage: rest.length > 0 };
    },
    async job(id, { signal }) {
      return fromJob(await api.ask(jobAnswer, { path: `/jobs/${encodeURIComponent(id)}` }, signal));
    },
    mayUpload(text) {
      const url = new URL(text);
      const fault = uploadFault(url, uploads);
      if (fault === undefined) return true;
      const place = `${url.protocol}//${url.host}`;
      if (!told.has(place)) warn?.(`the upload URL of a job, at ${place}, is told to nobody: it ${fault}`);
      told.add(place);
      return false;
    },
  };
}

function withoutGaps<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
