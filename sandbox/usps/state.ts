import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { ProductRefusal } from './errors.ts';
import type { Environment, UspsClient } from './oauth/clients.ts';
import type { TokenSigner } from './oauth/token-signer.ts';

/** Behavior that the contract leaves open, or on which sources disagree. Changeable while the sandbox runs. */
export interface UspsSwitches {
  /** The token endpoint accepts JSON too, as in the OAuth document; in the guide JSON is a 401. Default: false. */
  acceptJsonToken: boolean;
  /** `issued_at` and `expires_in` are text, as in older recordings. Default: false. */
  tokenNumbersAsStrings: boolean;
  /** The token response has no `scope`. Default: false. */
  omitScope: boolean;
  /** The status of the payment error whose body has no `error` key. Default: 403. Guess: no source names it. */
  notEnrolledStatus: number;
  /** The status of a label request without a payment token. Default: 400. Guess: the document only requires the header. */
  paymentTokenMissingStatus: 400 | 401;
  /** The response to an address without a match: 404 without a code (document), or 400 with 0100xx (workbook). */
  addressNotFound: 'document' | 'workbook';
  /** Includes `totalPrice` always, as recorded, or only when extra services are requested, as documented. */
  totalPrice: 'always' | 'when-requested';
  /** The response of v3r2 to an app that has only v3. Guess. */
  withoutV3r2: ProductRefusal;
  /** The response of Addresses to an app without a license. Guess: users report a 401 without its body. */
  withoutLicense: ProductRefusal;
  /** The response to another mailer's number in a v3r2 batch: a failed item, or a 403. Guess: not recorded. */
  foreignInBatch: 'item' | 'batch';
  /** The status of a v3r2 batch of several numbers, none of which is found. Guess. */
  allFailedStatus: 207 | 404;
  /** Failed items of a batch have their tracking number. Default: false. Guess: one source has a type without it. */
  echoFailedNumbers: boolean;
  /** Responses follow the documents where recordings deviate from them (contract, 15). Default: false. */
  documentMode: boolean;
  /** How long tracking does not find a new label, in milliseconds (USPS/api-examples#102). Default: 0. */
  labelLagMs: number;
  /** The status of a label purchase: 200 at the live service, 201 in older documents (USPS/api-examples#24). */
  labelStatus: 200 | 201;
  /** A manifested label is disputed (document), or cannot be canceled (test system, USPS/api-examples#37). */
  cancelManifested: 'dispute' | 'error';
  /**
   * Express has a signature and an insurance service of its own: 981 and 925. `any` allows the common ones (921, 930 and
   * 931) too; no source decides it.
   */
  expressServices: 'own' | 'any';
  /**
   * A customs item with neither a tariff number nor category and subcategory: USPS refuses it (workbook, 160055; reported
   * for military post), or looks the number up (document).
   */
  missingTariff: 'error' | 'looked-up';
  /** A pickup response is flat with counts as text (guide), or contains the request (document). */
  pickupResponse: 'guide' | 'document';
  /** Dollars added to every domestic price, to simulate a price change. Default: 0. */
  surcharge: string;
  /** The day since which domestic prices apply, as rates tell it. Default: 2026-01-18. */
  pricesSince: string;
  /** A limit on bursts, in addition to the quota. Default: none. */
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
  withoutLicense: 'client-invalid',
  foreignInBatch: 'item',
  allFailedStatus: 207,
  echoFailedNumbers: false,
  documentMode: false,
  labelLagMs: 0,
  labelStatus: 200,
  cancelManifested: 'dispute',
  expressServices: 'own',
  missingTariff: 'error',
  pickupResponse: 'guide',
  surcharge: '0',
  pricesSince: '2026-01-18',
  spike: undefined,
};

/** The state that all routes of one sandbox share. */
export interface UspsState {
  clock: Clock;
  store: Store;
  environment: Environment;
  clients: UspsClient[];
  switches: UspsSwitches;
  signer: TokenSigner;
  /** How many times as fast as real ones purchased parcels move. */
  speed: number;
  /** Calls an hour for each client and API. */
  quota: number;
}
