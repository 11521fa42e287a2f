import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { Environment, UspsClient } from './oauth/clients.ts';
import type { Signer } from './oauth/token.ts';

/** Where the contract leaves room, or sources disagree: one switch each, changeable while the sandbox runs. */
export interface UspsSwitches {
  /** The token endpoint takes JSON too, as the OAuth document says; the guide refuses it with 401. */
  acceptJsonToken: boolean;
  /** `issued_at` and `expires_in` as strings, as older recordings print them. */
  tokenNumbersAsStrings: boolean;
  /** The token answer has no `scope` at all. */
  omitScope: boolean;
  /** Status of the payment refusal whose body has no `error` key. Guess: no source names it. */
  notEnrolledStatus: number;
  /** Status for a label call without a payment token. Guess: the document only marks the header required. */
  paymentTokenMissingStatus: 400 | 401;
  /** An address without a match: 404 without a code (the document) or 400 with 0100xx (the error workbook). */
  addressNotFound: 'document' | 'workbook';
  /** `totalPrice` always, as recorded, or only where extra services were asked for, as documented. */
  totalPrice: 'always' | 'when-asked';
  /** What v3r2 answers to an app that has only v3. Guess: all three were seen for other missing products. */
  withoutV3r2: 'client-invalid' | 'gateway-fault' | 'not-found';
  /** Another mailer's number in a v3r2 batch: a failed item, or 403 for all of it. Guess: not recorded. */
  foreignInBatch: 'item' | 'batch';
  /** Status of a v3r2 batch of several in which none was found. Guess. */
  allFailedStatus: 207 | 404;
  /** Failed items of a batch name their number. Guess: one source types them without it. */
  echoFailedNumbers: boolean;
  /** Answers as the documents print them, without the oddities of recordings (contract, 15). */
  documentMode: boolean;
  /** For so long a new label is unknown to tracking (issue 102). */
  labelLagMs: number;
  /** 200 is what the live service answers to a new label; older documents said 201 (issue 24). */
  labelStatus: 200 | 201;
  /** A manifested label is disputed (document), or cannot be cancelled, as the test system said (issue 37). */
  cancelManifested: 'dispute' | 'refuse';
  /**
   * Express has a signature and an insurance of its own (981 and 925, by their names). Whether it has the common ones
   * too (921, 930 and 931), no source says.
   */
  expressServices: 'own' | 'any';
  /** A customs line without its tariff number: USPS looks it up (document), or refuses it (error workbook, 160055). */
  missingTariff: 'looked-up' | 'refused';
  /** A pickup is echoed flat with counts as text (guide), or wrapped as it was sent (document). */
  pickupEcho: 'guide' | 'document';
  /** Dollars on top of every domestic price, as after a night on which prices changed. */
  surcharge: string;
  /** A burst rule on top of the quota. */
  spike: { calls: number; seconds: number } | undefined;
}

export const defaultSwitches: UspsSwitches = {
  acceptJsonToken: false,
  tokenNumbersAsStrings: false,
  omitScope: false,
  notEnrolledStatus: 403,
  paymentTokenMissingStatus: 400,
  addressNotFound: 'document',
  totalPrice: 'always',
  withoutV3r2: 'client-invalid',
  foreignInBatch: 'item',
  allFailedStatus: 207,
  echoFailedNumbers: false,
  documentMode: false,
  labelLagMs: 0,
  labelStatus: 200,
  cancelManifested: 'dispute',
  expressServices: 'own',
  missingTariff: 'looked-up',
  pickupEcho: 'guide',
  surcharge: '0',
  spike: undefined,
};

/** What all endpoints of one sandbox share. */
export interface UspsState {
  clock: Clock;
  store: Store;
  environment: Environment;
  clients: UspsClient[];
  switches: UspsSwitches;
  signer: Signer;
  /** Calls an hour for each client and API. */
  quota: number;
}
