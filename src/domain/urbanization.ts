import type { Region } from './us-address.ts';

interface StreetAddress extends Region {
  readonly street1?: string | null;
  readonly street2?: string | null;
  readonly urbanization?: string | null;
}

/** An urbanization as people write it: "URB LAS GLADIOLAS". One with a street behind it is not taken apart. */
const prefix = /^(URB\.?|URBANIZACI[OÓ]N)\s+/i;
const isUrbanization = (text: string) => prefix.test(text) && !/\b(CALLE|AVE)\b/i.test(text);

/** Tells whether an address is in Puerto Rico, where an urbanization tells streets of one name in one city apart (USPS, Publication 28, 293). */
export const isPuertoRican = ({ country, state }: Region) => country === 'US' && state === 'PR';

/** Takes an urbanization that stands on a street line of an address in Puerto Rico as its `urbanization`. */
export function splitUrbanization<T extends StreetAddress>(address: T): T {
  if (!isPuertoRican(address) || address.urbanization) return address;
  const [first, second] = [address.street1, address.street2].map(
    (line) =>
    (line ?? '').split(',').map((part) => part.trim()).filter(Boolean), // prettier-ignore
  );
  const found = [...second!, ...first!].find(isUrbanization);
  const lines = [first!, second!]
    .map((parts) => parts.filter((part) => part !== found).join(', '))
    .filter(Boolean);
  // A line with nothing beside it is the street, whatever it begins with.
  if (found === undefined || lines.length === 0) return address;
  return { ...address, street1: lines[0], street2: lines[1], urbanization: found };
}

/** Puts the urbanization on the second street line, for providers that have no field for it. */
export function joinUrbanization<T extends StreetAddress>(address: T): T {
  const { urbanization } = address;
  if (!urbanization) return address;
  return {
    ...address,
    urbanization: undefined,
    street2: [address.street2, toLine(urbanization)].filter(Boolean).join(', '),
  };
}

/** Takes an urbanization that `joinUrbanization` added out of a standardized street line, wherever the provider moved it. */
export function takeUrbanization<T extends StreetAddress>(address: T, urbanization: string): T {
  const line = toLine(urbanization).toUpperCase();
  const without = (street: string | null | undefined) => {
    const [before, ...after] = street?.toUpperCase().split(line) ?? [];
    if (after.length === 0) return street;
    return [before, ...after].map((part) => part!.replace(/^[\s,]+|[\s,]+$/g, '')).filter(Boolean).join(' '); // prettier-ignore
  };
  const [street1, street2] = [without(address.street1), without(address.street2)];
  const isFound = street1 !== address.street1 || street2 !== address.street2;
  return isFound ? { ...address, street1, street2: street2 || undefined, urbanization: line } : address;
}

const toLine = (urbanization: string) => `URB ${urbanizationName(urbanization)}`;

/** Returns the name of an urbanization, without the word for it. */
export const urbanizationName = (urbanization: string) => urbanization.replace(prefix, '');
