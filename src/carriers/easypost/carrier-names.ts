import { createCarrierFinder, type CarrierName } from '../../domain/carriers.ts';

/** EasyPost's names for carriers that differ from ours: contracts, resold accounts and older spellings. */
export const carrierNames: Readonly<Record<string, CarrierName>> = {
  amazonmws: 'Amazon',
  amazonshipping: 'Amazon',
  asendiausa: 'Asendia',
  cdllastmilesolutions: 'CDL Last Mile',
  cirroecommerce: 'Cirro',
  deutschepostuk: 'Deutsche Post',
  dhlecommerceasia: 'DHL eCommerce',
  dhlecommercesolutions: 'DHL eCommerce',
  dhlecs: 'DHL eCommerce',
  dhlexpress: 'DHL',
  dhlglobalmail: 'DHL eCommerce',
  dpdnl: 'DPD',
  dpduk: 'DPD',
  epostglobalv2: 'ePost Global',
  fedexcrossborder: 'FedEx',
  fedexdefault: 'FedEx',
  fedexgroundeconomy: 'FedEx',
  fedexsmartpost: 'FedEx',
  jppost: 'Japan Post',
  kuronekoyamato: 'Yamato',
  lasershipv2: 'LaserShip',
  loomisexpress: 'Loomis',
  passportglobal: 'Passport',
  sekoomniparcel: 'SEKO',
  tforcelogistics: 'TForce',
  upsdap: 'UPS',
  upsiparcel: 'UPS',
  uspsreturns: 'USPS',
  uspsship: 'USPS',
};

/** Returns our name of a carrier that EasyPost names; undefined where it is unknown. */
export const findCarrier = createCarrierFinder(carrierNames);
