import { once } from 'node:events';
import { connect } from 'node:net';

import { expect, it } from 'vitest';

import { openTestServer } from '../support/test-server.ts';

it('a connection on which nothing was sent does not delay the end of the server', async () => {
  const server = await openTestServer();
  const unused = connect(Number(new URL(server.url).port), '127.0.0.1').resume();
  const closed = once(unused, 'close');
  await once(unused, 'connect');
  // The server has accepted it by the time that it answers on the next connection.
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  await server.close();
  await closed;
});
