import type { Context } from '../../auth/context.ts';
import { outcome, ProviderError, throwIfInvalid } from '../../domain/errors.ts';
import { manifestErrors, type CreatedManifest, type ManifestStatus } from '../../domain/handover.ts';
import type { ManifestCreateInput, Resolvers } from '../../generated/resolvers-types.ts';
import type { StoredOperation } from '../../workflows/operations.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import { accountOrRemoved, requireCaller } from '../require-auth.ts';
import { withUserErrors } from '../errors.ts';
import { operationFailure, purchasedShipments } from './operations.ts';
import { keyErrors, idempotencyKeyOf } from '../idempotency-key.ts';
import type { Failure } from '../provider.ts';
import { shipmentPage, labelLink } from '../shipments/shipment.ts';

const mutation = 'manifestCreate';

export const manifestResolvers: Resolvers = {
  Query: {
    manifest: async (_, { id }, context) => (await read(id, context)) ?? null,
  },
  Mutation: {
    manifestCreate: async (_, { input }, context) =>
      withUserErrors(async () => {
        const manifest = await create(input, context);
        if ('error' in manifest) return { userErrors: [], failure: manifest };
        return { manifest, userErrors: [], failure: operationFailure(manifest, context) };
      }),
  },
  Manifest: {
    __resolveReference: async ({ id }, context) => (await read(id, context)) ?? null,
    account: (manifest, _, context) => accountOrRemoved(context, manifest.account_id, manifest),
    status: statusOf,
    form(manifest, _, context) {
      const { form } = created(manifest) ?? {};
      if (manifest.status !== 'DONE' || !form) return null;
      return labelLink({ id: manifest.id, position: 0 }, form.format, context);
    },
    shipments: (manifest, args, context) =>
      shipmentPage(args, { ids: (manifest.asked as { shipmentIds: string[] }).shipmentIds }, context),
    failure: (manifest, _, context) => operationFailure(manifest, context),
    createdAt: ({ created_at }) => created_at.toISOString(),
  },
};

async function create(input: ManifestCreateInput, context: Context): Promise<StoredOperation | Failure> {
  const { operations, shipments } = context.ledger;
  const { shipmentIds } = input;
  requireCaller(context);
  throwIfInvalid([...keyErrors(input.idempotencyKey), ...manifestErrors(input, ['input'])]);
  const key = idempotencyKeyOf(mutation, input, context);
  const known = await operations.find(key);
  if (known) return known;

  const { account } = await purchasedShipments(shipmentIds, undefined, context);
  if (account.adapter.manifests === undefined)
    return { error: unsupported(account, 'make manifests'), account };
  const taken = await operations.shipmentsTaken(key, shipmentIds);
  throwIfInvalid(
    taken.map((id) => ({
      code: 'NOT_ALLOWED' as const,
      field: ['input', 'shipmentIds', String(shipmentIds.indexOf(id))],
      message: 'is in a manifest already',
    })),
  );
  return operations.run({
    ...key,
    by: context,
    account,
    input: { shipmentIds },
    request: { parcels: await shipments.labelled(key.tenantId, shipmentIds) },
  });
}

/** The manifest, asked after where its provider was still making it. */
async function read(id: string, context: Context): Promise<StoredOperation | undefined> {
  const { operations } = context.ledger;
  const manifest = await operations.byId(requireCaller(context).tenant.id, mutation, id);
  if (manifest === undefined || statusOf(manifest) !== 'CREATING') return manifest;
  const desk = accountOrRemoved(context, manifest.account_id, manifest).adapter.manifests;
  const now = await outcome(async () => desk?.refresh?.(created(manifest)!, { signal: context.signal }));
  if (now === undefined || now instanceof ProviderError) return manifest;
  return write(manifest, now, operations);
}

function write(
  manifest: StoredOperation,
  { failure, ...result }: CreatedManifest,
  errands: Context['ledger']['operations'],
): Promise<StoredOperation> {
  if (failure) return errands.update(manifest, { status: 'FAILED', failure, event: 'FAILED' });
  return errands.update(manifest, { result, event: 'DONE' });
}

function statusOf(manifest: StoredOperation): ManifestStatus {
  if (manifest.status === 'UNCERTAIN' || manifest.status === 'FAILED') return manifest.status;
  if (manifest.status !== 'DONE') return 'CREATING';
  const { form, providerRef } = created(manifest)!;
  // Of what is old or was resolved by hand there is no form any more, or none yet.
  return form || manifest.blanked_at || providerRef === null ? 'CREATED' : 'CREATING';
}

/** Undefined where nothing was made. */
const created = ({ result }: StoredOperation) => (result ?? undefined) as CreatedManifest | undefined;
