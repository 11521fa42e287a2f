import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { uspsSandboxClient as client, uspsSandboxNumbers as numbers } from '../../../sandbox/usps/index.ts';
import { checkDigit } from '../../../sandbox/usps/tracking/tracking-numbers.ts';
import {
  bearerToken,
  bothTokens,
  buyLabel,
  clock,
  flat,
  hour,
  labelRequest,
  offers,
  optionsRequest,
  searchOptions,
  send,
  start,
  track,
  uuid,
  useUspsSandbox,
} from './requests.ts';

useUspsSandbox();

describe('domestic labels', () => {
  test('are multipart responses with a PDF in Base64, and are charged', async () => {
    const usps = await start();
    const answer = await buyLabel(
      usps,
      await bothTokens(usps),
      labelRequest({ imageInfo: { receiptOption: 'SEPARATE_PAGE' } }),
    );
    expect(answer.status).toBe(200);
    const type = answer.headers.get('content-type')!;
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    expect(answer.text.replaceAll('\r\n', '')).not.toContain('\n');
    const mail = await PostalMime.parse(`Content-Type: ${type}\r\n\r\n${answer.text}`);
    const [metadata, image, receipt] = mail.attachments.map(({ content }): string =>
      typeof content === 'string' ? content : new TextDecoder().decode(content),
    );
    const label = JSON.parse(metadata!);
    expect(label.labelAddress).toMatchObject({
      streetAddress: '1100 WYOMING ST',
      city: 'SAINT LOUIS',
      ZIPPlus4: '2628',
    });
    expect(label.routingInformation).toBe('420631182628');
    expect(label.trackingNumber).toMatch(/^92\d{20}$/);
    expect(label.trackingNumber.slice(5, 14)).toBe(client.mid);
    expect(checkDigit(label.trackingNumber.slice(0, -1))).toBe(label.trackingNumber.at(-1));
    expect(Buffer.from(image!, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.from(receipt!, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(usps.charges()).toEqual([{ trackingNumber: label.trackingNumber, amount: label.postage }]);
  });

  test('are one flat object for the vendor media type', async () => {
    const usps = await start();
    const { body } = await buyLabel(
      usps,
      { ...(await bothTokens(usps)), ...flat },
      labelRequest({ imageInfo: { receiptOption: 'NONE' } }),
    );
    expect(body.weightUOM).toBe('LB');
    const pdf = Buffer.from(body.labelImage, 'base64').toString('latin1');
    expect(pdf).toContain('/MediaBox [0 0 288 432]');
    expect(body.receiptImage).toBeUndefined();
  });

  test('cost the quoted price for the ingredients of the quote', async () => {
    const usps = await start();
    const headers = { ...(await bothTokens(usps)), ...flat };
    const piece = { weight: 3, length: 10, width: 8, height: 4, extraServices: [922] };
    const quoted = offers(
      await searchOptions(
        usps,
        headers,
        optionsRequest({ originZIPCode: '63116', destinationZIPCode: '63118' }, piece),
      ),
    ).filter((each: { rates: { mailClass: string; destinationEntryFacilityType: string }[] }) =>
      /GROUND|PRIORITY|MEDIA/.test(each.rates[0]!.mailClass),
    );
    expect(quoted.length).toBeGreaterThan(5);
    for (const { rates, totalPrice } of quoted) {
      const [{ mailClass, rateIndicator, processingCategory, destinationEntryFacilityType, price }] = rates;
      const ingredients = { mailClass, rateIndicator, processingCategory, destinationEntryFacilityType };
      const { body } = await buyLabel(usps, headers, labelRequest({}, { ...piece, ...ingredients }));
      expect([mailClass, rateIndicator, body.postage]).toEqual([mailClass, rateIndicator, price]);
      expect(usps.charges().at(-1)!.amount).toBe(totalPrice);
    }
  });

  test('are bought once for an idempotency key by concurrent requests, and the key rejects another payload', async () => {
    const usps = await start();
    const headers = { ...(await bothTokens(usps)), ...flat, 'x-idempotency-key': uuid(1) };
    const answers = await Promise.all(Array.from({ length: 5 }, () => buyLabel(usps, headers)));
    expect(new Set(answers.map((each) => each.text)).size).toBe(1);
    clock.advance(20 * 24 * hour);
    const later = { ...(await bothTokens(usps)), ...flat, 'x-idempotency-key': uuid(1) };
    expect((await buyLabel(usps, later)).text).toBe(answers[0]!.text);
    expect(usps.charges()).toHaveLength(1);
    expect((await buyLabel(usps, later, labelRequest({}, { weight: 2 }))).status).toBe(400);
    expect(usps.charges()).toHaveLength(1);
  });

  test('are purchased even when the response is lost', async () => {
    const usps = await start();
    const headers = { ...(await bothTokens(usps)), 'x-idempotency-key': uuid(2) };
    usps.injectFault({ method: 'POST', path: /label$/, times: 1, drop: 'after' });
    await expect(buyLabel(usps, headers)).rejects.toThrow();
    expect(usps.charges()).toHaveLength(1);
    expect((await buyLabel(usps, headers)).status).toBe(200);
    expect(usps.charges()).toHaveLength(1);
  });

  test('require the payment token, whose expiry after eight hours has a message of its own', async () => {
    const usps = await start();
    const tokens = await bothTokens(usps);
    expect((await buyLabel(usps, await bearerToken(usps))).status).toBe(400);
    clock.advance(8 * hour);
    const expired = await buyLabel(usps, { ...tokens, ...(await bearerToken(usps)) });
    expect([expired.status, expired.body.error.message]).toEqual([
      401,
      'The Payment Authorization Token is missing, invalid or expired.',
    ]);
    expect(usps.charges()).toEqual([]);
  });

  test('fail with the codes of the error workbook', async () => {
    const usps = await start();
    const headers = await bothTokens(usps);
    const codeOf = async (more: object, piece: object = {}) => {
      const answer = await buyLabel(usps, headers, labelRequest(more, piece));
      expect(answer.status).toBe(400);
      return answer.body.error.errors[0].code;
    };
    const nameless = { ...labelRequest().toAddress, firstName: undefined };
    expect(await codeOf({}, { mailingDate: '2026-05-27' })).toBe('160001');
    expect(await codeOf({}, { mailingDate: '2026-06-05' })).toBe('160001');
    expect(await codeOf({ toAddress: nameless })).toBe('160075');
    expect(await codeOf({ toAddress: { ...labelRequest().toAddress, streetAddress: '5 Nowhere Rd' } })).toBe(
      '010005',
    );
    expect(await codeOf({}, { weight: 71 })).toBe('160098');
    expect(await codeOf({}, { rateIndicator: 'FB' })).toBe('030002');
    expect(await codeOf({}, { weight: 30 })).toBe('030011');
    expect(await codeOf({}, { rateIndicator: undefined })).toBe('160285');
    expect(await codeOf({}, { extraServices: [930] })).toBe('160017');
    const closed = await buyLabel(usps, headers, labelRequest({ weight: 1 }));
    expect(closed.body.error.message).toContain('not allowed by the schema: [weight]');
    expect(usps.charges()).toEqual([]);
  });

  test('become parcels that are announced, accepted and delivered', async () => {
    const usps = await start();
    const { body } = await buyLabel(usps, { ...(await bothTokens(usps)), ...flat });
    const category = async () =>
      (await track(usps, await bearerToken(usps), [body.trackingNumber])).body[0].statusCategory;
    expect(await category()).toBe('Pre-Shipment');
    clock.advance(5 * hour);
    expect(await category()).toBe('Accepted');
    clock.advance(72 * hour);
    expect(await category()).toBe('Delivered');
  });

  test('are unknown to tracking for the configured delay', async () => {
    const usps = await start({ labelLagMs: hour });
    const { body } = await buyLabel(usps, { ...(await bothTokens(usps)), ...flat });
    expect((await track(usps, await bearerToken(usps), [body.trackingNumber])).status).toBe(404);
    clock.advance(hour);
    expect((await track(usps, await bearerToken(usps), [body.trackingNumber])).status).toBe(200);
  });

  test('are canceled without a charge until 00:30 Central Time, and disputed afterwards', async () => {
    const usps = await start();
    const first = (await buyLabel(usps, { ...(await bothTokens(usps)), ...flat })).body.trackingNumber;
    const second = (await buyLabel(usps, { ...(await bothTokens(usps)), ...flat })).body.trackingNumber;
    const remove = async (number: string) =>
      send(usps, 'DELETE', `/labels/v3/label/${number}`, { headers: await bothTokens(usps) });
    clock.advance(Date.parse('2026-05-29T05:29:00Z') - clock.now());
    expect((await remove(first)).body).toEqual({ trackingNumber: first, status: 'CANCELED' });
    expect((await remove(first)).body.error.errors[0].code).toBe('160186');
    clock.advance(60_000);
    const disputed = await remove(second);
    expect(disputed.body).toMatchObject({ trackingNumber: second, status: 'DISPUTED' });
    expect(disputed.body.disputeId).toMatch(/^\d{6}$/);
    expect((await remove(second)).status).toBe(400);
    expect((await remove(numbers.unknown)).body.error.errors[0]).toMatchObject({
      code: '160185',
      detail: 'Order not found',
    });
    expect(usps.charges().map((each) => each.trackingNumber)).toEqual([second]);
  });

  test('are canceled by their idempotency key', async () => {
    const usps = await start();
    const headers = { ...(await bothTokens(usps)), 'x-idempotency-key': uuid(3) };
    await buyLabel(usps, headers);
    expect((await send(usps, 'DELETE', '/labels/v3/label', { headers })).body.status).toBe('CANCELED');
    expect(usps.charges()).toEqual([]);
  });

  test('move at a chosen speed: here a day a minute', async () => {
    const usps = await start({ speed: 1440 });
    const headers = await bothTokens(usps);
    const { body } = await buyLabel(usps, { ...headers, ...flat });
    const category = async () => (await track(usps, headers, [body.trackingNumber])).body[0].statusCategory;
    expect(await category()).toBe('Pre-Shipment');
    clock.advance(hour / 10);
    expect(await category()).toBe('Delivered');
  });
});
