import { coordinatesOf, milesBetween, placeOf } from '../addresses/places.ts';
import { postOffices, type PostOffice } from './post-offices.ts';
import { calendarDate } from '../errors.ts';
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
  /** What it delivers to: a ZIP Code or its first three digits. */
  area: string;
  mailClasses: string[];
}

const packageServices = ['BOUND_PRINTED_MATTER', 'LIBRARY_MAIL', 'MEDIA_MAIL'];

/** In the order of the recording: the network's centre, the delivery unit, the sectional centre. */
function facilitiesOf(zip: string, office: PostOffice): Facility[] {
  const place = placeOf(zip);
  if (place === undefined) return [];
  const area = zip.slice(0, 3);
  const centre = `${place.city} ${place.state} RPDC`;
  const regional = [...packageServices, 'PARCEL_SELECT', 'USPS_CONNECT_REGIONAL'];
  return [
    { key: `K02${area}0`, name: centre, type: 'NETWORK_DISTRIBUTION_CENTER', area, mailClasses: regional },
    {
      key: `K05${zip}`,
      name: office.name,
      type: 'DELIVERY_UNIT',
      area: zip,
      mailClasses: [...packageServices, 'PARCEL_SELECT', 'USPS_CONNECT_LOCAL'],
    },
    { key: `K03${area}0`, name: centre, type: 'SECTIONAL_CENTER_FACILITY', area, mailClasses: regional },
  ].map((each) => ({ ...each, type: `DESTINATION_${each.type}` }));
}

/** Where drop shipments for a ZIP Code are entered. Guess: the nearest post office of our table is the delivery unit. */
export function dropoffLocations(world: UspsState, asked: Partial<Record<string, string>>) {
  const zip = /\d{5}/.exec(asked.destinationZIPCode ?? '')![0];
  const middle = coordinatesOf(zip);
  if (middle === undefined) return [];
  const miles = (office: PostOffice) =>
    milesBetween(middle.latitude, middle.longitude, office.latitude, office.longitude);
  const office = postOffices.toSorted((a, b) => miles(a) - miles(b))[0]!;
  const { documentMode } = world.switches;
  const { state = '' } = placeOf(zip) ?? {};
  return facilitiesOf(zip, office)
    .filter(
      (each) =>
        (asked.destinationEntryFacilityType ?? each.type) === each.type &&
        (asked.mailClass === undefined || each.mailClasses.includes(asked.mailClass)),
    )
    .map((facility) => {
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
        // The document has the address a step deeper than the recording.
        facilityAddress: documentMode ? { address } : address,
        dropSitePhoneNumber: '8002758777',
        destinationZIPCode: documentMode ? zip : facility.area,
        destinationEntryFacilityType: facility.type,
        timeZone: timeZoneName(placeOf(zip)?.timeZone ?? ''),
        [documentMode ? 'DSTObserved' : 'dstObserved']: !['AZ', 'HI', 'PR'].includes(state),
        acceptedPackageTypes: ['NONSTANDARD', 'MACHINABLE'].flatMap((processingCategory) =>
          facility.mailClasses.map((mailClass) => ({ mailClass, processingCategory, palletized: 'BOTH' })),
        ),
        dropShipAcceptanceTimes: [],
        dropShipmentFacilityDetails: dock,
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
    });
}

/** As recorded: a name of the older list. */
const timeZoneName = (timeZone: string) =>
  ({
    'America/New_York': 'US/Eastern',
    'America/Chicago': 'US/Central',
    'America/Denver': 'US/Mountain',
    'America/Los_Angeles': 'US/Pacific',
  })[timeZone] ?? timeZone;

const dock = {
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
