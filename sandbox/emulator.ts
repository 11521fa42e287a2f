import type { ServerOptions } from 'node:https';

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

/** A call that an emulator received. */
export interface ReceivedCall {
  method: string;
  /** Without the query, which may hold an address. */
  path: string;
  /** The status of the response; 0 where there was none. */
  status: number;
  /** The client whose credentials the call carried. Undefined where the emulator did not accept them. */
  client?: string;
}

/** A fault that is injected into the calls it matches. */
export interface Fault {
  /** Default: every method. */
  method?: string;
  /** Matched against the path without its query. Default: every path. */
  path?: RegExp;
  /** The number of calls that fail. Default: every call. */
  times?: number;
  /** Delays the call by this time, in milliseconds. */
  delayMs?: number;
  /** Sends no response and keeps the connection open. */
  hang?: boolean;
  /** Sends this response, and processes nothing. */
  response?: { status: number; headers?: Record<string, string>; body: string | object };
  /** Processes the call, and returns the JSON body of its response as this function changes it. */
  alter?(body: unknown): unknown;
  /** Closes the connection without a response: `before` the call is processed, or `after` it was. */
  drop?: 'before' | 'after';
}

/** An emulated provider: an HTTP server on loopback that records its calls, and into which tests inject faults. */
export interface Emulator {
  url: string;
  /** The last 10,000 calls, in order. */
  calls: ReceivedCall[];
  /** Counts the calls that match, failed ones included. */
  count(method: string, path: RegExp): number;
  /** Injects a fault and returns a function that removes it. */
  injectFault(fault: Fault): () => void;
  /** Calls `listener` with each request once its body is read, before it is processed. */
  onRequest(listener: (request: FastifyRequest) => void): void;
  /**
   * Makes a parcel complete the rest of its journey in this time, in equal steps. Returns false for a parcel that the
   * emulator does not know or cannot move. Default: the emulator moves no parcels.
   */
  travel?(trackingNumber: string, milliseconds: number): boolean;
  close(): Promise<void>;
}

/** Starts an emulator with the routes that `build` adds. Default port: a free one. */
export async function startEmulator(
  build: (app: FastifyInstance) => void | Promise<void>,
  options: {
    port?: number;
    host?: string;
    https?: ServerOptions;
    /** Default: no call has a client. */
    clientOf?: (request: FastifyRequest) => string | undefined;
  } = {},
): Promise<Emulator> {
  const calls: ReceivedCall[] = [];
  const faults = new Set<Fault>();
  const listeners: ((request: FastifyRequest) => void)[] = [];
  const dropped = new WeakSet<FastifyRequest>();
  const altered = new WeakMap<FastifyRequest, NonNullable<Fault['alter']>>();
  const app = Fastify({
    bodyLimit: 10 * 1024 * 1024,
    forceCloseConnections: true,
    https: options.https ?? null,
  }) as unknown as FastifyInstance;

  app.addHook('onRequest', async (request, reply) => {
    const fault = takeFault(faults, request.method, pathOf(request));
    if (fault === undefined) return;
    if (fault.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault.hang) {
      record(request, 0);
      reply.hijack();
    } else if (fault.drop === 'before') {
      record(request, 0);
      reply.hijack();
      request.raw.socket.destroy();
    } else if (fault.response !== undefined) {
      await reply
        .code(fault.response.status)
        .headers(fault.response.headers ?? {})
        .send(fault.response.body);
    } else if (fault.drop === 'after') {
      dropped.add(request);
    } else if (fault.alter !== undefined) {
      altered.set(request, fault.alter);
    }
  });
  app.addHook('preHandler', async (request) => {
    for (const listener of listeners) listener(request);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    // Recorded before it is sent, so that a test that has the response finds the call.
    record(request, dropped.has(request) ? 0 : reply.statusCode);
    const alter = altered.get(request);
    if (alter !== undefined && isJson(reply)) return JSON.stringify(alter(JSON.parse(String(payload))));
    if (!dropped.has(request)) return payload;
    reply.hijack();
    request.raw.socket.destroy();
    return payload;
  });

  function record(request: FastifyRequest, status: number) {
    const client = options.clientOf?.(request);
    calls.push({ method: request.method, path: pathOf(request), status, ...(client && { client }) });
    if (calls.length > 10_000) calls.shift();
  }

  await build(app);
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  return {
    url,
    calls,
    count: (method, path) => calls.filter((call) => call.method === method && path.test(call.path)).length,
    injectFault(fault) {
      const own = { ...fault };
      faults.add(own);
      return () => faults.delete(own);
    },
    onRequest: (listener) => void listeners.push(listener),
    close: () => app.close(),
  };
}

/** Finds the fault of a call, and counts it. */
function takeFault(faults: Set<Fault>, method: string, path: string): Fault | undefined {
  for (const fault of faults) {
    if (fault.method !== undefined && fault.method !== method) continue;
    if (fault.path !== undefined && !fault.path.test(path)) continue;
    if (fault.times !== undefined && --fault.times <= 0) faults.delete(fault);
    return fault;
  }
  return undefined;
}

const isJson = (reply: FastifyReply) => String(reply.getHeader('content-type')).includes('json');
const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0]!;
