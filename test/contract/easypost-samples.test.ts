import { expect, test } from 'vitest';

import { testFileOf } from './easypost-recordings.ts';
import { describeContract, easypostSamples } from './shared.ts';

/** Samples that no recordings test replays, each with its reason. A `*` at the end stands for any rest of the name. */
const notReplayed: Readonly<Record<string, string>> = {
  'address.list*': 'unused: addresses are created, and never listed',
  'batch.buy': 'unused: labels are bought one by one, so that each has a response of its own',
  'batch.create': 'replayed by handover.test.ts',
  'batch.label': 'unused: labels are printed one by one',
  'batch.retrieve-after-buy': 'replayed by handover.test.ts',
  'batch.scan-form': 'replayed by handover.test.ts',
  'beta.rates.stateless': 'unused: these rates can’t be bought',
  'carrier-account.create': 'unused: carrier accounts are set up at EasyPost',
  'carrier-metadata.*': 'unused: services are read from rates',
  'claim.create': 'unused: claims',
  'end-shipper.create': 'unused: end shippers',
  'event.list': 'unused: events',
  'event.payloads.list': 'unused: events',
  'event.retrieve': 'unused: events',
  'event.retrieve.docs-example.response-body.json': 'unused: events',
  'insurance.*': 'unused: insurance of parcels that were bought elsewhere',
  'luma.promise': 'unused: the caller selects the rate',
  'parcel.create': 'unused: a parcel is created with its shipment',
  'pickup.buy': 'replayed by handover.test.ts',
  'pickup.cancel': 'replayed by handover.test.ts',
  'pickup.create': 'replayed by handover.test.ts',
  'pickup.list': 'replayed by handover.test.ts',
  'rate.retrieve': 'unused: a rate is bought by its id, and not read again',
  'referral-customer.create': 'unused: customers of partners',
  'referral-customer.list': 'unused: customers of partners',
  'refund.create': 'unused: a refund is requested by its shipment, and not by number',
  'refund.list': 'unused: a refund is read from its shipment',
  'scan-form.create': 'replayed by handover.test.ts',
  'scan-form.list': 'replayed by handover.test.ts',
  'scan-form.retrieve': 'replayed by handover.test.ts',
  'shipment.estimated-delivery-date': 'unused: SmartRate returns more than this median',
  'shipment.list*': 'replayed by easypost-import.test.ts',
  'shipment.recommended-ship-date': 'unused: the caller sets the ship date',
  'smartrate.*': 'unused: these rates can’t be bought',
  'tracker.delete': 'unused: trackers are kept',
  'tracker.list*': 'replayed by easypost-import.test.ts',
  'webhook.create': 'replayed by easypost-webhooks.test.ts',
  'webhook.delete': 'replayed by easypost-webhooks.test.ts',
  'webhook.event.*': 'replayed by easypost-webhooks.test.ts',
  'webhook.list': 'replayed by easypost-webhooks.test.ts',
  'webhook.update': 'replayed by easypost-webhooks.test.ts',
};

const matches = (pattern: string, name: string) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

describeContract('the samples of EasyPost', () => {
  test('are replayed by one test file, or are listed with a reason', () => {
    for (const sample of easypostSamples()) {
      const isListed = Object.keys(notReplayed).some((pattern) => matches(pattern, sample.name));
      expect(isListed, sample.name).toBe(testFileOf(sample) === undefined);
    }
  });

  test('include every sample that is listed', () => {
    const names = easypostSamples().map(({ name }) => name);
    const unknown = Object.keys(notReplayed).filter(
      (pattern) => !names.some((name) => matches(pattern, name)),
    );
    expect(unknown).toEqual([]);
  });
});
