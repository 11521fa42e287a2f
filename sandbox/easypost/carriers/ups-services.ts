import { servicesFrom } from './services.ts';

/** Recorded in October 2024 for 15.4 oz to zone 4: rate equals retail, and the list price is higher. */
export const upsDomestic = servicesFrom(
  [
    ['Ground', '14.88', '15.95', '0.62', 2, '23:00', false],
    ['3DaySelect', '22.46', '24.94', '1.35', 3, '23:00', false],
    ['2ndDayAir', '29.45', '31.63', '2.10', 2, '23:00', false],
    ['2ndDayAirAM', '33.35', '35.61', '2.40', 2, '10:30', true],
    ['NextDayAirSaver', '83.30', '92.80', '4.10', 1, '23:00', true],
    ['NextDayAir', '88.50', '101.53', '4.30', 1, '10:30', true],
    ['NextDayAirEarlyAM', '123.30', '136.33', '5.10', 1, '08:00', true],
  ],
  true,
);

/** Recorded in 2022 for 21.2 oz to Canada, less the price of the second pound. */
export const upsInternational = servicesFrom(
  [
    ['UPSStandard', '32.12', '31.63', '2.50', 4, '23:30', true],
    ['Expedited', '117.81', '129.65', '6.00', 3, '23:30', true],
    ['UPSSaver', '140.74', '137.91', '7.20', 2, '23:30', true],
    ['Express', '143.28', '139.71', '7.50', 2, '23:30', true],
  ],
  true,
).map((service) => (service.name === 'UPSStandard' ? { ...service, countries: ['CA', 'MX'] } : service));
