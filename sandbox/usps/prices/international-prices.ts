import { Big } from 'big.js';
import { internationalGroup } from './international-groups.ts';
import { fitsInto, type Package, type Price } from './prices.ts';
import type { PriceType } from './products.ts';

interface Flat {
  indicator: string;
  name: string;
  code: string;
  /** The commercial price in dollars for group 1. */
  price: string;
  maximumPounds: number;
}

interface Product {
  mailClass: string;
  letter: string;
  name: string;
  rateIndicator: string;
  maximumPounds: number;
  /** Commercial prices in dollars: the first pound in group 1, each further group, each further pound. */
  first: string;
  perGroup: string;
  perPound: string;
  flats: Flat[];
}

const products: Product[] = [
  {
    mailClass: 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
    letter: 'F',
    name: 'First-Class Package International Service',
    rateIndicator: 'SP',
    maximumPounds: 4,
    first: '17.20',
    perGroup: '1.45',
    perPound: '7.80',
    flats: [],
  },
  {
    mailClass: 'PRIORITY_MAIL_INTERNATIONAL',
    letter: 'P',
    name: 'Priority Mail International',
    rateIndicator: 'SP',
    maximumPounds: 70,
    first: '39.80',
    perGroup: '2.60',
    perPound: '4.35',
    flats: [
      { indicator: 'FE', name: 'Flat Rate Envelope', code: 'FE0', price: '33.40', maximumPounds: 4 },
      { indicator: 'FA', name: 'Legal Flat Rate Envelope', code: 'FE1', price: '33.40', maximumPounds: 4 },
      { indicator: 'FP', name: 'Padded Flat Rate Envelope', code: 'FE2', price: '33.40', maximumPounds: 4 },
      { indicator: 'FS', name: 'Small Flat Rate Box', code: 'FB2', price: '34.60', maximumPounds: 4 },
      { indicator: 'FB', name: 'Medium Flat Rate Box', code: 'FB1', price: '65.30', maximumPounds: 20 },
      { indicator: 'PL', name: 'Large Flat Rate Box', code: 'FB0', price: '79.40', maximumPounds: 20 },
    ],
  },
  {
    mailClass: 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
    letter: 'E',
    name: 'Priority Mail Express International',
    rateIndicator: 'PA',
    maximumPounds: 70,
    first: '61.30',
    perGroup: '3.25',
    perPound: '6.10',
    flats: [
      { indicator: 'E4', name: 'Flat Rate Envelope', code: 'FE0', price: '55.80', maximumPounds: 4 },
      { indicator: 'E6', name: 'Legal Flat Rate Envelope', code: 'FE1', price: '55.80', maximumPounds: 4 },
      { indicator: 'FP', name: 'Padded Flat Rate Envelope', code: 'FE2', price: '55.80', maximumPounds: 4 },
    ],
  },
];

/** The maximum weight of a mail class in pounds; undefined for a class without prices. */
export const internationalMaximum = (mailClass: string) =>
  products.find((each) => each.mailClass === mailClass)?.maximumPounds;

/** International prices. None for a package that is too heavy, and for Global Express Guaranteed, suspended on 2024-09-29. */
export function internationalPrices(
  mailClass: string,
  country: string,
  priceType: PriceType,
  piece: Package,
): Price[] {
  const group = internationalGroup(country);
  if (group === undefined) return [];
  const machinable = piece.length <= 24 && piece.weight <= 25 && !piece.hasNonstandardCharacteristics;
  const share = { RETAIL: '1.1', COMMERCIAL: '1', CONTRACT: '0.93' }[priceType];
  const zone = String(group).padStart(2, '0');
  const pounds = Math.ceil(piece.weight);
  return products
    .filter((each) => mailClass === 'ALL' || each.mailClass === mailClass)
    .filter((each) => piece.weight <= each.maximumPounds)
    .flatMap((each) => {
      const price = (
        indicator: string,
        name: string,
        code: string,
        commercial: Big,
        category: Price['processingCategory'],
        step: number,
      ): Price => ({
        mailClass: each.mailClass,
        letter: each.letter,
        description: `${each.name} ${category === 'MACHINABLE' ? 'Machinable ' : ''}ISC ${name}`,
        productName: name === 'Single-piece' ? each.name : `${each.name} ${name}`,
        productDefinition: '',
        processingCategory: category,
        rateIndicator: indicator,
        destinationEntryFacilityType: 'INTERNATIONAL_SERVICE_CENTER',
        priceType,
        zone,
        weight: piece.weight,
        dimWeight: 0,
        price: commercial.times(share).round(2),
        fees: [],
        SKU: `I${each.letter}${code}XXXX${priceType === 'RETAIL' ? 'R' : 'B'}${zone}${String(step * 10).padStart(3, '0')}`,
      });
      const category = machinable ? 'MACHINABLE' : 'NONSTANDARD';
      const flats = each.flats
        .filter((flat) => piece.weight <= flat.maximumPounds && fitsInto(flat.indicator, piece))
        .map((flat) =>
          price(
            flat.indicator,
            flat.name,
            flat.code,
            Big(flat.price).plus(Big(each.perGroup).times(group - 1)),
            /^F[EA]0?|^E/.test(flat.indicator) ? 'FLATS' : category,
            flat.maximumPounds,
          ),
        );
      const single = Big(each.first)
        .plus(Big(each.perGroup).times(group - 1))
        .plus(Big(each.perPound).times(pounds - 1));
      return [
        ...flats,
        price(
          each.rateIndicator,
          'Single-piece',
          each.letter === 'F' ? 'XP0' : 'XX0',
          single,
          category,
          pounds,
        ),
      ];
    });
}
