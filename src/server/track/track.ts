import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Accounts } from '../../accounts/open-accounts.ts';
import type { Identity } from '../../auth/authenticate.ts';
import { currentRequest } from '../../auth/request-record.ts';
import { readParcelNumber, validateParcelNumber } from '../../carriers/carrier-names.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Sealer } from '../../domain/seal.ts';
import { openTrackingLink, sealTrackingLink, trackingLinkMs } from '../../domain/tracking-link.ts';
import { addPage } from '../add-page.ts';
import type { HttpStreams } from '../subscriptions/http-stream.ts';
import { renderPage } from './page.ts';

export interface TrackOptions {
  readonly accounts: Pick<Accounts, 'caller'>;
  readonly identify: (request: FastifyRequest) => Promise<Identity>;
  readonly stream: HttpStreams['stream'];
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly publicUrl: () => string;
  /** The sandbox's key, with which the page shows any parcel. */
  readonly apiKey?: string;
}

/** What the page shows: the journey. No account, no shipment, and of places the city at most. */
const updates = `subscription TrackingPage($numbers: [TrackingNumberInput!]!, $after: String) {
  trackerUpdated(numbers: $numbers, after: $after) {
    trackingNumber carrier status statusText estimatedDelivery estimatedDeliveryDate trackingUrl cursor
    events { id status description occurredAt occurredAtLocal location { city state country } }
    failure { code }
  }
}`;

interface ParcelBody {
  readonly trackingNumber?: unknown;
  readonly carrier?: unknown;
  readonly link?: unknown;
  readonly after?: unknown;
}

/**
 * Adds `/track`, a page that shows a parcel's journey as it happens; `/track/updates`, which it reads; and `/track/links`,
 * which signs links for who has no key, where the tenant allows it (`trackingLinks`).
 */
export function addTrack(app: FastifyInstance, options: TrackOptions): void {
  const { identify, stream, sealer, clock, publicUrl, apiKey } = options;
  const page = { folder: new URL('.', import.meta.url), files: ['page.css', 'page.js'] };
  addPage(app, '/track', renderPage(apiKey), page);

  app.post<{ Body: ParcelBody | null }>('/track/links', async (request, reply) => {
    const { caller, permissions } = await identify(request);
    if (!caller) return refuse(reply, 401, 'send a key as `Authorization: Bearer <key>`');
    if (!permissions.has('tracking:read')) {
      return refuse(reply, 403, 'this key lacks the permission tracking:read');
    }
    if (!caller.tenant.trackingLinks) {
      return refuse(reply, 403, 'this tenant has no tracking links: set `trackingLinks` to true');
    }
    const number = readNumber(request.body);
    if (typeof number === 'string') return refuse(reply, 400, number);
    const parcel = readParcelNumber(number.trackingNumber, number.carrier);
    const expiresAt = clock.now() + trackingLinkMs;
    const token = sealTrackingLink(sealer, { tenantId: caller.tenant.id, parcel, expiresAt });
    // What follows # stays in the browser: no log and no other site sees it.
    return reply.send({ url: `${publicUrl()}/track#${token}`, expiresAt: new Date(expiresAt).toISOString() });
  });

  app.post<{ Body: ParcelBody | null }>('/track/updates', async (request, reply) => {
    const { link, after } = request.body ?? {};
    const seen = link === undefined ? await ofCaller(request, options) : ofLink(link, options);
    if ('error' in seen) return refuse(reply, seen.status, seen.error);
    const variables = { numbers: [seen.number], after: typeof after === 'string' ? after : undefined };
    const caller = { identify: seen.identify, record: currentRequest()! };
    return stream(request, reply, caller, { query: updates, variables });
  });
}

interface Refusal {
  readonly status: number;
  readonly error: string;
}

/** A parcel, and on whose behalf it is shown. */
interface Shown {
  readonly identify: () => Promise<Identity>;
  readonly number: { readonly trackingNumber: string; readonly carrier?: string };
}

async function ofCaller(request: FastifyRequest, { identify }: TrackOptions): Promise<Shown | Refusal> {
  const identity = await identify(request);
  if (!identity.caller) return { status: 401, error: 'a key or a link is needed to see a parcel' };
  const number = readNumber(request.body);
  return typeof number === 'string'
    ? { status: 400, error: number }
    : { identify: () => identify(request), number };
}

function ofLink(token: unknown, { accounts, sealer, clock }: TrackOptions): Shown | Refusal {
  const link = typeof token === 'string' ? openTrackingLink(sealer, token) : undefined;
  if (link === undefined || !accounts.caller(link.tenantId)?.tenant.trackingLinks) return { status: 404, error: 'there is no such link' }; // prettier-ignore
  if (link.expiresAt <= clock.now()) return { status: 410, error: 'this link has expired' };
  const identify = async (): Promise<Identity> => ({
    caller: accounts.caller(link.tenantId),
    permissions: new Set(['tracking:read']),
    actor: 'tracking link',
  });
  const expired: Identity = {
    refusal: 'this link has expired',
    permissions: new Set(),
    actor: 'tracking link',
  };
  return {
    identify: async () => (link.expiresAt > clock.now() ? identify() : expired),
    number: link.parcel,
  };
}

/** Reads the number and the carrier of a body; returns what is wrong with it. */
function readNumber(body: unknown): { trackingNumber: string; carrier?: string } | string {
  const { trackingNumber, carrier } = (body ?? {}) as ParcelBody;
  if (typeof trackingNumber !== 'string') return 'trackingNumber is required';
  if (carrier !== undefined && typeof carrier !== 'string') return 'carrier is no text';
  const [invalid] = validateParcelNumber({ trackingNumber, carrier }, []);
  return invalid ? `${invalid.field.join('.')} ${invalid.message}` : { trackingNumber, carrier };
}

const refuse = (reply: FastifyReply, status: number, error: string) => reply.code(status).send({ error });
