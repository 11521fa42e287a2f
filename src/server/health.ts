import type { FastifyInstance } from 'fastify';

import type { Storage } from '../storage/storage.ts';

/**
 * Adds `/healthz`, which responds while the process runs, and `/readyz`, which responds with 503 while the server closes
 * or the ledger is unavailable.
 */
export function addHealth(app: FastifyInstance, storage: Storage): void {
  let draining = false;
  app.addHook('preClose', async () => void (draining = true));
  // A connection that stays open after its response would delay the end of the process for a minute.
  app.addHook('onSend', (_, reply, __, done) => {
    if (draining) reply.header('connection', 'close');
    done();
  });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const isReady = !draining && (await storage.ping().then(() => true, () => false)); // prettier-ignore
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ready' : draining ? 'draining' : 'no ledger' });
  });
}
