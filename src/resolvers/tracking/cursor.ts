import type { Sealer } from '../../domain/seal.ts';
import { trackerId, type ParcelNumber } from '../../domain/tracking.ts';

/**
 * Writes the cursor of a parcel's state: `StoredTracking.version`, and a mark that only this tenant's cursors of this
 * parcel have. The cursor of one state is always the same text.
 */
export function trackerCursor(
  sealer: Sealer,
  tenantId: string,
  parcel: ParcelNumber,
  version: number,
): string {
  return `${version.toString(36)}.${marksOf(sealer, tenantId, parcel)[0]}`;
}

/** Reads the version of a cursor; undefined where it is no cursor of one of these parcels. */
export function readTrackerCursor(
  sealer: Sealer,
  tenantId: string,
  parcels: readonly ParcelNumber[],
  cursor: string,
): number | undefined {
  const [, version, mark] = /^([0-9a-z]{1,10})\.([\w-]{16})$/.exec(cursor) ?? [];
  if (version === undefined) return undefined;
  const isOfParcel = parcels.some((parcel) => marksOf(sealer, tenantId, parcel).includes(mark!));
  return isOfParcel ? Number.parseInt(version, 36) : undefined;
}

/** The mark by the secret, and by the previous secret if there is one. */
const marksOf = (sealer: Sealer, tenantId: string, parcel: ParcelNumber) =>
  sealer
    .deriveNames('tracker cursor', JSON.stringify([tenantId, trackerId(parcel)]))
    .map((name) => name.slice(0, 16));
