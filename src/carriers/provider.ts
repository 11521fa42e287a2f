import type { z } from 'zod';

import type { Clock } from '../domain/clock.ts';
import type { ProviderError, ProviderFailureCode } from '../domain/errors.ts';
import type { ParcelNumber } from '../domain/tracking.ts';
import type { TokenStore } from '../transport/bearer-token.ts';
import type { HttpResponse, Layer, Send } from '../transport/http.ts';
import type { QuotaCounter } from '../transport/quota-counter.ts';
import type { QuotaLimits } from '../transport/quota.ts';
import type { ProviderAdapter } from './adapter.ts';

/** A provider as the registry lists it: what its accounts are configured with, and how an account is opened. */
export interface Provider<Credentials = unknown, Options = unknown> {
  /** Our word for the provider, and the default alias of an account: "usps". */
  readonly id: string;
  /** Its name in messages: "USPS". */
  readonly name: string;
  /** Validates an account's credentials. */
  readonly credentials: z.ZodType<Credentials>;
  /** Validates an account's further settings, which stand beside its credentials. */
  readonly options: z.ZodObject;
  /** Environment variables of the single tenant, the most telling first, each with the path of the setting it fills. */
  readonly variables: Readonly<Record<string, string>>;
  /** Base URLs by environment. Where there is none, an account names its own. */
  readonly hosts: {
    readonly TEST?: string;
    readonly PRODUCTION?: string;
    /** Host names that the provider has switched off, each with the base URL that replaces it. */
    readonly retired?: Readonly<Record<string, string>>;
  };
  /** The provider's words for our environments, in lower case. Default: none besides our own. */
  readonly environments?: Readonly<Record<string, Environment>>;
  /** Names of credentials whose `{ file }` is passed on as it is, since the adapter rereads the file when it changes. */
  readonly files?: readonly string[];

  /** Names of options that name hosts. An account that is set at run time has only values that the configuration has too. */
  readonly hostOptions?: readonly string[];
  /** How long equal requests share a quote unless the account sets it, in seconds. Default: 0. */
  readonly rateCacheSeconds?: number;
  /** The carriers whose labels it sells. Default: any carrier. */
  readonly carriers?: readonly string[];
  /** The provider's names for carriers, in lower case without punctuation, each with ours. Default: none. */
  readonly carrierNames?: Readonly<Record<string, string>>;
  /** Country codes of the addresses that it verifies. Default: every country. */
  readonly verifiesCountries?: readonly string[];
  /** A tracking number that the provider's documents give, for the examples in GraphiQL. */
  readonly exampleNumber?: string;
  /** Error codes of the provider and what they mean, for docs/errors.md. Default: none are published. */
  readonly errors?: readonly PublishedError[];
  /** Classifies the statuses of mail jobs, which are the provider's own words. Present where its adapter has `mail`. */
  readonly mailStatuses?: MailStatuses;
  /** Commands that prepare an account, run by `npm run connect`. */
  readonly commands?: readonly ProviderCommand[];

  /** Returns the name under which the provider counts our calls. */
  clientId(credentials: Credentials): string;
  /** Returns the environment that the form of a credential reveals. Default: none. */
  environmentOf?(credentials: Credentials): Exclude<Environment, 'SANDBOX'> | undefined;
  /**
   * Returns how the provider learns of a parcel: `directly`, as its carrier, or `through` the carrier. Returns
   * undefined where it can't track the parcel. Default: undefined for every parcel.
   */
  tracks?(parcel: ParcelNumber): 'directly' | 'through' | undefined;
  /** Reads an error response of an API product, `HttpRequest.api`. `now` is in epoch milliseconds. */
  toError(api: string, response: HttpResponse, now: number): ProviderError;
  /** Opens an account. The credentials are bound here, and no method of the adapter mentions them. */
  createAdapter(
    account: AccountSettings<Credentials, Options>,
    dependencies: AdapterDependencies,
  ): ProviderAdapter;
}

export type Environment = 'SANDBOX' | 'TEST' | 'PRODUCTION';

/** One tenant's account, as its provider opens it. */
export interface AccountSettings<Credentials, Options> {
  /** Identifies the account's long-lived state: a fingerprint of tenant, base URL and credentials. */
  readonly key: string;
  /** Identifies the counter of our calls at the provider: a fingerprint of base URL and client id, for all tenants. */
  readonly clientKey: string;
  readonly environment: Environment;
  /** An origin: it has no path. */
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly options: Options;
  readonly quota: QuotaLimits;
  /** How long equal requests share a quote. Default: 0. */
  readonly rateCacheMs?: number;
}

/** The services that an adapter works with. */
export interface AdapterDependencies {
  /** Sends a request over the account's own connections, with a time-out; an adapter adds further layers. */
  readonly send: Send;
  /** Refuses calls at once while the provider does not respond. It goes outside of the quota: a refused call uses none. */
  readonly guard: Layer;
  readonly tokens: TokenStore;
  readonly quotas: QuotaCounter;
  readonly clock: Clock;
  /** Logs a warning about something that will soon fail. */
  readonly warn?: (message: string) => void;
}

/** Error codes of a provider that mean the same. */
export interface PublishedError {
  /** Codes, and ranges of codes, separated by blanks. */
  readonly codes: string;
  /** Our code. Left out where the HTTP status decides. */
  readonly code?: ProviderFailureCode;
  readonly meaning?: string;
  readonly hint?: string;
}

/** Classifies a mail job's status. */
export interface MailStatuses {
  /** Returns whether the provider waits for the job's file. */
  awaitsFile(status: string): boolean;
  /** Returns whether the status will not change any more. */
  isFinal(status: string): boolean;
  /** Returns whether the job ended without its document being sent. */
  hasFailed(status: string): boolean;
}

/** A command of `npm run connect`. */
export interface ProviderCommand {
  /** The first argument, which selects the command: "csr". */
  readonly name: string;
  readonly usage: string;
  /** Runs the command with the arguments after its name and returns what is printed. Rejects with a plain message. */
  run(args: readonly string[]): Promise<string>;
}
