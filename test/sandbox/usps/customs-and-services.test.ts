import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import { customs, flat, openApiClient, labelRequest, recipient, type ApiClient } from './usps-api.ts';

const label = '/labels/v3/label';

let api: ApiClient;
beforeAll(async () => void (api = await openApiClient()));
afterAll(() => api.usps.close());

const codeOf = async (path: string, body: unknown) => (await api.request('POST', path, body)).code;

describe('domestic labels that pass customs', () => {
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
  ])('to %s require a customs form', async (_, toAddress, code) => {
    expect(await codeOf(label, labelRequest({}, { toAddress }))).toBe(code);
    const { status, body } = await api.request('POST', label, labelRequest({}, { toAddress, ...form }));
    expect(status).toBe(200);
    expect(body.labelMetadata.labelAddress.state).toBe(toAddress.state);
    expect(body.labelImage).toMatch(/^JVBERi0/);
  });

  test('print the lines of the form, and the services at the door', async () => {
    const imageInfo = { imageType: 'ZPL203DPI', receiptOption: 'NONE' };
    const { body } = await api.request(
      'POST',
      label,
      labelRequest({}, { toAddress: apo, ...form, imageInfo }),
    );
    const zpl = Buffer.from(body.labelImage, 'base64').toString();
    expect(zpl).toContain('2 Cotton shirt 610510 US $40.00');
    const signed = labelRequest(
      { extraServices: [921, 930], packageOptions: { packageValue: 300 } },
      { imageInfo: { ...imageInfo, packageNumber: 1, totalPackages: 3 } },
    );
    const printed = Buffer.from(
      (await api.request('POST', label, signed)).body.labelImage,
      'base64',
    ).toString();
    expect(printed).toContain('SIGNATURE CONFIRMATION - INSURED $300.00');
    expect(printed).toContain('1 of 3');
  });

  test('require category and subcategory of a line without a tariff number', async () => {
    const at = (item: object) =>
      codeOf(label, labelRequest({}, { toAddress: apo, customsForm: customs({}, item) }));
    const blank = { HSTariffNumber: undefined };
    expect(await at(blank)).toBe('160055');
    expect(await at({ ...blank, itemCategory: 'Apparel' })).toBe('160055');
    expect(await at({ ...blank, itemCategory: 'Apparel', itemSubcategory: 'Shirts' })).toBe('');
  });

  test('support fewer image types, sizes and extra services', async () => {
    const at = (piece: object, more: object = {}) =>
      codeOf(label, labelRequest(piece, { toAddress: apo, ...form, ...more }));
    expect(await at({}, { imageInfo: { imageType: 'PNG' } })).toBe('160024');
    expect(await at({}, { imageInfo: { labelType: '4X5LABEL' } })).toBe('160264');
    expect(await at({ extraServices: [922] })).toBe('160026');
    expect(await at({ extraServices: [921] })).toBe('160130');
    expect(await at({ weight: 1 })).toBe('160021');
    expect(await at({}, { fromAddress: { ...recipient } })).toBe('160023');
    const zpl = labelRequest(
      {},
      { toAddress: apo, ...form, imageInfo: { imageType: 'ZPL300DPI', receiptOption: 'NONE' } },
    );
    const { body } = await api.request('POST', label, zpl);
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
  ])('%j for a value of %s dollars cost %s dollars', async (extraServices, packageValue, price) => {
    const { body } = await api.request(
      'POST',
      label,
      labelRequest({ extraServices, packageOptions: { packageValue } }),
      flat,
    );
    const sum = body.extraServices.reduce((total: number, each: { price: number }) => total + each.price, 0);
    expect(sum).toBeCloseTo(price, 2);
    expect(api.usps.charges().at(-1)!.amount).toBeCloseTo(body.postage + price, 2);
  });

  test('fail for a mail class without them, and insurance fails without a value', async () => {
    expect(await codeOf(label, labelRequest({ extraServices: [991] }))).toBe('160010');
    expect(await codeOf(label, labelRequest({ extraServices: [930] }))).toBe('160017');
    const express = (code: number) =>
      codeOf(label, labelRequest({ mailClass: 'PRIORITY_MAIL_EXPRESS', rateIndicator: 'PA', extraServices: [code], packageOptions: { packageValue: 200 } })); // prettier-ignore
    for (const own of [981, 925]) expect(await express(own)).toBe('');
    for (const common of [921, 930, 931]) expect(await express(common)).toBe('160010');
    api.usps.switches.expressServices = 'any';
    for (const common of [921, 930]) expect(await express(common)).toBe('');
    api.usps.switches.expressServices = 'own';
  });

  test('and an immediate manifest allow a cancellation for 15 minutes', async () => {
    const own = await openApiClient();
    const order = labelRequest({ packageOptions: { immediateManifest: true } });
    const { body } = await own.request('POST', label, order, flat);
    own.clock.advance(16 * 60_000);
    expect((await own.request('DELETE', `${label}/${body.trackingNumber}`)).body.status).toBe('DISPUTED');
    await own.usps.close();
  });

  test("are charged at contract prices when the rate holder's account has a contract", async () => {
    const account = { accountType: 'EPS', accountNumber: client.accountNumber, CRID: client.crid };
    const holder = await openApiClient({}, [{ roleName: 'RATE_HOLDER', ...account }]);
    const plain = (await api.request('POST', label, labelRequest(), flat)).body.postage;
    expect((await holder.request('POST', label, labelRequest(), flat)).body.postage).toBeLessThan(plain);
    await holder.usps.close();
  });
});
