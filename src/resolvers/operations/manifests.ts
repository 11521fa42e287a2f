import type { AccountFailure } from '../../accounts/account.ts';
import { accountOrRemoved } from '../../accounts/select-account.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import type { Context } from '../../auth/context.ts';
import { throwIfInvalid } from '../../domain/errors.ts';
import { validateManifest } from '../../domain/manifest.ts';
import type { ManifestCreateInput, Resolvers } from '../../generated/resolvers-types.ts';
import type { StoredOperation } from '../../storage/records/operations.ts';
import { createdManifest, manifestStatus } from '../../workflows/manifests.ts';
import { withUserErrors } from '../errors.ts';
import { idempotencyKeyErrors, toIdempotencyKey } from '../idempotency-key.ts';
import { requireCaller } from '../require-caller.ts';
import { issueLink } from '../shipments/documents.ts';
import { shipmentPage } from '../shipments/shipment-page.ts';
import { operationFailure } from './operation-failure.ts';
import { operationPage } from './operation-page.ts';
import { accountOfShipments } from './purchased-shipments.ts';

const kind = 'MANIFEST';

export const manifestResolvers: Resolvers = {
  Query: {
    manifest: async (_, { id }, context) => (await read(id, context)) ?? null,
    manifests: (_, args, context) => operationPage(args, kind, context, refresh),
  },
  Mutation: {
    manifestCreate: async (_, { input }, context) =>
      withUserErrors(async () => {
        const result = await create(input, context);
        if ('error' in result) return { userErrors: [], failure: result };
        return { manifest: result, userErrors: [], failure: operationFailure(result, context) };
      }),
  },
  ManifestConnection: { totalCount: ({ count }) => count() },
  Manifest: {
    __resolveReference: async ({ id }, context) => (await read(id, context)) ?? null,
    account: (manifest, _, context) => accountOf(manifest, context),
    status: manifestStatus,
    form(manifest, _, context) {
      const { form } = createdManifest(manifest) ?? {};
      if (manifest.status !== 'DONE' || !form) return null;
      return issueLink({ id: manifest.id, position: 0 }, form.format, context);
    },
    shipments: (manifest, args, context) =>
      shipmentPage(args, { ids: (manifest.input as { shipmentIds: string[] }).shipmentIds }, context),
    failure: (manifest, _, context) => operationFailure(manifest, context),
    createdAt: ({ created_at }) => created_at.toISOString(),
  },
};

async function create(
  input: ManifestCreateInput,
  context: Context,
): Promise<StoredOperation | AccountFailure> {
  const { shipmentIds } = input;
  requireCaller(context);
  throwIfInvalid([...idempotencyKeyErrors(input.idempotencyKey), ...validateManifest(input, ['input'])]);
  const key = toIdempotencyKey(kind, input, context);
  const earlier = await context.workflows.operations.find(key);
  if (earlier) return earlier;

  const account = await accountOfShipments(shipmentIds, undefined, context);
  if (account.adapter.manifests === undefined)
    return { error: unsupported(account, 'create manifests'), account };
  return context.workflows.operations.run({
    ...key,
    by: context,
    account,
    input: { shipmentIds },
    shipments: { shipmentIds },
    request: { parcels: await context.storage.shipments.labelled(key.tenantId, shipmentIds) },
  });
}

/** Reads a manifest; asks the provider for its state while it is CREATING. */
async function read(id: string, context: Context): Promise<StoredOperation | undefined> {
  const { operations } = context.storage;
  const manifest = await operations.byId(requireCaller(context).tenant.id, kind, id);
  return manifest && (await refresh([manifest], context))[0];
}

const refresh = (manifests: readonly StoredOperation[], { workflows, signal }: Context) =>
  workflows.manifests.refresh(manifests, { signal });

const accountOf = (manifest: StoredOperation, context: Context) =>
  accountOrRemoved(context.caller, manifest.account_id, manifest);
