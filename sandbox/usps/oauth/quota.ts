import type { Api, UspsClient } from './clients.ts';
import { envelope, oauthError } from '../errors.ts';
import type { UspsState } from '../state.ts';

const hourMs = 3_600_000;

/** Times of the calls of the last hour, for each sandbox, client and API. */
const spent = new WeakMap<UspsState, Map<string, number[]>>();

const apiVersions: Record<Api, string> = {
  oauth: '',
  addresses: '/addresses/v3/',
  shipments: '/shipments/v3',
  payments: '/payments/v3',
  labels: '/labels/v3',
  'international-labels': '/international-labels/v3/',
  tracking: '/tracking/v3',
  prices: '/prices/v3',
  'international-prices': '/international-prices/v3',
  'scan-forms': '/scan-forms/v3',
  pickup: '/pickup/v3',
  locations: '/locations/v3',
  'service-standards': '/service-standards/v3',
};

/**
 * Takes one call off the hour's quota, or refuses with 429 and the seconds until a call is free again.
 * Each API has its own 60 (contract, 1.4). Refused calls are not counted, else a caller who waits as told would
 * never get through. Guess: the body of a resource API's 429 was never recorded.
 */
export function spend(world: UspsState, client: UspsClient, api: Api) {
  const now = world.clock.now();
  const { spike } = world.switches;
  const buckets = spent.get(world) ?? new Map<string, number[]>();
  spent.set(world, buckets);
  const key = `${client.id} ${api}`;
  const times = (buckets.get(key) ?? []).filter((time) => time > now - hourMs);
  buckets.set(key, times);

  const limits = [{ calls: world.quota, ms: hourMs }];
  if (spike !== undefined) limits.push({ calls: spike.calls, ms: spike.seconds * 1000 });
  for (const { calls, ms } of limits) {
    const recent = times.filter((time) => time > now - ms);
    if (recent.length < calls) continue;
    const freeAt = (recent[recent.length - calls] ?? now) + ms;
    const headers = { 'Retry-After': String(Math.max(1, Math.ceil((freeAt - now) / 1000))) };
    throw api === 'oauth'
      ? oauthError(
          429,
          'invalid_request',
          'SpikeArrestViolation: Too many requests received from client in a short time.',
          headers,
        )
      : envelope(
          apiVersions[api],
          429,
          'Too many requests have been received from client in a short amount of time.',
          [],
          headers,
        );
  }
  times.push(now);
}
