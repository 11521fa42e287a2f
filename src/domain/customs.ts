import Big from 'big.js';

import type { Address } from './address.ts';
import { ProviderError, type UserError } from './errors.ts';
import type { Weight } from './measure.ts';
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

/** Who pays duties: the sender where they are paid (DDP), the receiver else (DAP, and DDU by its older name). */
export type Incoterm = 'DDU' | 'DDP' | 'DAP';
export type TaxIdType = 'EIN' | 'VAT' | 'EORI' | 'IOSS' | 'OTHER';

/** A number by which customs or a tax office knows a sender or receiver. */
export interface TaxId {
  readonly type: TaxIdType;
  readonly number: string;
  /** ISO 3166-1 alpha-2. */
  readonly issuingCountry?: string | null;
}

/** The customs declaration of a parcel. */
export interface Customs {
  readonly contents: CustomsContents;
  readonly items: readonly CustomsItem[];
  /** The person who certifies it. Default: the sender. */
  readonly signer?: string | null;
  /** What the carrier does with an undeliverable parcel. Default: RETURN. */
  readonly nonDelivery?: 'RETURN' | 'ABANDON' | null;
  /** Exemption or filing number under US export law: "NOEEI 30.37(a)". */
  readonly eelPfc?: string | null;
  /** Describes OTHER contents. */
  readonly explanation?: string | null;
  /** Default: the provider's own, mostly DAP. */
  readonly incoterm?: Incoterm | null;
  readonly senderTaxIds?: readonly TaxId[] | null;
  readonly receiverTaxIds?: readonly TaxId[] | null;
}

/** One line of the form. Value and weight are those of all units of the line together. */
export interface CustomsItem {
  readonly description: string;
  readonly quantity: number;
  readonly totalValue: Money;
  readonly totalWeight: Weight;
  readonly hsTariffNumber?: string | null;
  readonly originCountry: string;
}

/** State codes beyond the US customs territory: military and diplomatic post, territories, associated states (USPS, DMM 608.2.4). */
const beyondUsCustoms = new Set(['AA', 'AE', 'AP', 'AS', 'GU', 'MP', 'FM', 'MH', 'PW', 'VI']);

/** Countries of the EU customs union, including Monaco. */
const inEuCustoms = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK'.split(' '),
);

/** Tells whether a parcel crosses a customs border. */
export function crossesCustoms(from: Address, to: Address): boolean {
  const isEu = ({ country }: Address) => inEuCustoms.has(country ?? '');
  if (from.country !== to.country) return !(isEu(from) && isEu(to));
  return from.country === 'US' && from.state !== to.state && [from, to].some(isBeyondUsCustoms);
}

/** Tells whether an address is in the US but outside its customs territory. */
export const isBeyondUsCustoms = ({ state }: Address) => beyondUsCustoms.has(state ?? '');

/**
 * Throws where an export needs a filing number: only goods worth 2,500 dollars or less are exempt (Foreign Trade
 * Regulations, 15 CFR 30.37(a)). The rule applies to each tariff number; the sum of all lines is on the safe side.
 */
export function requireExportFiling({ items }: Customs): void {
  const value = items.reduce((sum, { totalValue }) => sum.plus(totalValue.amount), new Big(0));
  if (value.lte(2500)) return;
  throw new ProviderError('REJECTED', 'exports worth more than 2500 dollars need a filing number', {
    field: ['customs', 'eelPfc'],
    hint: 'Set customs.eelPfc to the ITN of the filing in the Automated Export System, or to an exemption: NOEEI 30.36 for Canada.',
  });
}

/** The most lines that every provider prints. */
const maxItems = 30;
/** The most tax ids of one side. */
const maxTaxIds = 10;
/** The longest text of any field, in characters. */
const maxTextLength = 200;
const tooLong = `must be at most ${maxTextLength} characters long`;

/** Validates a customs declaration and returns every error found. */
export function validateCustoms(
  customs: Customs,
  parcels: readonly Parcel[],
  path: readonly string[],
): readonly UserError[] {
  const { items, contents, explanation } = customs;
  const errors: UserError[] = [];
  const addError = (code: UserError['code'], field: readonly string[], message: string) =>
    errors.push({ code, field: [...path, ...field], message });

  if (parcels.length > 1) {
    addError('TOO_MANY', [], 'describes one parcel; ask for rates of each parcel separately');
  }
  if (items.length === 0) addError('REQUIRED', ['items'], 'must have at least one line');
  if (items.length > maxItems) addError('TOO_MANY', ['items'], `must have at most ${maxItems} lines`);
  for (const field of ['signer', 'eelPfc', 'explanation'] as const) {
    if ((customs[field]?.length ?? 0) > maxTextLength) addError('INVALID', [field], tooLong);
  }
  for (const side of ['senderTaxIds', 'receiverTaxIds'] as const) {
    const taxIds = customs[side] ?? [];
    if (taxIds.length > maxTaxIds) addError('TOO_MANY', [side], `must have at most ${maxTaxIds} tax ids`);
    for (const [index, { number }] of taxIds.entries()) {
      const field = [side, String(index), 'number'];
      if (number.trim() === '') addError('REQUIRED', field, 'must not be empty');
      if (number.length > maxTextLength) addError('INVALID', field, tooLong);
    }
  }
  if (contents === 'OTHER' && !explanation?.trim()) {
    addError('REQUIRED', ['explanation'], 'must describe the contents when they are OTHER');
  }
  errors.push(...items.flatMap((item, index) => validateItem(item, [...path, 'items', String(index)])));
  return errors;
}

function validateItem(item: CustomsItem, path: readonly string[]): UserError[] {
  const errors: UserError[] = [];
  const addError = (code: UserError['code'], field: readonly string[], message: string) =>
    errors.push({ code, field: [...path, ...field], message });

  if (item.description.length > maxTextLength) addError('INVALID', ['description'], tooLong);
  if (item.description.trim() === '') addError('REQUIRED', ['description'], 'must not be empty');
  if (!(item.quantity >= 1)) addError('INVALID', ['quantity'], 'must be at least 1');
  if (!(Number(item.totalValue.amount) > 0)) {
    addError('INVALID', ['totalValue', 'amount'], 'must be more than zero');
  }
  if (!(item.totalWeight.value > 0)) {
    addError('INVALID', ['totalWeight', 'value'], 'must be more than zero');
  }
  if (item.hsTariffNumber && !/^(?=.{6,14}$)(\d\.?){5,}\d$/.test(item.hsTariffNumber)) {
    addError('INVALID', ['hsTariffNumber'], 'must be 6 to 14 digits of the Harmonized System');
  }
  return errors;
}
