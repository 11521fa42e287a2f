import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import { currentPlan } from './call-plan.ts';
import type { HttpResponse, HttpRequest, Send } from './http.ts';

/** An access token as a provider granted it. */
export interface Token {
  readonly value: string;
  /** Time of receipt by our clock, in epoch milliseconds. */
  readonly receivedAt: number;
  /** Epoch milliseconds. Its lifetime counts from when it was requested, since it was granted at some time after that. */
  readonly expiresAt: number;
  /** The scopes that the token covers; undefined where the provider did not list them. */
  readonly scope?: readonly string[];
}

/** The state of a credential, read without a call to its provider. */
export interface TokenState {
  /** The stored token, which may have expired. */
  readonly token?: Token;
  /** The provider's refusal of the credential. Until `until` (epoch milliseconds) the credential is not sent again. */
  readonly refusal?: { readonly error: ProviderError; readonly until: number };
  /** The APIs that refused a fresh token and are not called at present. */
  readonly blocked: readonly string[];
  /** The APIs that accepted a request of this process, and have not refused one since. */
  readonly accepted: readonly string[];
}

/** Sends requests with a token. */
export interface BearerSend extends Send {
  tokenState(): Promise<TokenState>;
  /**
   * Returns the token that a request would carry now and fetches one where none is stored. Fails as that request would;
   * spends no call on anything else.
   */
  token(signal: AbortSignal): Promise<Token>;
}

/** Stores tokens; all replicas share one store. */
export interface TokenStore {
  read(key: string): Promise<Token | undefined>;
  /**
   * Replaces `stale` (or a missing token) by the result of `fetchToken`. One fetch runs at a time for each key; concurrent
   * callers wait for it and get the same token or the same error.
   */
  renew(key: string, stale: Token | undefined, fetchToken: () => Promise<Token>): Promise<Token>;
  /**
   * Replaces a token that its provider refused, as `renew` does. Fetches nothing and returns undefined where any replica
   * began to replace it after `since` (epoch milliseconds).
   */
  replace(
    key: string,
    refused: Token,
    fetchToken: () => Promise<Token>,
    time: { readonly now: number; readonly since: number },
  ): Promise<Token | undefined>;
}

export interface BearerOptions {
  /** Names the token: tenant, base URL and a fingerprint of the credential. */
  readonly key: string;
  readonly tokens: TokenStore;
  readonly clock: Clock;
  /** Fetches a new token through the layers below, so that it counts against the quota as any call does. */
  readonly fetchToken: (next: Send, signal: AbortSignal) => Promise<Token>;
  /** Returns the headers that carry the token. */
  readonly header: (token: Token) => Readonly<Record<string, string>>;
  /** Tells whether a response means that this token is no longer valid, rather than that it lacks a permission. */
  readonly rejectsToken: (response: HttpResponse) => boolean;
  /** Tells whether a response to the replacement of a refused token is the one that every call to the same API would get. Default: never. */
  readonly blocksApi?: (response: HttpResponse, request: HttpRequest) => boolean;
  /** Throws where the token does not cover the request. Once an hour a newer token is tried first. */
  readonly check?: (token: Token, request: HttpRequest) => void;
}

/** A refused credential is not sent again, and an API that refused a fresh token is not called again, for this long: refused calls use quota. */
const refusalPauseMs = 5 * 60_000;
/** A refused token is replaced no sooner after the last replacement, by whichever replica: a refusal of its successor is one of the credential. */
const replacementPauseMs = 60_000;
/** A failed early renewal is retried no sooner than this, since it uses quota too. */
const earlyRenewalPauseMs = 60_000;
/** The scope of a token is fixed when it is granted; a token that lacks a scope is renewed once it is this old. */
export const scopeRestMs = 60 * 60_000;
const renewalTimeoutMs = 30_000;

/**
 * Adds a stored token to every request; renews it ahead of its expiry. A token that is refused is replaced, whatever its
 * age, at most once a minute for all requests of all replicas.
 */
export function bearer(options: BearerOptions): (next: Send) => BearerSend {
  const { key, tokens, clock, header, rejectsToken, blocksApi, check } = options;
  const renewal = createRenewal(options);
  const blocked = createBlockedApis(clock);
  const accepted = new Set<string>();
  let nextEarlyRenewal = 0;
  let nextScopeRenewal = 0;
  let replacement:
    { readonly refused: Token; readonly at: number; readonly token: Promise<Token | undefined> } | undefined;

  return (next) => {
    const renew = (stale: Token | undefined) => renewal.renew(next, stale);
    const sendWith = (token: Token, request: HttpRequest, signal: AbortSignal) => {
      check?.(token, request);
      return next({ ...request, headers: { ...request.headers, ...header(token) } }, signal);
    };
    const validToken = async (signal: AbortSignal) => {
      let token = await tokens.read(key);
      if (token !== undefined && token.expiresAt > clock.now()) {
        if (isDue(token, clock.now()) && clock.now() >= nextEarlyRenewal) {
          const isPlanned = currentPlan() !== undefined;
          if (!isPlanned) nextEarlyRenewal = clock.now() + earlyRenewalPauseMs;
          // The token is still valid, so the caller does not wait; a failure surfaces once the token has expired.
          const renewed = renew(token).catch(() => {});
          if (isPlanned) await renewed;
        }
      } else {
        token = await renew(token);
        // The token that another replica fetched may have expired as well.
        if (token.expiresAt <= clock.now()) token = await renew(token);
      }
      signal.throwIfAborted();
      return token;
    };
    /** Returns the token in place of a refused one; undefined for the refusal of a token that has just replaced another. */
    const replace = (refused: Token) => {
      if (replacement === undefined || clock.now() - replacement.at >= replacementPauseMs) {
        replacement = { refused, at: clock.now(), token: renewal.replace(next, refused) };
      }
      return replacement.refused.value === refused.value ? replacement.token : undefined;
    };
    const coveringToken = async (request: HttpRequest, token: Token) => {
      try {
        check?.(token, request);
        return token;
      } catch (error) {
        if (clock.now() - token.receivedAt < scopeRestMs || clock.now() < nextScopeRenewal) throw error;
        return renew(token).catch(() => {
          nextScopeRenewal = clock.now() + scopeRestMs;
          throw error;
        });
      }
    };
    const send: Send = async (request, signal) => {
      const refused = blocked.responseOf(request.api);
      if (refused !== undefined) return refused;
      const token = await coveringToken(request, await validToken(signal));
      let response = await sendWith(token, request, signal);
      const successor = rejectsToken(response) ? await replace(token) : undefined;
      if (successor) response = await sendWith(successor, request, signal);
      if (blocksApi?.(response, request)) {
        blocked.add(request.api, response);
        accepted.delete(request.api);
      } else if (response.status < 400) {
        accepted.add(request.api);
      }
      return response;
    };
    const tokenState = async () => ({
      token: await tokens.read(key),
      refusal: renewal.refusal(),
      blocked: blocked.list(),
      accepted: [...accepted],
    });
    return Object.assign(send, { tokenState, token: validToken });
  };
}

/** Fetches tokens into the store, and remembers a refused credential so that it is not sent again too soon. */
function createRenewal({ key, tokens, clock, fetchToken }: BearerOptions) {
  let last: TokenState['refusal'];
  const refusal = () => (last !== undefined && last.until > clock.now() ? last : undefined);

  /** Has a time-out of its own: every waiting request shares the fetch, so none of them may abort it. */
  const fetchInTime = async (next: Send) => {
    const send: Send = (request, signal) => next({ ...request, abortAtEnd: true }, signal);
    const timeout = AbortSignal.timeout(renewalTimeoutMs);
    try {
      return await fetchToken(send, timeout);
    } catch (error) {
      if (!timeout.aborted || error instanceof ProviderError) throw error;
      throw new ProviderError('TIMEOUT', `no token was granted within ${renewalTimeoutMs / 1000} s`, {
        hint: 'Try again later.',
        cause: error,
      });
    }
  };
  const withRefusal = async <T>(obtain: () => Promise<T>) => {
    const refused = refusal();
    if (refused !== undefined) throw refused.error;
    try {
      return await obtain();
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.code === 'CREDENTIALS_REJECTED') last = { error, until: clock.now() + refusalPauseMs };
      // Without a token the request itself was never sent, whatever happened to the token request.
      throw new ProviderError(error.code, error.message, { ...error, refused: true, cause: error });
    }
  };
  const renew = (next: Send, stale: Token | undefined) =>
    withRefusal(() => tokens.renew(key, stale, () => fetchInTime(next)));
  const replace = (next: Send, refused: Token) => {
    const now = clock.now();
    const time = { now, since: now - replacementPauseMs };
    return withRefusal(() => tokens.replace(key, refused, () => fetchInTime(next), time));
  };
  return { renew, replace, refusal };
}

/** Remembers the response of each API that refused a fresh token, for as long as that API is not called. */
function createBlockedApis(clock: Clock) {
  const blocked = new Map<string, { readonly response: HttpResponse; readonly until: number }>();
  return {
    add: (api: string, response: HttpResponse) =>
      void blocked.set(api, { response, until: clock.now() + refusalPauseMs }),
    responseOf(api: string): HttpResponse | undefined {
      const entry = blocked.get(api);
      return entry !== undefined && entry.until > clock.now() ? entry.response : undefined;
    },
    list: () => [...blocked].flatMap(([api, { until }]) => (until > clock.now() ? [api] : [])),
  };
}

/** Tells whether a renewal is due: 30 minutes before expiry, or a tenth of the lifetime where that is shorter. */
function isDue(token: Token, now: number): boolean {
  const ahead = Math.min(30 * 60_000, (token.expiresAt - token.receivedAt) / 10);
  return now >= token.expiresAt - ahead;
}
