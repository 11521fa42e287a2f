import type { Context } from '../context.ts';
import { outcome, ProviderError, refuse } from '../domain/errors.ts';
import { manifestErrors, type CreatedManifest, type ManifestStatus } from '../domain/handover.ts';
import type { ManifestCreateInput, Resolvers } from '../generated/resolvers-types.ts';
import type { StoredErrand } from '../ledger/errands.ts';
import { lacking } from '../loaders/abilities.ts';
import { accountOr, callerOf } from './caller.ts';
import { orUserErrors } from './errors.ts';
import { errandFailure, handedOver } from './handover.ts';
import { keyErrors, keyOf } from './keys.ts';
import type { Failure } from './provider.ts';
import { pageOf, printable } from './shipment.ts';

const mutation = 'manifestCreate';

export const manifestResolvers: Resolvers = {
  Query: {
    manifest: async (_, { id }, context) => (await read(id, context)) ?? null,
  },
  Mutation: {
    manifestCreate: async (_, { input }, context) =>
      orUserErrors(async () => {
        const manifest = await create(input, context);
        if ('error' in manifest) return { userErrors: [], failure: manifest };
        return { manifest, userErrors: [], failure: errandFailure(manifest, context) };
      }),
  },
  Manifest: {
    __resolveReference: async ({ id }, context) => (await read(id, context)) ?? null,
    account: (manifest, _, context) => accountOr(context, manifest.account_id, manifest),
    status: statusOf,
    form(manifest, _, context) {
      const { form } = created(manifest) ?? {};
      if (manifest.status !== 'DONE' || !form) return null;
      return printable({ id: manifest.id, position: 0 }, form.format, context);
    },
    shipments: (manifest, args, context) =>
      pageOf(args, { ids: (manifest.asked as { shipmentIds: string[] }).shipmentIds }, context),
    failure: (manifest, _, context) => errandFailure(manifest, context),
    createdAt: ({ created_at }) => created_at.toISOString(),
  },
};

async function create(input: ManifestCreateInput, context: Context): Promise<StoredErrand | Failure> {
  const { errands, shipments } = context.ledger;
  const { shipmentIds } = input;
  callerOf(context);
  refuse([...keyErrors(input.idempotencyKey), ...manifestErrors(input, ['input'])]);
  const key = keyOf(mutation, input, context);
  const known = await errands.find(key);
  if (known) return known;

  const { account } = await handedOver(shipmentIds, undefined, context);
  if (account.carrier.manifests === undefined) return { error: lacking(account, 'make manifests'), account };
  const taken = await errands.taken(key, shipmentIds);
  refuse(
    taken.map((id) => ({
      code: 'NOT_ALLOWED' as const,
      field: ['input', 'shipmentIds', String(shipmentIds.indexOf(id))],
      message: 'is in a manifest already',
    })),
  );
  return errands.run({
    ...key,
    by: context,
    account,
    asked: { shipmentIds },
    order: { parcels: await shipments.labelled(key.tenantId, shipmentIds) },
  });
}

/** The manifest, asked after where its provider was still making it. */
async function read(id: string, context: Context): Promise<StoredErrand | undefined> {
  const { errands } = context.ledger;
  const manifest = await errands.byId(callerOf(context).tenant.id, mutation, id);
  if (manifest === undefined || statusOf(manifest) !== 'CREATING') return manifest;
  const desk = accountOr(context, manifest.account_id, manifest).carrier.manifests;
  const now = await outcome(async () => desk?.follow?.(created(manifest)!, { signal: context.signal }));
  if (now === undefined || now instanceof ProviderError) return manifest;
  return write(manifest, now, errands);
}

function write(
  manifest: StoredErrand,
  { failure, ...result }: CreatedManifest,
  errands: Context['ledger']['errands'],
): Promise<StoredErrand> {
  if (failure) return errands.update(manifest, { status: 'FAILED', failure, event: 'FAILED' });
  return errands.update(manifest, { result, event: 'DONE' });
}

function statusOf(manifest: StoredErrand): ManifestStatus {
  if (manifest.status === 'UNCERTAIN' || manifest.status === 'FAILED') return manifest.status;
  if (manifest.status !== 'DONE') return 'CREATING';
  const { form, ticket } = created(manifest)!;
  // Of what is old or was resolved by hand there is no form any more, or none yet.
  return form || manifest.blanked_at || ticket === null ? 'CREATED' : 'CREATING';
}

/** Undefined where nothing was made. */
const created = ({ result }: StoredErrand) => (result ?? undefined) as CreatedManifest | undefined;
