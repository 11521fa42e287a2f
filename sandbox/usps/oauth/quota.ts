import type { Api, UspsClient } from './clients.ts';
import { envelope, oauthError } from '../errors.ts';
import type { UspsState } from '../state.ts';

const hourMs = 3_600_000;

/** The times of the last hour's calls, for each sandbox, client and API. */
const callTimes = new WeakMap<UspsState, Map<string, number[]>>();

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
 * Counts one call. Throws a 429 with `Retry-After` in seconds when the hour's quota is used up.
 * Each API has a quota of its own, 60 by default (contract, 1.4). A call that gets 429 is not counted, so that a retry
 * after that time succeeds. Guess: no recording has the body of a resource API's 429.
 */
export function countCall(state: UspsState, client: UspsClient, api: Api) {
  const now = state.clock.now();
  const { spike } = state.switches;
  const buckets = callTimes.get(state) ?? new Map<string, number[]>();
  callTimes.set(state, buckets);
  const key = `${client.id} ${api}`;
  const times = (buckets.get(key) ?? []).filter((time) => time > now - hourMs);
  buckets.set(key, times);

  const limits = [{ calls: state.quota, ms: hourMs }];
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
