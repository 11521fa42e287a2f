import Big from 'big.js';

import type { Address } from './address.ts';
import { ProviderError, type UserError } from './errors.ts';
import type { Weight } from './measure.ts';
import { weightIn } from './measure.ts';
import type { Money } from './money.ts';
import type { Parcel } from './parcel.ts';

export type CustomsContents =
  | 'MERCHANDISE'
  | 'GIFT'
  | 'DOCUMENTS'
  | 'SAMPLE'
  | 'RETURNED_GOODS'
  | 'HUMANITARIAN_DONATION'
  | 'DANGEROUS_GOODS'
  | 'OTHER';

/** What the customs of another country are told of a parcel. */
export interface Customs {
  readonly contents: CustomsContents;
  readonly items: readonly CustomsItem[];
  /** Who vouches for it; the sender when left out. */
  readonly signer?: string | null;
  /** What happens where it can't be delivered; it comes back when left out. */
  readonly nonDelivery?: 'RETURN' | 'ABANDON' | null;
  /** Exemption or filing number of US export law: "NOEEI 30.37(a)". */
  readonly eelPfc?: string | null;
  /** What OTHER contents are. */
  readonly explanation?: string | null;
}

/** One line of the form: value and weight are those of the whole line, all its units. */
export interface CustomsItem {
  readonly description: string;
  readonly quantity: number;
  readonly totalValue: Money;
  readonly totalWeight: Weight;
  readonly hsTariffNumber?: string | null;
  readonly originCountry: string;
}

/** Overseas military and diplomatic post, and places of the US beyond its customs territory (USPS, DMM 608.2.4). */
const beyondUsCustoms = new Set(['AA', 'AE', 'AP', 'AS', 'GU', 'MP', 'FM', 'MH', 'PW', 'VI']);

/** Members of the customs union of the EU, Monaco among them. */
const inEuCustoms = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK'.split(' '),
);

/** Whether the parcel crosses a customs border. */
export function crossesCustoms(from: Address, to: Address): boolean {
  const isEu = ({ country }: Address) => inEuCustoms.has(country ?? '');
  if (from.country !== to.country) return !(isEu(from) && isEu(to));
  return from.country === 'US' && from.state !== to.state && [from, to].some(isBeyondUsCustoms);
}

export const isBeyondUsCustoms = ({ state }: Address) => beyondUsCustoms.has(state ?? '');

/**
 * What keeps an export without a filing number from going out: only what is worth 2,500 dollars or less is exempt
 * (Foreign Trade Regulations, 15 CFR 30.37(a)), reckoned over all lines to be on the safe side.
 */
export function requireExportFiling({ items }: Customs): void {
  const value = items.reduce((sum, { totalValue }) => sum.plus(totalValue.amount), new Big(0));
  if (value.lte(2500)) return;
  throw new ProviderError('REJECTED', 'exports worth more than 2500 dollars are filed', {
    field: ['customs', 'eelPfc'],
    hint: 'Give the ITN of the filing in the Automated Export System, or the exemption: NOEEI 30.36 for Canada.',
  });
}

/** The most lines that every provider prints, and a line's longest description. */
const itemLimit = 30;
const longestDescription = 200;

/** Everything that is wrong with a customs declaration. */
export function customsErrors(
  customs: Customs,
  parcels: readonly Parcel[],
  path: readonly string[],
): readonly UserError[] {
  const errors: UserError[] = [];
  const wrong = (code: 'INVALID' | 'REQUIRED' | 'TOO_MANY', field: readonly string[], message: string) =>
    errors.push({ code, field: [...path, ...field], message });

  if (parcels.length > 1) {
    wrong('TOO_MANY', [], 'says what is in one parcel; ask for rates of each parcel alone');
  }
  if (customs.items.length === 0) wrong('REQUIRED', ['items'], 'a customs form has at least one line');
  if (customs.items.length > itemLimit) {
    wrong('TOO_MANY', ['items'], `a customs form has at most ${itemLimit} lines`);
  }
  for (const field of ['signer', 'eelPfc', 'explanation'] as const) {
    if ((customs[field]?.length ?? 0) > longestDescription) {
      wrong('INVALID', [field], `has at most ${longestDescription} characters`);
    }
  }
  if (customs.contents === 'OTHER' && !customs.explanation?.trim()) {
    wrong('REQUIRED', ['explanation'], 'say what the contents are when they are OTHER');
  }
  customs.items.forEach((item, index) => {
    const at = (...field: string[]) => ['items', String(index), ...field];
    if (item.description.length > longestDescription) {
      wrong('INVALID', at('description'), `has at most ${longestDescription} characters`);
    }
    if (item.description.trim() === '')
      wrong('REQUIRED', at('description'), 'customs want each line described');
    if (!(item.quantity >= 1)) wrong('INVALID', at('quantity'), 'is at least 1');
    if (!(Number(item.totalValue.amount) > 0)) {
      wrong('INVALID', at('totalValue', 'amount'), 'must be more than zero');
    }
    if (!(item.totalWeight.value > 0)) wrong('INVALID', at('totalWeight', 'value'), 'must be more than zero');
    if (item.hsTariffNumber && !/^(?=.{6,14}$)(\d\.?){5,}\d$/.test(item.hsTariffNumber)) {
      wrong('INVALID', at('hsTariffNumber'), 'is 6 to 14 digits of the Harmonized System');
    }
  });
  const [parcel] = parcels;
  if (parcel && errors.length === 0) {
    const grams = (weight: Weight) => weightIn(weight, 'GRAM', '0.001');
    const total = customs.items.reduce((sum, item) => sum + grams(item.totalWeight), 0);
    // A gram of rounding between the lines' units and the parcel's is nobody's mistake.
    if (total > grams(parcel.weight) + 1) {
      wrong(
        'INVALID',
        ['items'],
        'weigh more together than the parcel; totalWeight is that of the whole line',
      );
    }
  }
  return errors;
}
