import { describe, expect, it } from 'vitest';

import { defaultAccounts } from '../../../../sandbox/easypost/carriers/default-accounts.ts';
import { money, sum } from '../../../../src/domain/money.ts';
import { formatOfFile } from '../../../../src/domain/shipment.ts';
import { receiver, sender } from '../../../support/test-server.ts';
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

describe('the format of a label of EasyPost', () => {
  const phone = '4155550100';
  /** Opens an account of a carrier that is neither USPS, UPS nor FedEx. */
  const openOther = (more: object) =>
    openAdapter({
      accounts: [{ ...defaultAccounts[1]!, carrier: 'DHLExpress', readable: 'DHL Express', ...more }],
    });
  const buy = async ({ adapter }: Awaited<ReturnType<typeof openAdapter>>, format: 'PDF' | 'PNG' | 'ZPL') => {
    const { offers } = await quote(adapter);
    const contacts = { from: { ...sender, phone }, to: { ...receiver, phone } };
    const [prepared] = await adapter.labels!.prepare({ ...toLabelRequest(request, offers[0]!), ...contacts, format }, call); // prettier-ignore
    const [purchased] = await adapter.labels!.buy(prepared!, call);
    const { source } = purchased!.label as { source: string };
    const file = await adapter.labels!.fetchDocument!(source, call);
    return {
      format: purchased!.label.format,
      source,
      file: formatOfFile(file),
      purchased: purchased!,
      prepared: prepared!,
    };
  };

  it('is the wanted one where the carrier makes no PNG, without a conversion', async () => {
    const opened = await openOther({ labelFormats: ['PDF', 'ZPL'], labelSize: '4x12' });
    for (const format of ['PDF', 'ZPL'] as const) {
      expect(await buy(opened, format)).toMatchObject({ format, file: format });
    }
    expect(opened.emulator.count('GET', /\/label$/)).toBe(0);
    await expect(buy(opened, 'PNG')).rejects.toMatchObject({ refused: true });
  });

  it('is that of the label as it was made where converting would crop it', async () => {
    const opened = await openAdapter({ accounts: [{ ...defaultAccounts[0]!, labelSize: '4x12' }] });
    expect(await buy(opened, 'PDF')).toMatchObject({ format: 'PNG', file: 'PNG' });
  });

  it('is judged by the file where EasyPost refuses a conversion', async () => {
    const opened = await openAdapter({ accounts: [defaultAccounts[0]!] });
    opened.emulator.injectFault({
      method: 'GET',
      path: /\/label$/,
      response: {
        status: 422,
        body: { error: { code: 'SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE', message: 'No.', errors: [] } },
      },
    });
    expect(await buy(opened, 'ZPL')).toMatchObject({ format: 'ZPL', file: 'PNG' });
  });

  it('has a URL of its own where EasyPost has converted it before', async () => {
    const opened = await openAdapter({ accounts: [defaultAccounts[0]!] });
    const { purchased, prepared } = await buy(opened, 'PDF');
    await opened.adapter.labels!.fetchDocument!(`${purchased.reference}:PDF`, call);
    const [again] = (await opened.adapter.labels!.reconcile(prepared, call))!;
    expect(again!.label).toEqual({ format: 'PDF', source: expect.stringMatching(/\.pdf$/) });
  });

  it('can be changed by a reprint, unless EasyPost made no PNG or would crop it', async () => {
    const png = await openAdapter({ accounts: [defaultAccounts[0]!] });
    const bought = await buy(png, 'PNG');
    const label = { prepared: bought.prepared, reference: bought.purchased.reference };
    for (const format of ['PDF', 'ZPL', 'PNG'] as const) {
      expect(formatOfFile(await png.adapter.labels!.reprint!(label, format, call))).toBe(format);
    }
    for (const [opened, made, wanted] of [
      [await openOther({ labelFormats: ['PDF', 'ZPL'] }), 'PDF', 'ZPL'],
      [await openAdapter({ accounts: [{ ...defaultAccounts[0]!, labelSize: '4x12' }] }), 'PNG', 'ZPL'],
    ] as const) {
      const { prepared, purchased } = await buy(opened, made);
      const other = { prepared, reference: purchased.reference };
      expect(formatOfFile(await opened.adapter.labels!.reprint!(other, made, call))).toBe(made);
      await expect(opened.adapter.labels!.reprint!(other, wanted, call)).rejects.toMatchObject({
        code: 'REJECTED',
        message: `EasyPost has this label as ${made} and cannot convert it to ${wanted}`,
        field: ['format'],
      });
    }
  });
});
