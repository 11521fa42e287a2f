import { Big } from 'big.js';
import type { Address, Addresses } from '../addresses/addresses.ts';
import { created, isBlank, notFound, numberOf, ok, refused, textOf, unwrap, type On } from '../http.ts';
import { page } from '../pagination.ts';
import type { Trackers } from '../tracking/trackers.ts';
import { head, openCollection, type Entry, type Owner, type EasyPostState } from '../state.ts';

interface Insurance {
  to: string;
  from: string;
  tracking_code: string;
  tracker: string;
  amount: string;
  reference: string | null;
  status: 'pending' | 'cancelled';
}

/** Insurance of parcels whose labels came from elsewhere. */
export function insurances(
  world: EasyPostState,
  on: On,
  limitList: (owner: Owner) => void,
  { addresses, trackers }: { addresses: Addresses; trackers: Trackers },
) {
  const kept = openCollection<Insurance>(world, 'insurance', 'ins');
  const find = (owner: Owner, id: string) => {
    const entry = kept.find(owner, id);
    if (entry === undefined) throw notFound();
    return entry;
  };
  const render = (entry: Entry<Insurance>) => {
    const { to, from, tracking_code, tracker, amount, reference, status } = entry.body;
    const address = (id: string) => addresses.render(addresses.find(entry, id));
    return {
      ...head('Insurance', entry),
      reference,
      status,
      amount: new Big(amount).toFixed(5),
      provider: 'easypost',
      provider_id: null,
      to_address: address(to),
      from_address: address(from),
      shipment_id: null,
      tracker: { ...trackers.render(trackers.find(entry, tracker)), finalized: true, is_return: false },
      tracking_code,
      fee: {
        object: 'Fee',
        type: 'InsuranceFee',
        amount: new Big(amount).div(100).toFixed(5),
        charged: true,
        refunded: false,
      },
      messages: status === 'cancelled' ? ['Insurance was cancelled by the user.'] : [],
    };
  };

  on('POST', '/v2/insurances', ({ caller, body }) => {
    const fields = unwrap(body, 'insurance');
    const lacking = ['to_address', 'from_address', 'tracking_code', 'amount'].filter((field) =>
      isBlank(fields[field]),
    );
    const amount = lacking.length > 0 ? null : numberOf(fields, 'amount');
    if (amount === null || amount <= 0) {
      throw refused(
        'INSURANCE.PARAMETERS.INVALID',
        'The parameters you provided are invalid.',
        lacking.map((field) => ({ field, message: 'cannot be blank' })),
      );
    }
    const taken = (field: string): Entry<Address> => {
      const entry = addresses.take(caller, fields[field], field);
      addresses.correct(entry);
      return entry;
    };
    const code = textOf(fields, 'tracking_code')!;
    const entry = kept.add(caller, {
      to: taken('to_address').id,
      from: taken('from_address').id,
      tracking_code: code,
      tracker: trackers.follow(caller, code, textOf(fields, 'carrier') || null).entry.id,
      amount: String(amount),
      reference: textOf(fields, 'reference') || null,
      status: 'pending',
    });
    world.announce(caller, 'insurance.purchased', render(entry));
    return created(render(entry), 'insurances');
  });
  on('GET', '/v2/insurances', ({ caller, query }) => {
    limitList(caller);
    return page(world, kept.list(caller), query, 'insurances', render);
  });
  on('GET', '/v2/insurances/:id', ({ caller, id }) => ok(render(find(caller, id))));
  on('POST', '/v2/insurances/:id/refund', ({ caller, id }) => {
    const entry = find(caller, id);
    if (entry.body.status === 'pending') {
      entry.body.status = 'cancelled';
      kept.save(entry);
      world.announce(caller, 'insurance.cancelled', render(entry), { status: 'pending' });
    }
    return ok(render(entry));
  });
}
