import type { ProviderError, UserError } from './errors.ts';
import type { LabelDocument } from './shipment.ts';
import { validateShipmentIds } from './shippable-parcel.ts';

export type ManifestStatus = 'CREATING' | 'CREATED' | 'FAILED' | 'UNCERTAIN';

/** A list of parcels that the carrier accepts with one scan. */
export interface CreatedManifest {
  /** The provider's own number. */
  readonly reference?: string;
  /** Undefined while the provider is still creating it. */
  readonly form?: LabelDocument;
  /** The reason why the provider gave up, returned by `refresh`: no manifest exists then, and the parcels are unchanged. */
  readonly failure?: ProviderError;
  /** The adapter's own data for reading the manifest later; JSON. */
  readonly providerRef: unknown;
}

/** Validates a manifest and returns every error found. */
export function validateManifest(
  input: { readonly shipmentIds: readonly string[] },
  path: readonly string[],
): readonly UserError[] {
  return validateShipmentIds(input.shipmentIds, 'manifest', path);
}
