import { standardizeAddress } from '../addresses/standardization.ts';
import { businessError } from '../errors.ts';
import type { LabelAddress } from './label-request.ts';

/** The address as printed: standardized, unless `ignoreBadAddress` is set. */
export function labelAddress(input: LabelAddress, role: string, apiVersion = '/labels/v3'): LabelAddress {
  const error = (code: string, detail: string, parameter: string) =>
    businessError(apiVersion, code, detail, parameter);
  if (input.ignoreBadAddress === true) return input;
  const found = standardizeAddress({ ...input, ZIPPlus4: input.ZIPPlus4 ?? undefined });
  if (found === 'multiple') {
    throw error(
      '010006',
      'Multiple addresses were found for the information you entered, and no default exists.',
      role,
    );
  }
  if (typeof found === 'string' || found.confirmation === 'N')
    throw error('010005', 'Address Not Found', role);
  if (/^R77[79]$/.test(found.carrierRoute)) {
    throw error(
      '160320',
      `Address supplied is not a deliverable address: ${found.carrierRoute} Phantom Route physical address is not deliverable.`,
      role,
    );
  }
  return {
    streetAddress: found.streetAddress,
    ...(found.secondaryAddress === null ? {} : { secondaryAddress: found.secondaryAddress }),
    ...(found.urbanization === null ? {} : { urbanization: found.urbanization }),
    city: found.city,
    state: found.state,
    ZIPCode: found.ZIPCode,
    ZIPPlus4: found.ZIPPlus4,
    ...(input.firstName === undefined ? {} : { firstName: input.firstName.toUpperCase() }),
    ...(input.lastName === undefined ? {} : { lastName: input.lastName.toUpperCase() }),
    ...(input.firm === undefined ? {} : { firm: input.firm.toUpperCase() }),
    ignoreBadAddress: false,
  };
}

/** The lines of a domestic address. */
export function addressLines(address: LabelAddress): string[] {
  const zip = address.ZIPPlus4 ? `${address.ZIPCode}-${address.ZIPPlus4}` : address.ZIPCode;
  return [
    ...nameLines(address),
    ...(address.urbanization ? [address.urbanization] : []),
    address.streetAddress,
    ...(address.secondaryAddress ? [address.secondaryAddress] : []),
    `${address.city} ${address.state} ${zip}`,
  ];
}

/** Name and firm, of which one that repeats the other is printed once. */
export function nameLines(person: {
  firstName?: string | undefined;
  lastName?: string | undefined;
  firm?: string | undefined;
}): string[] {
  const name = [person.firstName, person.lastName].filter(Boolean).join(' ');
  const isRepeated = person.firm?.toUpperCase() === name.toUpperCase();
  return [name, isRepeated ? '' : (person.firm ?? '')].filter((line) => line !== '');
}
