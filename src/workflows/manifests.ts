import pMap from 'p-map';

import type { CallOptions } from '../carriers/adapter.ts';
import { outcome, ProviderError } from '../domain/errors.ts';
import { toStoredFailure } from '../domain/failures.ts';
import type { CreatedManifest, ManifestStatus } from '../domain/manifest.ts';
import type { StoredOperation } from '../storage/records/operations.ts';
import type { WorkflowDependencies } from './dependencies.ts';

/** Manifests that their providers finish after they have answered. */
export interface Manifests {
  /**
   * Returns the manifests in order, as they are now: each that is CREATING is asked for with one call, eight at a time.
   * One whose provider fails to answer is returned as it was.
   */
  refresh(manifests: readonly StoredOperation[], call: CallOptions): Promise<readonly StoredOperation[]>;
}

const concurrency = 8;

export function createManifests(dependencies: WorkflowDependencies): Manifests {
  return {
    refresh: (manifests, call) =>
      pMap(manifests, (manifest) => refresh(dependencies, manifest, call), { concurrency }),
  };
}

async function refresh(
  { adapterOf, storage: { operations } }: WorkflowDependencies,
  manifest: StoredOperation,
  call: CallOptions,
): Promise<StoredOperation> {
  if (manifestStatus(manifest) !== 'CREATING') return manifest;
  const created = createdManifest(manifest);
  const api = adapterOf(manifest.tenant_id, manifest.account_id)?.manifests;
  if (created === undefined || api?.refresh === undefined) return manifest;
  const current = await outcome(() => api.refresh!(created, call));
  if (current instanceof ProviderError) return manifest;
  const { failure, ...result } = current;
  if (failure) {
    return operations.update(manifest, { status: 'FAILED', failure: toStoredFailure(failure), event: 'FAILED' }); // prettier-ignore
  }
  return result.form ? operations.update(manifest, { result, event: 'DONE' }) : manifest;
}

export function manifestStatus(manifest: StoredOperation): ManifestStatus {
  if (manifest.status === 'UNCERTAIN' || manifest.status === 'FAILED') return manifest.status;
  if (manifest.status !== 'DONE') return 'CREATING';
  const { form, providerRef } = createdManifest(manifest)!;
  // A manifest whose data was deleted has no form any more; one that was resolved by hand never had one.
  return form || manifest.redacted_at || providerRef === null ? 'CREATED' : 'CREATING';
}

/** Undefined if no manifest was created. */
export const createdManifest = ({ result }: StoredOperation) =>
  (result ?? undefined) as CreatedManifest | undefined;
