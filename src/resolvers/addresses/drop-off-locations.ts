import { selectForLocations } from '../../accounts/select-account.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import { validateAddress, normalizeAddress, type Address } from '../../domain/address.ts';
import { ProviderError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import type { Resolvers } from '../../generated/resolvers-types.ts';
import { toGraphQLError, unwrapFailure } from '../errors.ts';
import { requireCaller } from '../require-caller.ts';

export const dropOffLocationResolvers: Resolvers = {
  Query: {
    async dropOffLocations(_, { postalCode, accountId, radiusMiles }, context) {
      const caller = requireCaller(context);
      const radius = radiusMiles ?? 10;
      const area = normalizeAddress({ postalCode, country: 'US' });
      throwIfInvalid([...areaErrors(area), ...radiusErrors(radius)]);
      const account = selectForLocations(caller, accountId, ['accountId']);
      if (account instanceof ProviderError) throw toGraphQLError({ error: account });
      return unwrapFailure(account, async () => {
        const { locations } = account.adapter;
        if (locations === undefined) throw unsupported(account, 'list drop-off locations');
        return locations(area.postalCode!, radius, { signal: context.signal });
      });
    },
  },
};

function areaErrors(area: Address): readonly UserError[] {
  if (area.postalCode) return validateAddress(area, 'quote', []);
  return [{ code: 'REQUIRED', field: ['postalCode'], message: 'a ZIP code is needed to search around' }];
}

function radiusErrors(radius: number): UserError[] {
  if (radius >= 1 && radius <= 100) return [];
  return [{ code: 'INVALID', field: ['radiusMiles'], message: 'is between 1 and 100' }];
}
