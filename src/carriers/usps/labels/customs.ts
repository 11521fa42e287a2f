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
import { poundStep } from '../rates/packaging.ts';
import type { Direction } from '../rates/direction.ts';

/** What customs are told of a parcel; undefined where it passes none. Throws where it should and they are told nothing. */
export function customsOf(from: Address, to: Address, customs: Customs | undefined): Customs | undefined {
  const crosses = crossesCustoms(from, to);
  if (crosses && !customs) {
    throw refusal('this parcel crosses a customs border', [], 'Ask for rates again with customs: what is in the parcel, line by line.'); // prettier-ignore
  }
  // A label from or to there may want the form.
  const passes = crosses || [from, to].some(isBeyondUsCustoms);
  return passes ? customs : undefined;
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

/** The form. It has no place for who signs: USPS takes the sender for it. */
export function toCustomsForm(customs: Customs, way: Direction, parcelPounds: number) {
  const { contents, items, explanation } = customs;
  const pounds = toLineWeights(
    items.map((item) => item.totalWeight),
    parcelPounds,
  );
  return {
    customsContentType: contentTypes[contents],
    contentComments: explanation?.slice(0, 25) || undefined,
    AESITN: way === 'international' ? toExportNumber(customs) : givenExportNumber(customs),
    contents: items.map((item, index) => toLine(item, index, pounds[index]!)),
  };
}

function toLine(item: CustomsItem, index: number, itemTotalWeight: number) {
  const { description, quantity, totalValue, hsTariffNumber, originCountry } = item;
  const at = ['items', String(index)];
  if (/^(none|not applicable|n\/a|null|gift|merchandise)$/i.test(description.trim())) {
    throw refusal(`USPS takes “${description}” for no description`, [...at, 'description'], 'Say what the thing is.'); // prettier-ignore
  }
  if (quantity > 9999) throw refusal('USPS counts up to 9999 in a line', [...at, 'quantity'], 'Make it two lines.'); // prettier-ignore
  if (totalValue.currencyCode !== 'USD') {
    throw refusal('USPS declares values in US dollars', [...at, 'totalValue', 'currencyCode'], 'Give the value in US dollars.'); // prettier-ignore
  }
  const itemTotalValue = new Big(totalValue.amount).round(2, Big.roundUp).toNumber();
  if (itemTotalValue > 999_999.99) {
    throw refusal('USPS declares values below a million dollars', [...at, 'totalValue', 'amount'], 'Send it by another carrier.'); // prettier-ignore
  }
  return {
    // What does not fit is cut: the beginning still says what it is.
    itemDescription: description.trim().slice(0, 30),
    itemQuantity: quantity,
    itemTotalValue,
    weightUOM: 'lb',
    itemTotalWeight,
    HSTariffNumber: hsTariffNumber ?? undefined,
    countryofOrigin: originCountry,
  };
}

/**
 * The lines' weights in pounds, rounded up, but together never more than the parcel's (160205): where rounding takes
 * them above it, each gives a little.
 */
export function toLineWeights(lines: readonly Weight[], parcelPounds: number): number[] {
  const pounds = lines.map((line) => weightIn(line, 'POUND', poundStep));
  const total = pounds.reduce((sum, each) => sum + each, 0);
  if (total <= parcelPounds) return pounds;
  // Finer than the parcel's own step, so that the lightest line keeps some weight.
  const fine = 10_000_000;
  return pounds.map((each) => Math.floor((each / total) * parcelPounds * fine - 1) / fine);
}

/** As the document spells it. */
const exemption = 'NO EEI 30.37(a)';

/** A number of the Automated Export System, or why there is none: the document wants one abroad. */
function toExportNumber(customs: Customs): string {
  const given = givenExportNumber(customs);
  if (given) return given;
  requireExportFiling(customs);
  return exemption;
}

/** Sellers write "NOEEI 30.37(a)" and "AES X20260101123456", USPS "NO EEI 30.37(a)" and the bare number. */
function givenExportNumber({ eelPfc }: Customs): string | undefined {
  const number = eelPfc?.trim().replace(/^NOEEI\b/i, 'NO EEI').replace(/^AES\s+(ITN:?\s*)?/i, ''); // prettier-ignore
  if (number && number.length > 35) {
    throw refusal('USPS takes 35 characters there', ['eelPfc'], 'Give the ITN, or the exemption alone.');
  }
  return number || undefined;
}

const refusal = (message: string, field: readonly string[], hint: string) =>
  new ProviderError('REJECTED', message, { field: ['customs', ...field], hint });
