import { z } from 'zod';

import type { MailJob, MailJobRequest } from '../../../domain/mail.ts';
import type { TrackingEvent } from '../../../domain/tracking.ts';
import { awaitingFile } from './statuses.ts';

/*
 * EasyPost's documents name four fields of a job: `id`, `startDate`, `status` with the value AWAITING_FOR_FILE, and
 * `fileUploadUrl` in the response to its creation. Every other field name in this file is a guess, made here alone.
 */

const text = z.string().min(1).optional().catch(undefined);
const identifier = z.union([z.string().min(1), z.number().transform(String)]);
const sendingEvent = z.object({ status: text, date: text, createdAt: text, timestamp: text });

/** The response for one job. Further fields are ignored, since the schema has no place for them. */
export const jobResponse = z.object({
  id: identifier,
  status: text,
  startDate: text,
  fileUploadUrl: text,
  workflowId: identifier.optional().catch(undefined),
  workflow: z
    .union([identifier, z.object({ id: identifier })])
    .optional()
    .catch(undefined),
  sendingEvents: z.array(sendingEvent.optional().catch(undefined)).optional().catch(undefined),
});
export type JobResponse = z.infer<typeof jobResponse>;

/** The response for a page of jobs: an array, or an object with `items`. */
export const jobsResponse = z.union([
  z.array(jobResponse),
  z.object({ items: z.array(jobResponse) }).transform(({ items }) => items),
]);

/** The number of jobs on a page, which EasyPost fixes. */
export const pageSize = 100;

export function fromJob(response: JobResponse): MailJob {
  const { id, startDate, fileUploadUrl, workflow } = response;
  const uploadUrl = fileUploadUrl && URL.canParse(fileUploadUrl) ? new URL(fileUploadUrl).href : undefined;
  return {
    id,
    // The response to a creation has an id and an upload URL, and no status.
    status: response.status ?? (uploadUrl ? awaitingFile : 'UNKNOWN'),
    startedAt: toInstant(startDate),
    workflowId: response.workflowId ?? (typeof workflow === 'object' ? workflow.id : workflow),
    uploadUrl,
    events: (response.sendingEvents ?? [])
      .flatMap((event) => (event?.status ? [fromEvent({ ...event, status: event.status })] : []))
      .sort((a, b) => (b.occurredAt ?? '').localeCompare(a.occurredAt ?? '')),
  };
}

function fromEvent(event: z.infer<typeof sendingEvent> & { status: string }): TrackingEvent {
  const occurredAt = toInstant(event.date ?? event.createdAt ?? event.timestamp);
  // The statuses of events are undocumented, so none is translated.
  return {
    status: 'UNKNOWN',
    description: event.status,
    ...(occurredAt ? { occurredAt } : {}),
    carrierCode: event.status,
  };
}

/** Returns a time in RFC 3339, or undefined where it has no time zone. */
function toInstant(time: string | undefined): string | undefined {
  if (time === undefined || !/(Z|[+-]\d\d:?\d\d)$/.test(time)) return undefined;
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

/** Builds the body of a job's creation. The documents require metadata and a workflow id; the field names are a guess. */
export const toJob = ({ workflowId, fileName, metadata }: MailJobRequest) => ({
  workflowId,
  fileName,
  metadata,
});
