// Serves the built page, and forwards its calls to the API: PORT=4300 node server.ts
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import sirv from 'sirv';

import { forward } from './forward.ts';

const { PORT = '4300', HOST = '127.0.0.1' } = process.env;

/** Everything that the page loads comes from this server. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const page = sirv(fileURLToPath(new URL('dist', import.meta.url)), { etag: true });

const server = createServer((request, response) => {
  response.setHeaders(new Map(Object.entries(securityHeaders)));
  void forward(request, response, () => page(request, response));
});
server.listen(Number(PORT), HOST, () => {
  console.log(`http://${HOST}:${(server.address() as AddressInfo).port}/`);
});
