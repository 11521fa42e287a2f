import type { Account, Caller } from '../accounts/account.ts';
import { findAccount } from '../accounts/select-account.ts';
import { currentRequest, limitFreshness } from '../auth/request-record.ts';
import type { CallCount, CallRecord, Charge } from '../transport/call-record.ts';
import type { Quota } from '../transport/quota-window.ts';
import type { OperationPlugin } from './operation-plugin.ts';
import { switchHeader } from './request-headers.ts';

const header = 'x-parcelgraph-provider-calls';

/**
 * Adds `extensions.providerCalls` to responses: what the operation asked of the providers, and the money that it moved.
 * The request header decides, or else the tenant's setting `providerCalls`.
 */
export const reportProviderCalls: OperationPlugin = {
  requestDidStart() {
    let isWanted = false;
    return {
      didResolveOperation({ request, contextValue: { caller } }) {
        isWanted = switchHeader(request.http?.headers, header) ?? caller?.tenant.providerCalls ?? false;
        // A response that is kept would tell the calls of another one.
        if (isWanted) limitFreshness(0);
      },
      async willSendResponse({ response: { body }, contextValue: { caller } }) {
        const record = currentRequest()?.providerCalls;
        if (!isWanted || caller === undefined || record === undefined || body.kind !== 'single') return;
        const providerCalls = await describeCalls(record, caller);
        body.singleResult.extensions = { ...body.singleResult.extensions, providerCalls };
      },
    };
  },
};

/** Describes a record as the extensions of a response show it: the calls by account and API product, and the money. */
export async function describeCalls(record: CallRecord, caller: Caller) {
  const byAccount = Map.groupBy(record.counts, ({ account }) => account);
  const calls = await Promise.all(
    [...byAccount].map(([id, counts]) => describeAccount(findAccount(caller, id), counts)),
  );
  return {
    calls: calls.flat(),
    charges: record.charges.map(describeCharge),
    refunds: record.refunds.map(describeCharge),
  };
}

/** The quota is the one that is left now; null where the provider counts no calls. */
async function describeAccount(account: Account | undefined, counts: readonly CallCount[]) {
  const quotas = (await account?.adapter.quotas?.()) ?? [];
  return counts.map((count) => {
    const quota = quotas.find(({ api }) => api === count.api);
    return { ...count, quota: quota ? describeQuota(quota) : null };
  });
}

const describeQuota = ({ limit, remaining, resetsAt }: Quota) => ({
  limit,
  remaining,
  resetsAt: resetsAt === undefined ? null : new Date(resetsAt).toISOString(),
});

const describeCharge = ({ account, amount }: Charge) => ({ account, ...amount });
