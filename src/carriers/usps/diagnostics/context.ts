import type { BearerSend } from '../../../transport/bearer-token.ts';
import type { Quota } from '../../../transport/quota-window.ts';
import type { Diagnostic } from '../../adapter.ts';
import type { Environment } from '../../provider.ts';
import type { Usps } from '../client.ts';
import type { UspsCredentials } from '../credentials.ts';

/** The parts of an account that its checks read. */
export interface DiagnosticContext {
  readonly environment: Environment;
  readonly credentials: UspsCredentials;
  readonly token: BearerSend;
  readonly payment: BearerSend;
  /** Sends each call once: a retry would count against the quota. */
  readonly usps: Usps;
  quotas(): Promise<readonly Quota[]>;
}

export const ok = (check: string, message: string): Diagnostic => ({ check, status: 'ok', message });

export const failed = (check: string, message: string, hint?: string): Diagnostic => ({
  check,
  status: 'failed',
  message,
  hint,
});

export const warning = (check: string, message: string, hint?: string): Diagnostic => ({
  check,
  status: 'warning',
  message,
  hint,
});

export const skipped = (check: string, message: string): Diagnostic => ({
  check,
  status: 'skipped',
  message,
});
