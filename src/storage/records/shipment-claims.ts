import { sql, type Kysely } from 'kysely';

import { throwIfInvalid } from '../../domain/errors.ts';
import type { OperationKind } from '../../domain/operation.ts';
import type { Tables, Transaction } from '../tables.ts';
import type { IdempotencyKey } from './idempotent-rows.ts';

/** The shipments that an operation claims: no other operation of its kind may hold them. */
export interface ShipmentClaim {
  readonly shipmentIds: readonly string[];
  /** YYYY-MM-DD: a pickup of an earlier day holds its shipments no longer. Default: each does. */
  readonly heldSince?: string;
}

/** A shipment that an operation holds. */
export interface HeldShipment {
  readonly id: string;
  /** The id of the operation. */
  readonly operation: string;
}

type ClaimKey = Pick<IdempotencyKey, 'tenantId'> & {
  readonly kind: OperationKind;
  readonly idempotencyKey?: string;
};

/**
 * Returns those of the claimed shipments, in order, that an operation of the kind under another key holds, which has
 * neither failed nor been cancelled.
 */
export async function heldShipments(
  db: Kysely<Tables>,
  { tenantId, kind, idempotencyKey }: ClaimKey,
  { shipmentIds, heldSince }: ShipmentClaim,
): Promise<readonly HeldShipment[]> {
  if (shipmentIds.length === 0) return [];
  const date = sql`coalesce(result->>'date', input->>'date')`;
  const { rows } = await sql<HeldShipment>`select distinct on (shipment_id)
    shipment_id as id, operations.id as operation from operations,
    jsonb_array_elements_text(input->'shipmentIds') as shipment_id
    where tenant_id = ${tenantId} and kind = ${kind} and idempotency_key is distinct from ${idempotencyKey ?? null}
    and status in ('PENDING', 'DONE', 'UNCERTAIN')
    and (${heldSince ?? null}::text is null or ${date} is null or ${date} >= ${heldSince ?? null})
    and input->'shipmentIds' ?| ${sql.val(shipmentIds)} and shipment_id = any(${sql.val(shipmentIds)})
    order by shipment_id, operations.created_at desc`.execute(db);
  return rows.sort((a, b) => shipmentIds.indexOf(a.id) - shipmentIds.indexOf(b.id));
}

const messages: Partial<Record<OperationKind, (operation: string) => string>> = {
  PICKUP: (operation) => `is in the pickup ${operation} already; cancel that first`,
  MANIFEST: (operation) => `is on the manifest ${operation} already`,
};

/**
 * Locks the claimed shipments until the transaction ends, so that of two claims at once the second finds the first.
 * Throws an `InputError` (NOT_ALLOWED) for those that another operation holds.
 */
export async function claimShipments(
  transaction: Transaction,
  key: ClaimKey,
  claim: ShipmentClaim,
): Promise<void> {
  const { shipmentIds } = claim;
  // In one order, so that two transactions never wait for each other.
  await sql`select id from shipments where tenant_id = ${key.tenantId} and id = any(${sql.val(shipmentIds)})
    order by id for no key update`.execute(transaction);
  const held = await heldShipments(transaction, key, claim);
  throwIfInvalid(
    held.map(({ id, operation }) => ({
      code: 'NOT_ALLOWED',
      field: ['input', 'shipmentIds', String(shipmentIds.indexOf(id))],
      message: messages[key.kind]?.(operation) ?? `is in ${operation} already`,
    })),
  );
}
