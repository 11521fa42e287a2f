import { describe, expect, it } from 'vitest';

import { money, sum } from '../../../../src/domain/money.ts';
import { toLabelRequest } from '../../conformance.ts';
import { call, fetchFrom, offerOf, openAdapter, quote, rateRequest as request } from '../open-adapter.ts';

describe('labels of EasyPost', () => {
  it('charges postage that the carrier bills itself in addition to the fees of EasyPost', async () => {
    const { adapter, emulator } = await openAdapter();
    const offer = offerOf(await quote(adapter), 'PRIORITY_MAIL');
    const [prepared] = await adapter.labels!.prepare(toLabelRequest(request, offer), call);
    const [purchased] = await adapter.labels!.buy(prepared!, call);
    const shipment = await fetchFrom(emulator, `/shipments/${purchased!.reference}`);
    const fees = [{ object: 'Fee', type: 'LabelFee', amount: '0.08000', charged: true, refunded: false }];
    emulator.injectFault({
      path: /\/shipments\/\w+$/,
      response: { status: 200, body: { ...shipment, fees } },
    });
    expect(await adapter.labels!.reconcile(prepared!, call)).toMatchObject([
      {
        price: sum(offer.price, money('0.08')),
        quotedAmount: offer.price,
        charges: [
          { name: 'Postage', amount: offer.price },
          { name: 'Label', amount: money('0.08') },
        ],
      },
    ]);
  });

  it('downloads labels from hosts of EasyPost only', async () => {
    const { adapter, emulator } = await openAdapter();
    const before = emulator.calls.length;
    for (const source of [
      'http://169.254.169.254/latest',
      'https://easypost.com.evil.example/x.pdf',
      `http://127.0.0.1:1/x`,
    ]) {
      await expect(adapter.labels!.fetchDocument!(source, call)).rejects.toMatchObject({
        code: 'UNREADABLE',
      });
    }
    expect(emulator.calls.length).toBe(before);
  });

  it('finds, prints and voids a label whose request was stored without its service, as by earlier versions', async () => {
    const { adapter, emulator } = await openAdapter();
    const labels = adapter.labels!;
    const offer = offerOf(await quote(adapter), 'PRIORITY_MAIL');
    const [current] = await labels.prepare(toLabelRequest(request, offer), call);
    const { shipment, rate, insurance, format } = current!.request as Record<string, string>;
    const stored = { attemptId: current!.attemptId, request: { shipment, rate, insurance, format } };
    expect(await labels.reconcile(stored, call)).toBeUndefined();
    const purchased = await labels.buy(current!, call);
    expect(await labels.reconcile(stored, call)).toEqual(purchased);
    const { trackingNumber } = purchased[0]!;
    expect(labels.labelSource!({ trackingNumber, prepared: stored }, 'ZPL')).toBe(`${shipment}:ZPL`);
    expect(labels.redact!(stored.request)).toEqual({ shipment, format });
    expect(await labels.void!({ trackingNumber, prepared: stored }, call)).toMatchObject({
      status: 'REQUESTED',
    });
    expect(emulator.charges()).toHaveLength(1);
  });
});
