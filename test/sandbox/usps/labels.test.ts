import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import { s10CheckDigit } from '../../../sandbox/usps/tracking/tracking-numbers.ts';
import { abroad, back, customs, flat, openDesk, outbound, recipient, uuid, type Desk } from './usps-api.ts';

const international = '/international-labels/v3/international-label';
const label = '/labels/v3/label';
const returnLabel = '/labels/v3/return-label';
const day = 86_400_000;

let desk: Desk;
beforeAll(async () => void (desk = await openDesk()));
afterAll(() => desk.usps.close());

const codeOf = async (path: string, body: unknown) => (await desk.ask('POST', path, body)).code;

describe('labels abroad', () => {
  test('come as 201 in parts, with an S10 number and a PDF', async () => {
    const { status, body } = await desk.ask('POST', international, abroad());
    expect(status).toBe(201);
    const metadata = body.labelMetadata;
    expect(metadata).toMatchObject({
      constructCode: 'I01',
      internationalPriceGroup: '01',
      dimensionalWeight: '0.0',
      weightUOM: 'lb',
      mailingDate: '2026-05-28',
    });
    const [, digits, check] = /^[A-Z]{2}(\d{8})(\d)US$/.exec(metadata.internationalTrackingNumber)!;
    expect(s10CheckDigit(digits!)).toBe(check);
    expect(metadata.SKU).toHaveLength(15);
    expect(Buffer.from(body.labelImage, 'base64').toString('latin1')).toMatch(/^%PDF-/);
  });

  test("have the check digit of the document's example", () => {
    expect(s10CheckDigit('00001216')).toBe('2');
  });

  test.each([
    'PRIORITY_MAIL_INTERNATIONAL',
    'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
    'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
  ])('of %s cost what was quoted', async (mailClass) => {
    const services = mailClass.startsWith('FIRST') ? [955] : [930, 955];
    const quoted = await desk.ask('POST', '/shipments/v3/options/search', {
      pricingOptions: [{ priceType: 'COMMERCIAL' }],
      originZIPCode: '63116',
      destinationCountryCode: 'CA',
      packageDescription: {
        mailClass,
        weight: 2,
        length: 10,
        width: 8,
        height: 4,
        extraServices: services,
        packageValue: 300,
      },
    });
    const offers = quoted.body.pricingOptions[0].shippingOptions[0].rateOptions;
    expect(offers.length).toBeGreaterThan(0);
    for (const { rates, totalPrice, totalBasePrice } of offers) {
      const { rateIndicator, processingCategory } = rates[0];
      const order = abroad({
        mailClass,
        rateIndicator,
        processingCategory,
        extraServices: services,
        packageOptions: { packageValue: 300 },
      });
      const { body } = await desk.ask('POST', international, order, flat);
      expect([rateIndicator, body.postage]).toEqual([rateIndicator, totalBasePrice]);
      expect(desk.usps.charges().at(-1)!.amount).toBe(totalPrice);
    }
  });

  test('are refused with the codes of the workbook', async () => {
    const at = (piece: object, more: object = {}) => codeOf(international, abroad(piece, more));
    expect(await at({ mailingDate: '2026-05-27' })).toBe('160001');
    expect(await at({ weight: 67 })).toBe('160272');
    expect(await at({ weight: 1 })).toBe('160205');
    expect(await at({ extraServices: [930] })).toBe('160200');
    expect(await at({ packagingType: 'VARIABLE' })).toBe('160287');
    expect(await at({ rateIndicator: 'E4' })).toBe('030002');
    const { toAddress } = abroad();
    expect(await at({}, { toAddress: { ...toAddress, postalCode: '12345' } })).toBe('160197');
    expect(await at({}, { toAddress: { ...toAddress, countryISOAlpha2Code: 'US' } })).toBe('030013');
    expect(await at({}, { customsForm: customs({}, { itemDescription: 'Gift' }) })).toBe('160050');
    expect(await at({}, { customsForm: customs({}, { countryofOrigin: 'XX' }) })).toBe('160253');
    expect(await at({}, { customsForm: customs({}, { itemTotalWeight: undefined }) })).toBe('160198');
  });

  test('are refused in the words of the gateway, which adds no items here', async () => {
    const { packageDescription: _, ...rest } = abroad();
    const { body } = await desk.ask('POST', international, rest);
    expect(body).toEqual({
      apiVersion: '/international-labels/v3/',
      error: {
        code: '400',
        message:
          'OASValidation OpenAPI-Spec-Validation-International-Labels with resource oas://international-labels-v3.yaml: failed with reason: [ERROR - Object has missing required properties ([packageDescription]): []]',
        errors: [],
      },
    });
    expect(await codeOf(international, abroad({}, { imageInfo: { imageType: 'PNG' } }))).toContain('"PNG"');
  });

  test('are bought once for a key, cancelled, and never refunded after the manifest', async () => {
    const keyed = { ...flat, 'x-idempotency-key': uuid(1) };
    const [one, two] = await Promise.all([1, 2].map(() => desk.ask('POST', international, abroad(), keyed)));
    expect(one!.body).toEqual(two!.body);
    const { status } = await desk.ask('POST', label, outbound(), keyed);
    expect(status).toBe(400);
    const number = one!.body.internationalTrackingNumber;
    expect((await desk.ask('DELETE', `${label}/${number}`)).code).toBe('160185');
    const { body } = await desk.ask('DELETE', international, undefined, { 'x-idempotency-key': uuid(1) });
    expect(body).toEqual({ trackingNumber: number, status: 'CANCELED' });
    expect((await desk.ask('DELETE', `${international}/${number}`)).code).toBe('160186');

    const own = await openDesk();
    const immediate = abroad({ packageOptions: { immediateManifest: true } });
    const other = (await own.ask('POST', international, immediate, flat)).body.internationalTrackingNumber;
    own.clock.advance(16 * 60_000);
    expect((await own.ask('DELETE', `${international}/${other}`)).code).toBe('160277');
    await own.usps.close();
  });

  test('can be tracked', async () => {
    const { body } = await desk.ask('POST', international, abroad(), flat);
    const number = body.internationalTrackingNumber;
    const detail = await desk.ask('GET', `/tracking/v3/tracking/${number}?expand=DETAIL`);
    expect(detail.body).toMatchObject({
      trackingNumber: number,
      destinationCity: 'OTTAWA',
      destinationCountryCode: 'CA',
      statusCategory: 'Pre-Shipment',
    });
  });
});

describe('labels that pass customs at home', () => {
  const apo = {
    ...recipient,
    streetAddress: 'PSC 802 Box 74',
    secondaryAddress: undefined,
    city: 'APO',
    state: 'AE',
    ZIPCode: '09499',
  };
  const guam = { ...recipient, streetAddress: '100 Marine Dr', secondaryAddress: undefined, city: 'Barrigada', state: 'GU', ZIPCode: '96913' }; // prettier-ignore
  const form = { customsForm: customs() };

  test.each([
    ['APO', apo, '160120'],
    ['a territory', guam, '160140'],
  ])('to %s need the form', async (_, toAddress, code) => {
    expect(await codeOf(label, outbound({}, { toAddress }))).toBe(code);
    const { status, body } = await desk.ask('POST', label, outbound({}, { toAddress, ...form }));
    expect(status).toBe(200);
    expect(body.labelMetadata.labelAddress.state).toBe(toAddress.state);
    expect(body.labelImage).toMatch(/^JVBERi0/);
  });

  test('have fewer image types, sizes and services', async () => {
    const at = (piece: object, more: object = {}) =>
      codeOf(label, outbound(piece, { toAddress: apo, ...form, ...more }));
    expect(await at({}, { imageInfo: { imageType: 'PNG' } })).toBe('160024');
    expect(await at({}, { imageInfo: { labelType: '4X5LABEL' } })).toBe('160264');
    expect(await at({ extraServices: [922] })).toBe('160026');
    expect(await at({ extraServices: [921] })).toBe('160130');
    expect(await at({ weight: 1 })).toBe('160021');
    expect(await at({}, { fromAddress: { ...recipient } })).toBe('160023');
    const zpl = outbound(
      {},
      { toAddress: apo, ...form, imageInfo: { imageType: 'ZPL300DPI', receiptOption: 'NONE' } },
    );
    const { body } = await desk.ask('POST', label, zpl);
    expect(Buffer.from(body.labelImage, 'base64').toString()).toMatch(/^\^XA\^MMT/);
  });
});

describe('extra services on labels', () => {
  test.each([
    [[921], undefined, 3.7],
    [[922], undefined, 9.35],
    [[930], 300, 4.05],
    [[931], 700, 9.45],
    [[921, 930], 100, 3.7],
  ])('%j of a value of %s cost %s', async (extraServices, packageValue, price) => {
    const { body } = await desk.ask(
      'POST',
      label,
      outbound({ extraServices, packageOptions: { packageValue } }),
      flat,
    );
    const sum = body.extraServices.reduce((total: number, each: { price: number }) => total + each.price, 0);
    expect(sum).toBeCloseTo(price, 2);
    expect(desk.usps.charges().at(-1)!.amount).toBeCloseTo(body.postage + price, 2);
  });

  test('that a class does not have are refused, and insurance without a value', async () => {
    expect(await codeOf(label, outbound({ extraServices: [991] }))).toBe('160010');
    expect(await codeOf(label, outbound({ extraServices: [930] }))).toBe('160017');
    const express = (code: number) =>
      codeOf(label, outbound({ mailClass: 'PRIORITY_MAIL_EXPRESS', rateIndicator: 'PA', extraServices: [code], packageOptions: { packageValue: 200 } })); // prettier-ignore
    for (const own of [981, 925]) expect(await express(own)).toBe('');
    for (const common of [921, 930, 931]) expect(await express(common)).toBe('160010');
    desk.usps.switches.expressServices = 'any';
    for (const common of [921, 930]) expect(await express(common)).toBe('');
    desk.usps.switches.expressServices = 'own';
  });

  test('and an immediate manifest leaves a quarter of an hour to cancel', async () => {
    const own = await openDesk();
    const order = outbound({ packageOptions: { immediateManifest: true } });
    const { body } = await own.ask('POST', label, order, flat);
    own.clock.advance(16 * 60_000);
    expect((await own.ask('DELETE', `${label}/${body.trackingNumber}`)).body.status).toBe('DISPUTED');
    await own.usps.close();
  });

  test("are charged beside contract prices where the rate holder's account has them", async () => {
    const account = { accountType: 'EPS', accountNumber: client.accountNumber, CRID: client.crid };
    const holder = await openDesk({}, [{ roleName: 'RATE_HOLDER', ...account }]);
    const plain = (await desk.ask('POST', label, outbound(), flat)).body.postage;
    expect((await holder.ask('POST', label, outbound(), flat)).body.postage).toBeLessThan(plain);
    await holder.usps.close();
  });
});

describe('return labels', () => {
  test('come in parts of their own and are not cancelled', async () => {
    const { status, body } = await desk.ask('POST', returnLabel, back());
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['returnLabelMetadata', 'returnLabelImage']);
    expect(body.returnLabelMetadata.labelAddress.firm).toBe('ACME');
    const number = body.returnLabelMetadata.trackingNumber;
    expect((await desk.ask('DELETE', `${label}/${number}`)).code).toBe('160187');
    const one = await desk.ask(
      'POST',
      returnLabel,
      back({}, { imageInfo: { receiptOption: 'SEPARATE_PAGE' } }),
      flat,
    );
    expect(one.body).toMatchObject({
      trackingNumber: expect.stringMatching(/^\d{22}$/),
      returnReceiptImage: expect.stringMatching(/^JVBERi0/),
    });
  });

  test('are closed to outbound classes and to who is not enrolled', async () => {
    expect(await codeOf(returnLabel, back({ mailClass: 'PRIORITY_MAIL' }))).toContain('OASValidation');
    const poor = await openDesk({ clients: [{ ...client, withoutReturns: true }] });
    expect((await poor.ask('POST', returnLabel, back())).code).toBe('160304');
    await poor.usps.close();
  });
});

describe('reprints', () => {
  const reprint = '/labels/v3/label-reprint';
  const body = (imageType = 'PDF') => ({ imageInfo: { imageType } });

  test('are three, in other image types too, by the number or by the key', async () => {
    const keyed = { ...flat, 'x-idempotency-key': uuid(2) };
    const { trackingNumber } = (await desk.ask('POST', label, outbound(), keyed)).body;
    const first = await desk.ask('POST', `${reprint}/${trackingNumber}`, body('PNG'));
    expect(Object.keys(first.body)).toEqual(['labelMetadata', 'labelImage', 'reprintInfo']);
    expect(first.body.labelImage).toMatch(/^iVBOR/);
    const second = await desk.ask('POST', reprint, body('ZPL203DPI'), keyed);
    expect(second.body).toMatchObject({
      labelMetadata: { trackingNumber },
      reprintInfo: { reprintNumber: 2, reprintLimit: 3 },
    });
    await desk.ask('POST', `${reprint}/${trackingNumber}`, {});
    expect((await desk.ask('POST', `${reprint}/${trackingNumber}`, body())).code).toBe('160382');
    expect(desk.usps.labels().filter((each) => each.trackingNumber === trackingNumber)).toHaveLength(1);
  });

  test('end with the mailing date, a cancellation, and at the counter of another API', async () => {
    const own = await openDesk();
    const buy = async () => (await own.ask('POST', label, outbound(), flat)).body.trackingNumber as string;
    const [kept, cancelled] = [await buy(), await buy()];
    await own.ask('DELETE', `${label}/${cancelled}`);
    const at = async (path: string) => (await own.ask('POST', path, body())).code;
    expect(await at(`${reprint}/${cancelled}`)).toBe('160379');
    expect(await at(`/international-labels/v3/international-label-reprint/${kept}`)).toBe('160378');
    const far = (await own.ask('POST', international, abroad(), flat)).body.internationalTrackingNumber;
    const again = await own.ask(
      'POST',
      `/international-labels/v3/international-label-reprint/${far}`,
      body(),
    );
    expect(again.body.reprintInfo.reprintNumber).toBe(1);
    own.clock.advance(day);
    await own.renew();
    expect(await at(`${reprint}/${kept}`)).toBe('160381');
    await own.usps.close();
  });

  test('print a return label as one', async () => {
    const { trackingNumber } = (await desk.ask('POST', returnLabel, back(), flat)).body;
    const { body: parts } = await desk.ask('POST', `${reprint}/${trackingNumber}`, body());
    expect(Object.keys(parts)).toEqual(['returnLabelMetadata', 'returnLabelImage', 'reprintInfo']);
  });
});
