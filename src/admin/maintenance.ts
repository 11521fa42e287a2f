import { z } from 'zod';

import { mutationNames } from '../domain/operation.ts';
import type { Redactable, Redacted } from '../storage/records/redaction.ts';
import type { Unresolved as UnresolvedWork } from '../workflows/unresolved.ts';
import type { Workflows } from '../workflows/workflows.ts';
import { manualFinding, type Resolution } from '../workflows/manual-resolution.ts';

/** A maintenance request from a command on the machine of the server: unresolved purchases and redaction. */
export const maintenanceRequest = z.discriminatedUnion('action', [
  z.object({ action: z.literal('list') }),
  z.object({ action: z.literal('reconcile'), id: z.string().optional() }),
  z.object({
    action: z.literal('resolve'),
    id: z.string(),
    finding: manualFinding,
    user: z.string().max(60),
  }),
  z.object({ action: z.literal('cancel'), id: z.string(), user: z.string().max(60) }),
  z.object({ action: z.literal('count redactable'), days: z.number().int().min(0) }),
  z.object({ action: z.literal('redact'), days: z.number().int().min(0) }),
]);
export type MaintenanceRequest = z.infer<typeof maintenanceRequest>;

/** An unresolved purchase or operation; commands print the name of its mutation. */
export interface Unresolved extends Omit<UnresolvedWork, 'kind'> {
  readonly kind: (typeof mutationNames)[UnresolvedWork['kind']];
}

interface Responses {
  readonly list: readonly Unresolved[];
  readonly reconcile: readonly Unresolved[];
  readonly resolve: Resolution;
  readonly cancel: Resolution;
  readonly 'count redactable': Redactable;
  readonly redact: Redacted;
}
export type MaintenanceResponse<Request extends MaintenanceRequest> = Responses[Request['action']];

/** Runs a maintenance request on the ledger of this process. */
export async function runMaintenance(
  { unresolved, redaction }: Pick<Workflows, 'unresolved' | 'redaction'>,
  request: MaintenanceRequest,
): Promise<Responses[MaintenanceRequest['action']]> {
  switch (request.action) {
    case 'list':
      return withMutationNames(await unresolved.list());
    case 'reconcile':
      return withMutationNames(await unresolved.reconcile(request.id));
    case 'resolve':
      return unresolved.resolve(request.id, request.finding, { actor: `os:${request.user}` });
    case 'cancel':
      return unresolved.cancel(request.id, { actor: `os:${request.user}` });
    case 'count redactable':
      return redaction.count(request.days);
    case 'redact':
      return redaction.redact(request.days);
  }
}

const withMutationNames = (unresolved: readonly UnresolvedWork[]): readonly Unresolved[] =>
  unresolved.map((work) => ({ ...work, kind: mutationNames[work.kind] }));
