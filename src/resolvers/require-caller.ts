import { GraphQLError } from 'graphql';

import type { Caller } from '../accounts/account.ts';
import { nobody } from '../auth/authenticate.ts';
import type { Context } from '../auth/context.ts';

/** Returns the caller; throws UNAUTHENTICATED if the request carries no valid API key. */
export function requireCaller(context: Context): Caller {
  if (context.caller === undefined) throw unauthenticated(context);
  return context.caller;
}

/** The error for a request without a valid API key, sent with HTTP status 401. */
export const unauthenticated = ({ actor }: Pick<Context, 'actor'>) =>
  new GraphQLError(
    actor === nobody
      ? 'an API key is required: send it as `Authorization: Bearer <key>`'
      : 'the API key is not valid here: check that `Authorization: Bearer <key>` has a key of this server, in full',
    { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } },
  );
