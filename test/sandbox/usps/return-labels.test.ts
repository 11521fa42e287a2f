import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import {
  internationalRequest,
  returnRequest,
  flat,
  openApiClient,
  labelRequest,
  uuid,
  type ApiClient,
} from './usps-api.ts';

const international = '/international-labels/v3/international-label';
const label = '/labels/v3/label';
const returnLabel = '/labels/v3/return-label';
const day = 86_400_000;

let api: ApiClient;
beforeAll(async () => void (api = await openApiClient()));
afterAll(() => api.usps.close());

const codeOf = async (path: string, body: unknown) => (await api.request('POST', path, body)).code;

describe('return labels', () => {
  test('have part names of their own and cannot be canceled', async () => {
    const { status, body } = await api.request('POST', returnLabel, returnRequest());
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['returnLabelMetadata', 'returnLabelImage']);
    expect(body.returnLabelMetadata.labelAddress.firm).toBe('ACME');
    const number = body.returnLabelMetadata.trackingNumber;
    expect((await api.request('DELETE', `${label}/${number}`)).code).toBe('160187');
    const one = await api.request(
      'POST',
      returnLabel,
      returnRequest({}, { imageInfo: { receiptOption: 'SEPARATE_PAGE' } }),
      flat,
    );
    expect(one.body).toMatchObject({
      trackingNumber: expect.stringMatching(/^\d{22}$/),
      returnReceiptImage: expect.stringMatching(/^JVBERi0/),
    });
  });

  test('fail for outbound mail classes and for clients that are not enrolled', async () => {
    expect(await codeOf(returnLabel, returnRequest({ mailClass: 'PRIORITY_MAIL' }))).toContain(
      'OASValidation',
    );
    const poor = await openApiClient({ clients: [{ ...client, withoutReturns: true }] });
    expect((await poor.request('POST', returnLabel, returnRequest())).code).toBe('160304');
    await poor.usps.close();
  });
});

describe('reprints', () => {
  const reprint = '/labels/v3/label-reprint';
  const body = (imageType = 'PDF') => ({ imageInfo: { imageType } });

  test('are limited to three, by tracking number or idempotency key, in any image type', async () => {
    const keyed = { ...flat, 'x-idempotency-key': uuid(2) };
    const { trackingNumber } = (await api.request('POST', label, labelRequest(), keyed)).body;
    const first = await api.request('POST', `${reprint}/${trackingNumber}`, body('PNG'));
    expect(Object.keys(first.body)).toEqual(['labelMetadata', 'labelImage', 'reprintInfo']);
    expect(first.body.labelImage).toMatch(/^iVBOR/);
    const second = await api.request('POST', reprint, body('ZPL203DPI'), keyed);
    expect(second.body).toMatchObject({
      labelMetadata: { trackingNumber },
      reprintInfo: { reprintNumber: 2, reprintLimit: 3 },
    });
    await api.request('POST', `${reprint}/${trackingNumber}`, {});
    expect((await api.request('POST', `${reprint}/${trackingNumber}`, body())).code).toBe('160382');
    expect(api.usps.labels().filter((each) => each.trackingNumber === trackingNumber)).toHaveLength(1);
  });

  test('fail after the mailing date, after a cancellation, and in the API of another label kind', async () => {
    const own = await openApiClient();
    const buy = async () =>
      (await own.request('POST', label, labelRequest(), flat)).body.trackingNumber as string;
    const [kept, cancelled] = [await buy(), await buy()];
    await own.request('DELETE', `${label}/${cancelled}`);
    const at = async (path: string) => (await own.request('POST', path, body())).code;
    expect(await at(`${reprint}/${cancelled}`)).toBe('160379');
    expect(await at(`/international-labels/v3/international-label-reprint/${kept}`)).toBe('160378');
    const far = (await own.request('POST', international, internationalRequest(), flat)).body
      .internationalTrackingNumber;
    const again = await own.request(
      'POST',
      `/international-labels/v3/international-label-reprint/${far}`,
      body(),
    );
    expect(again.body.reprintInfo.reprintNumber).toBe(1);
    own.clock.advance(day);
    await own.renewTokens();
    expect(await at(`${reprint}/${kept}`)).toBe('160381');
    await own.usps.close();
  });

  test('of a return label have its part names', async () => {
    const { trackingNumber } = (await api.request('POST', returnLabel, returnRequest(), flat)).body;
    const { body: parts } = await api.request('POST', `${reprint}/${trackingNumber}`, body());
    expect(Object.keys(parts)).toEqual(['returnLabelMetadata', 'returnLabelImage', 'reprintInfo']);
  });
});
