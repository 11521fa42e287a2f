import { Big } from 'big.js';
import type { Addresses } from '../addresses/addresses.ts';
import { unprocessable } from '../api-error.ts';
import { commonFields, openCollection, type Entry } from '../collection.ts';
import { isBlank, numberOf, textOf, unwrap } from '../fields.ts';
import { created, ok, type Api } from '../http.ts';
import { page } from '../pagination.ts';
import type { Trackers } from '../tracking/trackers.ts';
import { checkInsuredAmount, fee, insuranceFee } from './purchase-rules.ts';

interface Insurance {
  to: string;
  from: string;
  tracking_code: string;
  tracker: string;
  amount: string;
  reference: string | null;
  status: 'pending' | 'cancelled';
}

interface Resources {
  addresses: Addresses;
  trackers: Trackers;
}

/** Insurances of parcels whose labels were purchased outside EasyPost. */
export function addInsuranceRoutes({ state, addRoute, limitList }: Api, resources: Resources) {
  const { addresses, trackers } = resources;
  const insurances = openCollection<Insurance>(state, 'insurance', 'ins');
  const render = (entry: Entry<Insurance>) => renderInsurance(entry, resources);

  addRoute('POST', '/v2/insurances', ({ caller, body }) => {
    const fields = unwrap(body, 'insurance');
    const missing = ['to_address', 'from_address', 'tracking_code', 'amount'].filter((field) =>
      isBlank(fields[field]),
    );
    const amount = missing.length > 0 ? null : numberOf(fields, 'amount');
    if (amount === null || amount <= 0) {
      throw unprocessable(
        'INSURANCE.PARAMETERS.INVALID',
        'The parameters you provided are invalid.',
        missing.map((field) => ({ field, message: 'cannot be blank' })),
      );
    }
    checkInsuredAmount(amount);
    const correctedAddress = (field: string) => {
      const address = addresses.findOrAdd(caller, fields[field], field);
      addresses.correct(address);
      return address.id;
    };
    const code = textOf(fields, 'tracking_code')!;
    const entry = insurances.add(caller, {
      to: correctedAddress('to_address'),
      from: correctedAddress('from_address'),
      tracking_code: code,
      tracker: trackers.findOrCreate(caller, code, textOf(fields, 'carrier') || null).entry.id,
      amount: String(amount),
      reference: textOf(fields, 'reference') || null,
      status: 'pending',
    });
    state.emit(caller, 'insurance.purchased', render(entry));
    return created(render(entry), 'insurances');
  });
  addRoute('GET', '/v2/insurances', ({ caller, query }) => {
    limitList(caller);
    return page(state, insurances.list(caller), query, 'insurances', render);
  });
  addRoute('GET', '/v2/insurances/:id', ({ caller, id }) => ok(render(insurances.get(caller, id))));
  addRoute('POST', '/v2/insurances/:id/refund', ({ caller, id }) => {
    const entry = insurances.get(caller, id);
    if (entry.body.status === 'pending') {
      entry.body.status = 'cancelled';
      insurances.save(entry);
      state.emit(caller, 'insurance.cancelled', render(entry), { status: 'pending' });
    }
    return ok(render(entry));
  });
}

function renderInsurance(entry: Entry<Insurance>, { addresses, trackers }: Resources) {
  const { to, from, tracking_code, tracker, amount, reference, status } = entry.body;
  const address = (id: string) => addresses.render(addresses.get(entry, id));
  return {
    ...commonFields('Insurance', entry),
    reference,
    status,
    amount: new Big(amount).toFixed(5),
    provider: 'easypost',
    provider_id: null,
    to_address: address(to),
    from_address: address(from),
    shipment_id: null,
    tracker: { ...trackers.render(trackers.get(entry, tracker)), finalized: true, is_return: false },
    tracking_code,
    fee: fee('InsuranceFee', insuranceFee(amount)),
    messages: status === 'cancelled' ? ['Insurance was cancelled by the user.'] : [],
  };
}
