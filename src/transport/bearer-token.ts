import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import type { Response, Request, Send } from './http.ts';

/** A token as a provider granted it. */
export interface Token {
  readonly value: string;
  /** By our clock at receipt, epoch milliseconds. */
  readonly receivedAt: number;
  readonly expiresAt: number;
  /** What it covers; undefined where the provider did not say. */
  readonly scope?: readonly string[];
}

/** What is known of a credential without asking its provider. */
export interface TokenState {
  /** The token that is kept, which may have ended. */
  readonly token?: Token;
  /** Why the credential is not shown at present, and until when. */
  readonly refusal?: { readonly error: ProviderError; readonly until: number };
  /** The APIs that refused a fresh token, and are not called at present. */
  readonly blocked: readonly string[];
}

/** Sends with a token; the token itself can be asked for, which spends no call on anything else. */
export interface BearerSend extends Send {
  tokenState(): Promise<TokenState>;
  /** The token that a request would show now, got where none is kept; fails as that request would. */
  token(signal: AbortSignal): Promise<Token>;
}

/** Where tokens are kept; all replicas share one. */
export interface TokenStore {
  read(key: string): Promise<Token | undefined>;
  /**
   * Replaces `stale` (or the lack of a token) by what `mint` gets, one minting at a time for a key: whoever comes
   * meanwhile waits, and gets the same token or the same error.
   */
  renew(key: string, stale: Token | undefined, mint: () => Promise<Token>): Promise<Token>;
}

export interface BearerOptions {
  /** Names the token: tenant, base URL and a fingerprint of the credential. */
  readonly key: string;
  readonly tokens: TokenStore;
  readonly clock: Clock;
  /** Gets a new token through the layers below, so that it pays quota as any call. */
  readonly fetchToken: (next: Send, signal: AbortSignal) => Promise<Token>;
  /** How the token is shown to the provider. */
  readonly header: (token: Token) => Readonly<Record<string, string>>;
  /** Whether an answer says that this very token is no longer good, rather than that it does not suffice. */
  readonly refusesToken: (answer: Response) => boolean;
  /** Whether an answer to a fresh token is the one that every call to the same API would get. None is by default. */
  readonly blocksApi?: (answer: Response, request: Request) => boolean;
  /** Fails before the call where the token can't cover it; once an hour a newer token is tried first. */
  readonly check?: (token: Token, request: Request) => void;
}

/** A credential is not shown for this long to who refused it, since refused calls burn quota. */
const refusalRestMs = 5 * 60_000;
/** A token this young that is refused is not stale; renewing it would only loop. */
const youngMs = 60_000;
/** A renewal ahead of time that failed is tried again no sooner, since it pays quota too. */
const aheadPauseMs = 60_000;
/** What a token covers is settled when it is granted; who lacks something gets another when it is this old. */
export const scopeRestMs = 60 * 60_000;
/** Renewal ends within this time, whoever waits for it. */
const renewalTimeoutMs = 30_000;

/** Shows a token on every call: cached, renewed ahead of its expiry, at most once more after a refusal. */
export function bearer(options: BearerOptions): (next: Send) => BearerSend {
  const { key, tokens, clock, fetchToken, header, refusesToken, blocksApi, check } = options;
  let refusal: TokenState['refusal'];
  let aheadFrom = 0;
  let widenFrom = 0;
  /** By API: its refusal, which is given again until then. */
  const barred = new Map<string, { readonly answer: Response; readonly until: number }>();
  /** It serves every waiter, so no single one of them may abort it. */
  const mintInTime = async (next: Send) => {
    const patience = AbortSignal.timeout(renewalTimeoutMs);
    try {
      return await fetchToken(next, patience);
    } catch (error) {
      if (!patience.aborted || error instanceof ProviderError) throw error;
      throw new ProviderError('TIMEOUT', `no token was granted within ${renewalTimeoutMs / 1000} s`, {
        hint: 'Ask again later.',
        cause: error,
      });
    }
  };
  return (next) => {
    const renew = async (stale: Token | undefined) => {
      if (refusal !== undefined && refusal.until > clock.now()) throw refusal.error;
      try {
        return await tokens.renew(key, stale, () => mintInTime(next));
      } catch (error) {
        if (error instanceof ProviderError && error.code === 'CREDENTIALS_REJECTED') {
          refusal = { error, until: clock.now() + refusalRestMs };
        }
        // Without a token the request itself was never sent, whatever became of the token's.
        throw error instanceof ProviderError
          ? new ProviderError(error.code, error.message, { ...error, refused: true, cause: error })
          : error;
      }
    };
    const show = (request: Request, token: Token, signal: AbortSignal) => {
      check?.(token, request);
      return next({ ...request, headers: { ...request.headers, ...header(token) } }, signal);
    };
    const current = async (signal: AbortSignal) => {
      let token = await tokens.read(key);
      if (token !== undefined && token.expiresAt > clock.now()) {
        if (isDue(token, clock.now()) && clock.now() >= aheadFrom) {
          aheadFrom = clock.now() + aheadPauseMs;
          // Still good: renewed behind the caller's back; a failure shows when the token really ends.
          renew(token).catch(() => {});
        }
      } else {
        token = await renew(token);
        // What another replica got while we slept may have ended as well.
        if (token.expiresAt <= clock.now()) token = await renew(token);
      }
      signal.throwIfAborted();
      return token;
    };
    const covering = async (request: Request, token: Token) => {
      try {
        check?.(token, request);
        return token;
      } catch (lack) {
        if (clock.now() - token.receivedAt < scopeRestMs || clock.now() < widenFrom) throw lack;
        return renew(token).catch(() => {
          widenFrom = clock.now() + scopeRestMs;
          throw lack;
        });
      }
    };
    const send: Send = async (request, signal) => {
      const bar = barred.get(request.api);
      if (bar !== undefined && bar.until > clock.now()) return bar.answer;
      const token = await covering(request, await current(signal));
      let answer = await show(request, token, signal);
      if (refusesToken(answer) && clock.now() - token.receivedAt >= youngMs) {
        answer = await show(request, await renew(token), signal);
      }
      if (blocksApi?.(answer, request))
        barred.set(request.api, { answer, until: clock.now() + refusalRestMs });
      return answer;
    };
    const known = async () => ({
      token: await tokens.read(key),
      refusal: refusal !== undefined && refusal.until > clock.now() ? refusal : undefined,
      blocked: [...barred].flatMap(([api, { until }]) => (until > clock.now() ? [api] : [])),
    });
    return Object.assign(send, { tokenState: known, token: current });
  };
}

/** Renewal is due 30 minutes before the end, or a tenth of a life shorter than five hours. */
function isDue(token: Token, now: number): boolean {
  const ahead = Math.min(30 * 60_000, (token.expiresAt - token.receivedAt) / 10);
  return now >= token.expiresAt - ahead;
}
