import { ApiError, unprocessable } from '../api-error.ts';
import type { Entry } from '../collection.ts';
import { idOf, isFields, textOf, type Fields } from '../fields.ts';
import type { Files } from '../files.ts';
import type { LabelFormat } from '../label-formats.ts';
import type { PurchaseLabel } from '../shipments/label-purchase.ts';
import type { Shipments } from '../shipments/shipments.ts';
import type { Caller } from '../state.ts';
import type { Batch, BatchMember } from './batch.ts';

/** Adds shipments to a batch, each given by its id or in full. */
export function addMembers(entry: Entry<Batch>, caller: Caller, given: unknown[], shipments: Shipments) {
  for (const value of given) entry.body.members.push(addMember(entry.id, caller, value, shipments));
  entry.body.count = entry.body.members.length;
  const statuses = entry.body.members.map(({ status }) => status);
  entry.body.state = statuses.includes('creation_failed')
    ? 'creation_failed'
    : statuses.length > 0 && statuses.every((status) => status === 'postage_purchased')
      ? 'purchased'
      : 'created';
}

function addMember(batch: string, caller: Caller, value: unknown, shipments: Shipments): BatchMember {
  const id = idOf(value);
  const fields: Fields = isFields(value) ? value : {};
  const member: BatchMember = {
    shipment: id ?? '',
    service: textOf(fields, 'service'),
    carrier: textOf(fields, 'carrier'),
    status: 'created',
    message: null,
  };
  try {
    const shipment = id === undefined ? shipments.create(caller, fields) : shipments.get(caller, id);
    member.shipment = shipment.id;
    if (shipment.body.label !== null) member.status = 'postage_purchased';
    shipment.body.batch = { id: batch, status: member.status, message: null };
    shipments.save(shipment);
  } catch (error) {
    fail(member, 'creation_failed', error);
  }
  return member;
}

/** Purchases the labels of all members in the queue. */
export function purchaseMembers(
  entry: Entry<Batch>,
  caller: Caller,
  shipments: Shipments,
  purchaseLabel: PurchaseLabel,
) {
  for (const member of entry.body.members) {
    if (member.status !== 'queued_for_purchase') continue;
    const shipment = shipments.get(entry, member.shipment);
    const rate = shipment.body.rates.find(
      ({ carrier, service }) => service === member.service && (member.carrier ?? carrier) === carrier,
    );
    try {
      if (rate === undefined)
        throw unprocessable('SHIPMENT.RATES.UNAVAILABLE', 'No rate matches carrier and service.');
      purchaseLabel(caller, shipment, rate);
      member.status = 'postage_purchased';
    } catch (error) {
      fail(member, 'postage_purchase_failed', error);
    }
    shipment.body.batch = { id: entry.id, status: member.status, message: member.message };
    shipments.save(shipment);
  }
  const failed = entry.body.members.some(({ status }) => status === 'postage_purchase_failed');
  entry.body.state = failed ? 'purchase_failed' : 'purchased';
}

/** Publishes one file with the labels of all members. */
export function createLabelFile(
  entry: Entry<Batch>,
  format: LabelFormat,
  shipments: Shipments,
  files: Files,
) {
  const labels = entry.body.members.map(({ shipment }) => shipments.get(entry, shipment).body.label!.design);
  entry.body.label = files.publish('postage_label', format, { labels });
  entry.body.state = 'label_generated';
}

function fail(member: BatchMember, status: BatchMember['status'], error: unknown) {
  if (!(error instanceof ApiError)) throw error;
  Object.assign(member, { status, message: error.message });
}
