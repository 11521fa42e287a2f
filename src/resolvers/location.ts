import { addressErrors, normalizeAddress } from '../domain/address.ts';
import { ProviderError, throwIfInvalid, type UserError } from '../domain/errors.ts';
import type { Resolvers } from '../generated/resolvers-types.ts';
import { unsupported } from '../accounts/unsupported.ts';
import { requireCaller, requireAccount } from './require-auth.ts';
import { toGraphQLError, unwrapFailure } from './errors.ts';

export const locationResolvers: Resolvers = {
  Query: {
    async dropOffLocations(_, { postalCode, accountId, radiusMiles }, context) {
      const { accounts } = requireCaller(context);
      const radius = radiusMiles ?? 10;
      const place = normalizeAddress({ postalCode, country: 'US' });
      const errors: UserError[] = place.postalCode
        ? [...addressErrors(place, 'quote', [])]
        : [{ code: 'REQUIRED', field: ['postalCode'], message: 'places are looked for around a ZIP code' }];
      if (radius < 1 || radius > 100) {
        errors.push({ code: 'INVALID', field: ['radiusMiles'], message: 'is between 1 and 100' });
      }
      throwIfInvalid(errors);
      const account = accountId
        ? requireAccount(requireCaller(context), accountId, ['accountId'])
        : accounts.find((each) => each.adapter.locations);
      if (account === undefined) {
        const message = 'no account of yours knows places to hand a parcel over';
        throw toGraphQLError({ error: new ProviderError('CREDENTIALS_MISSING', message) }, context);
      }
      return unwrapFailure(account, context, async () => {
        const { locations } = account.adapter;
        if (locations === undefined) throw unsupported(account, 'find places');
        return locations(place.postalCode!, radius, { signal: context.signal });
      });
    },
  },
};
