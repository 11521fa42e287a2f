import type { TrackingEvent } from './tracking.ts';

/** A document sent through a workflow of the provider's. */
export interface MailJob {
  /** The provider's own. */
  readonly id: string;
  /** The provider's own word. */
  readonly status: string;
  /** RFC 3339. */
  readonly startedAt?: string;
  readonly workflowId?: string;
  /** Where the provider wants the file put, while it waits for it; whether it may go there, the account's desk judges. */
  readonly uploadUrl?: string;
  readonly events: readonly TrackingEvent[];
}

export interface MailJobPage {
  /** Ascending by start. */
  readonly jobs: readonly MailJob[];
  readonly hasNextPage: boolean;
}

/** A job to be made for one file. */
export interface MailJobRequest {
  readonly workflowId: string;
  readonly fileName: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Our id of a job: it names the account and the provider's own id, so that it can be read back without a look-up. */
export const mailJobId = (accountId: string, jobId: string): string =>
  `mail_${Buffer.from(`${accountId}:${jobId}`).toString('base64url')}`;

export function parseMailJobId(
  id: string,
): { readonly accountId: string; readonly jobId: string } | undefined {
  const text = id.startsWith('mail_') ? Buffer.from(id.slice(5), 'base64url').toString() : '';
  const parts = /^([^:]+):(.+)$/s.exec(text);
  return parts ? { accountId: parts[1]!, jobId: parts[2]! } : undefined;
}
