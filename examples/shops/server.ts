// Serves the webhooks: POST /shopify and POST /saleor. Put the check of each shop's signature in front of it.
// node examples/shops/server.ts
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

import type { ShopOptions } from './quote.ts';
import { saleorShippingMethods, type SaleorRequest } from './saleor.ts';
import { shopifyRates, type ShopifyRequest } from './shopify.ts';

export function createShopServer(options: ShopOptions): Server {
  const answer = async (path: string | undefined, body: unknown) => {
    if (path === '/shopify') return shopifyRates(body as ShopifyRequest, options);
    if (path === '/saleor') return saleorShippingMethods(body as SaleorRequest, options);
    return undefined;
  };
  return createServer((request, response) => {
    void json(request)
      .then((body) => answer(request.url, body))
      .then(
        (result) => ({ status: result ? 200 : 404, result: result ?? {} }),
        () => ({ status: 400, result: {} }),
      )
      .then(({ status, result }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result)),
      );
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { PARCELGRAPH_URL = 'http://127.0.0.1:4000', PARCELGRAPH_API_KEY = 'sandbox' } = process.env;
  const options: ShopOptions = {
    url: `${PARCELGRAPH_URL}/graphql`,
    apiKey: PARCELGRAPH_API_KEY,
    from: {
      name: 'Sally Sender',
      street1: "475 L'Enfant Plaza SW",
      city: 'Washington',
      state: 'DC',
      postalCode: '20260',
      country: 'US',
    },
    box: { length: 10, width: 8, height: 4 },
  };
  createShopServer(options).listen(4200, '127.0.0.1', () => console.log('http://127.0.0.1:4200'));
}
