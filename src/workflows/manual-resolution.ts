import { z } from 'zod';

import type { LabelApi } from '../carriers/adapter.ts';
import { cancelledByHand, nothingFound } from '../domain/failures.ts';
import { money } from '../domain/money.ts';
import { parcelNumber, validateTrackingNumber } from '../domain/tracking.ts';
import type { Actor } from '../storage/history.ts';
import { parcelName } from '../storage/records/refunds.ts';
import type { OperationRow, ParcelRow } from '../storage/tables.ts';
import type {
  LockedRow,
  LockedShipment,
  OperationResolution,
  ShipmentResolution,
} from '../storage/records/unresolved.ts';
import type { WorkflowDependencies } from './dependencies.ts';
import { fetchLabels } from './documents.ts';

/** What an operator found at the provider. */
export const manualFinding = z.discriminatedUnion('found', [
  z.object({ found: z.literal('nothing') }),
  z.object({
    found: z.literal('bought'),
    trackingNumber: z.string().max(60).optional(),
    price: z.string().max(20),
  }),
  z.object({ found: z.literal('cancelled') }),
  z.object({ found: z.literal('done'), confirmation: z.string().max(100).optional() }),
]);
export type ManualFinding = z.infer<typeof manualFinding>;
type PurchasedFinding = Extract<ManualFinding, { found: 'bought' }>;

/** The outcome of a manual resolution, as a sentence for the operator. */
export type Resolution = { readonly done: string } | { readonly refused: string };

/** Ends an UNCERTAIN purchase according to what was found at the provider, and fetches its label where it was purchased. */
export async function resolveShipment(
  { storage: { unresolved, documents }, adapterOf }: WorkflowDependencies,
  id: string,
  finding: ManualFinding,
  by: Actor,
): Promise<Resolution> {
  let labels: LabelApi | undefined;
  const decide = async (locked: LockedShipment | undefined): Promise<ShipmentResolution | string> => {
    if (!isResolvable(locked)) return unresolvable(locked, id);
    labels = adapterOf(locked.row.tenant_id, locked.row.account_id)?.labels;
    return shipmentResolution(locked, finding, labels);
  };
  const resolution = await unresolved.resolveShipment(id, decide, by);
  if (typeof resolution === 'string') return { refused: resolution };
  const { status, label } = resolution;
  if (label === undefined) {
    return { done: finding.found === 'nothing' ? `${id} is ${status}: its key may try again` : `${id} is ${status}` }; // prettier-ignore
  }
  await fetchLabels(documents, id, await documents.missingLabels(id), labels);
  const isFetched = await documents.hasLabel(id);
  return {
    done: `${id} is ${status} with ${label.trackingNumber ?? 'a label without a number'}; ${isFetched ? 'its label was fetched' : 'its label is not stored: print it at the provider'}`,
  };
}

/** Ends an UNCERTAIN operation according to what was found at the provider. */
export async function resolveOperation(
  { storage: { unresolved } }: WorkflowDependencies,
  id: string,
  finding: ManualFinding,
  by: Actor,
): Promise<Resolution> {
  const decide = async (locked: LockedRow<OperationRow> | undefined) =>
    isResolvable(locked) ? operationResolution(locked.row, finding) : unresolvable(locked, id);
  const resolution = await unresolved.resolveOperation(id, decide, by);
  if (typeof resolution === 'string') return { refused: resolution };
  return { done: finding.found === 'done' ? `${id} is DONE` : `${id} is FAILED: its key may try again` };
}

type AnyLocked = LockedRow<{ readonly status: string }>;
const isResolvable = <Locked extends AnyLocked>(locked: Locked | undefined): locked is Locked =>
  locked !== undefined && locked.row.status === 'UNCERTAIN' && !locked.isLeased;

function unresolvable(locked: AnyLocked | undefined, id: string): string {
  if (locked === undefined) return `there is no ${id}`;
  if (locked.row.status !== 'UNCERTAIN') return `${id} is ${locked.row.status}: there is nothing to resolve`;
  return `a process is asking about ${id} right now: try again in a few seconds`;
}

/** Returns how a purchase ends, or why it can't end so. */
async function shipmentResolution(
  locked: LockedShipment,
  finding: ManualFinding,
  labels: LabelApi | undefined,
): Promise<ShipmentResolution | string> {
  const { row, parcels } = locked;
  const purchased = parcels.filter(({ state }) => state === 'PURCHASED');
  switch (finding.found) {
    case 'nothing':
      if (purchased.length > 0) {
        const numbers = purchased.map(parcelName).join(', ');
        return `${row.id} has labels that were bought: ${numbers}. Cancel them at the provider, then --cancelled`;
      }
      return {
        status: 'FAILED',
        failure: nothingFound,
        detail: 'nothing',
        parcels: { from: ['PENDING', 'SENT'], to: 'REFUSED' },
      };
    case 'cancelled': {
      const isFailed = row.compensating || purchased.length === 0;
      const failure = row.compensating ? row.failure : cancelledByHand;
      return {
        status: isFailed ? 'FAILED' : 'VOIDED',
        failure: isFailed ? failure : null,
        detail: 'cancelled',
        parcels: { from: ['PURCHASED', 'SENT'], to: 'VOIDED' },
      };
    }
    case 'bought': {
      const label = await purchasedLabel(locked, finding, labels);
      if (typeof label === 'string') return label;
      return {
        status: 'PURCHASED',
        failure: null,
        detail: `bought ${label?.trackingNumber ?? 'without a number'}`,
        label,
      };
    }
    case 'done':
      return `${row.id} is a purchase: say --bought NUMBER --price AMOUNT, --nothing or --cancelled`;
  }
}

/** Returns the label of a purchase's only parcel by its tracking number, or why the finding does not fit. */
async function purchasedLabel(
  { row, parcels, otherOwner }: LockedShipment,
  finding: PurchasedFinding,
  labels: LabelApi | undefined,
): Promise<ShipmentResolution['label'] | string> {
  const [parcel, ...more] = parcels;
  if (parcel === undefined || more.length > 0) {
    return `${row.id} has ${parcels.length} parcels: cancel its labels at the provider, then --cancelled`;
  }
  if (!/^\d{1,6}(\.\d{1,5})?$/.test(finding.price)) return 'a price is written as 7.40';
  const price = money(finding.price, row.quoted_price?.currencyCode);
  if (finding.trackingNumber === undefined) {
    const source = parcel.label_source ?? labelSource(parcel, undefined, labels);
    return source === undefined
      ? `${row.id} needs its tracking number, by which ${row.provider} finds the label`
      : { price, source };
  }
  const { tracking_number } = parcel;
  if (tracking_number !== null && tracking_number !== parcelNumber(finding.trackingNumber).trackingNumber) {
    return `${row.id} was bought as ${tracking_number}`;
  }
  const [invalid] = validateTrackingNumber(finding.trackingNumber, []);
  if (invalid) return invalid.message;
  const { trackingNumber } = parcelNumber(finding.trackingNumber, row.carrier);
  const owner = await otherOwner(trackingNumber);
  if (owner) return `${trackingNumber} is the label of ${owner}`;
  return {
    trackingNumber,
    price,
    source: parcel.label_source ?? labelSource(parcel, trackingNumber, labels) ?? null,
  };
}

/** Returns where the provider keeps a label of which at most the tracking number is known. */
function labelSource(
  { attempt_id, request, reference, label_format }: ParcelRow,
  trackingNumber: string | undefined,
  labels: LabelApi | undefined,
): string | undefined {
  if (attempt_id === null) return undefined;
  const prepared = { attemptId: attempt_id, request };
  return labels?.labelSource?.({ trackingNumber, prepared, reference: reference ?? undefined }, label_format);
}

/** Returns how an operation ends, or why it can't end so. */
function operationResolution(row: OperationRow, finding: ManualFinding): OperationResolution | string {
  switch (finding.found) {
    case 'nothing':
      return { status: 'FAILED', failure: nothingFound, detail: 'nothing' };
    case 'done': {
      const { confirmation } = finding;
      if (row.kind === 'MAIL_JOB' && !confirmation) {
        return `${row.id} is a mail job: say --done ID, with its id at the provider`;
      }
      const detail = ['done', confirmation].filter(Boolean).join(' ');
      return { status: 'DONE', result: resultByHand(row, confirmation), failure: null, detail };
    }
    default:
      return `${row.id} is no purchase of a label: say --done [CONFIRMATION] or --nothing`;
  }
}

/** The result of an operation that was only seen at the provider. Without a `providerRef` it can't be cancelled or refreshed. */
function resultByHand({ kind, input }: OperationRow, confirmation: string | undefined): object {
  switch (kind) {
    case 'PICKUP':
      return { confirmation, date: (input as { date: string }).date, providerRef: null };
    case 'MANIFEST':
      return { reference: confirmation, providerRef: null };
    case 'MAIL_JOB':
      return { id: confirmation, status: 'UNKNOWN', events: [] };
  }
}
