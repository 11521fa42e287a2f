import type { Account, Caller, Context } from '../context.ts';
import { addressChanges, addressErrors, tidyAddress, type Address } from '../domain/address.ts';
import { outcome, ProviderError, refuse, type UserError } from '../domain/errors.ts';
import type { Resolvers, ResolversTypes } from '../generated/resolvers-types.ts';
import { callerOf, ownAccount } from './caller.ts';
import { countUpTo } from './limits.ts';

const countAddresses = countUpTo(100, 'addresses');

type Verified = Awaited<ResolversTypes['AddressVerification']>;

export const addressResolvers: Resolvers = {
  Query: {
    async addressVerification(_, { address, accountId }, context) {
      const input = tidyAddress(address);
      refuse(addressErrors(input, 'verify', ['address']));
      return verifyOne(input, accountOf(context, accountId), context);
    },
    async addressVerifications(_, { addresses, accountId }, context) {
      countAddresses(context, addresses.length);
      const inputs = addresses.map(tidyAddress);
      const errors: UserError[] = inputs.flatMap((input, index) => [
        ...addressErrors(input, 'verify', ['addresses', String(index)]),
      ]);
      refuse(errors);
      const account = accountOf(context, accountId);
      return Promise.all(inputs.map((input) => verifyOne(input, account, context)));
    },
  },
};

function accountOf(context: Context, accountId: string | null | undefined): Account | undefined {
  const caller = callerOf(context);
  return accountId ? ownAccount(caller, accountId, ['accountId']) : undefined;
}

async function verifyOne(input: Address, named: Account | undefined, context: Context): Promise<Verified> {
  const account = named ?? whoVerifies(input, callerOf(context));
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
function whoVerifies({ country }: Address, { accounts }: Caller): Account | undefined {
  const can = accounts.filter((account) => account.carrier.verify);
  return (
    can.find((account) => account.verifies?.includes(country ?? '')) ??
    can.find((account) => account.verifies === undefined)
  );
}
