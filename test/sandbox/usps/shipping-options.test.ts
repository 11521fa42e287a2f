import { describe, expect, test } from 'vitest';
import { bearerToken, offers, optionsRequest, searchOptions, start, useUspsSandbox } from './requests.ts';

useUspsSandbox();

describe('POST /shipments/v3/options/search', () => {
  test('returns several mail classes, indicators and price types with commitments', async () => {
    const usps = await start();
    const both = { pricingOptions: [{ priceType: 'RETAIL' }, { priceType: 'COMMERCIAL' }] };
    const answer = await searchOptions(usps, await bearerToken(usps), optionsRequest(both));
    expect(answer.status).toBe(200);
    const [retail, commercial] = [offers(answer, 0), offers(answer, 1)];
    const indicators = retail.map(
      (each: { rates: { rateIndicator: string }[] }) => each.rates[0]?.rateIndicator,
    );
    expect(indicators).toEqual(expect.arrayContaining(['SP', 'PA', 'FB', 'PL']));
    for (const each of retail) {
      const [rate] = each.rates;
      expect(rate).toMatchObject({ priceType: 'RETAIL', zone: '08', weight: 2, dimWeight: 0 });
      expect(Math.round(each.totalBasePrice * 100)).toBeCloseTo(each.totalBasePrice * 100, 9);
      const same = commercial.find(
        (other: typeof each) =>
          other.rates[0].mailClass === rate.mailClass &&
          other.rates[0].rateIndicator === rate.rateIndicator &&
          other.rates[0].processingCategory === rate.processingCategory,
      );
      expect(same.totalBasePrice).toBeLessThan(each.totalBasePrice);
    }
    const express = retail.find((each: { rates: { mailClass: string }[] }) =>
      /EXPRESS/.test(each.rates[0]!.mailClass),
    );
    expect(express.commitment).toEqual({
      name: '2 Days',
      scheduleDeliveryDate: '2026-05-30',
      guaranteedDelivery: true,
    });
  });

  test('prices rise with weight and distance', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const price = async (weight: number, destinationZIPCode: string) =>
      offers(
        await searchOptions(
          usps,
          headers,
          optionsRequest({ destinationZIPCode }, { weight, mailClass: 'USPS_GROUND_ADVANTAGE' }),
        ),
      )[0].totalBasePrice;
    const prices = [];
    for (const weight of [0.2, 0.5, 0.9, 1, 1.2, 5, 20]) {
      for (const zip of ['60602', '48201', '10001', '94105']) prices.push(await price(weight, zip));
    }
    for (let i = 0; i < prices.length; i++) {
      if (i % 4 > 0) expect(prices[i]).toBeGreaterThan(prices[i - 1]);
      if (i >= 4) expect(prices[i]).toBeGreaterThanOrEqual(prices[i - 4]);
    }
  });

  test('applies dimensional weight and nonstandard fees', async () => {
    const usps = await start();
    const large = {
      weight: 4.1,
      length: 19.69,
      width: 19.69,
      height: 4.72,
      mailClass: 'USPS_GROUND_ADVANTAGE',
    };
    const headers = await bearerToken(usps);
    const [flat] = offers(await searchOptions(usps, headers, optionsRequest({}, large)));
    // 20 x 20 x 5 inches by 139.
    expect(flat.rates[0]).toMatchObject({ rateIndicator: 'DR', dimWeight: 15 });
    const [long] = offers(await searchOptions(usps, headers, optionsRequest({}, { ...large, length: 28 })));
    expect(long.rates[0].fees).toEqual([
      expect.objectContaining({ name: 'Nonstandard Length > 22', price: 4 }),
    ]);
    expect(long.totalBasePrice).toBeCloseTo(long.rates[0].price + 4, 9);
  });

  test('has cubic prices for boxes of up to 22 inches, 20 pounds and the volume of the class', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const classesWithCubic = async (piece: object) => {
      const found = offers(await searchOptions(usps, headers, optionsRequest({}, piece)));
      const rates = found.flatMap((each: { rates: { rateIndicator: string; mailClass: string }[] }) => each.rates); // prettier-ignore
      return rates
        .filter((rate: { rateIndicator: string }) => rate.rateIndicator === 'CP')
        .map((rate: { mailClass: string }) => rate.mailClass);
    };
    const both = ['PRIORITY_MAIL', 'USPS_GROUND_ADVANTAGE'];
    const [, ground] = both;
    const long = { length: 22, width: 6, height: 4 };
    expect(await classesWithCubic(long)).toEqual(both);
    expect(await classesWithCubic({ ...long, length: 22.1 })).toEqual([]);
    expect(await classesWithCubic({ ...long, weight: 20.1 })).toEqual([]);
    expect(await classesWithCubic({ ...long, girth: 20 })).toEqual([]);
    // 0.5 and 1 cubic foot, and a quarter inch more; each side is rounded down to a quarter inch.
    expect(await classesWithCubic({ length: 12.2, width: 12.2, height: 6.2 })).toEqual(both);
    expect(await classesWithCubic({ length: 12, width: 12, height: 6.25 })).toEqual([ground]);
    expect(await classesWithCubic({ length: 12, width: 12, height: 12 })).toEqual([ground]);
    expect(await classesWithCubic({ length: 12.25, width: 12, height: 12 })).toEqual([]);
  });

  test('adds extra services to the total, and omits the total by a switch when none are requested', async () => {
    const usps = await start({ totalPrice: 'when-requested' });
    const headers = await bearerToken(usps);
    const ground = { mailClass: 'USPS_GROUND_ADVANTAGE' };
    const [plain] = offers(await searchOptions(usps, headers, optionsRequest({}, ground)));
    expect(plain.totalPrice).toBeUndefined();
    const [signed] = offers(
      await searchOptions(
        usps,
        headers,
        optionsRequest({}, { ...ground, extraServices: [921, 930], packageValue: 600 }),
      ),
    );
    expect(signed.extraServices.map((each: { extraService: string }) => each.extraService)).toEqual([
      '921',
      '931',
    ]);
    expect(signed.totalPrice).toBeGreaterThan(signed.totalBasePrice);
  });

  test('rejects undocumented fields, and a domestic destination beside an international one', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const messageOf = async (body: unknown) => {
      const answer = await searchOptions(usps, headers, body);
      expect(answer.status).toBe(400);
      return answer.body.error.message;
    };
    expect(await messageOf(optionsRequest({ colour: 'red' }))).toContain(
      'not allowed by the schema: [colour]',
    );
    expect(await messageOf(optionsRequest({ destinationCountryCode: 'CA' }))).toContain(
      'Instance failed to match exactly one schema (matched 0 out of 2)',
    );
    expect(await messageOf(optionsRequest({}, { weight: '2' }))).toContain(
      "[Path '/packageDescription/weight'] Instance type (string)",
    );
    expect((await searchOptions(usps, headers, optionsRequest({}, { openHere: true }))).status).toBe(200);
  });

  test('returns business errors with their codes', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const codeOf = async (body: unknown) =>
      (await searchOptions(usps, headers, body)).body.error.errors[0].code;
    expect(await codeOf(optionsRequest({ pricingOptions: [{ priceType: 'CONTRACT' }] }))).toBe('160154');
    expect(await codeOf(optionsRequest({}, { mailingDate: '2026-05-27' }))).toBe('040002');
    expect(await codeOf(optionsRequest({}, { mailingDate: '2026-06-28' }))).toBe('040002');
    expect(await codeOf(optionsRequest({ destinationZIPCode: '00001' }))).toBe('160244');
    expect(await codeOf(optionsRequest({}, { weight: 71, mailClass: 'PRIORITY_MAIL' }))).toBe('030004');
  });

  test('prices an international destination', async () => {
    const usps = await start();
    const abroad = optionsRequest(
      { destinationZIPCode: undefined, destinationCountryCode: 'CA' },
      { mailClass: 'ALL' },
    );
    const answer = await searchOptions(usps, await bearerToken(usps), abroad);
    expect(answer.body.destinationCountryCode).toBe('CA');
    expect(offers(answer)[0].rates[0]).toMatchObject({
      priceType: 'COMMERCIAL_BASE',
      destinationEntryFacilityType: 'INTERNATIONAL_SERVICE_CENTER',
    });
    expect(offers(answer)[0].commitment).toBeUndefined();
  });
});
