import { placeOf } from '../addresses/places.ts';
import { nearestPostOffice, type PostOffice } from './post-offices.ts';
import { calendarDate } from '../validation.ts';
import type { UspsState } from '../state.ts';

const mailClasses =
  'PARCEL_SELECT PARCEL_SELECT_LIGHTWEIGHT USPS_CONNECT_LOCAL USPS_CONNECT_MAIL USPS_CONNECT_REGIONAL LIBRARY_MAIL MEDIA_MAIL BOUND_PRINTED_MATTER'.split(' '); // prettier-ignore
const oneOf = (words: string[]) => new RegExp(`^(${words.join('|')})$`);

export const dropoffQuery = {
  destinationZIPCode: /\d{5}/,
  destinationZIPPlus4: /\d{4}/,
  mailClass: oneOf(mailClasses),
  processingCategory: /^(FLATS|MACHINABLE|IRREGULAR|NON_MACHINABLE|NONSTANDARD)$/,
  destinationEntryFacilityType:
    /^DESTINATION_(NETWORK_DISTRIBUTION_CENTER|SECTIONAL_CENTER_FACILITY|SERVICE_HUB|DELIVERY_UNIT|REGIONAL_PROCESSING_DISTRIBUTION_CENTER)$/,
  palletized: /^(PALLETIZED|NON_PALLETIZED|BOTH)$/,
  mailingDate: calendarDate,
};

interface Facility {
  key: string;
  name: string;
  type: string;
  /** The ZIP Code that it delivers to, or its first three digits. */
  area: string;
  mailClasses: string[];
}

const packageServices = ['BOUND_PRINTED_MATTER', 'LIBRARY_MAIL', 'MEDIA_MAIL'];

/** The distribution center, the delivery unit and the sectional center, in the order of the recording. */
function facilitiesOf(zip: string, office: PostOffice): Facility[] {
  const place = placeOf(zip);
  if (place === undefined) return [];
  const area = zip.slice(0, 3);
  const center = `${place.city} ${place.state} RPDC`;
  const regional = [...packageServices, 'PARCEL_SELECT', 'USPS_CONNECT_REGIONAL'];
  return [
    { key: `K02${area}0`, name: center, type: 'NETWORK_DISTRIBUTION_CENTER', area, mailClasses: regional },
    {
      key: `K05${zip}`,
      name: office.name,
      type: 'DELIVERY_UNIT',
      area: zip,
      mailClasses: [...packageServices, 'PARCEL_SELECT', 'USPS_CONNECT_LOCAL'],
    },
    { key: `K03${area}0`, name: center, type: 'SECTIONAL_CENTER_FACILITY', area, mailClasses: regional },
  ].map((each) => ({ ...each, type: `DESTINATION_${each.type}` }));
}

/** The facilities where drop shipments for a ZIP Code enter. Guess: the nearest known post office is the delivery unit. */
export function dropoffLocations({ switches }: UspsState, query: Partial<Record<string, string>>) {
  const zip = /\d{5}/.exec(query.destinationZIPCode ?? '')![0];
  const office = nearestPostOffice(zip);
  if (office === undefined) return [];
  return facilitiesOf(zip, office)
    .filter(
      (each) =>
        (query.destinationEntryFacilityType ?? each.type) === each.type &&
        (query.mailClass === undefined || each.mailClasses.includes(query.mailClass)),
    )
    .map((facility) => facilityResponse(facility, office, zip, switches.documentMode));
}

function facilityResponse(facility: Facility, office: PostOffice, zip: string, documentMode: boolean) {
  const place = placeOf(zip);
  const address = {
    streetAddress: office.streetAddress,
    city: office.city,
    state: office.state,
    ZIPCode: office.ZIPCode,
    ZIPPlus4: '9991',
  };
  return {
    dropShipmentKey: facility.key,
    facilityName: facility.name,
    // The document nests the address one level deeper than the recording.
    facilityAddress: documentMode ? { address } : address,
    dropSitePhoneNumber: '8002758777',
    destinationZIPCode: documentMode ? zip : facility.area,
    destinationEntryFacilityType: facility.type,
    timeZone: timeZoneName(place?.timeZone ?? ''),
    [documentMode ? 'DSTObserved' : 'dstObserved']: !['AZ', 'HI', 'PR'].includes(place?.state ?? ''),
    acceptedPackageTypes: ['NONSTANDARD', 'MACHINABLE'].flatMap((processingCategory) =>
      facility.mailClasses.map((mailClass) => ({ mailClass, processingCategory, palletized: 'BOTH' })),
    ),
    dropShipAcceptanceTimes: [],
    dropShipmentFacilityDetails: dockDetails,
    USPSConnectDetails: {
      sameDayDelivery: false,
      sameDayPickUp: '0000',
      nextDayPickUp: '0000',
      nextDayDropOffCutOffTimes: [],
      sameDayDropOffCutOffTimes: [],
      sameDayCarrierPickupCutOffTimes: [],
      SundayDelivery: false,
    },
  };
}

/** Recorded: the older names of the time zones. */
const timeZoneName = (timeZone: string) =>
  ({
    'America/New_York': 'US/Eastern',
    'America/Chicago': 'US/Central',
    'America/Denver': 'US/Mountain',
    'America/Los_Angeles': 'US/Pacific',
  })[timeZone] ?? timeZone;

const dockDetails = {
  dock: { width: 10, depth: 10, height: 130 },
  canopyClearance: 0,
  liftTypes: {
    manualLift: true,
    electricGasLift: false,
    cageStackerLift: false,
    rollerTableExtenderLift: false,
  },
  ramps: { numberOfRamps: 0, widestRamp: 1 },
  truckManeuveringArea: { length: 100, width: 100, surfaceType: 'CONCRETE' },
  levelers: { manualLevelers: 6, hydraulicLevelers: 6, scissorLevelers: 0 },
  doorDetails: { height: 0, width: 0, numberOfSteps: 0 },
  overpassDetails: { numberOfOverpasses: 0, lowestOverpass: 0 },
};
