import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { startApolloGateway } from './apollo-gateway.ts';
import { startHiveGateway } from './hive-gateway.ts';
import { startSubgraphs } from './supergraph.ts';

const gateways = new Map([
  ['hive', startHiveGateway],
  ['apollo', startApolloGateway],
]);
const startGateway = gateways.get(process.argv[2] ?? 'hive');
if (startGateway === undefined) {
  console.error(`Usage: npm run supergraph -- [${[...gateways.keys()].join(' | ')}]`);
  process.exit(1);
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Starts the shipping server of `npm start`, and waits until it is ready. It ends with this process. */
async function startShipping(): Promise<string> {
  const url = 'http://127.0.0.1:4000';
  const server = spawn(process.execPath, ['--import', './src/compile-cache.mjs', 'src/main.ts'], {
    cwd: root,
    env: { ...process.env, PORT: '4000', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  server.once('exit', (code) => process.exit(code ?? 1));
  process.once('exit', () => server.kill());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit());
  const isReady = () => fetch(`${url}/readyz`).then(({ ok }) => ok, () => false); // prettier-ignore
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 100));
  return url;
}

const numbers = [
  '9200190345678900000025',
  '9200190345678900000018',
  'EZ4000000004',
  '9200190345678999999996',
];
const orders = numbers.map((trackingNumber, index) => ({
  id: String(1001 + index),
  parcel: { trackingNumber, carrier: null },
}));
const checkouts = [
  { id: '1', address: { postalCode: '94107', country: 'US' }, weight: { value: 20, unit: 'OUNCE' } },
];

console.log('Starting Parcelgraph, the subgraphs and the gateway ...');
const shippingUrl = process.env.PARCELGRAPH_URL ?? (await startShipping());
const { supergraphSdl } = await startSubgraphs(`${shippingUrl}/graphql`, {
  orders: () => orders,
  checkouts: () => checkouts,
  warehouse: {
    address: { postalCode: '20260', country: 'US' },
    dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
  },
});
const { url } = await startGateway(supergraphSdl, Number(process.env.PORT ?? 4100));
console.log(`The supergraph listens at ${url}`);
