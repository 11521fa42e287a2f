import type { Account, Caller } from '../accounts/account.ts';
import type { Context } from '../auth/context.ts';
import { addressChanges, addressErrors, normalizeAddress, type Address } from '../domain/address.ts';
import { outcome, ProviderError, throwIfInvalid, type UserError } from '../domain/errors.ts';
import type { Resolvers, ResolversTypes } from '../generated/resolvers-types.ts';
import { requireCaller, requireAccount } from './require-auth.ts';
import { createOperationLimit } from './operation-limit.ts';

const countAddresses = createOperationLimit(100, 'addresses');

type Verified = Awaited<ResolversTypes['AddressVerification']>;

export const addressResolvers: Resolvers = {
  Query: {
    async addressVerification(_, { address, accountId }, context) {
      const input = normalizeAddress(address);
      throwIfInvalid(addressErrors(input, 'verify', ['address']));
      return verifyOne(input, accountOf(context, accountId), context);
    },
    async addressVerifications(_, { addresses, accountId }, context) {
      countAddresses(context, addresses.length);
      const inputs = addresses.map(normalizeAddress);
      const errors: UserError[] = inputs.flatMap((input, index) => [
        ...addressErrors(input, 'verify', ['addresses', String(index)]),
      ]);
      throwIfInvalid(errors);
      const account = accountOf(context, accountId);
      return Promise.all(inputs.map((input) => verifyOne(input, account, context)));
    },
  },
};

function accountOf(context: Context, accountId: string | null | undefined): Account | undefined {
  const caller = requireCaller(context);
  return accountId ? requireAccount(caller, accountId, ['accountId']) : undefined;
}

async function verifyOne(input: Address, named: Account | undefined, context: Context): Promise<Verified> {
  const account = named ?? accountForVerification(input, requireCaller(context));
  const failed = (error: ProviderError): Verified => ({
    status: 'UNVERIFIED',
    input,
    changes: [],
    messages: [],
    account: account ?? null,
    failures: [{ error, account }],
  });
  if (account === undefined) {
    const message = `no account of yours verifies addresses in ${input.country}`;
    return failed(
      new ProviderError('CREDENTIALS_MISSING', message, { hint: 'Add an account of a provider that does.' }),
    );
  }
  const answer = await outcome(() => context.loaders.verification(account).load(input));
  if (answer instanceof ProviderError) return failed(answer);
  const { address, messages, ...rest } = answer;
  return {
    ...rest,
    input,
    address: address ?? null,
    changes: address ? addressChanges(input, address) : [],
    messages,
    account,
    failures: [],
  };
}

/** Whoever knows the addresses of this country best: a provider of just that country before one of all. */
function accountForVerification({ country }: Address, { accounts }: Caller): Account | undefined {
  const can = accounts.filter((account) => account.adapter.verify);
  return (
    can.find((account) => account.verifiesCountries?.includes(country ?? '')) ??
    can.find((account) => account.verifiesCountries === undefined)
  );
}
