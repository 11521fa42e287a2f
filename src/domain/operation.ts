/** A pickup, a manifest or a mail job: performed once for each idempotency key, as a purchase is. */
export type OperationKind = 'PICKUP' | 'MANIFEST' | 'MAIL_JOB';
export type OperationStatus = 'PENDING' | 'DONE' | 'CANCELLED' | 'FAILED' | 'UNCERTAIN';

/** Everything that an idempotency key can stand for. */
export type IdempotentKind = 'PURCHASE' | OperationKind;

/** The mutation that creates each kind. Command output and metric labels use these names. */
export const mutationNames = {
  PURCHASE: 'shipmentPurchase',
  PICKUP: 'pickupSchedule',
  MANIFEST: 'manifestCreate',
  MAIL_JOB: 'mailJobCreate',
} as const satisfies Record<IdempotentKind, string>;
