import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Address } from '../../../src/domain/address.ts';
import { receiver } from '../../support/test-server.ts';
import {
  bodyOf,
  buyLabel,
  call,
  customs,
  heavyParcel,
  labelRequestFor,
  openForTest,
  openUsps,
  ottawa,
  returnRequest,
  smallParcel,
  type UspsSubject,
} from './support.ts';

describe('USPS labels', () => {
  let subject: UspsSubject;
  beforeAll(async () => void (subject = await openUsps()));
  afterAll(() => subject.close());

  it('are bought one a call, and name the parcel at fault', async () => {
    const prepared = await subject.adapter.labels!.prepare(
      await labelRequestFor(subject, { parcels: [smallParcel, heavyParcel] }),
      call,
    );
    expect(new Set(prepared.map(({ attemptId }) => attemptId)).size).toBe(2);
    const body = { apiVersion: '/labels/v3', error: { code: '400', message: 'Bad Request', errors: [{ code: '160098', detail: 'Weight', source: { parameter: 'packageDescription.weight, packageDescription.mailClass' } }] } }; // prettier-ignore
    subject.emulator.injectFault({
      method: 'POST',
      path: /\/label$/,
      times: 1,
      response: { status: 400, body },
    });
    await expect(subject.adapter.labels!.buy(prepared[1]!, call)).rejects.toMatchObject({
      field: ['parcels', '1', 'weight'],
    });
  });

  it('of several parcels say which one each is on', async () => {
    const piecesOf = async (parcels: (typeof smallParcel)[]) => {
      const prepared = await subject.adapter.labels!.prepare(
        await labelRequestFor(subject, { parcels }),
        call,
      );
      return prepared.map((each) => {
        const { imageInfo } = bodyOf<{ imageInfo: { packageNumber?: number; totalPackages?: number } }>(each);
        return [imageInfo.packageNumber, imageInfo.totalPackages];
      });
    };
    expect(await piecesOf([smallParcel, heavyParcel])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(await piecesOf([smallParcel])).toEqual([[undefined, undefined]]);
  });

  it('are refused more than 7 days ahead, though rates are quoted for a month ahead', async () => {
    await buyLabel(subject, await labelRequestFor(subject, { shipDate: '2026-11-25' }));
    const labelRequest = await labelRequestFor(subject, { shipDate: '2026-11-26' });
    await expect(buyLabel(subject, labelRequest)).rejects.toMatchObject({
      providerCode: '160001',
      field: ['shipDate'],
      hint: expect.stringContaining('7 days ahead'),
    });
  });

  it('are addressed to a company and a person, whose name may have one word', async () => {
    const addressee = async (to: Partial<Address>) => {
      const { prepared } = await buyLabel(
        subject,
        await labelRequestFor(subject, { to: { ...receiver, ...to } }),
      );
      return bodyOf<{ toAddress: object }>(prepared).toAddress;
    };
    expect(await addressee({ name: 'Cher', company: 'Acme' })).toMatchObject({
      firstName: 'Cher',
      firm: 'Acme',
    });
    expect(await addressee({ name: 'Cher' })).toMatchObject({ firm: 'Cher' });
    expect(await addressee({ name: 'Rita Mae Receiver', company: 'Acme' })).toMatchObject({ firstName: 'Rita Mae', lastName: 'Receiver', firm: 'Acme' }); // prettier-ignore
  });

  it.each<[string, Partial<Address>, string]>([
    ['a company of 51 characters', { company: 'x'.repeat(51) }, 'company'],
    ['a name with a word of 51 characters', { name: `Rita ${'x'.repeat(51)}` }, 'name'],
    [
      'a name of more than two times 50 characters',
      { name: `${'x'.repeat(50)} y ${'x'.repeat(50)}` },
      'name',
    ],
    ['a name in Chinese characters', { name: '王小明' }, 'name'],
    ['a street in Cyrillic letters', { street1: '1 ул. Ленина' }, 'street1'],
    ['a phone number with an extension', { phone: '(415) 555-0100 x 89' }, 'phone'],
    ['a phone number of 16 digits', { phone: '+4930901820123456' }, 'phone'],
    ['an email that USPS has no letters for', { email: "o'brien@example.com" }, 'email'],
    ['an email of 51 characters', { email: `${'x'.repeat(39)}@example.com` }, 'email'],
  ])('with %s are refused by its path before a call, and not cut', async (_, contact, field) => {
    const labelRequest = await labelRequestFor(subject);
    const before = subject.emulator.calls.length;
    for (const role of ['to', 'from'] as const) {
      const changed = { ...labelRequest, [role]: { ...labelRequest[role], ...contact } };
      await expect(subject.adapter.labels!.prepare(changed, call)).rejects.toMatchObject({
        code: 'REJECTED',
        field: [role, field],
        hint: expect.any(String),
      });
    }
    expect(subject.emulator.calls.length).toBe(before);
  });

  it('hold long names and references in full: a name in two parts, a reference in several', async () => {
    const [first, last] = ['Ánna María '.repeat(4).trim(), 'de la Vega y Fuentes '.repeat(2).trim()];
    const reference = '6c1e94d2-6a5b-4c68-9d2b-1c1f6f0b7a11';
    const labelRequest = await labelRequestFor(subject, { to: { ...receiver, name: `${first} ${last}`, phone: '+49 30 901820' } }); // prettier-ignore
    const { prepared } = await buyLabel(subject, { ...labelRequest, reference });
    const { toAddress, packageDescription } = bodyOf<any>(prepared);
    expect(`${toAddress.firstName} ${toAddress.lastName}`).toBe(`${first} ${last}`);
    expect(toAddress.phone).toBe('+4930901820');
    const references = packageDescription.customerReference.map((each: any) => each.referenceNumber);
    expect(references.join('')).toBe(reference);
    await expect(
      subject.adapter.labels!.prepare(
        { ...(await labelRequestFor(subject, { to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL')), reference: 'x'.repeat(61) },
        call,
      ),
    ).rejects.toMatchObject({ field: ['reference'] });
  }); // prettier-ignore

  it('are quoted again when the quote is older than 15 minutes, and refused above the maximum price', async () => {
    const subject = await openForTest();
    const labelRequest = await labelRequestFor(subject);
    const { offer } = labelRequest;
    const cents = { amount: '0.05', currencyCode: 'USD' };
    const searches = () => subject.emulator.count('POST', /\/options\//);
    subject.clock.advance(15 * 60_000);
    await subject.adapter.labels!.prepare({ ...labelRequest, maxPrice: cents }, call);
    expect(searches()).toBe(1);
    subject.clock.advance(1);
    const [prepared] = await subject.adapter.labels!.prepare(labelRequest, call);
    expect(searches()).toBe(2);
    expect(await subject.adapter.labels!.buy(prepared!, call)).toMatchObject([{ quotedAmount: offer.price }]);
    await expect(
      subject.adapter.labels!.prepare({ ...labelRequest, maxPrice: cents }, call),
    ).rejects.toMatchObject({
      code: 'PRICE_CHANGED',
      message: expect.stringContaining(offer.price.amount),
      hint: expect.stringContaining('maxPrice'),
    });
    const published = {
      ...labelRequest,
      maxPrice: cents,
      offer: { ...offer, priceType: 'CONTRACT' as const },
    };
    await expect(subject.adapter.labels!.prepare(published, call)).rejects.toMatchObject({
      code: 'PRICE_CHANGED',
      message: expect.stringContaining('found no contract price'),
    });
    const withdrawn = {
      ...labelRequest,
      offer: { ...labelRequest.offer, service: { code: 'PONY', name: 'Pony Express' } },
    };
    await expect(subject.adapter.labels!.prepare(withdrawn, call)).rejects.toMatchObject({
      code: 'REJECTED',
    });
    expect(searches()).toBe(5);
    expect(subject.emulator.charges()).toHaveLength(1);
  });

  it('are reprinted when the image is unreadable, three times at most', async () => {
    const { adapter, emulator } = subject;
    for (const labelRequest of [
      await labelRequestFor(subject, {}),
      await labelRequestFor(subject, { to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL'),
      await labelRequestFor(subject, returnRequest),
    ]) {
      const { prepared, trackingNumber, price } = await buyLabel(subject, { ...labelRequest, format: 'ZPL' });
      const body = { labelMetadata: { trackingNumber, postage: 1 }, labelImage: 'no image' };
      emulator.injectFault({ method: 'POST', path: /label$/, times: 1, response: { status: 200, body } });
      const [again] = (await adapter.labels!.reconcile(prepared, call))!;
      expect(again).toMatchObject({ trackingNumber, price: { currencyCode: price?.currencyCode } });
      const { source } = again!.label as { source: string };
      for (const _ of [1, 2, 3]) {
        const file = await adapter.labels!.fetchDocument!(source, call);
        expect(Buffer.from(file).toString()).toMatch(/^\^XA/);
      }
      await expect(adapter.labels!.fetchDocument!(source, call)).rejects.toMatchObject({
        providerCode: '160382',
      });
    }
  });

  it('are reprinted within the limits of USPS, which the failure names', async () => {
    const subject = await openForTest();
    const labels = subject.adapter.labels!;
    const bought = await buyLabel(subject, await labelRequestFor(subject));
    const abroad = await buyLabel(subject, await labelRequestFor(subject, { to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL')); // prettier-ignore
    const voided = await buyLabel(subject, await labelRequestFor(subject));
    await labels.void!(voided, call);

    await expect(labels.reprint!(abroad, 'PNG', call)).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['format'],
    });
    const hint = expect.stringContaining('three times, until its mailing date');
    await expect(labels.reprint!(voided, 'ZPL', call)).rejects.toMatchObject({
      providerCode: '160379',
      hint,
    });
    for (const format of ['ZPL', 'PNG', 'PDF'] as const) await labels.reprint!(bought, format, call);
    await expect(labels.reprint!(bought, 'ZPL', call)).rejects.toMatchObject({
      providerCode: '160382',
      hint,
    });
    subject.clock.advance(24 * 60 * 60 * 1000);
    await expect(labels.reprint!(abroad, 'ZPL', call)).rejects.toMatchObject({
      providerCode: '160381',
      hint,
    });
  });

  it.each<[string, object, object]>([
    ['a price that is null', { postage: null }, { price: undefined }],
    ['a price that is ""', { postage: '' }, { price: undefined }],
    ['a price with a comma', { postage: '9,40' }, { price: undefined }],
    ['an extra service without a price', { postage: 9.4, extraServices: [{ name: 'Insurance', price: null }] }, { price: undefined, charges: [{ name: 'Postage' }] }],
    ['fees that are no list', { postage: 9.4, fees: 'none' }, { price: undefined }],
    ['a price in digits', { postage: '9.40', fees: null }, { price: { amount: '9.40' }, quotedAmount: { amount: '9.40' } }],
    ['nothing to pay', { postage: 0 }, { price: { amount: '0.00' } }],
  ])('stay bought with %s', async (_, metadata, expected) => {
    const { adapter, emulator } = subject;
    const [prepared] = await adapter.labels!.prepare(await labelRequestFor(subject), call);
    const body = { labelMetadata: { trackingNumber: '9205500000000000000001', ...metadata }, labelImage: '' };
    emulator.injectFault({ method: 'POST', path: /label$/, times: 1, response: { status: 200, body } });
    const [label] = await adapter.labels!.buy(prepared!, call);
    expect(label).toMatchObject({ trackingNumber: '9205500000000000000001', ...expected });
  }); // prettier-ignore

  it('are proven not to exist by a refusal only while the mailing date is valid', async () => {
    const subject = await openForTest();
    const { adapter, emulator, clock } = subject;
    const [prepared] = await adapter.labels!.prepare(await labelRequestFor(subject), call);
    const body = { apiVersion: '/labels/v3', error: { code: '400', message: 'Bad Request', errors: [{ code: '160001', detail: 'mailingDate' }] } }; // prettier-ignore
    emulator.injectFault({ method: 'POST', path: /\/label$/, response: { status: 400, body } });
    expect(await adapter.labels!.reconcile(prepared!, call)).toBeUndefined();
    clock.advance(24 * 60 * 60 * 1000);
    await expect(adapter.labels!.reconcile(prepared!, call)).rejects.toMatchObject({ code: 'REJECTED' });
  });
});
