import { addressErrors, tidyAddress } from '../domain/address.ts';
import { ProviderError, refuse, type UserError } from '../domain/errors.ts';
import type { Resolvers } from '../generated/resolvers-types.ts';
import { lacking } from '../loaders/abilities.ts';
import { callerOf, ownAccount } from './caller.ts';
import { failed, orFailed } from './errors.ts';

export const locationResolvers: Resolvers = {
  Query: {
    async dropOffLocations(_, { postalCode, accountId, radiusMiles }, context) {
      const { accounts } = callerOf(context);
      const radius = radiusMiles ?? 10;
      const place = tidyAddress({ postalCode, country: 'US' });
      const errors: UserError[] = place.postalCode
        ? [...addressErrors(place, 'quote', [])]
        : [{ code: 'REQUIRED', field: ['postalCode'], message: 'places are looked for around a ZIP code' }];
      if (radius < 1 || radius > 100) {
        errors.push({ code: 'INVALID', field: ['radiusMiles'], message: 'is between 1 and 100' });
      }
      refuse(errors);
      const account = accountId
        ? ownAccount(callerOf(context), accountId, ['accountId'])
        : accounts.find((each) => each.carrier.locations);
      if (account === undefined) {
        const message = 'no account of yours knows places to hand a parcel over';
        throw failed({ error: new ProviderError('CREDENTIALS_MISSING', message) }, context);
      }
      return orFailed(account, context, async () => {
        const { locations } = account.carrier;
        if (locations === undefined) throw lacking(account, 'find places');
        return locations(place.postalCode!, radius, { signal: context.signal });
      });
    },
  },
};
