/** The names that carriers give their services, as they stand on labels. */
const titles: Record<string, string> = {
  GroundAdvantage: 'Ground Advantage',
  Priority: 'Priority Mail',
  Express: 'Priority Mail Express',
  MediaMail: 'Media Mail',
  LibraryMail: 'Library Mail',
  FirstClassPackageInternationalService: 'First-Class Package International',
  PriorityMailInternational: 'Priority Mail International',
  ExpressMailInternational: 'Priority Mail Express International',
  '3DaySelect': '3 Day Select',
  '2ndDayAir': '2nd Day Air',
  '2ndDayAirAM': '2nd Day Air A.M.',
  NextDayAirSaver: 'Next Day Air Saver',
  NextDayAir: 'Next Day Air',
  NextDayAirEarlyAM: 'Next Day Air Early',
  UPSStandard: 'Standard',
  Expedited: 'Worldwide Expedited',
  UPSSaver: 'Worldwide Saver',
  FEDEX_GROUND: 'Ground',
  FEDEX_EXPRESS_SAVER: 'Express Saver',
  FEDEX_2_DAY: '2Day',
};
const companies: Record<string, string> = { UPSDAP: 'UPS', FedExDefault: 'FedEx', DhlEcs: 'DHL eCommerce' };

/** Returns company and service as people know them: `UPS Next Day Air` for `UPSDAP` and `NextDayAir`. */
export function serviceTitle(carrier: string, service: string): string {
  const company = companies[carrier] ?? carrier;
  if (company === 'UPS' && service === 'Express') return 'UPS Worldwide Express';
  const words = titles[service] ?? service.replace(/_/g, ' ').toLowerCase();
  return `${company} ${words.replace(/^./, (first) => first.toUpperCase())}`;
}
