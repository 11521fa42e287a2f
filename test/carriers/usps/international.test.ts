import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { countryMaximum } from '../../../sandbox/usps/international-labels/weight-limits.ts';
import { toLineWeights } from '../../../src/carriers/usps/labels/customs-form.ts';
import { createUsps } from '../../../src/carriers/usps/client.ts';
import { meaningOf } from '../../../src/carriers/usps/error-codes.ts';
import { reprintSource } from '../../../src/carriers/usps/labels/reprint-source.ts';
import { fetchReprint } from '../../../src/carriers/usps/labels/reprint.ts';
import { isWithinLimits } from '../../../src/carriers/usps/rates/international-limits.ts';
import { countryCodes } from '../../../src/domain/codes.ts';
import { weightIn } from '../../../src/domain/measure.ts';
import type { Parcel } from '../../../src/domain/parcel.ts';
import type { RateRequest } from '../../../src/domain/rate.ts';
import {
  bodyOf,
  buyLabel,
  call,
  customs,
  insured,
  labelRequestFor,
  militaryPost,
  openForTest,
  openUsps,
  ottawa,
  quoteOffers,
  smallParcel,
  type UspsSubject,
} from './support.ts';

describe('USPS international rates', () => {
  let subject: UspsSubject;
  beforeAll(async () => void (subject = await openUsps()));
  afterAll(() => subject.close());

  it('have three services, with insurance where labels accept it', async () => {
    const services = async (options?: RateRequest['options']) =>
      (await quoteOffers(subject, { to: ottawa, options })).map(({ service }) => service);
    const all = [
      {
        code: 'FIRST_CLASS_PACKAGE_INTERNATIONAL_SERVICE',
        name: 'First-Class Package International Service',
        providerCode: 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
      },
      { code: 'PRIORITY_MAIL_INTERNATIONAL', name: 'Priority Mail International' },
      { code: 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL', name: 'Priority Mail Express International' },
    ];
    expect(await services()).toMatchObject(all);
    expect(await services(insured('300.00'))).toMatchObject(all.slice(1));
    for (const option of ['signature', 'adultSignature', 'saturdayDelivery']) {
      await expect(services({ [option]: true })).rejects.toMatchObject({ field: ['options', option] });
    }
    const tooHeavy = { ...smallParcel, weight: { value: 69, unit: 'POUND' as const } };
    await expect(
      quoteOffers(subject, { to: ottawa, parcels: [smallParcel, tooHeavy] }),
    ).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['parcels', '1'],
    });
    const changes = { to: ottawa, customs, options: insured('300.00') };
    const labelRequest = await labelRequestFor(subject, changes, 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL');
    const purchased = await buyLabel(subject, labelRequest);
    expect(purchased.price).toEqual(labelRequest.offer.price);
    expect(purchased.charges.map(({ name }) => name)).toEqual(['Postage', 'Insurance <= $500']);
  });
});

describe('USPS international limits', () => {
  const inches = (length: number, width: number, height: number, pounds: number): Parcel => ({
    weight: { value: pounds, unit: 'POUND' },
    dimensions: { length, width, height, unit: 'INCH' },
  });
  const quebec = { ...ottawa, city: 'Mercier', state: 'QC', postalCode: 'J6R 5B4' };
  const firstClass = 'FIRST_CLASS_PACKAGE_INTERNATIONAL_SERVICE';
  const priority = 'PRIORITY_MAIL_INTERNATIONAL';

  it.each<[string, Parcel, string[]]>([
    ['24 inches long', inches(4, 24, 4, 2), [firstClass, priority]],
    ['25 inches long', inches(25, 4, 4, 2), [priority]],
    ['36 inches in length, width and height', inches(12, 12, 12, 2), [firstClass, priority]],
    ['37 inches in length, width and height', inches(13, 12, 12, 2), [priority]],
    ['of 66 pounds', inches(12, 12, 12, 66), [priority]],
  ])('are checked when quoting: to Canada, a parcel %s is offered what its label is sold for', async (_, parcel, codes) => {
    const subject = await openForTest();
    const changes = { to: quebec, parcels: [parcel], customs };
    const offers = await quoteOffers(subject, changes);
    expect(offers.map(({ service }) => service.code).filter((code) => code !== 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL')).toEqual(codes);
    for (const code of codes) await buyLabel(subject, await labelRequestFor(subject, changes, code));
    expect(subject.emulator.charges()).toHaveLength(codes.length);
  }); // prettier-ignore

  it.each<[string, number, string]>([
    [priority, 66, 'CA'],
    [priority, 44, 'MX'],
    [priority, 22, 'BS'],
    [priority, 66, 'JE'],
    [priority, 70, 'DE'],
    ['PRIORITY_MAIL_EXPRESS_INTERNATIONAL', 33, 'TW'],
    ['PRIORITY_MAIL_EXPRESS_INTERNATIONAL', 44, 'AU'],
    ['PRIORITY_MAIL_EXPRESS_INTERNATIONAL', 70, 'IN'],
    ['FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE', 4, 'MX'],
  ])('hold by class and country: %s takes %d lb to %s, and no more', (mailClass, pounds, country) => {
    const measures = { length: 12, width: 12, height: 12 };
    expect(isWithinLimits(mailClass, { ...measures, weight: pounds }, country)).toBe(true);
    expect(isWithinLimits(mailClass, { ...measures, weight: pounds + 0.1 }, country)).toBe(false);
    expect(isWithinLimits(priority, { ...measures, weight: 1, length: 61 }, country)).toBe(false);
  });

  it('are those that USPS sells labels within, in every country', () => {
    for (const mailClass of [priority, 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL']) {
      for (const country of countryCodes) {
        const weight = countryMaximum(mailClass, country) ?? 70;
        const fits = (pounds: number) =>
          isWithinLimits(mailClass, { weight: pounds, length: 12, width: 12, height: 12 }, country);
        expect([mailClass, country, fits(weight), fits(weight + 0.1)]).toEqual([mailClass, country, true, false]); // prettier-ignore
      }
    }
  });

  it('leave a parcel that is too heavy for its country without an offer, which no label is sold for', async () => {
    const subject = await openForTest();
    const mexico = { ...ottawa, city: 'Guadalajara', state: 'JAL', postalCode: '44100', country: 'MX' };
    const changes = (pounds: number) => ({ to: mexico, parcels: [inches(12, 12, 12, pounds)], customs });
    const label = await labelRequestFor(subject, changes(44), priority);
    await buyLabel(subject, label);
    await expect(quoteOffers(subject, changes(45))).rejects.toMatchObject({ hint: expect.stringContaining('limits') }); // prettier-ignore
    const heavier = { ...label.request, parcels: changes(45).parcels };
    await expect(buyLabel(subject, { ...label, request: heavier })).rejects.toMatchObject({
      providerCode: '160054',
    });
  });

  it('are no circle where USPS refuses what it offered: the hint names another service', () => {
    expect(meaningOf('160054')?.hint).toMatch(/another of the services/);
  });
});

describe('USPS international labels', () => {
  it('don’t print what the sender paid, nor do their reprints', async () => {
    const subject = await openForTest();
    const label = await labelRequestFor(subject, { to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL');
    const { prepared, trackingNumber } = await buyLabel(subject, label);
    expect(bodyOf<{ imageInfo: object }>(prepared).imageInfo).toMatchObject({ suppressPostage: true });
    const sent: unknown[] = [];
    const usps = createUsps(
      subject.emulator.url,
      async ({ body }) => {
        sent.push(JSON.parse(body!));
        return { status: 200, headers: {}, body: Buffer.from('{"labelImage":"JVBERi0xLjQ="}') };
      },
      subject.clock,
    );
    await fetchReprint(usps, reprintSource(trackingNumber!, 'PDF'), call);
    expect(sent).toMatchObject([{ imageInfo: { suppressPostage: true } }]);
  });
});

describe('USPS customs forms', () => {
  let subject: UspsSubject;
  beforeAll(async () => void (subject = await openUsps()));
  afterAll(() => subject.close());

  it('are printed as PDF or ZPL for any destination', async () => {
    const international = await labelRequestFor(
      subject,
      { to: ottawa, customs },
      'PRIORITY_MAIL_INTERNATIONAL',
    );
    const domestic = await labelRequestFor(subject, { to: militaryPost, customs });
    for (const labelRequest of [international, domestic]) {
      await expect(
        subject.adapter.labels!.prepare({ ...labelRequest, format: 'PNG' }, call),
      ).rejects.toMatchObject({
        field: ['label', 'format'],
      });
      const { label } = await buyLabel(subject, { ...labelRequest, format: 'ZPL' });
      expect(Buffer.from((label as { data: Uint8Array }).data).toString()).toMatch(/^\^XA/);
    }
  });

  it('are required for a military post, with the sender as the company and without signature', async () => {
    const { labels } = subject.adapter;
    await expect(
      labels!.prepare(await labelRequestFor(subject, { to: militaryPost }), call),
    ).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['customs'],
    });
    const { prepared } = await buyLabel(
      subject,
      await labelRequestFor(subject, { to: militaryPost, customs }),
    );
    const sent = bodyOf(prepared);
    expect(sent).toMatchObject({
      fromAddress: { firstName: 'Sally', lastName: 'Sender', firm: 'Sally Sender' },
      packageDescription: { packageOptions: { nonDeliveryOption: 'RETURN' } },
      customsForm: { customsContentType: 'GIFT', contents: [{ itemTotalWeight: 1 }] },
    });
    for (const [options, field] of [
      [{ signature: true }, ['options', 'signature']],
      [{ adultSignature: true }, ['options', 'adultSignature']],
      [insured('501.00'), ['options', 'insuredValue']],
    ] as const) {
      await expect(quoteOffers(subject, { to: militaryPost, options })).rejects.toMatchObject({ field });
    }
  });

  it.each([
    ['a meaningless description', { description: 'Gift' }, {}, ['items', '0', 'description']],
    [
      'a description that the form has no room for',
      { description: 'Shirt of cotton, long sleeves, blue' },
      {},
      ['items', '0', 'description'],
    ],
    ['a description in Chinese characters', { description: '棉衬衫' }, {}, ['items', '0', 'description']],
    ['too many items in a line', { quantity: 10_000 }, {}, ['items', '0', 'quantity']],
    [
      'another currency',
      { totalValue: { amount: '4.00', currencyCode: 'EUR' } },
      {},
      ['items', '0', 'totalValue', 'currencyCode'],
    ],
    [
      'an export that must be filed',
      { totalValue: { amount: '2500.01', currencyCode: 'USD' } },
      {},
      ['eelPfc'],
    ],
    ['an export number that is too long', {}, { eelPfc: 'X'.repeat(36) }, ['eelPfc']],
  ])('are refused with %s', async (_, item, more, field) => {
    const declared = { ...customs, items: [{ ...customs.items[0]!, ...item }], ...more };
    const labelRequest = await labelRequestFor(
      subject,
      { to: ottawa, customs: declared },
      'PRIORITY_MAIL_INTERNATIONAL',
    );
    const before = subject.emulator.calls.length;
    await expect(subject.adapter.labels!.prepare(labelRequest, call)).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['customs', ...field],
      hint: expect.any(String),
    });
    expect(subject.emulator.calls.length).toBe(before);
  });

  it('require the Harmonized System number where USPS does not look it up', async () => {
    const { emulator } = subject;
    const declare = (hsTariffNumber?: string) => ({ to: militaryPost, customs: { ...customs, items: [{ ...customs.items[0]!, hsTariffNumber }] } }); // prettier-ignore
    await expect(buyLabel(subject, await labelRequestFor(subject, declare()))).rejects.toMatchObject({
      providerCode: '160055',
      field: ['customs', 'items'],
      hint: expect.stringContaining('Harmonized System'),
    });
    await buyLabel(subject, await labelRequestFor(subject, declare('6109.10')));
    emulator.switches.missingTariff = 'looked-up';
    await buyLabel(subject, await labelRequestFor(subject, declare()));
    emulator.switches.missingTariff = 'error';
  });

  it('have the number of the export filing, or the exemption for low values', async () => {
    const exportNumberOf = async (eelPfc?: string) => {
      const labelRequest = await labelRequestFor(subject, { to: ottawa, customs: { ...customs, eelPfc } }, 'PRIORITY_MAIL_INTERNATIONAL'); // prettier-ignore
      const [prepared] = await subject.adapter.labels!.prepare(labelRequest, call);
      return bodyOf<{ customsForm: { AESITN: string } }>(prepared!).customsForm.AESITN;
    };
    expect(await exportNumberOf()).toBe('NO EEI 30.37(a)');
    expect(await exportNumberOf('NOEEI 30.36')).toBe('NO EEI 30.36');
    expect(await exportNumberOf('AES X20260101123456')).toBe('X20260101123456');
    expect(await exportNumberOf('AES ITN: X20260101123456')).toBe('X20260101123456');
  });

  it('declare lines that together weigh no more than the parcel, in any unit', () => {
    fc.assert(
      fc.property(
        fc.record({ value: fc.double({ min: 0.0001, max: 30_000, noNaN: true }), unit: fc.constantFrom('GRAM' as const, 'OUNCE' as const) }),
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 }),
        ({ value, unit }, shares) => {
          const total = shares.reduce((sum, share) => sum + share, 0);
          const lines = shares.map((share) => ({ value: (value * share) / total, unit }));
          const parcel = weightIn({ value, unit }, 'POUND', '0.0001');
          const pounds = toLineWeights(lines, parcel);
          expect(pounds.every((weight) => weight > 0)).toBe(true);
          expect(pounds.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(parcel);
        },
      ),
    );
    expect(toLineWeights([{ value: 1, unit: 'OUNCE' }], 1)).toEqual([0.0625]);
  }); // prettier-ignore
});
