import { packageTypes, type PickupRequest } from './pickup-schema.ts';
import type { UspsState } from '../state.ts';

/** A scheduled pickup, as the store keeps it. */
export interface Pickup {
  confirmationNumber: string;
  crid: string;
  /** The request, with the day of the pickup. */
  asked: PickupRequest;
  address: {
    streetAddress: string;
    secondaryAddress: string | null;
    city: string;
    state: string;
    ZIPCode: string;
    ZIPPlus4: string | null;
    urbanization: string | null;
  };
  tag?: { value: string; until: number };
  cancelled: boolean;
}

/** The response for a pickup, in the shape of the guide or of the document. `read` is true for a GET. */
export function pickupResponse(state: UspsState, pickup: Pickup, read: boolean) {
  if (state.switches.pickupResponse === 'document' || state.switches.documentMode) {
    const response = documentResponse(pickup);
    return read ? [response] : response;
  }
  return guideResponse(pickup);
}

function documentResponse({ confirmationNumber, asked, address }: Pickup) {
  const given = Object.entries(address).filter(([, value]) => value !== null);
  return {
    confirmationNumber,
    pickupDate: asked.pickupDate,
    carrierPickupRequest: {
      ...asked,
      pickupAddress: { ...asked.pickupAddress, address: Object.fromEntries(given) },
    },
  };
}

/** The shape of the guide: flat, in upper case, with every package type and its count as text. */
function guideResponse({ confirmationNumber, asked, address }: Pickup) {
  const { pickupAddress, pickupLocation } = asked;
  const upper = (text: string) => text.toUpperCase();
  const contacts = Object.assign({}, ...pickupAddress.contact) as Record<string, string | undefined>;
  const phone = contacts.phone ?? contacts.cellNumber ?? null;
  return {
    confirmationNumber,
    pickupAddress: {
      firstName: upper(pickupAddress.firstName),
      lastName: upper(pickupAddress.lastName),
      firm: pickupAddress.firm === undefined ? null : upper(pickupAddress.firm),
      address,
      contact: [
        { email: contacts.email === undefined ? null : upper(contacts.email) },
        { phone, extension: null },
      ],
    },
    packages: packageTypes.map((packageType) => ({
      packageType,
      packageCount: String(
        asked.packages
          .filter((each) => each.packageType === packageType)
          .reduce((sum, each) => sum + each.packageCount, 0),
      ),
    })),
    estimatedWeight: String(asked.estimatedWeight),
    pickupLocation: {
      packageLocation: pickupLocation.packageLocation,
      ...(pickupLocation.specialInstructions === undefined
        ? {}
        : { specialInstructions: upper(pickupLocation.specialInstructions) }),
      ...(pickupLocation.dogPresent === undefined ? {} : { dogPresent: pickupLocation.dogPresent }),
    },
    pickupDate: asked.pickupDate,
  };
}
