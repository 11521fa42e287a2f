import type { Account, AccountFailure } from '../../accounts/account.ts';
import { requireAccount, selectForVerification } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import { addressChanges, validateAddress, normalizeAddress, type Address } from '../../domain/address.ts';
import { outcome, ProviderError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import type { Resolvers, ResolversTypes } from '../../generated/resolvers-types.ts';
import { createOperationLimit } from '../operation-limit.ts';
import { requireCaller } from '../require-caller.ts';

const countAddresses = createOperationLimit(100, 'addresses');

type AddressVerification = Awaited<ResolversTypes['AddressVerification']>;

export const verificationResolvers: Resolvers = {
  Query: {
    async addressVerification(_, { address, accountId }, context) {
      const input = normalizeAddress(address);
      throwIfInvalid(validateAddress(input, 'verify', ['address']));
      return verify(input, ['address'], namedAccount(context, accountId), context);
    },
    async addressVerifications(_, { addresses, accountId }, context) {
      countAddresses(context, addresses.length);
      const account = namedAccount(context, accountId);
      return Promise.all(
        addresses.map(async (address, index) => {
          const path = ['addresses', String(index)];
          const input = normalizeAddress(address);
          const errors = validateAddress(input, 'verify', path);
          return errors.length > 0 ? invalidAddress(input, errors) : verify(input, path, account, context);
        }),
      );
    },
  },
};

function namedAccount(context: Context, accountId: string | null | undefined): Account | undefined {
  const caller = requireCaller(context);
  return accountId ? requireAccount(caller, accountId, ['accountId']) : undefined;
}

async function verify(
  input: Address,
  argument: readonly string[],
  named: Account | undefined,
  context: Context,
): Promise<AddressVerification> {
  const account = named ?? selectForVerification(requireCaller(context), input);
  if (account instanceof ProviderError) return unverified(input, { error: account, argument });
  const result = await outcome(() => context.loaders.verification(account).load(input));
  if (result instanceof ProviderError) return unverified(input, { error: result, account, argument });
  const { address } = result;
  return {
    ...result,
    input,
    address: address ?? null,
    changes: address ? addressChanges(input, address) : [],
    account,
    failures: [],
  };
}

/** The result for an address that no provider could verify: a failure for each error. */
const invalidAddress = (input: Address, errors: readonly UserError[]): AddressVerification => ({
  status: 'UNVERIFIED',
  input,
  changes: [],
  messages: [],
  account: null,
  failures: errors.map(({ field, message }) => ({
    error: new ProviderError('REJECTED', message, { field }),
    argument: [],
  })),
});

const unverified = (input: Address, failure: AccountFailure): AddressVerification => ({
  status: 'UNVERIFIED',
  input,
  changes: [],
  messages: [],
  account: failure.account ?? null,
  failures: [failure],
});
