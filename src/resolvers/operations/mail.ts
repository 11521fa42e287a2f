import { z } from 'zod';

import type { MailApi } from '../../carriers/adapter.ts';
import type { Account, Caller } from '../../accounts/account.ts';
import type { Context } from '../../auth/context.ts';
import { outcome, ProviderError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import { mailJobId, parseMailJobId, type MailJob } from '../../domain/mail.ts';
import type { MailJobCreateInput, Resolvers } from '../../generated/resolvers-types.ts';
import type { StoredOperation } from '../../workflows/operations.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import { accountOrRemoved, requireCaller, requireAccount } from '../require-auth.ts';
import { toGraphQLError, unwrapFailure, withUserErrors } from '../errors.ts';
import { operationFailure } from './operations.ts';
import { keyErrors, idempotencyKeyOf } from '../idempotency-key.ts';
import { connection, countErrors, countOf, fromCursor, toCursor, wrongCursor } from '../pagination.ts';
import type { Failure } from '../provider.ts';

/** A mail job and the account that sends it. */
export interface MailJobSource {
  readonly account: Account;
  readonly job: MailJob;
}

export const mailResolvers: Resolvers = {
  Query: {
    async mailJobs(_, { accountId, ...args }, context) {
      const caller = requireCaller(context);
      throwIfInvalid(countErrors(args));
      const sender = accountForMail(caller, accountId, ['accountId']);
      if ('error' in sender) throw toGraphQLError(sender, context);
      const { account, desk } = sender;
      const after = args.after ? lastOf(args.after, account) : undefined;
      const { signal } = context;
      const page = await unwrapFailure(account, context, () =>
        desk.jobs({ first: countOf(args), after }, { signal }),
      );
      const edges = page.jobs.map((job) => ({
        node: { account, job },
        cursor: toCursor([account.id, job.id]),
      }));
      return connection(edges, args, page.hasNextPage);
    },
    mailJob: (_, { id }, context) => mailJobOf(id, context),
  },
  Mutation: {
    mailJobCreate: async (_, { input }, context) =>
      withUserErrors(async () => {
        const errand = await create(input, context);
        if ('error' in errand) return { userErrors: [], failure: errand };
        const account = accountOrRemoved(context, errand.account_id, errand);
        // Without an answer there is no job to show: which one it is, only the provider knows.
        const job = (errand.result ?? undefined) as MailJob | undefined;
        const mailJob = errand.status === 'DONE' && job ? { account, job } : null;
        return { mailJob, userErrors: [], failure: operationFailure(errand, context) };
      }),
  },
  MailJob: {
    id: ({ account, job }) => mailJobId(account.id, job.id),
    account: ({ account }) => account,
    status: ({ job }) => job.status,
    startedAt: ({ job }) => job.startedAt ?? null,
    workflowId: ({ job }) => job.workflowId ?? null,
    // Judged as it is told: a host that is allowed later has not lost its job.
    uploadUrl: ({ account, job: { uploadUrl } }) =>
      uploadUrl && account.adapter.mail?.mayUpload(uploadUrl) ? uploadUrl : null,
    events: ({ job }) => job.events.map((event) => ({ parcel: { trackingNumber: job.id }, event })),
  },
};

async function create(input: MailJobCreateInput, context: Context): Promise<StoredOperation | Failure> {
  const { operations } = context.ledger;
  const caller = requireCaller(context);
  throwIfInvalid([...keyErrors(input.idempotencyKey), ...orderErrors(input)]);
  const key = idempotencyKeyOf('mailJobCreate', input, context);
  const known = await operations.find(key);
  if (known) return known;
  const sender = accountForMail(caller, input.accountId, ['input', 'accountId']);
  if ('error' in sender) return sender;
  const { account } = sender;
  const { workflowId, fileName } = input;
  const metadata = Object.fromEntries((input.metadata ?? []).map((each) => [each.key, each.value]));
  const order = { workflowId, fileName, metadata };
  return operations.run({ ...key, by: context, account, input: { workflowId, fileName }, request: order });
}

function orderErrors({ workflowId, fileName, metadata }: MailJobCreateInput): UserError[] {
  const errors: UserError[] = [];
  const required = (field: string, text: string, message: string) => {
    if (text.trim() === '') errors.push({ code: 'REQUIRED', field: ['input', field], message });
  };
  required('workflowId', workflowId, 'a job runs a workflow of the portal');
  required('fileName', fileName, 'a job is made for one file');
  const keys = (metadata ?? []).map(({ key }) => key);
  keys.forEach((each, index) => {
    const field = ['input', 'metadata', String(index), 'key'];
    if (each.trim() === '') errors.push({ code: 'REQUIRED', field, message: 'an entry has a name' });
    if (keys.indexOf(each) < index) errors.push({ code: 'INVALID', field, message: 'is named twice' });
  });
  return errors;
}

/** The account that sends mail and its desk: the one that is named, or the only one there is; or why it can't. */
function accountForMail(
  caller: Caller,
  accountId: string | null | undefined,
  path: readonly string[],
): { readonly account: Account; readonly desk: MailApi } | Failure {
  const senders = caller.accounts.filter((each) => each.adapter.mail);
  if (!accountId && senders.length > 1) {
    const message = `several of your accounts send mail: name one of ${senders.map(({ id }) => id).join(', ')}`;
    throwIfInvalid([{ code: 'REQUIRED', field: path, message }]);
  }
  const account = accountId ? requireAccount(caller, accountId, path) : senders[0];
  if (account === undefined) {
    const hint = 'Add an account of a provider that does.';
    return { error: new ProviderError('CREDENTIALS_MISSING', 'no account of yours sends mail', { hint }) };
  }
  const desk = account.adapter.mail;
  return desk ? { account, desk } : { error: unsupported(account, 'send mail'), account };
}

/** A job that is not there, or is no job of the caller's, is null. */
async function mailJobOf(id: string, context: Context): Promise<MailJobSource | null> {
  const { accounts } = requireCaller(context);
  const place = parseMailJobId(id);
  const account = accounts.find((each) => each.id === place?.accountId);
  if (place === undefined || account?.adapter.mail === undefined) return null;
  const job = await outcome(() => context.loaders.mailJob(account).load(place.jobId));
  if (!(job instanceof ProviderError)) return { account, job };
  if (job.code === 'NOT_FOUND') return null;
  throw toGraphQLError({ error: job, account }, context);
}

const place = z.tuple([z.string(), z.string().min(1)]);

/** The id of the last job of the page before, which must be of the same account. */
function lastOf(cursor: string, account: Account): string {
  const [accountId, jobId] = fromCursor(cursor, place) ?? [];
  if (accountId !== account.id) throwIfInvalid([wrongCursor]);
  return jobId!;
}
