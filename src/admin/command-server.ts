import type { RequestListener } from 'node:http';

import { fastify } from 'fastify';

import { noSchemas } from '../transport/no-schemas.ts';

/** A command for other processes of this machine: JSON input, JSON output, and no secret in either. */
export type Command = (input: unknown) => Promise<unknown>;

export interface CommandServer {
  /** Handles the requests that arrive on the socket of the data directory. */
  readonly onRequest: RequestListener;
  /** Registers a command under the name that callers send. */
  register(name: string, command: Command): void;
}

/** Bytes of the longest input. */
const bodyLimit = 16 * 1024;

/** Creates the server of `POST /commands/:name`. It does not listen itself: the lock of the data directory does. */
export async function createCommandServer(): Promise<CommandServer> {
  const commands = new Map<string, Command>();
  const server = fastify({ bodyLimit, schemaController: noSchemas });
  server.post<{ Params: { name: string } }>('/commands/:name', async ({ params, body }, reply) => {
    const command = commands.get(params.name);
    if (command === undefined) return reply.code(404).send();
    return { result: await command(body) };
  });
  // The error itself may contain addresses or secrets, so it is not sent.
  server.setErrorHandler((_, __, reply) => reply.code(500).send());
  await server.ready();
  return { onRequest: server.routing, register: (name, command) => void commands.set(name, command) };
}
