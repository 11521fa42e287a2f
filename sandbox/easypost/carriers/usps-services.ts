import type { CarrierAccount } from './carrier-account.ts';
import { price, type Service } from './services.ts';

/**
 * USPS in test mode, March 2025. Recorded to the cent: 10.2, 15.4 and 17.5 oz to zone 4 and 15.4 oz to zone 1. Guess:
 * all other prices, which rise with weight and zone.
 */
export const uspsDomestic: Service[] = [
  {
    name: 'GroundAdvantage',
    rate: price('5.65', '6.07', '0.46'),
    list: price('6.33', '6.57', '1.48'),
    retail: price('8.35', '8.85', '2.55'),
    days: (zone) => (zone === 1 ? 2 : zone <= 4 ? 3 : zone <= 6 ? 4 : 5),
    guaranteed: false,
    light: [
      { ounces: 4, off: ['1.66', '2.16', '2.95'] },
      { ounces: 8, off: ['1.26', '1.76', '2.40'] },
      { ounces: 12, off: ['0.86', '1.36', '1.85'] },
    ],
  },
  {
    name: 'Priority',
    maxLengthAndGirth: 108,
    rate: price('6.54', '7.42', '0.80'),
    list: price('7.99', '8.34', '0.73'),
    retail: price('9.35', '9.90', '2.75'),
    days: (zone) => (zone === 1 ? 1 : zone <= 5 ? 2 : 3),
    guaranteed: false,
  },
  {
    name: 'Express',
    maxLengthAndGirth: 108,
    rate: price('27.60', '34.15', '4.25'),
    list: price('27.60', '34.15', '4.25'),
    retail: price('31.95', '39.10', '5.05'),
    days: (zone) => (zone <= 6 ? 1 : 2),
    guaranteed: false,
  },
  {
    name: 'MediaMail',
    maxLengthAndGirth: 108,
    rate: price('4.63', '4.63', '0.77'),
    list: price('4.63', '4.63', '0.77'),
    retail: price('4.63', '4.63', '0.77'),
    days: (zone) => 1 + zone,
    guaranteed: false,
    eligibility: 'USPS.MEDIAMAIL',
  },
  {
    name: 'LibraryMail',
    maxLengthAndGirth: 108,
    rate: price('4.40', '4.40', '0.73'),
    list: price('4.40', '4.40', '0.73'),
    retail: price('4.40', '4.40', '0.73'),
    days: (zone) => 1 + zone,
    guaranteed: false,
    eligibility: 'USPS.LIBRARYMAIL',
  },
];

/** Recorded in 2022 for 21.2 oz to Canada: 21.00, 40.46 and 54.14. */
export const uspsInternational: Service[] = [
  {
    name: 'FirstClassPackageInternationalService',
    rate: price('9.40', '15.00', '6.00'),
    list: price('9.40', '15.00', '6.00'),
    retail: price('10.20', '15.80', '6.30'),
    days: null,
    guaranteed: false,
    maxOunces: 64,
    maxLength: 24,
  },
  {
    name: 'PriorityMailInternational',
    maxLengthAndGirth: 108,
    rate: price('30.16', '36.16', '4.30'),
    list: price('30.16', '36.16', '4.30'),
    retail: price('33.10', '39.10', '4.60'),
    days: null,
    guaranteed: false,
  },
  {
    name: 'ExpressMailInternational',
    maxLengthAndGirth: 108,
    rate: price('42.94', '48.94', '5.20'),
    list: price('42.94', '48.94', '5.20'),
    retail: price('46.55', '52.55', '5.50'),
    days: null,
    guaranteed: false,
  },
];

export const uspsFlatRates: CarrierAccount['flat'] = {
  FlatRateEnvelope: { Priority: ['8.96', '8.96', '11.15'], Express: ['28.85', '28.85', '31.40'] },
  FlatRateLegalEnvelope: { Priority: ['9.26', '9.26', '11.45'], Express: ['29.05', '29.05', '31.60'] },
  FlatRatePaddedEnvelope: { Priority: ['9.65', '9.65', '11.95'], Express: ['29.45', '29.45', '32.05'] },
  SmallFlatRateBox: { Priority: ['9.61', '9.61', '10.85'] },
  MediumFlatRateBox: { Priority: ['17.10', '17.10', '19.50'] },
  LargeFlatRateBox: { Priority: ['23.25', '23.25', '28.40'] },
};
