import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { uploadUrlError, type UploadRules } from '../../../transport/upload.ts';
import type { MailApi } from '../../adapter.ts';
import type { AdapterDependencies } from '../../provider.ts';
import type { EasyPostConnect } from '../client.ts';
import { fromJob, jobResponse, jobsResponse, pageSize, toJob } from './jobs.ts';
import { followedBy } from '../../../transport/call-plan.ts';

const preparedRequest = z.object({ body: z.string(), workflowId: z.string() });

/**
 * Creates, lists and reads mail jobs. `reconcile` is left out: no documented field finds a job whose creation had no
 * response.
 */
export function createMailApi(
  api: EasyPostConnect,
  uploads: UploadRules,
  warn: AdapterDependencies['warn'],
): MailApi {
  /** Origins that a warning was logged for. */
  const reported = new Set<string>();
  return {
    async prepare(request) {
      const { workflowId } = request;
      return { attemptId: randomUUID(), request: { body: JSON.stringify(toJob(request)), workflowId } };
    },
    async perform({ request }, { signal }) {
      const { body, workflowId } = preparedRequest.parse(request);
      const job = await api.fetch(jobResponse, { method: 'POST', path: '/jobs/single-file', body }, signal);
      return { workflowId, ...withoutUndefined(fromJob(job)) };
    },
    async jobs({ first, after }, { signal }) {
      const pageAfter = (id?: string) =>
        api.fetch(jobsResponse, { path: '/jobs', query: { after: id } }, signal);
      const page = await followedBy(pageAfter(after), {
        calls: first >= pageSize ? 1 : 0,
        when: 'the page is full',
      });
      const jobs = page.slice(0, first);
      // After a full page, only the next page shows whether there are more jobs.
      const isFull = page.length === jobs.length && page.length >= pageSize;
      const rest = isFull ? await pageAfter(jobs.at(-1)!.id) : page.slice(first);
      return { jobs: jobs.map(fromJob), hasNextPage: rest.length > 0 };
    },
    async job(id, { signal }) {
      return fromJob(await api.fetch(jobResponse, { path: `/jobs/${encodeURIComponent(id)}` }, signal));
    },
    mayUpload(text) {
      const url = new URL(text);
      const fault = uploadUrlError(url, uploads);
      if (fault === undefined) return true;
      const origin = `${url.protocol}//${url.host}`;
      if (!reported.has(origin)) warn?.(`the upload URL of a job, at ${origin}, is withheld: it ${fault}`);
      reported.add(origin);
      return false;
    },
  };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
