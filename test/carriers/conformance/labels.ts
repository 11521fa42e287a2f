import { expect } from 'vitest';

import { ProviderError } from '../../../src/domain/errors.ts';
import type { Money } from '../../../src/domain/money.ts';
import { formatOfFile } from '../../../src/domain/shipment.ts';
import {
  asStored,
  buyLabel,
  call,
  heavyParcel,
  internationalRequest,
  lightParcel,
  offerOf,
  quoteLabel,
  rateRequest,
  readDocument,
  resultOf,
  toLabelRequest,
} from './requests.ts';
import type { Rules } from './subject.ts';

const toCents = ({ amount }: Money) => Math.round(Number(amount) * 100);

export const labelRules: Rules = (rule) => {
  rule('buys a label once, and reads it back when asked again', async ({ adapter, charges }) => {
    const before = charges().length;
    const labels = adapter.labels!;
    const [prepared] = (await labels.prepare(await quoteLabel(adapter), call)).map(asStored);
    expect(charges().length).toBe(before);
    const [purchased] = await labels.buy(prepared!, call);
    expect(charges().length).toBe(before + 1);
    expect(await labels.reconcile(prepared!, call)).toMatchObject([
      { trackingNumber: purchased!.trackingNumber },
    ]);
    expect(charges().length).toBe(before + 1);
    expect(await readDocument(labels, purchased!.label)).toMatch(/^%PDF-/);
    expect(purchased!.price?.amount).toMatch(/^\d+\.\d{2}$/);
  });

  rule('returns the label in the requested format', async ({ adapter }) => {
    for (const [format, start] of [
      ['PDF', '%PDF-'],
      ['PNG', '\x89PNG'],
      ['ZPL', '^XA'],
    ] as const) {
      const { purchased } = await buyLabel(adapter, { ...(await quoteLabel(adapter)), format });
      expect(purchased.label.format).toBe(format);
      const text = await readDocument(adapter.labels!, purchased.label);
      expect(text.slice(0, start.length)).toBe(start);
    }
  });

  rule('reprints a purchased label in every format, at no charge', async ({ adapter, charges }) => {
    const { prepared, purchased } = await buyLabel(adapter, await quoteLabel(adapter));
    const { trackingNumber, reference } = purchased;
    const before = charges().length;
    for (const format of ['PNG', 'ZPL', 'PDF'] as const) {
      const file = await adapter.labels!.reprint!({ trackingNumber, reference, prepared }, format, call);
      expect(formatOfFile(file)).toBe(format);
    }
    expect(charges().length).toBe(before);
  });

  rule('charges a signature and insurance with the label, at the quoted price', async ({ adapter }) => {
    const options = { signature: true, insuredValue: { amount: '200.00', currencyCode: 'USD' } };
    const request = { ...rateRequest, options };
    const [quote] = await adapter.quote!([request], call);
    const offer = offerOf(resultOf(quote!));
    const { purchased } = await buyLabel(adapter, toLabelRequest(request, offer));
    expect(purchased).toMatchObject({ price: offer.price, quotedAmount: offer.price });
    expect(purchased.charges.length).toBeGreaterThan(1);
  });

  rule('sells an international label with a customs form, and refuses one without', async (subject) => {
    const { adapter, charges } = subject;
    const labels = adapter.labels!;
    const before = charges().length;
    const withoutForm = { ...internationalRequest, customs: undefined };
    const quotes = await adapter.quote!([internationalRequest, withoutForm], call);
    const [offer, offerWithoutForm] = quotes.map((quote) =>
      offerOf(resultOf(quote), 'PRIORITY_MAIL_INTERNATIONAL'),
    );
    await expect(labels.prepare(toLabelRequest(withoutForm, offerWithoutForm!), call)).rejects.toMatchObject({
      name: 'ProviderError',
      field: ['customs'],
      refused: true,
      hint: expect.any(String),
    });
    expect(charges().length).toBe(before);

    const labelRequest = toLabelRequest(internationalRequest, offer!);
    const { prepared, purchased } = await buyLabel(adapter, labelRequest);
    const form = subject.customsForm ? await subject.customsForm(purchased) : prepared.request;
    expect(JSON.stringify(form)).toContain('Cotton shirt');
    expect(charges().length).toBe(before + 1);
    expect(purchased.quotedAmount).toEqual(offer!.price);
    expect(await readDocument(labels, purchased.label)).toMatch(/^%PDF-/);
    expect(await labels.reconcile(prepared, call)).toMatchObject([
      { trackingNumber: purchased.trackingNumber },
    ]);
    expect(charges().length).toBe(before + 1);
  });

  rule('prices several parcels together, and sells a label with a number for each', async (subject) => {
    const { adapter, charges } = subject;
    const before = charges().length;
    const requests = [[lightParcel], [heavyParcel], [lightParcel, heavyParcel, lightParcel]].map(
      (parcels) => ({ ...rateRequest, parcels }),
    );
    const quotes = await adapter.quote!(requests, call);
    const [light, heavy, all] = quotes.map((quote) => offerOf(resultOf(quote)));
    expect(toCents(all!.price)).toBe(2 * toCents(light!.price) + toCents(heavy!.price));
    expect(all!.charges.reduce((sum, { amount }) => sum + toCents(amount), 0)).toBe(toCents(all!.price));

    const prepared = await adapter.labels!.prepare(toLabelRequest(requests[2]!, all!), call);
    expect(prepared).toHaveLength(3);
    // Parcels that are bought together share one prepared request.
    const attempts = new Map(prepared.map((request) => [request.attemptId, request]));
    const purchased = [];
    for (const attempt of attempts.values()) {
      purchased.push(...(await adapter.labels!.buy(asStored(attempt), call)));
    }
    expect(new Set(purchased.map(({ trackingNumber }) => trackingNumber)).size).toBe(3);
    expect(charges().length).toBe(before + 3);
    expect(purchased.reduce((sum, { quotedAmount }) => sum + toCents(quotedAmount!), 0)).toBe(
      toCents(all!.price),
    );
  });

  rule('treats a lost response as uncertain, and finds the label that was purchased', async (subject) => {
    const { adapter, charges, emulator, paths } = subject;
    const labels = adapter.labels!;
    const before = charges().length;
    const [prepared] = (await labels.prepare(await quoteLabel(adapter), call)).map(asStored);
    emulator.injectFault({ method: 'POST', path: paths.buy, times: 1, drop: 'after' });
    await expect(labels.buy(prepared!, call)).rejects.toMatchObject({ refused: false });
    expect(charges().length).toBe(before + 1);
    const [found] = (await labels.reconcile(prepared!, call))!;
    expect(found!.trackingNumber).toBe(charges().at(-1)!.trackingNumber);
    expect(charges().length).toBe(before + 1);
  });

  rule(
    'treats a 4xx with a known error code as a refusal, and any other failure as uncertain',
    async (subject) => {
      const { adapter, charges, emulator, paths } = subject;
      const labels = adapter.labels!;
      const before = charges().length;
      const [prepared] = (await labels.prepare(await quoteLabel(adapter), call)).map(asStored);
      const error = { code: 'X.Y', message: 'no', errors: [] };
      for (const { status, body, refused } of [
        { status: 400, body: { error, apiVersion: '/x' }, refused: true },
        { status: 400, body: '<html>proxy</html>', refused: false },
        { status: 500, body: { error }, refused: false },
        { status: 408, body: { error }, refused: false },
        { status: 200, body: 'not what was promised', refused: false },
      ]) {
        emulator.injectFault({ method: 'POST', path: paths.buy, times: 1, response: { status, body } });
        const purchase = labels.buy(prepared!, call);
        await expect(purchase, `${status} ${JSON.stringify(body)}`).rejects.toMatchObject({
          name: 'ProviderError',
          refused,
        });
      }
      expect(charges().length).toBe(before);
    },
  );

  rule('voids a label once, even when repeated after a lost response', async (subject) => {
    const { adapter, emulator, paths } = subject;
    const { prepared, purchased } = await buyLabel(adapter, await quoteLabel(adapter));
    const { trackingNumber, reference } = purchased;
    const label = { trackingNumber, reference, prepared };
    emulator.injectFault({ path: paths.void, times: 1, drop: 'after' });
    const first = await adapter.labels!.void!(label, call).catch((error: unknown) => error);
    const second = await adapter.labels!.void!(label, call);
    if (!(first instanceof ProviderError)) expect(second).toEqual(first);
    expect(second.status).toMatch(/^(REQUESTED|REFUNDED)$/);
    expect(second.voided).toBe(second.status === 'REFUNDED');
  });
};
