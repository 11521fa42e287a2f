import type { Account } from '../accounts/account.ts';
import type { ProviderAdapter } from '../carriers/adapter.ts';
import { currentCalls } from '../transport/call-record.ts';

type Question = keyof NonNullable<ProviderAdapter['products']>;

/** Returns the function that counts the questions which calls of other operations answer. */
export const countJoined = (account: Account, question: Question) => (count: number) =>
  countAnswers(account, question, 'joined', count);

/** Counts a question that the ledger answers, for the account that it heard the answer from; a removed one counts nothing. */
export const countFromLedger = (account: Account | undefined, question: Question) =>
  countAnswers(account, question, 'fromLedger', 1);

function countAnswers(
  account: Account | undefined,
  question: Question,
  kind: 'joined' | 'fromLedger',
  count: number,
): void {
  const api = account?.adapter.products?.[question];
  if (account && api !== undefined) currentCalls()?.add(account.id, api, kind, count);
}
