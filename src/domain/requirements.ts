import type { Address } from './address.ts';
import { crossesCustoms } from './customs.ts';
import type { UserError } from './errors.ts';
import type { Offer, RateRequest } from './rate.ts';
import { validateLabelAddresses } from './shipment.ts';

/** The parts of a request for rates that a label needs: addresses with their contacts, and customs. */
export interface LabelParts {
  readonly from: Address;
  readonly to: Address;
  readonly customs?: RateRequest['customs'];
}

/**
 * Returns an error for each part that buying an offer needs and that is missing or wrong: parts that every label needs,
 * and those of the offer's service. Contacts can be added to the purchase; anything else takes new rates.
 */
export function validateLabelParts(
  parts: LabelParts,
  offer: Pick<Offer, 'service' | 'requires'>,
): readonly UserError[] {
  const { from, to, customs } = parts;
  const errors = [...validateLabelAddresses(from, to, [])];
  if (crossesCustoms(from, to) && !customs) {
    const message = 'crosses a customs border: ask for rates with customs, then purchase one of those';
    errors.push({ code: 'REQUIRED', field: ['customs'], message });
  }
  for (const path of offer.requires ?? []) {
    const field = path.split('.');
    if (valueAt(parts, field)) continue;
    const remedy =
      field[0] === 'customs'
        ? 'ask for rates with it, then purchase one of those'
        : 'add it to this purchase';
    errors.push({ code: 'REQUIRED', field, message: `${offer.service.name} needs it: ${remedy}` });
  }
  return errors;
}

/** Returns the paths that buying an offer needs and its request did not give: "to.phone". */
export function requiredPaths(
  request: LabelParts,
  offer: Pick<Offer, 'service' | 'requires'>,
): readonly string[] {
  const missing = validateLabelParts(request, offer).filter(({ code }) => code === 'REQUIRED');
  return [...new Set(missing.map(({ field }) => field.join('.')))];
}

const valueAt = (parts: object, field: readonly string[]) =>
  field.reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], parts);
