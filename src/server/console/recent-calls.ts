import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

import type { CalledAccount } from '../../accounts/open-account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { ProviderError } from '../../domain/errors.ts';
import { redact } from '../../domain/redaction.ts';
import type { ProviderCall } from '../../transport/observe.ts';

/** How long calls took, in milliseconds. */
export interface CallTimes {
  readonly calls: number;
  readonly p50: number;
  readonly p95: number;
}

/** The calls to a provider in the last hour. */
export interface ProviderLatency extends CallTimes {
  readonly provider: string;
  /** Oldest first, without the minutes in which no call ended. */
  readonly minutes: readonly (CallTimes & { readonly at: string })[];
}

/** A failure of a call, without the provider's own words, which may repeat an address. */
export interface RecentFailure {
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  /** The API product, in the provider's own word. */
  readonly api: string;
  readonly code: ProviderError['code'];
  readonly providerCode?: string;
  readonly message: string;
  readonly hint?: string;
  /** How often it occurred. The time and the request are those of the last time. */
  readonly count: number;
  readonly at: string;
  /** Undefined for a call of a background job. */
  readonly requestId?: string;
}

/** The latest calls of this process to providers, in memory: their times, and the last 50 kinds of failures. */
export interface RecentCalls {
  onCall(account: CalledAccount, call: ProviderCall): void;
  onFailure(account: CalledAccount, api: string, error: ProviderError, requestId?: string): void;
  latency(): readonly ProviderLatency[];
  /** Latest first. */
  failures(): readonly RecentFailure[];
}

const minuteMs = 60_000;
const keptMinutes = 60;
const keptFailures = 50;

export function createRecentCalls(clock: Clock): RecentCalls {
  /** By provider, then by minute since the epoch. */
  const times = new Map<string, Map<number, RecordableHistogram>>();
  const failures = new Map<string, RecentFailure>();
  const currentMinute = () => Math.floor(clock.now() / minuteMs);
  const minutesOf = (provider: string) => {
    const minutes = times.get(provider) ?? new Map<number, RecordableHistogram>();
    times.set(provider, minutes);
    for (const minute of minutes.keys()) {
      if (minute <= currentMinute() - keptMinutes) minutes.delete(minute);
    }
    return minutes;
  };
  return {
    onCall({ provider }, { milliseconds }) {
      const minutes = minutesOf(provider);
      const minute = currentMinute();
      const histogram = minutes.get(minute) ?? createTimes();
      minutes.set(minute, histogram);
      histogram.record(Math.min(Math.max(Math.round(milliseconds), 1), longestMs));
    },
    onFailure({ tenant, id, provider }, api, error, requestId) {
      const { code, providerCode, hint } = error;
      const failure = { tenant, account: id, provider, api, code, providerCode, message: ownMessage(error), hint }; // prettier-ignore
      const key = JSON.stringify(failure);
      const count = (failures.get(key)?.count ?? 0) + 1;
      // Deleted first, so that the latest is the last.
      failures.delete(key);
      failures.set(key, { ...failure, count, at: new Date(clock.now()).toISOString(), requestId });
      const [oldest] = failures.keys();
      if (failures.size > keptFailures) failures.delete(oldest!);
    },
    latency: () =>
      [...times.keys()].flatMap((provider) => {
        const minutes = [...minutesOf(provider)];
        if (minutes.length === 0) return [];
        const hour = createTimes();
        for (const [, histogram] of minutes) hour.add(histogram);
        return [
          {
            provider,
            ...summarize(hour),
            minutes: minutes.map(([minute, histogram]) => ({
              at: new Date(minute * minuteMs).toISOString(),
              ...summarize(histogram),
            })),
          },
        ];
      }),
    failures: () => [...failures.values()].reverse(),
  };
}

/** No call to a provider has a longer time-out. */
const longestMs = 600_000;

/** Two significant figures, which take 20 KiB. */
const createTimes = () => createHistogram({ lowest: 1, highest: longestMs, figures: 2 });

const summarize = (histogram: RecordableHistogram): CallTimes => ({
  calls: histogram.count,
  p50: histogram.percentile(50),
  p95: histogram.percentile(95),
});

/** The message up to the provider's own words, of which adapters quote the first 300 characters. */
function ownMessage({ message, providerMessage }: ProviderError): string {
  const quoted = providerMessage ? message.indexOf(providerMessage.slice(0, 300)) : -1;
  return redact(quoted < 0 ? message : message.slice(0, quoted).replace(/: $/, ''));
}
