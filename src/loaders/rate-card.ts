import type { Account } from '../accounts/account.ts';
import type { Clock } from '../domain/clock.ts';
import { confirmedOffers, learn } from '../domain/rate-card.ts';
import type { Quote, RateRequest } from '../domain/rate.ts';
import type { RateCardStore } from '../storage/rate-cards.ts';
import { withFallback } from '../storage/unavailable.ts';

/** The services by which accounts keep rate cards. */
export interface RateCardServices {
  readonly storage: { readonly rateCards: RateCardStore };
  readonly clock: Clock;
}

/** A quote that the account's rate card gives. */
export interface Estimate extends Quote {
  /** When an answer last agreed with the card, in epoch milliseconds. */
  readonly asOf: number;
  /** When the card is to be compared with an answer again, in epoch milliseconds. */
  readonly checkAt: number;
}

/** Estimates the quote of a request; undefined unless the account's rate card has its price for certain. */
export async function estimateQuote(
  account: Account,
  request: RateRequest,
  { storage, clock }: RateCardServices,
): Promise<Estimate | undefined> {
  const question = account.adapter.rateCard?.questionOf(request, clock.now());
  if (question === undefined || account.key === undefined) return undefined;
  const key = { account: account.key, ...question };
  const entries = await withFallback(() => storage.rateCards.read(key), () => undefined); // prettier-ignore
  const offers = entries && confirmedOffers(entries, question.shipDate, clock.now());
  if (offers === undefined) return undefined;
  const { asOf, checkAt } = entries!.card!;
  return { offers: offers.map((offer) => ({ ...offer, estimated: true })), failures: [], asOf, checkAt };
}

/** A spot check that fails is repeated after a tenth of the time between two. */
const repeatAfter = 0.1;

/** Tells whether this request is to compare the estimate with an answer of the account. One request a time is told so. */
export const takeCheck = async (
  account: Account,
  { checkAt }: Estimate,
  { storage, clock }: RateCardServices,
): Promise<boolean> => {
  const now = clock.now();
  const nextAt = now + account.adapter.rateCard!.checkIntervalMs * repeatAfter;
  return checkAt <= now && withFallback(() => storage.rateCards.takeCheck(account.key!, now, nextAt), () => false); // prettier-ignore
};

/** Compares a quote of the account, which it was asked for at `asOf`, with its rate card, and adds what is new. */
export async function learnQuote(
  account: Account,
  request: RateRequest,
  quote: Quote,
  asOf: number,
  { storage, clock }: RateCardServices,
): Promise<void> {
  const rules = account.adapter.rateCard;
  const question = rules?.questionOf(request, asOf);
  const answer = rules?.entryOf(quote);
  if (!rules || !question || !answer || account.key === undefined) return;
  const holdsUntil = rules.pricesHoldUntil(asOf);
  // Prices may have changed on the way.
  if (clock.now() >= holdsUntil) return;
  const { shipDate } = question;
  const seen = {
    ...answer,
    // As the ledger returns them.
    offers: JSON.parse(JSON.stringify(answer.offers)) as Quote['offers'],
    shipDate,
    asOf,
    holdsUntil,
    checkAt: asOf + rules.checkIntervalMs,
  };
  const key = { account: account.key, ...question, zone: answer.zone };
  await withFallback(() => storage.rateCards.update(key, (entries) => learn(entries, seen)), () => {}); // prettier-ignore
}
