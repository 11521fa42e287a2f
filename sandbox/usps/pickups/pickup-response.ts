import { packageTypes, type PickupForm } from './pickup-schema.ts';
import type { UspsState } from '../state.ts';

export interface Pickup {
  confirmationNumber: string;
  crid: string;
  asked: PickupForm;
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

/** What was booked, in the guide's words or the document's, who differ in everything but the meaning. */
export function pickupEcho(world: UspsState, pickup: Pickup, read: boolean) {
  if (world.switches.pickupEcho === 'document' || world.switches.documentMode) {
    const echo = documented(pickup);
    return read ? [echo] : echo;
  }
  return guided(pickup);
}

function documented({ confirmationNumber, asked, address }: Pickup) {
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

/** Flat, in capitals, with every package type and its count as text. */
function guided({ confirmationNumber, asked, address }: Pickup) {
  const { pickupAddress: who, pickupLocation: where } = asked;
  const upper = (text: string) => text.toUpperCase();
  const contacts = Object.assign({}, ...who.contact) as Record<string, string | undefined>;
  const phone = contacts.phone ?? contacts.cellNumber ?? null;
  return {
    confirmationNumber,
    pickupAddress: {
      firstName: upper(who.firstName),
      lastName: upper(who.lastName),
      firm: who.firm === undefined ? null : upper(who.firm),
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
      packageLocation: where.packageLocation,
      ...(where.specialInstructions === undefined
        ? {}
        : { specialInstructions: upper(where.specialInstructions) }),
      ...(where.dogPresent === undefined ? {} : { dogPresent: where.dogPresent }),
    },
    pickupDate: asked.pickupDate,
  };
}
