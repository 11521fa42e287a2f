import { Big } from 'big.js';
import { isMilitary, isZip, uspsZone } from '../addresses/geography.ts';
import { isUs, type PostalAddress } from '../addresses/verification.ts';
import { unprocessable, wrongType } from '../api-error.ts';
import type { CarrierAccount } from '../carriers/carrier-account.ts';
import type { Price, Service } from '../carriers/services.ts';
import { isoTime } from '../dates.ts';
import { idOf, isBlank, isFields, isTruthy, listOf, textOf, type Fields } from '../fields.ts';
import type { Parcel } from '../shipments/parcels.ts';
import type { EasyPostState } from '../state.ts';

/** A shipment to price. */
export interface RateRequest {
  from: PostalAddress;
  to: PostalAddress;
  parcel: Parcel;
  options: Fields;
  accounts: readonly CarrierAccount[];
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

/** The reason why a carrier account has no rates. */
export interface Message {
  carrier: string;
  carrier_account_id?: string;
  type: 'rate_error';
  message: string;
}

export interface RateResult {
  quotes: Quote[];
  messages: Message[];
  /** The USPS zone; null for other countries and for invalid ZIPs. */
  zone: number | null;
}

/** Quotes the rates of every account. A carrier that cannot rate is a message, never an HTTP error. */
export function quoteRates(state: EasyPostState, request: RateRequest): RateResult {
  const { from, to } = request;
  const domestic = isUs(from) && isUs(to);
  const result: RateResult = { quotes: [], messages: [], zone: null };
  if (domestic && isZip(from.zip) && isZip(to.zip)) result.zone = uspsZone(from.zip, to.zip);
  for (const account of request.accounts) {
    const error = rateErrorOf(state, account, request);
    if (error !== undefined) {
      result.messages.push(error);
    } else {
      const offered = domestic ? account.domestic : account.international;
      const zone = result.zone ?? internationalZone(to.country!);
      result.quotes.push(
        ...offered.flatMap((service) => quote(state, account, service, zone, request) ?? []),
      );
    }
  }
  // Recorded rates have no useful order; most expensive first keeps clients from relying on cheapest first.
  result.quotes.sort((one, other) => new Big(other.rate).cmp(one.rate));
  return result;
}

/** Guess: a zone for each country, so that a parcel to Canada costs the recorded price. */
const internationalZone = (country: string) => ({ CA: 4, MX: 5 })[country.toUpperCase()] ?? 7;

function rateErrorOf(
  { failing }: EasyPostState,
  account: CarrierAccount,
  request: RateRequest,
): Message | undefined {
  const { from, to, parcel } = request;
  const rateError = (message: string): Message => ({
    carrier: account.carrier,
    carrier_account_id: account.id,
    type: 'rate_error',
    message,
  });
  const failure = failing.get(account.carrier) ?? account.failure;
  if (failure !== undefined) return rateError(failure);
  if (!isUs(from)) return rateError(`Unable to retrieve ${account.carrier} rates for non-US origin address.`);
  const side = !isZip(from.zip) ? 'origin' : isUs(to) && !isZip(to.zip) ? 'dest' : undefined;
  if (side !== undefined && account.carrier === 'USPS') {
    // As in EasyPost/easypost-java#336: the message quotes the upstream response, and no account is named.
    const upstream = { code: 'BAD_REQUEST', errors: [`${side} zipcode format must be zzzzz[pppp]`] };
    const message = `400 Bad Request, response: ${JSON.stringify(upstream)}`;
    return { carrier: account.carrier, type: 'rate_error', message };
  }
  if (side !== undefined) {
    return rateError(`shipment.${side === 'dest' ? 'to' : 'from'}_address.zip: Not a valid postal code`);
  }
  // Guess: the wording of what follows.
  if (!account.servesMilitary && (isMilitary(to) || isMilitary(from))) {
    return rateError(`${account.readable} does not serve APO, FPO and DPO addresses.`);
  }
  if (parcel.weight > account.maxOunces)
    return rateError(`shipment.parcel.weight: Must be at most ${account.maxOunces} oz`);
  if (!fits(parcel, account)) {
    const { maxLength, maxLengthAndGirth } = account;
    return rateError(
      `shipment.parcel: Must be at most ${maxLength} in long, and ${maxLengthAndGirth} in length and girth`,
    );
  }
  return undefined;
}

/** True where the longest side, and with it the girth around the others, are within the limits. */
function fits(
  parcel: Parcel,
  { maxLength = Infinity, maxLengthAndGirth = Infinity }: { maxLength?: number; maxLengthAndGirth?: number },
): boolean {
  const sides = [parcel.length ?? 0, parcel.width ?? 0, parcel.height ?? 0].sort((one, other) => other - one);
  const [length, width, height] = sides as [number, number, number];
  return length <= maxLength && length + 2 * (width + height) <= maxLengthAndGirth;
}

/** Prices one service; undefined where it is not offered for the parcel. */
function quote(
  { clock, surcharge }: EasyPostState,
  account: CarrierAccount,
  service: Service,
  zone: number,
  { parcel, options, to }: RateRequest,
): Quote | undefined {
  if (service.maxOunces !== undefined && parcel.weight > service.maxOunces) return undefined;
  if (!fits(parcel, service)) return undefined;
  if (service.countries !== undefined && !service.countries.includes(to.country!.toUpperCase()))
    return undefined;
  if (service.eligibility !== undefined && options.special_rates_eligibility !== service.eligibility)
    return undefined;

  // Guess: services without Saturday delivery are left out, as other resellers of UPS and FedEx do.
  const saturday = isTruthy(options.saturday_delivery);
  if (saturday && service.saturday === undefined) return undefined;

  const packageName = parcel.predefined_package;
  const flat =
    packageName === null || packageName === 'Parcel' ? undefined : account.flat[packageName]?.[service.name];
  // A carrier that does not know the package has neither rates nor a message (EasyPost/easypost-ruby#10).
  if (packageName !== null && packageName !== 'Parcel' && flat === undefined) return undefined;

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
          .plus(surcharge)
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
    delivery_date:
      days === null || service.hour === undefined ? null : deliveryDate(clock.now(), days, service.hour),
    delivery_date_guaranteed: service.guaranteed,
    est_delivery_days: days,
    carrier_account_id: account.id,
  };
}

/** Guess: dimensional weight applies where it exceeds the weight. */
function billedOunces({ inchesPerPound }: CarrierAccount, { length, width, height, weight }: Parcel): number {
  const volume = (length ?? 0) * (width ?? 0) * (height ?? 0);
  return volume > 1728 ? Math.max(weight, (volume / inchesPerPound) * 16) : weight;
}

/** Interpolates a price by zone and whole pounds. */
function byWeight({ near, far, pound }: Price, zone: number, ounces: number): Big {
  const furtherPounds = Math.max(0, Math.ceil(ounces / 16) - 1);
  const distance = new Big(far)
    .minus(near)
    .times(zone - 1)
    .div(3);
  return new Big(near).plus(distance).plus(new Big(pound).times(furtherPounds).times(zone).div(4));
}

const deliveryDate = (now: number, days: number, hour: string) =>
  `${isoTime(now + days * 86_400_000).slice(0, 10)}T${hour}:00Z`;

/** EasyPost ignores further accounts without a message (its support article on rate limits). */
const maxRatedAccounts = 60;

/** Returns the given options with EasyPost's defaults. */
export function readOptions(value: unknown): Fields {
  if (!isBlank(value) && !isFields(value)) throw wrongType('options', 'an object');
  const options = isFields(value) ? value : {};
  return {
    ...options,
    currency: options.currency ?? 'USD',
    payment: options.payment ?? { type: 'SENDER' },
    date_advance: options.date_advance ?? 0,
  };
}

/** Returns the carrier accounts that a request names. Default: all. */
export function selectAccounts({ accounts }: EasyPostState, fields: Fields): readonly CarrierAccount[] {
  const known = new Map(accounts.map((account) => [account.id, account]));
  const named = listOf(fields, 'carrier_accounts').map((each) => known.get(idOf(each) ?? ''));
  if (named.includes(undefined)) {
    throw unprocessable(
      'SHIPMENT.CARRIER_ACCOUNTS.INVALID',
      'One or more of the carrier accounts are invalid.',
    );
  }
  const selected = named.length === 0 ? accounts : (named as CarrierAccount[]);
  const carrier = textOf(fields, 'carrier');
  const rated = carrier ? selected.filter((account) => account.carrier === carrier) : selected;
  return rated.slice(0, maxRatedAccounts);
}
