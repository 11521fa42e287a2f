import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import { currentPlan } from './call-plan.ts';
import { isRepeatable, type HttpRequest, type Layer } from './http.ts';

/** The circuit breaker of an API product that is not closed. */
export interface Breaker {
  readonly api: string;
  readonly state: 'OPEN' | 'HALF_OPEN';
  /** Why it opened. Names the host only. */
  readonly reason: string;
  /** The time of the next probe, in epoch milliseconds; undefined while one is under way. */
  readonly retryAt?: number;
}

/** The circuit breakers of one account. */
export interface Breakers {
  /**
   * Refuses calls with UNAVAILABLE while the breaker of their API product is not closed, but for one probe at a time. It
   * goes outside of the quota, so that a refused call uses none, and on both sides of a layer in which calls wait.
   */
  readonly gate: Layer;
  /** Observes the calls that are sent. It goes inside of the quota, whose own waits tell nothing about the provider. */
  readonly watch: Layer;
  /** Returns the breakers that are not closed. */
  list(): readonly Breaker[];
}

/** A breaker opens after this many failures without a response in between. */
const failuresToOpen = 5;
/** An open breaker lets a probe pass after this time. */
const openMs = 20_000;
/** A probe that can be repeated fails after this time, whatever time-out its request has. */
const probeTimeoutMs = 10_000;
/** A call whose caller leaves after this time without a response counts as timed out. */
const silenceMs = 1_000;
/** While a probe is under way, callers are told to return after this time. */
const probeWaitMs = 1_000;

/** The breaker of one API product. */
interface Circuit {
  failures: number;
  /** Epoch milliseconds. */
  respondedAt: number;
  open?: { readonly reason: string; readonly retryAt: number; probe?: HttpRequest };
}

/** The signals of `settlementSignal`. */
const settlements = new WeakSet<AbortSignal>();

/** Creates the signal of calls that settle a purchase that was sent: they ask for its outcome or void it, and pass an open breaker. */
export function settlementSignal(timeoutMs: number): AbortSignal {
  const signal = AbortSignal.timeout(timeoutMs);
  settlements.add(signal);
  return signal;
}

/**
 * Creates the breakers of an account, one for each API product. A time-out, a connection failure and a status from 500 on
 * are failures; any other response closes the breaker. A failed call that began before the last response does not count.
 */
export function createBreakers(clock: Clock): Breakers {
  const circuits = new Map<string, Circuit>();
  const circuitOf = (api: string) => {
    const circuit = circuits.get(api) ?? { failures: 0, respondedAt: 0 };
    circuits.set(api, circuit);
    return circuit;
  };

  const gate: Layer = (next) => async (request, signal) => {
    const circuit = circuitOf(request.api);
    const { open } = circuit;
    if (open === undefined || open.probe === request || settlements.has(signal)) return next(request, signal);
    if (open.probe !== undefined || clock.now() < open.retryAt) {
      const retryAt = open.probe === undefined ? open.retryAt : clock.now() + probeWaitMs;
      throw openError(request.api, open.reason, retryAt - clock.now());
    }
    // A planned call is not sent, and so tests nothing.
    if (currentPlan()) return next(request, signal);
    const probe = isRepeatable(request) ? withTimeout(request) : { ...request };
    open.probe = probe;
    try {
      return await next(probe, signal);
    } finally {
      // The next call is the probe in place of one that was not sent.
      open.probe = undefined;
    }
  };

  const watch: Layer = (next) => async (request, signal) => {
    const circuit = circuitOf(request.api);
    const startedAt = clock.now();
    const fail = (reason: string) => {
      if (startedAt < circuit.respondedAt) return;
      circuit.failures += 1;
      const mayOpen = circuit.open ? circuit.open.probe === request : circuit.failures >= failuresToOpen;
      if (mayOpen) circuit.open = { reason, retryAt: clock.now() + openMs };
    };
    try {
      const response = await next(request, signal);
      if (response.status >= 500) {
        fail(`${request.url.host} responded ${response.status}`);
      } else {
        Object.assign(circuit, { failures: 0, respondedAt: clock.now(), open: undefined });
      }
      return response;
    } catch (error) {
      const silentMs = clock.now() - startedAt;
      if (error instanceof ProviderError) {
        if (error.code === 'TIMEOUT' || error.code === 'UNAVAILABLE') fail(error.message);
      } else if (signal.aborted && silentMs >= silenceMs) {
        fail(`${request.url.host} did not respond within ${Math.floor(silentMs / 1000)} s`);
      }
      throw error;
    }
  };

  const list = () =>
    [...circuits].flatMap(([api, { open }]): Breaker[] => {
      if (open === undefined) return [];
      const { reason, retryAt, probe } = open;
      return [probe ? { api, state: 'HALF_OPEN', reason } : { api, state: 'OPEN', reason, retryAt }];
    });
  return { gate, watch, list };
}

const withTimeout = (request: HttpRequest): HttpRequest => ({
  ...request,
  timeoutMs: Math.min(request.timeoutMs ?? probeTimeoutMs, probeTimeoutMs),
});

const openError = (api: string, reason: string, waitMs: number) =>
  new ProviderError('UNAVAILABLE', `calls to ${api} are suspended: ${reason}`, {
    hint: 'Retry after retryAfterSeconds: one call then tests whether the provider responds again.',
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
