import { z } from 'zod';

import type { MailJob, MailJobRequest } from '../../../domain/mail.ts';
import type { TrackingEvent } from '../../../domain/tracking.ts';

/*
 * EasyPost's documents name four things of a job: `id`, `startDate`, a status with at least AWAITING_FOR_FILE, and
 * `fileUploadUrl` at its creation. Every other name in this file is a guess, and stands nowhere else.
 */

const text = z.string().min(1).optional().catch(undefined);
const name = z.union([z.string().min(1), z.number().transform(String)]);
const event = z.object({ status: text, date: text, createdAt: text, timestamp: text });
const job = z.object({
  id: name,
  status: text,
  startDate: text,
  fileUploadUrl: text,
  workflowId: name.optional().catch(undefined),
  workflow: z
    .union([name, z.object({ id: name })])
    .optional()
    .catch(undefined),
  sendingEvents: z.array(event.optional().catch(undefined)).optional().catch(undefined),
});

/** One job. Further fields are left aside, since nothing of ours would show them. */
export const jobAnswer = job;
export type JobAnswer = z.infer<typeof job>;

/** Jobs as a bare list, or wrapped. */
export const jobsAnswer = z.union([z.array(job), z.object({ items: z.array(job) }).transform(({ items }) => items)]); // prettier-ignore

/** What a new job waits in, by the documents; its creation tells an id and a URL only. */
const waiting = 'AWAITING_FOR_FILE';

export function fromJob(raw: JobAnswer): MailJob {
  const { id, startDate, fileUploadUrl, workflow } = raw;
  const uploadUrl = fileUploadUrl && URL.canParse(fileUploadUrl) ? new URL(fileUploadUrl).href : undefined;
  return {
    id,
    status: raw.status ?? (uploadUrl ? waiting : 'UNKNOWN'),
    startedAt: instant(startDate),
    workflowId: raw.workflowId ?? (typeof workflow === 'object' ? workflow.id : workflow),
    uploadUrl,
    events: (raw.sendingEvents ?? [])
      .flatMap((each) => (each?.status ? [fromEvent({ ...each, status: each.status })] : []))
      .sort((a, b) => (b.occurredAt ?? '').localeCompare(a.occurredAt ?? '')),
  };
}

function fromEvent({
  status,
  date,
  createdAt,
  timestamp,
}: z.infer<typeof event> & { status: string }): TrackingEvent {
  const occurredAt = instant(date ?? createdAt ?? timestamp);
  // Its statuses are of letters and mailboxes, and not known: none of ours is claimed.
  return {
    status: 'UNKNOWN',
    description: status,
    ...(occurredAt ? { occurredAt } : {}),
    carrierCode: status,
  };
}

/** A time without a zone is nobody's instant. */
function instant(time: string | undefined): string | undefined {
  if (time === undefined || !/(Z|[+-]\d\d:?\d\d)$/.test(time)) return undefined;
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

/** A job wants metadata and a workflow id; how they are called is a guess, and so is that a file name is taken. */
export const toJob = ({ workflowId, fileName, metadata }: MailJobRequest) => ({
  workflowId,
  fileName,
  metadata,
});

/** A page that nothing was said about. */
export const pageSize = 100;

const good = /^(DONE|COMPLETED?|FINISHED|SENT|PROCESSED|SUCCEEDED|SUCCESS|DELIVERED)$/i;
const bad = /^(FAILED|FAILURE|(IN_)?ERROR|REJECTED|REFUSED|CANCELL?ED|ABORTED|EXPIRED|TIMED?_?OUT)$/i;

/** Whether nothing more is expected of a job. A guess, by words that such statuses are made of elsewhere. */
export const isFinal = (status: string): boolean => good.test(status) || bad.test(status);
export const hasFailed = (status: string): boolean => bad.test(status);
export const awaitsFile = (status: string): boolean => status === waiting;
