/** A price in dollars: `near` at zone 1 and `far` at zone 4 up to one pound; each further pound adds `pound` at zone 4. */
export interface Price {
  near: string;
  far: string;
  pound: string;
}

/** A service of a carrier. */
export interface Service {
  name: string;
  rate: Price;
  list: Price | null;
  /** Null for FedEx; equal to `rate` for UPS. */
  retail: Price | null;
  /** Days in transit by zone; null where the carrier names none. */
  days: ((zone: number) => number) | null;
  /** Hour of delivery, such as `10:30`; absent where the carrier names no date. */
  hour?: string;
  guaranteed: boolean | null;
  /** Surcharge for delivery on a Saturday; absent where it is not offered. */
  saturday?: string;
  /** Discounts under a pound: amounts off rate, list and retail up to `ounces`. */
  light?: readonly { ounces: number; off: readonly [rate: string, list: string, retail: string] }[];
  maxOunces?: number;
  /** Default: that of the carrier. */
  maxLength?: number;
  /** Default: that of the carrier. */
  maxLengthAndGirth?: number;
  /** Offered only with this `options.special_rates_eligibility`. */
  eligibility?: string;
  /** Default: all countries. */
  countries?: readonly string[];
}

export const price = (near: string, far: string, pound: string): Price => ({ near, far, pound });

/** Guess: the air services that deliver on Saturdays; their surcharge is close to the list price. */
const saturdayServices = new Set([
  '2ndDayAir',
  'NextDayAir',
  'NextDayAirEarlyAM',
  'FEDEX_2_DAY',
  'PRIORITY_OVERNIGHT',
]);

/** Builds services from rows of name, far rate, far list price, price per pound, days, hour and guarantee. */
export const servicesFrom = (
  rows: readonly [string, string, string, string, number, string, boolean][],
  retail: boolean,
) =>
  rows.map(([name, far, list, pound, days, hour, guaranteed]): Service => {
    const near = (figure: string) => (Number(figure) * 0.84).toFixed(2);
    const rate = price(near(far), far, pound);
    return {
      name,
      rate,
      list: price(near(list), list, pound),
      retail: retail ? rate : null,
      days: days > 1 ? (zone) => Math.max(1, days + Math.trunc((zone - 4) / 2)) : () => days,
      hour,
      guaranteed,
      ...(saturdayServices.has(name) && { saturday: '16.00' }),
    };
  });
