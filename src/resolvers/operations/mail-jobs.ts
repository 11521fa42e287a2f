import { z } from 'zod';

import type { Account, AccountFailure } from '../../accounts/account.ts';
import { accountOrRemoved, findAccount, selectForMail } from '../../accounts/select-account.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import type { Context } from '../../auth/context.ts';
import { outcome, ProviderError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import { mailJobId, parseMailJobId, type MailJob } from '../../domain/mail.ts';
import type { MailJobCreateInput, QueryMailJobsArgs, Resolvers } from '../../generated/resolvers-types.ts';
import type { StoredOperation } from '../../storage/records/operations.ts';
import { toGraphQLError, unwrapFailure, withUserErrors } from '../errors.ts';
import { idempotencyKeyErrors, toIdempotencyKey } from '../idempotency-key.ts';
import { connection, fromCursor, invalidCursor, pageSize, pageSizeErrors, toCursor } from '../pagination.ts';
import { requireCaller } from '../require-caller.ts';
import { operationFailure } from './operation-failure.ts';

/** The source of `MailJob`. */
export interface MailJobSource {
  readonly account: Account;
  readonly job: MailJob;
}

export const mailJobResolvers: Resolvers = {
  Query: {
    mailJobs: (_, args, context) => page(args, context),
    mailJob: (_, { id }, context) => read(id, context),
  },
  Mutation: {
    mailJobCreate: async (_, { input }, context) =>
      withUserErrors(async () => {
        const result = await create(input, context);
        if ('error' in result) return { userErrors: [], failure: result };
        const account = accountOrRemoved(context.caller, result.account_id, result);
        // While the response is lost, only the provider knows the job's id.
        const job = (result.result ?? undefined) as MailJob | undefined;
        const mailJob = result.status === 'DONE' && job ? { account, job } : null;
        return { mailJob, userErrors: [], failure: operationFailure(result, context) };
      }),
  },
  MailJob: {
    id: ({ account, job }) => mailJobId(account.id, job.id),
    account: ({ account }) => account,
    status: ({ job }) => job.status,
    startedAt: ({ job }) => job.startedAt ?? null,
    workflowId: ({ job }) => job.workflowId ?? null,
    // Checked on every read, so that allowing a host takes effect for existing jobs.
    uploadUrl: ({ account, job: { uploadUrl } }) =>
      uploadUrl && account.adapter.mail?.mayUpload(uploadUrl) ? uploadUrl : null,
    events: ({ job }) => job.events.map((event) => ({ ...event, parcel: { trackingNumber: job.id } })),
  },
};

async function page({ accountId, ...args }: QueryMailJobsArgs, context: Context) {
  const caller = requireCaller(context);
  throwIfInvalid(pageSizeErrors(args));
  const account = selectForMail(caller, accountId, ['accountId']);
  if (account instanceof ProviderError) throw toGraphQLError({ error: account });
  const { mail } = account.adapter;
  if (mail === undefined) {
    throw toGraphQLError({ error: unsupported(account, 'send mail'), account });
  }
  const after = args.after ? jobIdFromCursor(args.after, account) : undefined;
  const { jobs, hasNextPage } = await unwrapFailure(account, () =>
    mail.jobs({ first: pageSize(args), after }, { signal: context.signal }),
  );
  const edges = jobs.map((job) => ({ node: { account, job }, cursor: toCursor([account.id, job.id]) }));
  // Jobs are read forward only, so a page after a cursor has a previous page.
  return connection(edges, { hasNextPage, hasPreviousPage: Boolean(args.after) });
}

const positionSchema = z.tuple([z.string(), z.string().min(1)]);

/** Throws an `InputError` if the cursor belongs to a list of another account. */
function jobIdFromCursor(cursor: string, account: Account): string {
  const [accountId, jobId] = fromCursor(cursor, positionSchema) ?? [];
  if (accountId !== account.id) throwIfInvalid([invalidCursor('after')]);
  return jobId!;
}

/** Returns null if the job does not exist or is not the caller's. */
async function read(id: string, context: Context): Promise<MailJobSource | null> {
  const caller = requireCaller(context);
  const parsed = parseMailJobId(id);
  const account = findAccount(caller, parsed?.accountId);
  if (parsed === undefined || account?.adapter.mail === undefined) return null;
  const job = await outcome(() => context.loaders.mailJob(account).load(parsed.jobId));
  if (!(job instanceof ProviderError)) return { account, job };
  if (job.code === 'NOT_FOUND') return null;
  throw toGraphQLError({ error: job, account });
}

async function create(
  input: MailJobCreateInput,
  context: Context,
): Promise<StoredOperation | AccountFailure> {
  const { operations } = context.workflows;
  const caller = requireCaller(context);
  throwIfInvalid([...idempotencyKeyErrors(input.idempotencyKey), ...inputErrors(input)]);
  const key = toIdempotencyKey('MAIL_JOB', input, context);
  const earlier = await operations.find(key);
  if (earlier) return earlier;
  const account = selectForMail(caller, input.accountId, ['input', 'accountId']);
  if (account instanceof ProviderError) return { error: account };
  if (account.adapter.mail === undefined) return { error: unsupported(account, 'send mail'), account };
  const { workflowId, fileName } = input;
  const metadata = Object.fromEntries((input.metadata ?? []).map(({ key, value }) => [key, value]));
  return operations.run({
    ...key,
    by: context,
    account,
    input: { workflowId, fileName },
    request: { workflowId, fileName, metadata },
  });
}

function inputErrors({ workflowId, fileName, metadata }: MailJobCreateInput): UserError[] {
  const errors: UserError[] = [];
  const required = (field: string, text: string, message: string) => {
    if (text.trim() === '') errors.push({ code: 'REQUIRED', field: ['input', field], message });
  };
  required('workflowId', workflowId, "a job runs a workflow of the provider's portal");
  required('fileName', fileName, 'a job is created for one file');
  const keys = (metadata ?? []).map(({ key }) => key);
  keys.forEach((key, index) => {
    const field = ['input', 'metadata', String(index), 'key'];
    if (key.trim() === '') errors.push({ code: 'REQUIRED', field, message: 'an entry has a name' });
    if (keys.indexOf(key) < index) errors.push({ code: 'INVALID', field, message: 'is named twice' });
  });
  return errors;
}
