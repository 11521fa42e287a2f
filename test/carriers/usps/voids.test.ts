import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  buyLabel,
  call,
  customs,
  labelRequestFor,
  openForTest,
  openUsps,
  ottawa,
  rateRequest,
  smallParcel,
  type UspsSubject,
} from './support.ts';

describe('voiding a USPS label', () => {
  let subject: UspsSubject;
  beforeAll(async () => void (subject = await openUsps()));
  afterAll(() => subject.close());

  it('cancels an international label by its own endpoint', async () => {
    const purchased = await buyLabel(
      subject,
      await labelRequestFor(subject, { to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL'),
    );
    const { adapter, emulator } = subject;
    const label = { trackingNumber: purchased.trackingNumber, prepared: purchased.prepared };
    expect(purchased.trackingNumber).toMatch(/^[A-Z]{2}\d{9}US$/);
    for (const _ of [1, 2])
      expect(await adapter.labels!.void!(label, call)).toEqual({ status: 'REFUNDED', voided: true });
    expect(emulator.count('DELETE', /^\/international-labels\//)).toBe(2);
  });

  it('cancels a label without a tracking number by its idempotency key', async () => {
    const { labels } = subject.adapter;
    for (const labelRequest of [
      await labelRequestFor(subject, {}),
      await labelRequestFor(subject, { to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL'),
    ]) {
      const { prepared } = await buyLabel(subject, labelRequest);
      const status = () => subject.emulator.labels().find((label) => label.idempotencyKey === prepared.attemptId)!.status; // prettier-ignore
      expect(status()).toBe('CREATED');
      for (const _ of [1, 2])
        expect(await labels!.cancelAttempt!(prepared, call)).toEqual({ status: 'REFUNDED', voided: true });
      expect(status()).toBe('CANCELED');
      const [unknown] = await labels!.prepare(labelRequest, call);
      await expect(labels!.cancelAttempt!(unknown!, call)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        providerMessage: 'Order not found',
        refused: true,
      });
    }
  });

  it('requests the refund of a manifested label once, also when the response is lost', async () => {
    const subject = await openForTest();
    const label = await buyLabel(subject, await labelRequestFor(subject));
    const { labels } = subject.adapter;
    subject.clock.advance(3 * 24 * 60 * 60_000);
    subject.emulator.injectFault({ method: 'DELETE', times: 1, drop: 'after' });
    expect(await labels!.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
    expect(subject.emulator.count('DELETE', /\/label\//)).toBe(2);
    expect(await labels!.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
  });

  it('requests the refund of a label on a SCAN form after 15 minutes, as the refusal says', async () => {
    const subject = await openForTest();
    const labelRequest = await labelRequestFor(subject);
    const label = await buyLabel(subject, labelRequest);
    const { labels, manifests } = subject.adapter;
    const { from, to, offer } = labelRequest;
    const parcel = { carrier: 'USPS', service: offer.service, from, to, parcel: smallParcel, shipDate: rateRequest.shipDate, isReturn: false, trackingNumber: label.trackingNumber, label }; // prettier-ignore
    await manifests!.perform(await manifests!.prepare({ parcels: [parcel] }, call), call);
    await expect(labels!.void!(label, call)).rejects.toMatchObject({
      providerCode: '160174',
      hint: expect.stringContaining('in a quarter of an hour'),
    });
    subject.clock.advance(15 * 60_000);
    expect(await labels!.void!(label, call)).toMatchObject({ status: 'REQUESTED', voided: false });
  });
});
