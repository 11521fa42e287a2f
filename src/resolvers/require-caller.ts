import { GraphQLError } from 'graphql';

import type { Caller } from '../accounts/account.ts';
import type { Context } from '../auth/context.ts';

/** Returns the caller; throws UNAUTHENTICATED if the request carries no valid API key. */
export function requireCaller(context: Context): Caller {
  if (context.caller === undefined) throw unauthenticated(context);
  return context.caller;
}

/** The error for a request without a valid API key, sent with HTTP status 401. */
export const unauthenticated = ({ refusal = 'an API key is required' }: Pick<Context, 'refusal'>) =>
  new GraphQLError(refusal, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
