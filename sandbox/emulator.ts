import type { ServerOptions } from 'node:https';

import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';

/** One HTTP call that an emulator received; `status` is 0 when the connection was dropped instead of answered. */
export interface Call {
  method: string;
  /** Without the query, which may hold an address. */
  path: string;
  status: number;
}

/** What goes wrong on purpose with the next calls that match. */
export interface Fault {
  method?: string;
  /** Matched against the path without its query. */
  path?: RegExp;
  /** How many calls it spoils; every one when left out. */
  times?: number;
  /** Waits this long before anything else; an answer still follows. */
  delayMs?: number;
  /** Never answers, until the caller leaves. */
  hang?: boolean;
  /** Answers this in place of acting. */
  answer?: { status: number; headers?: Record<string, string>; body: string | object };
  /** `before`: the connection drops and nothing was done. `after`: it was done and the answer is lost. */
  drop?: 'before' | 'after';
}

/** An emulated provider: a real HTTP server on loopback, with a record of who knocked and a list of what to spoil. */
export interface Emulator {
  url: string;
  calls: Call[];
  /** How many calls matched, spoiled ones included. */
  count(method: string, path: RegExp): number;
  /** Adds a fault; the returned function takes it away again. */
  spoil(fault: Fault): () => void;
  close(): Promise<void>;
}

/** A Fastify server with faults and a call record around the routes that `build` adds. */
export async function startEmulator(
  build: (app: FastifyInstance) => void | Promise<void>,
  options: { port?: number; host?: string; https?: ServerOptions } = {},
): Promise<Emulator> {
  const calls: Call[] = [];
  const faults = new Set<Fault>();
  const dropped = new WeakSet<FastifyRequest>();
  const app = Fastify({
    bodyLimit: 10 * 1024 * 1024,
    forceCloseConnections: true,
    https: options.https ?? null,
  }) as unknown as FastifyInstance;

  app.addHook('onRequest', async (request, reply) => {
    const fault = take(faults, request.method, pathOf(request));
    if (fault === undefined) return;
    if (fault.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault.hang) {
      record(request, 0);
      reply.hijack();
    } else if (fault.drop === 'before') {
      record(request, 0);
      reply.hijack();
      request.raw.socket.destroy();
    } else if (fault.answer !== undefined) {
      await reply
        .code(fault.answer.status)
        .headers(fault.answer.headers ?? {})
        .send(fault.answer.body);
    } else if (fault.drop === 'after') {
      dropped.add(request);
    }
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!dropped.has(request)) return payload;
    record(request, 0);
    reply.hijack();
    request.raw.socket.destroy();
    return payload;
  });
  app.addHook('onResponse', async (request, reply) => record(request, reply.statusCode));

  function record(request: FastifyRequest, status: number) {
    calls.push({ method: request.method, path: pathOf(request), status });
    if (calls.length > 10_000) calls.shift();
  }

  await build(app);
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  return {
    url,
    calls,
    count: (method, path) => calls.filter((call) => call.method === method && path.test(call.path)).length,
    spoil(fault) {
      const own = { ...fault };
      faults.add(own);
      return () => faults.delete(own);
    },
    close: () => app.close(),
  };
}

function take(faults: Set<Fault>, method: string, path: string): Fault | undefined {
  for (const fault of faults) {
    if (fault.method !== undefined && fault.method !== method) continue;
    if (fault.path !== undefined && !fault.path.test(path)) continue;
    if (fault.times !== undefined && --fault.times <= 0) faults.delete(fault);
    return fault;
  }
  return undefined;
}

const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0]!;
