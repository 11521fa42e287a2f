import { Big } from 'big.js';
import type { CarrierAccount, Price, Service } from '../carriers/carriers.ts';
import {
  idOf,
  isBlank,
  isFields,
  isTruthy,
  listOf,
  refused,
  textOf,
  wrongType,
  type Fields,
} from '../http.ts';
import type { Parcel } from '../shipments/contents.ts';
import { isZip, uspsZone } from '../addresses/places.ts';
import type { Place } from '../addresses/verification.ts';
import { isoTime, type EasyPostState } from '../state.ts';

/** What a shipment asks to be priced. */
export interface Question {
  from: Place;
  to: Place;
  parcel: Parcel;
  options: Fields;
  accounts: readonly CarrierAccount[];
  now: number;
  surcharge: string;
  failing: ReadonlyMap<string, string>;
}

/** A rate before it has an id. */
export interface Quote {
  service: string;
  carrier: string;
  rate: string;
  currency: 'USD';
  retail_rate: string | null;
  retail_currency: 'USD' | null;
  list_rate: string | null;
  list_currency: 'USD' | null;
  billing_type: 'easypost' | 'carrier';
  delivery_days: number | null;
  delivery_date: string | null;
  delivery_date_guaranteed: boolean | null;
  est_delivery_days: number | null;
  carrier_account_id: string;
}

export interface Message {
  carrier: string;
  carrier_account_id?: string;
  type: 'rate_error';
  message: string;
}

export interface Rating {
  quotes: Quote[];
  messages: Message[];
  zone: number | null;
}

/** Every account's prices, or its word why it has none: a carrier that cannot rate is never an HTTP error. */
export function rate(question: Question): Rating {
  const { from, to } = question;
  const domestic = isUs(from) && isUs(to);
  const rating: Rating = { quotes: [], messages: [], zone: null };
  if (domestic && isZip(from.zip) && isZip(to.zip)) rating.zone = uspsZone(from.zip, to.zip);
  for (const account of question.accounts) {
    const refusal = refusalOf(account, question);
    if (refusal !== undefined) {
      rating.messages.push(refusal);
    } else {
      const offered = domestic ? account.domestic : account.international;
      const zone = rating.zone ?? remoteness(to.country!);
      rating.quotes.push(...offered.flatMap((service) => quote(account, service, zone, question) ?? []));
    }
  }
  // Recorded rates stand in no useful order; the dearest first is as good as any, and not the cheapest first.
  rating.quotes.sort((one, other) => new Big(other.rate).cmp(one.rate));
  return rating;
}

export const isUs = (place: Place) => (place.country ?? 'US').toUpperCase() === 'US';

/** Guess: a made-up zone for far countries, so that a parcel to Canada costs what was recorded. */
const remoteness = (country: string) => ({ CA: 4, MX: 5 })[country.toUpperCase()] ?? 7;

function refusalOf(account: CarrierAccount, question: Question): Message | undefined {
  const { from, to, parcel, failing } = question;
  const says = (message: string): Message => ({
    carrier: account.carrier,
    carrier_account_id: account.id,
    type: 'rate_error',
    message,
  });
  const failure = failing.get(account.carrier) ?? account.broken;
  if (failure !== undefined) return says(failure);
  if (!isUs(from)) return says(`Unable to retrieve ${account.carrier} rates for non-US origin address.`);
  const side = !isZip(from.zip) ? 'origin' : isUs(to) && !isZip(to.zip) ? 'dest' : undefined;
  if (side !== undefined && account.carrier === 'USPS') {
    // The form of EasyPost/easypost-java#336: the upstream answer inside the text, and no account.
    const upstream = { code: 'BAD_REQUEST', errors: [`${side} zipcode format must be zzzzz[pppp]`] };
    const message = `400 Bad Request, response: ${JSON.stringify(upstream)}`;
    return { carrier: account.carrier, type: 'rate_error', message };
  }
  if (side !== undefined) {
    return says(`shipment.${side === 'dest' ? 'to' : 'from'}_address.zip: Not a valid postal code`);
  }
  if (parcel.weight > account.maxOunces)
    return says(`shipment.parcel.weight: Must be at most ${account.maxOunces} oz`);
  return undefined;
}

function quote(
  account: CarrierAccount,
  service: Service,
  zone: number,
  question: Question,
): Quote | undefined {
  const { parcel, options, to, now } = question;
  if (service.maxOunces !== undefined && parcel.weight > service.maxOunces) return undefined;
  if (service.countries !== undefined && !service.countries.includes(to.country!.toUpperCase()))
    return undefined;
  if (service.eligibility !== undefined && options.special_rates_eligibility !== service.eligibility)
    return undefined;

  // Guess: as other sellers of UPS and FedEx do it, what can't be delivered on a Saturday is left out.
  const saturday = isTruthy(options.saturday_delivery);
  if (saturday && service.saturday === undefined) return undefined;

  const wrapping = parcel.predefined_package;
  const flat =
    wrapping === null || wrapping === 'Parcel' ? undefined : account.flat[wrapping]?.[service.name];
  // A package that a carrier does not know leaves it out without a word (EasyPost/easypost-ruby#10).
  if (wrapping !== null && wrapping !== 'Parcel' && flat === undefined) return undefined;

  const confirmation = account.confirmations[textOf(options, 'delivery_confirmation') ?? ''] ?? '0';
  const ounces = billedOunces(account, parcel);
  const light = service.light?.find((step) => ounces <= step.ounces)?.off ?? ['0', '0', '0'];
  const cost = (column: Price | null, index: 0 | 1 | 2) => {
    const base =
      flat === undefined ? column && byWeight(column, zone, ounces).minus(light[index]) : flat[index];
    return base === null
      ? null
      : new Big(base)
          .plus(confirmation)
          .plus((saturday && service.saturday) || '0')
          .plus(question.surcharge)
          .toFixed(2);
  };
  const list = cost(service.list, 1);
  const retail = cost(service.retail, 2);
  const days = service.days?.(zone) ?? null;
  return {
    service: service.name,
    carrier: account.carrier,
    rate: cost(service.rate, 0)!,
    currency: 'USD',
    retail_rate: retail,
    retail_currency: retail === null ? null : 'USD',
    list_rate: list,
    list_currency: list === null ? null : 'USD',
    billing_type: account.billing,
    delivery_days: days,
    delivery_date: days === null || service.hour === undefined ? null : arrival(now, days, service.hour),
    delivery_date_guaranteed: service.guaranteed,
    est_delivery_days: days,
    carrier_account_id: account.id,
  };
}

/** Guess: by size where that is more than by weight. */
function billedOunces({ inchesPerPound }: CarrierAccount, { length, width, height, weight }: Parcel): number {
  const volume = (length ?? 0) * (width ?? 0) * (height ?? 0);
  return volume > 1728 ? Math.max(weight, (volume / inchesPerPound) * 16) : weight;
}

function byWeight({ near, far, pound }: Price, zone: number, ounces: number): Big {
  const furtherPounds = Math.max(0, Math.ceil(ounces / 16) - 1);
  const distance = new Big(far)
    .minus(near)
    .times(zone - 1)
    .div(3);
  return new Big(near).plus(distance).plus(new Big(pound).times(furtherPounds).times(zone).div(4));
}

const arrival = (now: number, days: number, hour: string) =>
  `${isoTime(now + days * 86_400_000).slice(0, 10)}T${hour}:00Z`;

/** So many are rated and the rest ignored without a word (EasyPost's article on rate limits). */
const ratedAccounts = 60;

/** What EasyPost adds to the options it was given. */
export function readOptions(given: unknown): Fields {
  if (!isBlank(given) && !isFields(given)) throw wrongType('options', 'an object');
  const options = isFields(given) ? given : {};
  return {
    ...options,
    currency: options.currency ?? 'USD',
    payment: options.payment ?? { type: 'SENDER' },
    date_advance: options.date_advance ?? 0,
  };
}

/** The accounts that are asked: those named, or all. */
export function accountsOf({ accounts }: EasyPostState, fields: Fields): readonly CarrierAccount[] {
  const known = new Map(accounts.map((account) => [account.id, account]));
  const wanted = listOf(fields, 'carrier_accounts').map((each) => known.get(idOf(each) ?? ''));
  if (wanted.includes(undefined)) {
    throw refused('SHIPMENT.CARRIER_ACCOUNTS.INVALID', 'One or more of the carrier accounts are invalid.');
  }
  const chosen = wanted.length === 0 ? accounts : (wanted as CarrierAccount[]);
  const carrier = textOf(fields, 'carrier');
  const rated = carrier ? chosen.filter((account) => account.carrier === carrier) : chosen;
  return rated.slice(0, ratedAccounts);
}
