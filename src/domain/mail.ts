import type { TrackingEvent } from './tracking.ts';

/** A document that is sent through one of the provider's workflows. */
export interface MailJob {
  /** The provider's own id. */
  readonly id: string;
  /** The provider's own status. */
  readonly status: string;
  /** RFC 3339. */
  readonly startedAt?: string;
  readonly workflowId?: string;
  /** The URL that the file is to be uploaded to, while the provider waits for it. The adapter checks it before an upload. */
  readonly uploadUrl?: string;
  readonly events: readonly TrackingEvent[];
}

export interface MailJobPage {
  /** In ascending order of `startedAt`. */
  readonly jobs: readonly MailJob[];
  readonly hasNextPage: boolean;
}

/** A request for a job for one file. */
export interface MailJobRequest {
  readonly workflowId: string;
  readonly fileName: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Builds our id of a job from the account and the provider's own id, so that it is parsed without a look-up. */
export const mailJobId = (accountId: string, jobId: string): string =>
  `mail_${Buffer.from(`${accountId}:${jobId}`).toString('base64url')}`;

export function parseMailJobId(
  id: string,
): { readonly accountId: string; readonly jobId: string } | undefined {
  const text = id.startsWith('mail_') ? Buffer.from(id.slice(5), 'base64url').toString() : '';
  const parts = /^([^:]+):(.+)$/s.exec(text);
  return parts ? { accountId: parts[1]!, jobId: parts[2]! } : undefined;
}
