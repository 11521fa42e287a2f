import type { Account, AccountFailure } from '../../accounts/account.ts';
import { requireAccount, selectForVerification } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import {
  addressChanges,
  validateAddress,
  normalizeAddress,
  type Address,
  type Verification,
} from '../../domain/address.ts';
import { outcome, ProviderError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import type { Resolvers, ResolversTypes } from '../../generated/resolvers-types.ts';
import { NotSent, possibly } from '../../transport/call-plan.ts';
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
  const accounts = named ? [named] : selectForVerification(requireCaller(context), input);
  if (accounts instanceof ProviderError) return unverified(input, [{ error: accounts, argument }]);
  const failures: AccountFailure[] = [];
  for (const account of accounts) {
    const ask = () => outcome(() => context.loaders.verification(account).load(input));
    const isPlanned = failures.some(({ error }) => error instanceof NotSent);
    const result = await (isPlanned
      ? possibly('the account that is asked first may not verify', ask)
      : ask());
    if (!(result instanceof ProviderError)) return verified(input, result, account, failures);
    failures.push({ error: result, account, argument });
    // In a plan, an account has no answer, and the next one is asked in case that it is denied the service.
    if (!(result instanceof NotSent || deniedToAccount.has(result.code))) break;
  }
  return unverified(input, failures);
}

/** The codes of failures of one account alone, after which the next one is asked. */
const deniedToAccount = new Set<ProviderError['code']>(['SCOPE_MISSING', 'ACCOUNT_NOT_AUTHORIZED']);

function verified(
  input: Address,
  verification: Verification,
  account: Account,
  failures: readonly AccountFailure[],
): AddressVerification {
  const { address } = verification;
  return {
    ...verification,
    input,
    address: address ?? null,
    changes: address ? addressChanges(input, address) : [],
    account,
    failures,
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

const unverified = (input: Address, failures: readonly AccountFailure[]): AddressVerification => ({
  status: 'UNVERIFIED',
  input,
  changes: [],
  messages: [],
  account: failures[0]?.account ?? null,
  failures,
});
