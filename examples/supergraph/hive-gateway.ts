import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';

import type { RunningServer } from './subgraph.ts';

/** Starts Hive Gateway, which hands each caller's key on to the subgraphs. */
export async function startHiveGateway(supergraphSdl: string, port = 0): Promise<RunningServer> {
  const gateway = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: 'warn',
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }),
    },
    // A subscription is an event stream, for which Hive Gateway sends a GET where nothing is said.
    transportEntries: { '*.http': { options: { method: 'POST' } } },
  });
  const server = createServer((request, response) => void gateway(request, response));
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async close() {
      server.closeAllConnections();
      server.close();
      await gateway[Symbol.asyncDispose]();
    },
  };
}
