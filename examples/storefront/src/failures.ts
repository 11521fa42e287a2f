import { CombinedGraphQLErrors } from '@apollo/client/errors';

import { formatSeconds, sentence } from './format.ts';
import type { ProviderFailureFragment } from './generated/graphql.ts';

type Code = ProviderFailureFragment['code'];

/** What a provider can't do at the moment, by the reason. Other reasons are told in the words of the API. */
const reasons: Partial<Record<Code, (name: string, task: string) => string>> = {
  TIMEOUT: (name, task) => `${name} took too long to ${task}.`,
  UNAVAILABLE: (name, task) => `${name} can’t ${task} right now.`,
  UNREADABLE: (name, task) => `${name} can’t ${task} right now.`,
  RATE_LIMITED: (name, task) => `${name} is too busy to ${task} right now.`,
  QUOTA_EXHAUSTED: (name, task) => `${name} can’t ${task} right now.`,
  CREDENTIALS_MISSING: (_, task) => `This shop has no account that can ${task}.`,
  CREDENTIALS_REJECTED: (name, task) => `${name} doesn’t let this shop ${task}.`,
  SCOPE_MISSING: (name, task) => `${name} doesn’t let this shop ${task}.`,
};

/** Says why a provider could not do a task, such as "quote this parcel", and when it can. */
export function explainFailure(failure: ProviderFailureFragment, task: string): string {
  const { account, code, message, retryAfterSeconds } = failure;
  const text = reasons[code]?.(account?.name ?? 'The carrier', task) ?? sentence(message);
  return retryAfterSeconds ? `${text} It should be back in ${formatSeconds(retryAfterSeconds)}.` : text;
}

/** Says why an operation has no result: in the words of the API, or that there is no connection to it. */
export const explainError = (error: Error): string =>
  CombinedGraphQLErrors.is(error)
    ? sentence(error.errors[0]!.message)
    : 'The shop can’t be reached. Check your connection, and try again.';

/** Tells whether the API refused an operation before it did anything. */
export const isRefusal = (error: Error): boolean =>
  CombinedGraphQLErrors.is(error) && error.errors[0]!.extensions?.code !== 'INTERNAL_SERVER_ERROR';
