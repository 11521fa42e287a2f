import { setTimeout as delay } from 'node:timers/promises';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Identity } from '../auth/authenticate.ts';
import type { createContextFactory } from '../auth/context.ts';
import { readParcelNumber } from '../carriers/carrier-names.ts';
import { parcelNumber } from '../domain/tracking.ts';

export interface SandboxParcelOptions {
  /** Makes a parcel complete its journey at the emulated provider that knows it; false where none does. */
  readonly travel: (trackingNumber: string, milliseconds: number) => boolean;
  readonly identify: (request: FastifyRequest) => Promise<Identity>;
  readonly createContext: ReturnType<typeof createContextFactory>;
}

const seconds = { default: 45, most: 86_400 };
/** How often a parcel that was sent along is asked for. */
const pollMs = 2_000;

/**
 * Adds `POST /sandbox/parcels/:trackingNumber/travel`, which sends a parcel along at a chosen pace. The emulated provider
 * does what a real one does: its tracking advances, and EasyPost's sends webhooks. Until the parcel arrives it is asked for
 * every two seconds, as a scheduler asks for it every few hours, so that providers without webhooks are seen to move too.
 */
export function addSandboxParcels(app: FastifyInstance, options: SandboxParcelOptions): void {
  const { travel, identify, createContext } = options;
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());

  const askUntil = async (identity: Identity, trackingNumber: string, end: number) => {
    const parcel = readParcelNumber(trackingNumber);
    const { signal } = closing;
    while (performance.now() < end) {
      await delay(pollMs, undefined, { signal });
      const now = { requestId: 'sandbox', signal, receivedAt: performance.now() };
      await createContext(identity, now).loaders.tracker.load({ parcel, maxAgeSeconds: 0 });
    }
  };

  app.post<{ Params: { trackingNumber: string }; Body: { seconds?: unknown } | null }>(
    '/sandbox/parcels/:trackingNumber/travel',
    async (request, reply) => {
      const identity = await identify(request);
      if (!identity.caller) return reply.code(401).send({ error: 'send the key of the sandbox' });
      const { trackingNumber } = parcelNumber(request.params.trackingNumber);
      const duration = request.body?.seconds ?? seconds.default;
      if (typeof duration !== 'number' || !(duration >= 1 && duration <= seconds.most)) {
        return reply.code(400).send({ error: `seconds is a number from 1 to ${seconds.most}` });
      }
      if (!travel(trackingNumber, duration * 1000)) {
        return reply
          .code(404)
          .send({ error: 'the sandbox has no such parcel that moves; buy a label, and take its number' });
      }
      const end = performance.now() + duration * 1000 + pollMs;
      // Ends with the server; a question that fails is asked again by whoever looks at the parcel.
      askUntil(identity, trackingNumber, end).catch(() => {});
      return reply.code(202).send({ trackingNumber, seconds: duration });
    },
  );
}
