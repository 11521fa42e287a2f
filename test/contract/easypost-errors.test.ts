import { expect, test } from 'vitest';

import type { PreparedRequest } from '../../src/domain/prepared-request.ts';
import { money } from '../../src/domain/money.ts';
import {
  anyAddress,
  anyRateRequest,
  describeRecordings,
  labelDateReason,
  readRecorded,
} from './easypost-recordings.ts';
import { call, failure } from './shared.ts';

const prepared: PreparedRequest = {
  attemptId: 'attempt',
  request: {
    shipment: 'shp_1',
    rate: 'rate_1',
    carrier: 'USPS',
    service: 'Priority',
    insurance: '0',
    format: 'PDF',
    limit: money(1),
  },
};

describeRecordings('recorded errors of EasyPost', 'errors', labelDateReason, (recordings) => {
  test.each([
    ['any.error-403-apikey-inactive', 'CREDENTIALS_REJECTED', 'no longer active'],
    ['any.error-403-mode-unauthorized', 'WRONG_ENVIRONMENT', 'production API Key'],
    ['any.error-404-errors-as-strings', 'NOT_FOUND', 'No eligible insurance'],
    ['any.error-404-not-found', 'NOT_FOUND', 'could not be found'],
    ['any.error-409-report-exists', 'REJECTED', 'already exists'],
    ['any.error-500-internal', 'UNAVAILABLE', 'something went wrong'],
    ['batch.buy.error-423-creating', 'UNAVAILABLE', 'being created'],
    ['batch.label.error-not-purchased', 'REJECTED', 'not purchased'],
    ['carrier-account.create.error-registration-fields', 'REJECTED', 'shipping_city must be present'],
    ['event.payload.error-not-found', 'NOT_FOUND', 'could not be found'],
    ['order.create.error-to-address-required', 'REJECTED', "'to_address' is required"],
    ['pickup.buy.error-failed', 'REJECTED', 'Service availability unknown'],
    ['pickup.create.error-min-datetime-required', 'REJECTED', "'min_datetime' is required"],
    ['referral-customer.list.error-401-unauthorized', 'CREDENTIALS_REJECTED', 'not enabled'],
    ['refund.create.error-tracking-codes-invalid', 'REJECTED', 'missing or invalid'],
    ['scan-form.create.error-already-manifested', 'REJECTED', 'already been manifested'],
    ['shipment.create.missing-parameter', 'REJECTED', 'shipment cannot be blank'],
    ['shipment.label.error-postage-required', 'REJECTED', 'Postage is required'],
    ['shipment.refund.error-unavailable', 'REJECTED', 'without a postage label'],
    ['webhook.create.error-url-required', 'REJECTED', 'url must be present'],
  ] as const)('%s is %s at every call', async (name, code, text) => {
    const { adapter } = recordings;
    const sample = recordings.sample(name);
    const { status, body } = sample.response;
    recordings.replay('POST', /./, sample);
    recordings.replay('GET', /./, sample);
    const calls = [
      () => adapter.verify([anyAddress], call).then(([first]) => first),
      () => adapter.quote([anyRateRequest], call).then(([first]) => first),
      () => adapter.track([{ trackingNumber: 'EZ1000000001' }], call).then(([first]) => first),
      () => adapter.labels.buy(prepared, call),
    ];
    for (const send of calls) {
      const error = await failure(send());
      expect(error).toMatchObject({ code, providerCode: body.error.code, refused: status < 500 });
      expect(error.providerMessage).toContain(text);
      expect(error.providerMessage).not.toMatch(/\[object|undefined/);
    }
    // A 500 is retried, three attempts in all, except for a purchase.
    expect(recordings.requests().filter(({ path }) => path.endsWith('/buy'))).toHaveLength(1);
    expect(recordings.requests()).toHaveLength(status === 500 ? 10 : 4);
  });

  test.each([
    ['address.verify.failure-input-invalid', ['street1']],
    // The shipment as a whole is no field of our input.
    ['shipment.create.missing-parameter', undefined],
  ])('%s has the field %s of our input', async (name, field) => {
    recordings.replay('POST', '/v2/shipments', readRecorded(name));
    const [quote] = await recordings.adapter.quote([anyRateRequest], call);
    expect((await failure(quote)).field).toEqual(field);
  });
});
