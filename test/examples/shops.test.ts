import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { buildClient } from '../support/built-client.ts';
import { openTestServer, sender, type TestServer } from '../support/test-server.ts';

buildClient();
const { createShopServer } = await import('../../examples/shops/server.ts');
const { medusaFulfillment } = await import('../../examples/shops/medusa.ts');
const { parcelgraphCalculator } = await import('../../examples/shops/vendure.ts');
const { minorUnits } = await import('../../examples/shops/quote.ts');

const shopifyRequest = {
  rate: {
    origin: {
      country: 'US',
      postal_code: '20260',
      province: 'DC',
      city: 'Washington',
      address1: "475 L'Enfant Plaza SW",
    },
    destination: {
      country: 'US',
      postal_code: '94107',
      province: 'CA',
      city: 'San Francisco',
      name: 'Rita Receiver',
      address1: '388 Townsend St',
      address2: 'Apt 20',
      address3: null,
      phone: null,
      company_name: null,
    },
    items: [
      {
        name: 'Shirt',
        sku: 'S-1',
        quantity: 2,
        grams: 250,
        price: 1999,
        requires_shipping: true,
        taxable: true,
      },
      {
        name: 'Gift card',
        sku: 'G-1',
        quantity: 1,
        grams: 0,
        price: 5000,
        requires_shipping: false,
        taxable: false,
      },
    ],
    currency: 'USD',
    locale: 'en',
  },
};
const saleorRequest = {
  checkout: {
    currency: { currencyCode: 'USD' },
    shippingAddress: {
      firstName: 'Rita',
      lastName: 'Receiver',
      companyName: '',
      streetAddress1: '388 Townsend St',
      streetAddress2: 'Apt 20',
      city: 'SAN FRANCISCO',
      countryArea: 'CA',
      postalCode: '94107',
      phone: null,
      country: { code: 'US' },
    },
    lines: [
      { quantity: 2, variant: { weight: { unit: 'KG', value: 0.25 } } },
      { quantity: 1, variant: { weight: null } },
    ],
  },
};
const vendureOrder = {
  currencyCode: 'USD',
  shippingAddress: {
    fullName: 'Rita Receiver',
    streetLine1: '388 Townsend St',
    city: 'San Francisco',
    province: 'CA',
    postalCode: '94107',
    countryCode: 'US',
  },
  lines: [{ quantity: 2, productVariant: { customFields: { weight: 250 } } }],
};
const medusaOrder = {
  shipping_address: {
    first_name: 'Rita',
    last_name: 'Receiver',
    address_1: '388 Townsend St',
    city: 'San Francisco',
    province: 'CA',
    postal_code: '94107',
    country_code: 'us',
  },
  items: [{ quantity: 2, variant: { weight: 250 } }],
};

describe('the adapters for shops', () => {
  let server: TestServer;
  let shop: Server;
  let options: Parameters<typeof createShopServer>[0];
  const recover: (() => void)[] = [];
  beforeAll(async () => {
    server = await openTestServer();
    options = {
      url: `${server.url}/graphql`,
      apiKey: 'sandbox',
      from: sender,
      box: { length: 10, width: 8, height: 4 },
    };
    shop = createShopServer({ ...options, deadlineMs: 1000 });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    recover.splice(0).forEach((step) => step());
    // Equal carts share a quote for a quarter of an hour.
    server.clock.advance(20 * 60 * 1000);
  });
  afterAll(async () => {
    shop.close();
    await server.close();
  });

  const post = async (path: string, body: object | string) => {
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}${path}`;
    const response = await fetch(url, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const hang = (...accounts: ('usps' | 'easypost')[]) => {
    for (const account of accounts) recover.push(server.sandbox[account].injectFault({ hang: true }));
  };

  it('answer Shopify in cents, and Saleor in dollars, with the same rates', async () => {
    const shopify = await post('/shopify', shopifyRequest);
    const saleor = await post('/saleor', saleorRequest);
    expect([shopify.status, saleor.status]).toEqual([200, 200]);
    expect(shopify.body.rates[0]).toEqual({
      service_name: expect.stringContaining('USPS'),
      service_code: expect.stringMatching(/^(usps|easypost):\w+$/),
      total_price: expect.stringMatching(/^\d{3,}$/),
      currency: 'USD',
      description: expect.any(String),
    });
    expect(saleor.body[0]).toMatchObject({
      id: shopify.body.rates[0].service_code,
      amount: expect.stringMatching(/^\d+\.\d{2}$/),
      currency: 'USD',
    });
    expect(saleor.body.map(({ amount }: any) => amount.replace('.', ''))).toEqual(
      shopify.body.rates.map(({ total_price }: any) => total_price),
    );
  });

  it.each(['/shopify', '/saleor'])('answer %s with the other rates while a provider hangs', async (path) => {
    hang('usps');
    const { body } = await post(path, path === '/shopify' ? shopifyRequest : saleorRequest);
    const codes = (body.rates ?? body).map((rate: any) => rate.service_code ?? rate.id);
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code: string) => !code.startsWith('easypost:'))).toEqual([]);
  });

  it('answer without rates while all providers hang, and refuse what is no request', async () => {
    hang('usps', 'easypost');
    expect(await post('/shopify', shopifyRequest)).toEqual({ status: 200, body: { rates: [] } });
    expect((await post('/shopify', 'no JSON')).status).toBe(400);
    expect((await post('/elsewhere', {})).status).toBe(404);
  });

  it('calculate a shipping method of Vendure, which is not eligible without a rate', async () => {
    const { calculate } = parcelgraphCalculator({ ...options, deadlineMs: 1000 });
    const result = await calculate({}, vendureOrder, { service: 'PRIORITY_MAIL', taxRate: 20 });
    expect(result).toMatchObject({ priceIncludesTax: false, taxRate: 20, metadata: { carrier: 'USPS' } });
    expect(Number.isInteger(result!.price)).toBe(true);
    expect(await calculate({}, vendureOrder, { service: 'NONE', taxRate: 0 })).toBeUndefined();
    hang('usps', 'easypost');
    expect(await calculate({}, { ...vendureOrder, lines: [] }, { taxRate: 0 })).toBeUndefined();
  });

  it('price, buy once and void a fulfilment of Medusa', async () => {
    const provider = medusaFulfillment(options);
    const option = { service: 'PRIORITY_MAIL' };
    const { calculated_amount } = await provider.calculatePrice(option, {}, medusaOrder);
    expect(calculated_amount).toBeGreaterThan(0);
    const charges = () => server.sandbox.usps.charges().length + server.sandbox.easypost.charges().length;
    const before = charges();
    const { data, labels } = await provider.createFulfillment(option, [], medusaOrder, { id: 'ful_1' });
    expect(labels).toEqual([
      {
        tracking_number: expect.stringMatching(/^\d+$/),
        tracking_url: '',
        label_url: expect.stringContaining('/labels/'),
      },
    ]);
    const again = await provider.createFulfillment(option, [], medusaOrder, { id: 'ful_1' });
    expect(again.data.shipmentId).toBe(data.shipmentId);
    expect(charges()).toBe(before + 1);
    expect(await provider.cancelFulfillment(data)).toEqual({});
    expect((await fetch(labels[0]!.label_url)).status).toBe(410);
  });

  it.each([
    ['7.55', 'USD', 755],
    ['7', 'USD', 700],
    ['0.5', 'EUR', 50],
    ['1200', 'JPY', 1200],
  ])('convert %s %s to %i of the minor unit', (amount, currencyCode, minor) => {
    expect(minorUnits({ amount, currencyCode })).toBe(minor);
  });
});
