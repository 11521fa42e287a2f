import { servicesFrom } from './services.ts';

/** Recorded in July 2024 for 15.4 oz to zone 4, in production mode. */
export const fedexDomestic = servicesFrom(
  [
    ['FEDEX_GROUND', '14.47', '16.67', '0.70', 2, '23:59', true],
    ['FEDEX_EXPRESS_SAVER', '30.32', '30.32', '1.60', 3, '17:00', true],
    ['FEDEX_2_DAY', '33.39', '33.39', '2.20', 2, '17:00', true],
    ['STANDARD_OVERNIGHT', '98.79', '98.79', '4.40', 1, '17:00', true],
    ['PRIORITY_OVERNIGHT', '108.07', '108.07', '4.70', 1, '10:30', true],
  ],
  false,
).map((service) => (service.name === 'FEDEX_GROUND' ? { ...service, maxLength: 108 } : service));

/** Guess: no recording has international rates of FedEx. */
export const fedexInternational = servicesFrom(
  [
    ['INTERNATIONAL_ECONOMY', '88.40', '88.40', '5.10', 5, '17:00', true],
    ['INTERNATIONAL_PRIORITY', '121.75', '121.75', '6.80', 3, '17:00', true],
  ],
  false,
);
