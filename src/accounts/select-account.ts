import type { Address } from '../domain/address.ts';
import { currentPlan } from '../transport/call-plan.ts';
import { ProviderError, throwIfInvalid } from '../domain/errors.ts';
import { carriersButForCheckDigit, expectedForm, matchingCarriers } from '../domain/tracking-number.ts';
import type { ParcelNumber } from '../domain/tracking.ts';
import type { Account, AccountFailure, Caller } from './account.ts';

/*
 * The selection of an account. An account that the caller names is used; a name that is not the caller's is an
 * InputError. Otherwise, in this order and never at random:
 *
 * - a parcel that was purchased here: the account that purchased its label
 * - tracking: a direct provider of the carrier before an aggregator; if an account may not see the parcel, the next one
 * - addresses: a provider of just that country before one of all countries; if it refuses this account the service, the
 *   next one
 * - rates: every account that quotes
 * - mail: the only account that sends mail; if there are several, the caller must name one
 * - drop-off locations: the first account that lists them
 *
 * If no account fits, the result is a ProviderError CREDENTIALS_MISSING.
 */

/** Returns the caller's account with this id; throws an `InputError` at `path` if there is none. */
export function requireAccount(caller: Caller, id: string, path: readonly string[]): Account {
  const account = findAccount(caller, id);
  if (account) choose(account, 'it is named');
  const own = caller.accounts.map((account) => account.id).join(', ');
  if (account === undefined) {
    throwIfInvalid([
      { code: 'NOT_FOUND', field: path, message: `is no account of yours; those are ${own || 'none'}` },
    ]);
  }
  return account!;
}

/** Returns the account that a stored record names; if it was removed, an inactive one without abilities. */
export function accountOrRemoved(
  caller: Caller | undefined,
  id: string,
  record: { readonly provider: string; readonly environment: string },
): Account {
  return (
    findAccount(caller, id) ?? {
      id,
      provider: record.provider,
      name: id,
      environment: record.environment as Account['environment'],
      active: false,
      operations: [],
      adapter: {},
      breakers: () => [],
    }
  );
}

/** Returns the caller's account with this id, or undefined. */
export function findAccount(caller: Caller | undefined, id: string | undefined): Account | undefined {
  return caller?.accounts.find((account) => account.id === id);
}

/**
 * Lists the accounts that verify an address in the order in which they are asked: providers of just that country before
 * those of all countries.
 */
export function selectForVerification({ accounts }: Caller, { country }: Address): Account[] | ProviderError {
  const able = accounts.filter(({ adapter }) => adapter.verify);
  const ofCountry = able.filter(({ verifiesCountries }) => verifiesCountries?.includes(country ?? ''));
  const ofAll = able.filter(({ verifiesCountries }) => verifiesCountries === undefined);
  for (const account of ofCountry) choose(account, `it verifies addresses of ${country}, and not of every country`); // prettier-ignore
  for (const account of ofAll) choose(account, 'it verifies addresses of every country');
  const selected = [...ofCountry, ...ofAll];
  return selected.length > 0 ? selected : noAccount(`verifies addresses in ${country}`);
}

/** Selects the accounts that are asked for rates: those that are named, each once, or every account that quotes. */
export function selectForRates(
  caller: Caller,
  ids: readonly string[] | null | undefined,
  path: readonly string[],
): readonly Account[] | ProviderError {
  if (ids) return [...new Set(ids)].map((id) => requireAccount(caller, id, path));
  const able = caller.accounts.filter(({ adapter }) => adapter.quote);
  for (const account of able) choose(account, 'every account that quotes is asked');
  return able.length > 0 ? able : noAccount('quotes rates');
}

/**
 * Lists the accounts that can track a parcel in the order in which they are asked: the one that purchased its label,
 * then those connected to its carrier directly, then aggregators. Empty where the number has the form of several
 * carriers' numbers.
 */
export function selectForTracking(
  { accounts }: Caller,
  parcel: ParcelNumber,
  purchasedWith: string | undefined,
): Account[] {
  if (parcel.carrier === undefined && matchingCarriers(parcel.trackingNumber).length > 1) return [];
  const able = accounts.filter((account) => canTrack(account, parcel));
  const rank = ({ id, tracks }: Account) =>
    id === purchasedWith ? 0 : tracks?.(parcel) === 'directly' ? 1 : 2;
  for (const account of able) choose(account, trackingReasons[rank(account)]!);
  return able.sort((a, b) => rank(a) - rank(b));
}

/** Tells whether several accounts can track a parcel, so that `selectForTracking` depends on the one that purchased its label. */
export const hasTrackingChoice = ({ accounts }: Caller, parcel: ParcelNumber): boolean =>
  accounts.filter((account) => canTrack(account, parcel)).length > 1;

const canTrack = ({ adapter, tracks }: Account, parcel: ParcelNumber) =>
  adapter.track !== undefined && tracks?.(parcel) !== undefined;

/** By rank. */
const trackingReasons = [
  'it purchased the label',
  'it is connected to the carrier directly',
  'it tracks parcels through their carriers, after accounts that are connected to them',
];

/** The reason why `selectForTracking` lists no account for a parcel. */
export function noAccountTracks({ trackingNumber, carrier }: ParcelNumber): ProviderError {
  const carriers = matchingCarriers(trackingNumber);
  if (carrier === undefined && carriers.length > 1) {
    return new ProviderError('NOT_FOUND', `the number fits ${carriers.join(' and ')}`, {
      hint: 'Name the carrier.',
    });
  }
  if (carrier === undefined && carriersButForCheckDigit(trackingNumber).length > 0) {
    return new ProviderError('NOT_FOUND', 'the check digit of the number is wrong');
  }
  const form = expectedForm(carrier, trackingNumber);
  if (form) {
    return new ProviderError('NOT_FOUND', `the number does not have the form of a ${carrier} number`, {
      hint: `${form} Check the number, or leave the carrier out.`,
    });
  }
  return noAccount(`tracks ${carrier ?? 'this number'}`);
}

/** The codes of failures that are about the number itself. */
const aboutNumber = new Set<ProviderError['code']>(['NOT_FOUND', 'REJECTED', 'NOT_SUPPORTED']);

/** Adds a hint to the failure of a number without a carrier whose check digit alone is wrong; returns any other as it is. */
export function withCheckDigitHint(
  error: AccountFailure['error'],
  { trackingNumber, carrier }: ParcelNumber,
): AccountFailure['error'] {
  const carriers = carrier === undefined ? carriersButForCheckDigit(trackingNumber) : [];
  if (carriers.length === 0 || !aboutNumber.has(error.code)) return error;
  const hint = `It has the form of a ${carriers.join(' or ')} number, but its check digit is wrong: correct it, or name the carrier.`;
  return new ProviderError(error.code, error.message, { ...error, hint, cause: error });
}

/**
 * Selects the account that sends mail: the one that is named, or the only one that can. Throws an `InputError` at `path`
 * if several can and none is named.
 */
export function selectForMail(
  caller: Caller,
  id: string | null | undefined,
  path: readonly string[],
): Account | ProviderError {
  if (id) return requireAccount(caller, id, path);
  const able = caller.accounts.filter(({ adapter }) => adapter.mail);
  if (able.length > 1) {
    const message = `several of your accounts send mail: name one of ${able.map(({ id }) => id).join(', ')}`;
    throwIfInvalid([{ code: 'REQUIRED', field: path, message }]);
  }
  return able[0] ? choose(able[0], 'it is the only account that sends mail') : noAccount('sends mail');
}

/** Selects the account that lists drop-off locations: the one that is named, or the first that can. */
export function selectForLocations(
  caller: Caller,
  id: string | null | undefined,
  path: readonly string[],
): Account | ProviderError {
  if (id) return requireAccount(caller, id, path);
  const first = caller.accounts.find(({ adapter }) => adapter.locations);
  return first
    ? choose(first, 'it is the first account that lists drop-off locations')
    : noAccount('lists drop-off locations');
}

/** Returns the account; a plan tells the reason for which it was selected. */
function choose(account: Account, reason: string): Account {
  currentPlan()?.choose(account.id, reason);
  return account;
}

function noAccount(does: string): ProviderError {
  return new ProviderError('CREDENTIALS_MISSING', `no account of yours ${does}`, {
    hint: 'Add an account of a provider that does.',
  });
}
