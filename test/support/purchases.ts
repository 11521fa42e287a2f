import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect } from 'vitest';

import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { box, openTestServer, receiver, sender, type Storage, type TestServer } from './test-server.ts';

const ratesQuery = /* GraphQL */ `
  query ($input: RatesInput!) {
    rates(input: $input) {
      rates {
        id
        service {
          code
        }
        price {
          amount
        }
        account {
          id
        }
      }
      failures {
        code
      }
    }
  }
`;
const purchaseMutation = /* GraphQL */ `
  mutation ($input: ShipmentPurchaseInput!) {
    shipmentPurchase(input: $input) {
      shipment {
        id
        status
        trackingNumber
        reference
        price {
          amount
          currencyCode
        }
        quotedPrice {
          amount
        }
        label {
          url
          contentType
          expiresAt
        }
        account {
          id
        }
        failure {
          code
        }
        parcels {
          trackingNumber
          status
        }
        tracker {
          status
        }
      }
      userErrors {
        code
        field
        message
      }
      failure {
        code
        message
        hint
        field
        account {
          id
        }
      }
    }
  }
`;

const voidMutation = /* GraphQL */ `
  mutation ($id: ID!) {
    shipmentVoid(input: { id: $id }) {
      shipment {
        status
        label {
          url
        }
        refund {
          status
          reference
          amount {
            amount
          }
          requestedAt
        }
      }
      userErrors {
        code
        field
      }
      failure {
        code
        message
      }
    }
  }
`;

/**
 * Starts a server for the tests of the enclosing `describe`, with the sandbox's tenant and another tenant with the API key
 * `other-key`, and returns what they purchase with. `key` is an idempotency key that is new in each test.
 */
export function setUpPurchases(storage: Storage) {
  let server: TestServer;
  let keys = 0;
  beforeAll(async () => {
    server = await openTestServer({
      storage,
      tenants: (sandbox) => [
        sandbox.tenant,
        { ...sandbox.tenant, id: 'other', apiKeys: [toApiKeyConfig('other-key')] },
      ],
    });
  });
  beforeEach(() => void (keys += 1));
  afterAll(() => server.close());

  const ratesOf = async (account: string, more: object = {}): Promise<any[]> => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: [account], ...more };
    const { data } = await server.ask(ratesQuery, { input });
    return data.rates.rates;
  };
  const rateOf = async (account: string, more?: object) =>
    findService(await ratesOf(account, more), 'PRIORITY_MAIL');
  const buy = async (input: object, apiKey?: string) => {
    const { data, errors } = await server.ask(purchaseMutation, { input }, apiKey);
    expect(errors).toBeUndefined();
    return data.shipmentPurchase;
  };
  return {
    get server() {
      return server;
    },
    get key() {
      return `key-${keys}`;
    },
    ratesOf,
    rateOf,
    buy,
    /** Purchases a Priority Mail label under a key of its own. */
    buyLabel: async (account: string) =>
      (await buy({ idempotencyKey: randomUUID(), rateId: (await rateOf(account)).id })).shipment,
    voidShipment: async (id: string, apiKey?: string) =>
      (await server.ask(voidMutation, { id }, apiKey)).data.shipmentVoid,
    /** Counts the POST requests to a path at a provider. */
    posts: (account: 'usps' | 'easypost', path: RegExp) =>
      server.sandbox[account].calls.filter((call) => call.method === 'POST' && path.test(call.path)).length,
    /** Counts the labels that the providers have charged. */
    charges: () => server.sandbox.usps.charges().length + server.sandbox.easypost.charges().length,
  };
}

export const findService = (rates: readonly any[], code: string) =>
  rates.find((rate) => rate.service.code === code);
