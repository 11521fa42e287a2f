/** Hive Gateway over the OpenAPI description of the provider, composed by GraphQL Mesh: no resolver is written by hand. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { getUnifiedGraphGracefully } from '@graphql-mesh/fusion-composition';
import { loadGraphQLSchemaFromOpenAPI } from '@omnigraph/openapi';

const text = { type: 'string' };
const number = { type: 'number' };
const object = (properties) => ({ type: 'object', properties });
const address = object({ name: text, street1: text, city: text, state: text, zip: text, country: text });
const parcel = object({ weight: number, length: number, width: number, height: number });
const rate = object({
  id: text,
  carrier: text,
  service: text,
  rate: text,
  currency: text,
  delivery_days: number,
});
const json = (schema) => ({ content: { 'application/json': { schema } } });
const document = {
  openapi: '3.0.0',
  info: { title: 'EasyPost', version: '2' },
  servers: [{ url: process.env.PROVIDER }],
  paths: {
    '/v2/shipments': {
      post: {
        operationId: 'createShipment',
        requestBody: json(object({ shipment: object({ from_address: address, to_address: address, parcel }) })),
        responses: {
          200: { description: 'ok', ...json(object({ id: text, rates: { type: 'array', items: rate } })) },
        },
      },
    },
  },
}; // prettier-ignore

const options = { source: document, endpoint: process.env.PROVIDER, fallbackFormat: 'json' };
const schema = await loadGraphQLSchemaFromOpenAPI('easypost', options);
const gateway = createGatewayRuntime({
  supergraph: getUnifiedGraphGracefully([{ name: 'easypost', schema }]),
  logging: false,
});
const server = createServer(gateway);
await once(server.listen(0, '127.0.0.1'), 'listening');
console.log(`http://127.0.0.1:${server.address().port}`);
