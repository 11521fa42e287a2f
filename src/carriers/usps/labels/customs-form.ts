import Big from 'big.js';

import type { Address } from '../../../domain/address.ts';
import {
  crossesCustoms,
  isBeyondUsCustoms,
  requireExportFiling,
  type Customs,
  type CustomsContents,
  type CustomsItem,
} from '../../../domain/customs.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { weightIn, type Weight } from '../../../domain/measure.ts';
import type { RateRequest } from '../../../domain/rate.ts';
import { toCustomsParties } from './customs-parties.ts';
import { foreignLetter } from './label-address.ts';
import { poundStep } from '../rates/packaging.ts';
import type { Direction } from '../rates/direction.ts';

/**
 * Returns the customs details of a parcel that may need a customs form; undefined where it needs none. Throws REJECTED
 * where the parcel crosses a customs border without details.
 */
export function requiredCustoms(
  from: Address,
  to: Address,
  customs: Customs | undefined,
): Customs | undefined {
  const crosses = crossesCustoms(from, to);
  if (crosses && !customs) {
    throw refusal('this parcel crosses a customs border', [], 'Request rates again with customs: the contents of the parcel, line by line.'); // prettier-ignore
  }
  return mayNeedForm(from, to) ? customs : undefined;
}

const mayNeedForm = (from: Address, to: Address) =>
  crossesCustoms(from, to) || [from, to].some(isBeyondUsCustoms);

/** Throws REJECTED where the lines of a customs form weigh more than the parcel (160205). */
export function requireLineWeights({
  from,
  to,
  customs,
  parcels,
}: Pick<RateRequest, 'from' | 'to' | 'customs' | 'parcels'>): void {
  const [parcel] = parcels;
  if (!customs || !parcel || !mayNeedForm(from, to)) return;
  const grams = (weight: Weight) => weightIn(weight, 'GRAM', '0.001');
  const total = customs.items.reduce((sum, { totalWeight }) => sum + grams(totalWeight), 0);
  // Converting units may round by up to a gram.
  if (total <= grams(parcel.weight) + 1) return;
  throw refusal('USPS refuses customs lines that weigh more together than the parcel', ['items'], 'Correct the weights: totalWeight is that of the whole line, and the parcel weighs its packing too.'); // prettier-ignore
}

const contentTypes: Readonly<Record<CustomsContents, string>> = {
  MERCHANDISE: 'MERCHANDISE',
  GIFT: 'GIFT',
  DOCUMENTS: 'DOCUMENT',
  SAMPLE: 'COMMERCIAL_SAMPLE',
  RETURNED_GOODS: 'RETURNED_GOODS',
  HUMANITARIAN_DONATION: 'HUMANITARIAN_DONATIONS',
  DANGEROUS_GOODS: 'DANGEROUS_GOODS',
  OTHER: 'OTHER',
};

/** Maps customs details to the form. It has no field for the signer: USPS uses the sender. */
export function toCustomsForm(customs: Customs, direction: Direction, parcelPounds: number) {
  const { contents, items, explanation } = customs;
  const pounds = toLineWeights(
    items.map((item) => item.totalWeight),
    parcelPounds,
  );
  return {
    customsContentType: contentTypes[contents],
    contentComments: explanation?.slice(0, 25) || undefined,
    ...toCustomsParties(customs, direction).form,
    AESITN: direction === 'international' ? toExportNumber(customs) : givenExportNumber(customs),
    contents: items.map((item, index) => toLine(item, index, pounds[index]!)),
  };
}

function toLine(item: CustomsItem, index: number, itemTotalWeight: number) {
  const { description, quantity, totalValue, hsTariffNumber, originCountry } = item;
  const path = ['items', String(index)];
  if (/^(none|not applicable|n\/a|null|gift|merchandise)$/i.test(description.trim())) {
    throw refusal(`USPS does not accept “${description}” as a description`, [...path, 'description'], 'Describe the item itself.'); // prettier-ignore
  }
  if (description.trim().length > 30) {
    throw refusal('USPS accepts up to 30 characters of a description', [...path, 'description'], 'Shorten it: what the item is, and of what material.'); // prettier-ignore
  }
  if (foreignLetter.test(description)) {
    throw refusal('USPS prints Latin letters, and the description has others', [...path, 'description'], 'Describe the item in English.'); // prettier-ignore
  }
  if (quantity > 9999) throw refusal('USPS accepts up to 9999 items in a line', [...path, 'quantity'], 'Split it into two lines.'); // prettier-ignore
  if (totalValue.currencyCode !== 'USD') {
    throw refusal('USPS declares values in US dollars', [...path, 'totalValue', 'currencyCode'], 'Give the value in US dollars.'); // prettier-ignore
  }
  const itemTotalValue = new Big(totalValue.amount).round(2, Big.roundUp).toNumber();
  if (itemTotalValue > 999_999.99) {
    throw refusal('USPS declares values below a million dollars', [...path, 'totalValue', 'amount'], 'Send it by another carrier.'); // prettier-ignore
  }
  return {
    itemDescription: description.trim(),
    itemQuantity: quantity,
    itemTotalValue,
    weightUOM: 'lb',
    itemTotalWeight,
    HSTariffNumber: hsTariffNumber ?? undefined,
    countryofOrigin: originCountry,
  };
}

/**
 * Converts the weights of the lines to pounds, rounded up. Their sum never exceeds the parcel's weight (160205): where
 * rounding would take it above, every line is scaled down.
 */
export function toLineWeights(lines: readonly Weight[], parcelPounds: number): number[] {
  const pounds = lines.map((line) => weightIn(line, 'POUND', poundStep));
  const total = pounds.reduce((sum, weight) => sum + weight, 0);
  if (total <= parcelPounds) return pounds;
  // Finer than the parcel's own step, so that the lightest line keeps a weight above zero.
  const stepsPerPound = 10_000_000;
  return pounds.map(
    (weight) => Math.floor((weight / total) * parcelPounds * stepsPerPound - 1) / stepsPerPound,
  );
}

/** Exemption for values up to $2,500, as the document spells it. */
const exemption = 'NO EEI 30.37(a)';

/** Returns the number of the export filing (AES ITN), or the exemption: international labels require one of them. */
function toExportNumber(customs: Customs): string {
  const given = givenExportNumber(customs);
  if (given) return given;
  requireExportFiling(customs);
  return exemption;
}

/** Normalizes "NOEEI 30.37(a)" to "NO EEI 30.37(a)", and "AES X20260101123456" to the bare number. */
function givenExportNumber({ eelPfc }: Customs): string | undefined {
  const number = eelPfc?.trim().replace(/^NOEEI\b/i, 'NO EEI').replace(/^AES\s+(ITN:?\s*)?/i, ''); // prettier-ignore
  if (number && number.length > 35) {
    throw refusal('USPS accepts up to 35 characters', ['eelPfc'], 'Set the ITN, or the exemption alone.');
  }
  return number || undefined;
}

const refusal = (message: string, field: readonly string[], hint: string) =>
  new ProviderError('REJECTED', message, { field: ['customs', ...field], hint });
