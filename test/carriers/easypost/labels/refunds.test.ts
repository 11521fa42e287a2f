import { describe, expect, it } from 'vitest';

import { money, sum } from '../../../../src/domain/money.ts';
import { toLabelRequest } from '../../conformance.ts';
import { call, minutes, offerOf, openAdapter, quote, rateRequest as request } from '../open-adapter.ts';

describe('a refund of EasyPost', () => {
  it('is REQUESTED, then REFUNDED after fifteen days, or REFUSED, or NOT_APPLICABLE', async () => {
    const { adapter, emulator, clock } = await openAdapter();
    const offer = offerOf(await quote(adapter), 'PRIORITY_MAIL');
    const [prepared] = await adapter.labels!.prepare(toLabelRequest(request, offer), call);
    const [purchased] = await adapter.labels!.buy(prepared!, call);
    const label = { ...purchased!, prepared: prepared! };
    expect(await adapter.labels!.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
    clock.advance(15 * 24 * 60 * minutes);
    expect(await adapter.labels!.refund!(label, call)).toEqual({
      status: 'REFUNDED',
      voided: true,
      amount: offer.price,
    });
    for (const [refund_status, status, voided] of [
      ['rejected', 'REFUSED', false],
      ['not_applicable', 'NOT_APPLICABLE', true],
    ]) {
      const response = { status: 200, body: { refund_status } };
      emulator.injectFault({ method: 'GET', path: /\/shipments\//, times: 1, response });
      expect(await adapter.labels!.refund!(label, call)).toEqual({ status, voided });
    }
  });

  it('returns the postage, and not the insurance', async () => {
    const { adapter, clock } = await openAdapter();
    const insured = { ...request, options: { insuredValue: money('100.00') } };
    const offer = offerOf(await quote(adapter, insured), 'PRIORITY_MAIL');
    const [prepared] = await adapter.labels!.prepare(toLabelRequest(insured, offer), call);
    const [purchased] = await adapter.labels!.buy(prepared!, call);
    const postage = offer.charges[0]!.amount;
    expect(purchased!.price).toEqual(sum(postage, money('1.00')));
    const label = { ...purchased!, prepared: prepared! };
    await adapter.labels!.void!(label, call);
    clock.advance(15 * 24 * 60 * minutes);
    expect(await adapter.labels!.refund!(label, call)).toMatchObject({ status: 'REFUNDED', amount: postage }); // prettier-ignore
  });
});
