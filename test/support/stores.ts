import type { Token, TokenStore } from '../../src/transport/bearer-token.ts';
import { emptyWindow, type QuotaStore, type QuotaWindow } from '../../src/transport/quota.ts';

/** Tokens for a test that has no ledger. */
export function memoryTokens(): TokenStore {
  const tokens = new Map<string, Token>();
  const renewals = new Map<string, Promise<Token>>();
  return {
    read: async (key) => tokens.get(key),
    async renew(key, stale, mint) {
      const running = renewals.get(key);
      if (running) return running;
      const known = tokens.get(key);
      if (known && known.value !== stale?.value) return known;
      const renewal = mint()
        .then((token) => {
          tokens.set(key, token);
          return token;
        })
        .finally(() => renewals.delete(key));
      renewals.set(key, renewal);
      return renewal;
    },
  };
}

/** Counts for a test that has no ledger. */
export function memoryQuotas(): QuotaStore {
  const windows = new Map<string, QuotaWindow>();
  return {
    read: async ({ key, api }) => windows.get(`${key} ${api}`) ?? emptyWindow,
    async update({ key, api }, change) {
      const [changed, result] = change(windows.get(`${key} ${api}`) ?? emptyWindow);
      windows.set(`${key} ${api}`, changed);
      return result;
    },
  };
}
