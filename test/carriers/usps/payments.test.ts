import { describe, expect, it } from 'vitest';

import { buyLabel, call, labelRequestFor, openForTest, type UspsSubject } from './support.ts';

const permit = { accountType: 'PERMIT', accountNumber: undefined, permitNumber: '412', permitZip: '20260' };
const meter = { accountType: 'METER', accountNumber: '03W0001234' };

const buy = async (subject: UspsSubject) => buyLabel(subject, await labelRequestFor(subject));

describe('a payment that USPS does not authorize', () => {
  const hints = {
    100001: 'accountNumber', 100002: 'Activate the EPS account', 100003: 'Give the EPS account', 100004: 'Activate the primary',
    100005: 'try again later', 100006: 'Correct the details', 100007: 'Fund the trust balance',
    160218: 'Set crid', 160219: 'Report this', 160220: 'Set accountType', 160221: 'Set mid', 160222: 'Set manifestMid',
    160223: 'Set accountType', 160224: 'Set accountNumber', 160225: 'Set permitNumber', 160226: 'Set permitZip',
    160227: 'Report this', 160228: 'Report this', 160229: 'Report this', 160289: 'number of the meter', 160290: 'PC Postage',
    160302: 'Enroll the CRID',
  }; // prettier-ignore

  it.each(Object.entries(hints))('fails with %s and its hint, and buys nothing', async (code, hint) => {
    const subject = await openForTest({ client: { paymentErrorCode: code } });
    await expect(buy(subject)).rejects.toMatchObject({
      code: 'PAYMENT_NOT_AUTHORIZED',
      refused: true,
      retryable: false,
      providerCode: code,
      hint: expect.stringContaining(hint),
    });
    expect(subject.emulator.charges()).toEqual([]);
    expect(subject.emulator.count('POST', /\/label$/)).toBe(0);
    const diagnostics = await subject.adapter.diagnose!(call);
    expect(diagnostics.find(({ check }) => check === 'payment')).toMatchObject({ status: 'failed', hint: expect.stringContaining(hint) }); // prettier-ignore
  });

  it.each([200, 400, 401, 403])(
    'names the missing enrollment in USPS Ship, refused with %i',
    async (notEnrolledStatus) => {
      const subject = await openForTest({ client: { enrolled: false }, switches: { notEnrolledStatus } });
      await expect(buy(subject)).rejects.toMatchObject({
        code: 'PAYMENT_NOT_AUTHORIZED',
        refused: true,
        providerMessage: "CRID isn't enrolled in USPS Ship Outbound",
        hint: expect.stringContaining('COP claims'),
      });
      expect(subject.emulator.charges()).toEqual([]);
    },
  );

  it('names the missing COP claims for a 403 without a code from Payments, and not from another API', async () => {
    const subject = await openForTest();
    const forbidden = {
      apiVersion: '/payments/v3',
      error: { code: '403', message: 'Forbidden', errors: [] },
    };
    subject.emulator.injectFault({
      path: /payment-authorization/,
      response: { status: 403, body: forbidden },
    });
    await expect(buy(subject)).rejects.toMatchObject({ code: 'PAYMENT_NOT_AUTHORIZED', hint: expect.stringContaining('COP claims') }); // prettier-ignore
    subject.emulator.injectFault({ path: /options/, response: { status: 403, body: forbidden } });
    await expect(buy(subject)).rejects.toMatchObject({ code: 'ACCOUNT_NOT_AUTHORIZED' });
  });

  it('includes a meter of an account other than a PC Postage provider', async () => {
    await expect(buy(await openForTest({ credentials: meter }))).rejects.toMatchObject({
      code: 'PAYMENT_NOT_AUTHORIZED',
      providerCode: '160290',
      hint: expect.stringContaining('EPS or PERMIT'),
    });
  });

  it.each([
    ['accountNumber', { accountNumber: undefined }],
    ['permitNumber, permitZip', { ...permit, permitNumber: undefined, permitZip: undefined }],
    ['crid', { crid: undefined }],
  ])('makes no call without %s', async (missing, credentials) => {
    const subject = await openForTest({ credentials });
    await expect(buy(subject)).rejects.toMatchObject({
      code: 'PAYMENT_NOT_AUTHORIZED',
      message: `labels can't be paid for without ${missing}`,
    });
    expect(subject.emulator.count('POST', /payment-authorization/)).toBe(0);
  });

  it('has a hint for a missing enrollment and a missing identifier', async () => {
    for (const setup of [{ client: { enrolled: false } }, { credentials: { crid: undefined } }]) {
      const subject = await openForTest(setup);
      const { labels } = subject.adapter;
      const [prepared] = await labels!.prepare(await labelRequestFor(subject), call);
      await expect(labels!.buy(prepared!, call)).rejects.toMatchObject({
        code: 'PAYMENT_NOT_AUTHORIZED',
        refused: true,
        hint: expect.any(String),
      });
      expect(subject.emulator.charges()).toEqual([]);
    }
  });
});

describe('a payment that USPS authorizes', () => {
  it.each([
    ['an EPS account', {}, {}],
    ['a permit', permit, {}],
    ['a meter of a PC Postage provider', meter, { pcPostage: true }],
  ])('buys a label by %s', async (_, credentials, client) => {
    const subject = await openForTest({ credentials, client });
    const purchased = await buy(subject);
    expect(purchased.trackingNumber).toMatch(/^\d{22}$/);
    expect(subject.emulator.charges()).toHaveLength(1);
  });
});
