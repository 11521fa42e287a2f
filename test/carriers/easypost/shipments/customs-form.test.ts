import { describe, expect, it } from 'vitest';

import type { Address } from '../../../../src/domain/address.ts';
import type { Customs } from '../../../../src/domain/customs.ts';
import { money } from '../../../../src/domain/money.ts';
import type { Offer } from '../../../../src/domain/rate.ts';
import { receiver } from '../../../support/test-server.ts';
import { toLabelRequest } from '../../conformance.ts';
import { call, fetchFrom, offerOf, openAdapter, quote, rateRequest as request } from '../open-adapter.ts';

describe('a customs form', () => {
  const canadian: Address = {
    ...receiver,
    street1: '1 Elm St',
    street2: undefined,
    city: 'Ottawa',
    state: 'ON',
    postalCode: 'K1A 0B1',
    country: 'CA',
    phone: '6135550100',
  };
  const customs: Customs = {
    contents: 'HUMANITARIAN_DONATION',
    items: [
      {
        description: 'Blankets',
        quantity: 2,
        totalValue: { amount: '40.50', currencyCode: 'USD' },
        totalWeight: { value: 500, unit: 'GRAM' },
        hsTariffNumber: '6301.40',
        originCountry: 'US',
      },
    ],
  };
  const labelRequestOf = (customs: Customs | undefined, offer: Offer, to: Address = canadian) =>
    toLabelRequest({ ...request, from: { ...request.from, phone: '2025550100' }, to, customs }, offer);

  it('goes with the incoterm and the tax ids of both sides, where DDU is DAP', async () => {
    const { adapter, emulator } = await openAdapter();
    const shipmentWith = async (more: Partial<Customs>) => {
      const offer = offerOf(await quote(adapter, { ...request, to: canadian, customs: { ...customs, ...more } }), 'PRIORITY_MAIL_INTERNATIONAL'); // prettier-ignore
      const { shipment } = offer.providerRef as { shipment: string };
      return (await fetchFrom(emulator, `/shipments/${shipment}`)) as object;
    };
    expect(
      await shipmentWith({
        incoterm: 'DDP',
        senderTaxIds: [{ type: 'IOSS', number: 'IM3720000224', issuingCountry: 'IE' }],
        receiverTaxIds: [{ type: 'EIN', number: '12-3456789' }],
      }),
    ).toMatchObject({
      options: { incoterm: 'DDP' },
      // EasyPost hides the number itself.
      tax_identifiers: [
        { entity: 'SENDER', tax_id_type: 'IOSS', tax_id: 'HIDDEN', issuing_country: 'IE' },
        { entity: 'RECEIVER', tax_id_type: 'EIN', tax_id: 'HIDDEN' },
      ],
    });
    expect(await shipmentWith({ incoterm: 'DDU' })).toMatchObject({ options: { incoterm: 'DAP' } });
    expect(await shipmentWith({})).not.toHaveProperty('tax_identifiers');
  });

  it('is sent with the label, certified by the sender', async () => {
    const { adapter, emulator } = await openAdapter();
    const offer = offerOf(await quote(adapter, { ...request, from: { ...request.from, phone: '2025550100' }, to: canadian, customs }), 'PRIORITY_MAIL_INTERNATIONAL'); // prettier-ignore
    const [prepared] = await adapter.labels!.prepare(labelRequestOf(customs, offer), call);
    const [purchased] = await adapter.labels!.buy(prepared!, call);
    expect(await fetchFrom(emulator, `/shipments/${purchased!.reference}`)).toMatchObject({
      customs_info: {
        contents_type: 'other',
        contents_explanation: 'Humanitarian donation',
        customs_certify: true,
        customs_signer: 'Sally Sender',
        eel_pfc: 'NOEEI 30.37(a)',
        non_delivery_option: 'return',
        customs_items: [
          {
            description: 'Blankets',
            quantity: 2,
            value: '40.50',
            weight: 17.637,
            currency: 'USD',
            hs_tariff_number: '630140',
          },
        ],
      },
      forms: [{ form_type: 'commercial_invoice' }],
    });
  });

  it('is not needed for a quote, while a label without it is refused before a call', async () => {
    const { adapter, emulator } = await openAdapter();
    const offer = offerOf(await quote(adapter, { ...request, to: canadian }), 'PRIORITY_MAIL_INTERNATIONAL');
    const before = emulator.calls.length;
    const military = { ...receiver, city: 'APO', state: 'AE', postalCode: '09001' };
    for (const to of [canadian, military]) {
      await expect(adapter.labels!.prepare(labelRequestOf(undefined, offer, to), call)).rejects.toMatchObject(
        {
          code: 'REJECTED',
          field: ['customs'],
          hint: expect.stringMatching(/with `customs`/),
        },
      );
    }
    expect(emulator.calls.length).toBe(before);
  });

  it('needs the sender’s export filing above 2500 dollars, and claims no exemption', async () => {
    const { adapter, emulator } = await openAdapter();
    const valuable: Customs = { ...customs, items: [{ ...customs.items[0]!, totalValue: money('2500.01') }] };
    const rateRequest = { ...request, to: canadian, customs: valuable };
    const before = emulator.calls.length;
    expect(await adapter.quote!([rateRequest], call)).toMatchObject([
      { code: 'REJECTED', field: ['customs', 'eelPfc'], hint: expect.stringMatching(/ITN/) },
    ]);
    expect(emulator.calls.length).toBe(before);
    const withFiling = { ...rateRequest, customs: { ...valuable, eelPfc: 'AES X20261118123456' } };
    const { shipment } = (await quote(adapter, withFiling)).offers[0]!.providerRef as { shipment: string };
    expect(await fetchFrom(emulator, `/shipments/${shipment}`)).toMatchObject({
      customs_info: { eel_pfc: 'AES X20261118123456' },
    });
  });
});
