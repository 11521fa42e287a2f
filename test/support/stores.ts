import type { Clock } from '../../src/domain/clock.ts';
import type { Layer } from '../../src/transport/http.ts';
import type { Token, TokenStore } from '../../src/transport/bearer-token.ts';
import type { CardEntry, PriceEntry, RateCard } from '../../src/domain/rate-card.ts';
import type { CardKey, RateCardStore } from '../../src/storage/rate-cards.ts';
import type { RateQuoteStore, StoredQuote } from '../../src/storage/rate-quotes.ts';
import { createQuotaCounter, type QuotaCounter, type QuotaStore } from '../../src/transport/quota-counter.ts';
import { emptyWindow, type QuotaWindow } from '../../src/transport/quota-window.ts';

/** Keeps tokens in memory, for tests without a ledger. */
export function memoryTokens(): TokenStore {
  const tokens = new Map<string, Token>();
  const renewals = new Map<string, Promise<Token>>();
  const replacedAt = new Map<string, number>();
  return {
    read: async (key) => tokens.get(key),
    async replace(key, refused, fetchToken, { now, since }) {
      const stored = tokens.get(key);
      if (stored && stored.value !== refused.value) return stored;
      if ((replacedAt.get(key) ?? -Infinity) > since) return undefined;
      replacedAt.set(key, now);
      return this.renew(key, refused, fetchToken);
    },
    async renew(key, stale, fetchToken) {
      const running = renewals.get(key);
      if (running) return running;
      const stored = tokens.get(key);
      if (stored && stored.value !== stale?.value) return stored;
      const renewal = fetchToken()
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

/** Counts calls in memory, for tests without a ledger. */
export const memoryQuotas = (clock: Clock): QuotaCounter => createQuotaCounter(memoryQuotaStore(), clock);

export function memoryQuotaStore(): QuotaStore {
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

/** Keeps quotes in memory, for tests without a ledger. */
export function memoryRateQuotes(): RateQuoteStore {
  const quotes = new Map<string, StoredQuote>();
  return {
    async read(factors, now) {
      const found = factors.flatMap((each) => quotes.get(each) ?? []);
      return new Map(
        found
          .filter(({ expiresAt }) => expiresAt > now)
          .map(({ factors, offers, asOf }) => [factors, { offers, failures: [], asOf }]),
      );
    },
    async save(saved) {
      for (const quote of saved) quotes.set(quote.factors, quote);
    },
    async prune(now) {
      const expired = [...quotes.values()].filter(({ expiresAt }) => expiresAt <= now);
      for (const { factors } of expired) quotes.delete(factors);
      return expired.length;
    },
  };
}
/** Keeps rate cards in memory, for tests without a ledger. */
export function memoryRateCards(): RateCardStore {
  const cards = new Map<string, RateCard>();
  const zones = new Map<string, CardEntry<string>>();
  const prices = new Map<string, PriceEntry>();
  const drop = (entries: Map<string, CardEntry<unknown>>, account: string) => {
    for (const [key, { value }] of [...entries])
      if (value !== undefined && key.startsWith(`${account} `)) entries.delete(key);
  };
  const entriesOf = ({ account, route, places, parcel, weight }: CardKey, zone: string | undefined) => ({
    places,
    weight,
    card: cards.get(account),
    zone: zones.get(`${account} ${route}`),
    price: prices.get(`${account} ${zone} ${parcel}`),
  });
  return {
    read: async (key) => entriesOf(key, zones.get(`${key.account} ${key.route}`)?.value),
    async update({ zone, ...key }, change) {
      const changed = change(entriesOf(key, zone));
      if (changed === undefined) return;
      const { account, route, parcel } = key;
      if (changed.dropsZones) drop(zones, account);
      if (changed.dropsPrices) drop(prices, account);
      cards.set(account, changed.card);
      zones.set(`${account} ${route}`, changed.zone);
      prices.set(`${account} ${zone} ${parcel}`, changed.price);
    },
    async takeCheck(account, now, nextAt) {
      const card = cards.get(account);
      if (card === undefined || card.checkAt > now) return false;
      cards.set(account, { ...card, checkAt: nextAt });
      return true;
    },
    async prune() {},
  };
}

/** Refuses no call, for tests of what an adapter sends. */
export const unguarded: Layer = (next) => next;
