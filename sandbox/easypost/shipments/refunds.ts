import { isBlank, notFound, ok, refused, textOf, unwrap, type Drawn, type On } from '../http.ts';
import { page } from '../pagination.ts';
import type { Shipments } from './shipments.ts';
import { head, openCollection, type Entry, type Owner, type EasyPostState } from '../state.ts';

interface Refund {
  tracking_code: string;
  shipment: string;
  carrier: string;
  told: boolean;
}

/** Refunds of several labels at once, by their tracking codes. Returns what tells webhooks of paid ones. */
export function refunds(
  world: EasyPostState,
  on: On,
  limitList: (owner: Owner) => void,
  shipments: Shipments,
): () => void {
  const kept = openCollection<Refund>(world, 'refund', 'rfnd');

  const statusOf = (entry: Entry<Refund>) =>
    shipments.refundStatus(shipments.find(entry, entry.body.shipment));
  const render = (entry: Entry<Refund>): Drawn => ({
    ...head('Refund', entry),
    mode: undefined,
    tracking_code: entry.body.tracking_code,
    confirmation_number: null,
    status: statusOf(entry),
    carrier: entry.body.carrier,
    shipment_id: entry.body.shipment,
  });
  const invalid = () =>
    refused('REFUND.TRACKING_CODES.INVALID', "Unable to proceed, 'tracking_codes' are missing or invalid.");

  // The answer is a bare array.
  on('POST', '/v2/refunds', ({ caller, body }) => {
    const fields = unwrap(body, 'refund');
    const codes = fields.tracking_codes;
    if (isBlank(codes) || !Array.isArray(codes)) throw invalid();
    const carrier = textOf(fields, 'carrier');
    const labels = codes.map((code) => shipments.byCode(caller, String(code)));
    // Guess: one foreign code spoils all.
    if (labels.includes(undefined)) throw invalid();
    const made = (labels as NonNullable<(typeof labels)[number]>[]).map((shipment) => {
      shipments.refund(shipment);
      const { tracking_code, rate } = shipment.body.label!;
      return kept.add(caller, {
        tracking_code,
        shipment: shipment.id,
        carrier: carrier ?? rate.carrier,
        told: false,
      });
    });
    return { status: 201, body: made.map(render) };
  });
  on('GET', '/v2/refunds', ({ caller, query }) => {
    limitList(caller);
    return page(world, kept.list(caller), query, 'refunds', render);
  });
  on('GET', '/v2/refunds/:id', ({ caller, id }) => {
    const entry = kept.find(caller, id);
    if (entry === undefined) throw notFound();
    return ok(render(entry));
  });

  return () => {
    for (const entry of kept.all()) {
      if (entry.body.told || statusOf(entry) !== 'refunded') continue;
      entry.body.told = true;
      kept.save(entry);
      world.announce(entry, 'refund.successful', render(entry), { status: 'submitted' });
    }
  };
}
