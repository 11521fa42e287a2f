import { Big } from 'big.js';
import type { Mailpiece, Price, PriceType } from './prices.ts';

interface Product {
  mailClass: string;
  letter: string;
  name: string;
  productName: string;
  rateIndicator: string;
  maximumPounds: number;
  /** Commercial dollars: for the first pound in group 1, each further group, each further pound. */
  first: string;
  perGroup: string;
  perPound: string;
}

const products: Product[] = [
  {
    mailClass: 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
    letter: 'F',
    name: 'First-Class Package International Service',
    productName: 'First-Class Package International Service',
    rateIndicator: 'SP',
    maximumPounds: 4,
    first: '17.20',
    perGroup: '1.45',
    perPound: '7.80',
  },
  {
    mailClass: 'PRIORITY_MAIL_INTERNATIONAL',
    letter: 'P',
    name: 'Priority Mail International',
    productName: 'Priority Mail International',
    rateIndicator: 'SP',
    maximumPounds: 66,
    first: '39.80',
    perGroup: '2.60',
    perPound: '4.35',
  },
  {
    mailClass: 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
    letter: 'E',
    name: 'Priority Mail Express International',
    productName: 'Priority Mail Express International',
    rateIndicator: 'PA',
    maximumPounds: 66,
    first: '61.30',
    perGroup: '3.25',
    perPound: '6.10',
  },
];

/** Canada and Mexico have groups of their own. Guess: the real groups are finer. */
const groups: Record<string, number> = {
  CA: 1,
  MX: 2,
  GB: 3,
  IE: 3,
  FR: 3,
  DE: 3,
  BE: 3,
  NL: 3,
  IT: 3,
  ES: 3,
  JP: 4,
  AU: 4,
  NZ: 4,
};

/** The prices abroad; none for a parcel too heavy, or Global Express Guaranteed, suspended since 2024-09-29. */
export function internationalPrices(
  mailClass: string,
  country: string,
  priceType: PriceType,
  piece: Mailpiece,
): Price[] {
  const group = groups[country] ?? 6;
  const category = piece.length <= 24 && piece.weight <= 25 ? 'MACHINABLE' : 'NONSTANDARD';
  return products
    .filter((each) => mailClass === 'ALL' || each.mailClass === mailClass)
    .filter((each) => piece.weight <= each.maximumPounds)
    .map((each) => {
      const commercial = Big(each.first)
        .plus(Big(each.perGroup).times(group - 1))
        .plus(Big(each.perPound).times(Math.ceil(piece.weight) - 1));
      const share = { RETAIL: '1.1', COMMERCIAL: '1', CONTRACT: '0.93' }[priceType];
      const zone = String(group).padStart(2, '0');
      return {
        mailClass: each.mailClass,
        letter: each.letter,
        description: `${each.name} ISC Single-piece`,
        productName: each.productName,
        productDefinition: '',
        processingCategory: category,
        rateIndicator: each.rateIndicator,
        destinationEntryFacilityType: 'INTERNATIONAL_SERVICE_CENTER',
        priceType,
        zone,
        weight: piece.weight,
        dimWeight: 0,
        price: commercial.times(share).round(2),
        fees: [],
        SKU: `I${each.letter}XP0XXXX${priceType === 'RETAIL' ? 'R' : 'B'}${zone}${String(Math.ceil(piece.weight) * 10).padStart(3, '0')}`,
      };
    });
}
