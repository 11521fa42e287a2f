import type { Logger } from 'pino';

import type { AccountDependencies } from './accounts/open-account.ts';
import type { OpenSandbox } from './accounts/sandbox.ts';
import type { TenantConfig } from './config/tenants.ts';
import type { Clock } from './domain/clock.ts';
import type { AdmissionOptions } from './server/admission.ts';
import type { SubscriptionLimits } from './server/subscriptions/limits.ts';
import type { StorageOptions } from './storage/storage.ts';

/** Options of an app that the environment does not set. */
export interface AppOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Receives a line about each step that takes seconds. */
  readonly onProgress?: (line: string) => void;
  readonly onCall?: AccountDependencies['onCall'];
  /** Receives the credentials of accounts that are set at run time, which the log must not show. */
  readonly addSecrets?: (secrets: Iterable<string>) => void;
  /** Wraps the ledger's database driver, for fault injection. */
  readonly wrapDialect?: StorageOptions['wrapDialect'];
  /** Refuses a data directory without a ledger instead of creating one. Default: false. */
  readonly mustExist?: boolean;
  /** Limits of subscriptions that differ from the defaults. */
  readonly subscriptionLimits?: Partial<SubscriptionLimits>;
  /** Has the emulated providers send webhooks to this server. Default: false. */
  readonly sandboxWebhooks?: boolean;
  /** The requests that are served at a time. Default: `Admission`'s. */
  readonly admission?: AdmissionOptions;
  /** The tenants of a sandbox. Default: its own tenant. */
  readonly tenants?: (sandbox: OpenSandbox) => readonly TenantConfig[];
}
