import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  buyLabel,
  call,
  labelRequestFor,
  openUsps,
  ottawa,
  quoteOffers,
  returnRequest,
  type UspsSubject,
} from './support.ts';

describe('USPS returns', () => {
  let subject: UspsSubject;
  beforeAll(async () => void (subject = await openUsps()));
  afterAll(() => subject.close());

  it('use return services under the code of the product, and can’t be voided', async () => {
    expect(
      (await quoteOffers(subject, returnRequest)).map(({ service }) => [service.code, service.name]),
    ).toEqual([
      ['USPS_GROUND_ADVANTAGE', 'USPS Ground Advantage Return'],
      ['PRIORITY_MAIL', 'Priority Mail Return'],
      ['PRIORITY_MAIL_EXPRESS', 'Priority Mail Express Return'],
    ]);
    const labelRequest = await labelRequestFor(subject, returnRequest);
    const purchased = await buyLabel(subject, { ...labelRequest, reference: 'RMA 7' });
    expect(purchased.price).toEqual(labelRequest.offer.price);
    expect('data' in purchased.label).toBe(true);
    const { labels } = subject.adapter;
    expect(await labels!.reconcile(purchased.prepared, call)).toMatchObject([
      { trackingNumber: purchased.trackingNumber },
    ]);
    const label = { trackingNumber: purchased.trackingNumber, prepared: purchased.prepared };
    await expect(labels!.void!(label, call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: '160187',
      refused: true,
      hint: expect.stringContaining('charged when it is used'),
    });
    await expect(quoteOffers(subject, { ...returnRequest, to: ottawa })).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      field: ['options', 'isReturn'],
    });
  });
});
