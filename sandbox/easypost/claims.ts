import { missingParameter, notFound, unprocessable } from './api-error.ts';
import { commonFields, openCollection, type Entry } from './collection.ts';
import { isoTime } from './dates.ts';
import { isBlank, listOf, numberOf, textOf, type Fields } from './fields.ts';
import { created, ok, type Api } from './http.ts';
import { page } from './pagination.ts';
import type { Shipments } from './shipments/shipments.ts';

interface Claim {
  shipment: string;
  tracking_code: string;
  type: string;
  description: string | null;
  contact_email: string | null;
  requested_amount: string;
  insurance_amount: string;
  attachments: number;
  history: { status: string; status_detail: string; at: number }[];
}

/** Claims on the insurance of labels that were purchased here. They stay `submitted` until they are cancelled. */
export function addClaimRoutes({ state, addRoute, limitList }: Api, { shipments }: { shipments: Shipments }) {
  const claims = openCollection<Claim>(state, 'claim', 'clm');

  addRoute('POST', '/v2/claims', ({ caller, body }) => {
    const code = textOf(body, 'tracking_code');
    if (!code) throw missingParameter('tracking_code');
    const shipment = shipments.findByTrackingCode(caller, code);
    if (shipment === undefined) throw notFound();
    const amount = numberOf(body, 'amount');
    const insured = shipment.body.insurance;
    // Guess: the codes. Errors of claims are plain texts (recorded).
    if (insured === null) throw invalid('The shipment is not insured.');
    if (amount === null || amount <= 0) throw invalid('An amount is required.');
    if (amount > Number(insured)) throw invalid('The amount is above the insured amount.');
    const entry = claims.add(caller, {
      shipment: shipment.id,
      tracking_code: code,
      type: textOf(body, 'type') ?? 'damage',
      description: textOf(body, 'description'),
      contact_email: textOf(body, 'contact_email'),
      requested_amount: amount.toFixed(2),
      insurance_amount: insured,
      attachments: ['email_evidence', 'invoice', 'supporting_documentation'].reduce(
        (sum, name) => sum + listOf(body, `${name}_attachments`).length,
        0,
      ),
      history: [{ status: 'submitted', status_detail: 'Claim was created.', at: state.clock.now() }],
    });
    state.emit(caller, 'claim.submitted', render(entry));
    return created(render(entry));
  });
  addRoute('GET', '/v2/claims', ({ caller, query }) => {
    limitList(caller);
    const rows = claims
      .list(caller)
      .filter(({ body }) => isBlank(query.status) || body.history.at(-1)!.status === query.status);
    return page(state, rows, query, 'claims', render);
  });
  addRoute('GET', '/v2/claims/:id', ({ caller, id }) => ok(render(claims.get(caller, id))));
  addRoute('POST', '/v2/claims/:id/cancel', ({ caller, id }) => {
    const entry = claims.get(caller, id);
    if (entry.body.history.at(-1)!.status !== 'submitted')
      throw invalid('The claim can no longer be cancelled.');
    const detail = 'Claim cancellation was requested.';
    entry.body.history.push({ status: 'cancelled', status_detail: detail, at: state.clock.now() });
    claims.save(entry);
    state.emit(caller, 'claim.cancelled', render(entry));
    return ok(render(entry));
  });

  function render(entry: Entry<Claim>): Fields & { id: string } {
    const { shipment, history, attachments, ...shown } = entry.body;
    const last = history.at(-1)!;
    return {
      ...commonFields('Claim', entry),
      ...shown,
      shipment_id: shipment,
      insurance_id: null,
      approved_amount: null,
      attachments: Array.from({ length: attachments }, (_, index) => `${state.url()}/files/claim/${index}`),
      check_delivery_address: null,
      payment_method: 'easypost_wallet',
      recipient_name: null,
      salvage_value: null,
      status: last.status,
      status_detail: last.status_detail,
      status_timestamp: isoTime(last.at),
      history: history.map(({ at, ...each }) => ({ ...each, timestamp: isoTime(at) })),
    };
  }
}

const invalid = (reason: string) => unprocessable('UNPROCESSABLE_ENTITY', reason, [reason]);
