import type { Socket } from 'node:net';

import type { FastifyInstance } from 'fastify';

/**
 * Closes the connections on which nothing was ever sent as soon as the server closes. Browsers open them ahead of need; Node
 * waits a minute for their first request.
 */
export function closeUnusedConnections(app: FastifyInstance): void {
  const open = new Set<Socket>();
  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('preClose', async () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  });
}
