import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bodyOf, buyLabel, call, customs, labelRequestFor, militaryPost, openUsps, ottawa, quoteOffers, rateRequest, type UspsSubject } from './support.ts'; // prettier-ignore

interface Body {
  readonly packageDescription: object;
  readonly customsForm: object;
}

const service = 'PRIORITY_MAIL_INTERNATIONAL';
const eori = { type: 'EORI', number: 'GB123456789000' } as const;
const vat = { type: 'VAT', number: 'CA 99', issuingCountry: 'CA' } as const;

describe('the parties of an international parcel at USPS', () => {
  let subject: UspsSubject;
  beforeAll(async () => void (subject = await openUsps()));
  afterAll(() => subject.close());

  const labelBody = async (more: object) => {
    const request = await labelRequestFor(subject, { to: ottawa, customs: { ...customs, ...more } }, service);
    const [prepared] = await subject.adapter.labels!.prepare(request, {
      signal: AbortSignal.timeout(10_000),
    });
    return bodyOf<Body>(prepared!);
  };

  it('have one tax id each, of the type that USPS knows', async () => {
    const { customsForm } = await labelBody({ senderTaxIds: [eori], receiverTaxIds: [vat] });
    expect(customsForm).toMatchObject({
      exportersReference: { referenceType: 'IMPORTER_CODE', reference: 'GB123456789000' },
      importersReference: { referenceType: 'VAT_NUMBER', reference: 'CA 99' },
    });
    const form = (await labelBody({})).customsForm;
    expect(JSON.stringify(form)).not.toMatch(/Reference/);
  });

  it('are told who pays duties: prepaid for DDP alone, by default nothing', async () => {
    const prepay = async (incoterm?: string) => (await labelBody({ incoterm })).packageDescription;
    expect(await prepay('DAP')).toMatchObject({ prepayDutiesTaxesFees: false });
    expect(await prepay('DDU')).toMatchObject({ prepayDutiesTaxesFees: false });
    expect(await prepay('DDP')).toMatchObject({ prepayDutiesTaxesFees: true });
    expect(await prepay()).not.toHaveProperty('prepayDutiesTaxesFees');
  });

  it('see prepaid duties in the price of a rate, which the label costs', async () => {
    const changes = { to: ottawa, customs: { ...customs, incoterm: 'DDP' as const } };
    const request = await labelRequestFor(subject, changes, service);
    // 5 % and 10 % of 40 dollars, and the fee.
    const duties = [
      { name: 'Duties', amount: { amount: '2.00', currencyCode: 'USD' } },
      { name: 'Taxes', amount: { amount: '4.00', currencyCode: 'USD' } },
      { name: 'Fee for prepaid duties', amount: { amount: '2.50', currencyCode: 'USD' } },
    ];
    expect(request.offer.charges.slice(1)).toEqual(duties);
    const { price, charges } = await buyLabel(subject, request);
    expect(price).toEqual(request.offer.price);
    expect(charges.slice(1)).toEqual(duties);
  });

  it.each([
    ['null as a duty', { packageFee: 2.5, itemQuotes: [{ dutyPrice: null, taxPrice: 4 }] }],
    ['no tax', { packageFee: 2.5, itemQuotes: [{ dutyPrice: 2 }] }],
    ['no fee', { itemQuotes: [{ dutyPrice: 2, taxPrice: 4 }] }],
    ['no items', { packageFee: 2.5, itemQuotes: [] }],
  ])('leave a rate with %s out, as the failure of that service, since an unknown amount is not 0', async (_, duties) => {
    const rateOption = (mailClass: string, dutiesTaxesFeesQuote: object | null) => ({
      totalBasePrice: 40,
      rates: [{ price: 40, mailClass, processingCategory: 'MACHINABLE', rateIndicator: 'SP', destinationEntryFacilityType: 'INTERNATIONAL_SERVICE_CENTER' }],
      dutiesTaxesFeesQuote,
    });
    const shippingOptions = [
      { mailClass: 'PRIORITY_MAIL_INTERNATIONAL', rateOptions: [rateOption('PRIORITY_MAIL_INTERNATIONAL', duties)] },
      { mailClass: 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE', rateOptions: [rateOption('FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE', null)] },
    ];
    const body = { pricingOptions: [{ priceType: 'COMMERCIAL', shippingOptions }] };
    subject.emulator.injectFault({ path: /options/, times: 1, response: { status: 200, body } });
    const request = { ...rateRequest, to: ottawa, customs: { ...customs, incoterm: 'DDP' as const } };
    expect(await subject.adapter.quote!([request], call)).toMatchObject([
      {
        offers: [{ service: { code: 'FIRST_CLASS_PACKAGE_INTERNATIONAL_SERVICE' }, price: { amount: '40.00' } }],
        failures: [{ code: 'UNREADABLE', message: expect.stringContaining('Priority Mail International') }],
      },
    ]);
  }); // prettier-ignore

  it('are refused when quoting where USPS has no field', async () => {
    const refused = (to: object, more: object) =>
      expect(quoteOffers(subject, { to, customs: { ...customs, ...more } })).rejects;
    const hint = expect.any(String);
    await refused(ottawa, { senderTaxIds: [eori, vat] }).toMatchObject({ code: 'REJECTED', field: ['customs', 'senderTaxIds', '1'], hint }); // prettier-ignore
    await refused(ottawa, { receiverTaxIds: [{ ...vat, number: '9'.repeat(29) }] }).toMatchObject({ field: ['customs', 'receiverTaxIds', '0', 'number'], hint }); // prettier-ignore
    await refused(militaryPost, { incoterm: 'DDP' }).toMatchObject({ field: ['customs', 'incoterm'], hint });
  });

  it('have plain references on the form of a domestic parcel', async () => {
    const request = await labelRequestFor(subject, {
      to: militaryPost,
      customs: { ...customs, senderTaxIds: [eori] },
    });
    const { prepared } = await buyLabel(subject, request);
    expect(bodyOf<Body>(prepared).customsForm).toMatchObject({ exportersReference: 'GB123456789000' });
  });
});
