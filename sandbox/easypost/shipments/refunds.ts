import { unprocessable } from '../api-error.ts';
import { commonFields, openCollection, type Collection, type Entry } from '../collection.ts';
import { isBlank, textOf, unwrap } from '../fields.ts';
import { ok, type Api, type ApiObject } from '../http.ts';
import { page } from '../pagination.ts';
import type { EasyPostState } from '../state.ts';
import type { LabelRefunds } from './label-refunds.ts';
import type { Shipments } from './shipments.ts';

export interface Refund {
  tracking_code: string;
  shipment: string;
  carrier: string;
  /** True once `refund.successful` was emitted. */
  reported: boolean;
}

interface Resources {
  shipments: Shipments;
  labelRefunds: LabelRefunds;
}

export const openRefunds = (state: EasyPostState): Collection<Refund> =>
  openCollection<Refund>(state, 'refund', 'rfnd');

/** Refunds of several labels in one request, by their tracking codes. */
export function addRefundRoutes(
  { state, addRoute, limitList }: Api,
  refunds: Collection<Refund>,
  resources: Resources,
) {
  const { shipments, labelRefunds } = resources;
  const render = (entry: Entry<Refund>) => renderRefund(entry, resources);

  // The response is a bare array.
  addRoute('POST', '/v2/refunds', ({ caller, body }) => {
    const fields = unwrap(body, 'refund');
    const codes = fields.tracking_codes;
    if (isBlank(codes) || !Array.isArray(codes)) throw invalidCodes();
    const carrier = textOf(fields, 'carrier');
    // Guess: one unknown code fails the whole request.
    const labels = codes.map((code) => {
      const shipment = shipments.findByTrackingCode(caller, String(code));
      if (shipment === undefined) throw invalidCodes();
      return shipment;
    });
    const entries = labels.map((shipment) => {
      labelRefunds.request(shipment);
      const { tracking_code, rate } = shipment.body.label!;
      return refunds.add(caller, {
        tracking_code,
        shipment: shipment.id,
        carrier: carrier ?? rate.carrier,
        reported: false,
      });
    });
    return { status: 201, body: entries.map(render) };
  });
  addRoute('GET', '/v2/refunds', ({ caller, query }) => {
    limitList(caller);
    return page(state, refunds.list(caller), query, 'refunds', render);
  });
  addRoute('GET', '/v2/refunds/:id', ({ caller, id }) => ok(render(refunds.get(caller, id))));
}

/** Emits `refund.successful` for every refund that was paid since the last call. */
export function emitPaidRefunds(state: EasyPostState, refunds: Collection<Refund>, resources: Resources) {
  for (const entry of refunds.all()) {
    if (entry.body.reported || statusOf(entry, resources) !== 'refunded') continue;
    entry.body.reported = true;
    refunds.save(entry);
    const refund = renderRefund(entry, resources);
    state.emit(entry, 'refund.successful', refund, { status: 'submitted' });
  }
}

const invalidCodes = () =>
  unprocessable(
    'REFUND.TRACKING_CODES.INVALID',
    "Unable to proceed, 'tracking_codes' are missing or invalid.",
  );

const statusOf = (entry: Entry<Refund>, { shipments, labelRefunds }: Resources) =>
  labelRefunds.status(shipments.get(entry, entry.body.shipment));

const renderRefund = (entry: Entry<Refund>, resources: Resources): ApiObject => ({
  ...commonFields('Refund', entry),
  mode: undefined,
  tracking_code: entry.body.tracking_code,
  confirmation_number: null,
  status: statusOf(entry, resources),
  carrier: entry.body.carrier,
  shipment_id: entry.body.shipment,
});
