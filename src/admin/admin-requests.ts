import { z } from 'zod';

import type { Unresolved } from '../workflows/unresolved.ts';
import type { Ledger } from '../workflows/ledger.ts';
import type { Redacted } from '../storage/retention.ts';
import { manualFinding, type Resolution } from '../workflows/manual-resolution.ts';

/** What somebody at the server itself wants of the ledger. */
export const adminRequest = z.discriminatedUnion('action', [
  z.object({ action: z.literal('list') }),
  z.object({ action: z.literal('ask'), id: z.string().optional() }),
  z.object({
    action: z.literal('resolve'),
    id: z.string(),
    finding: manualFinding,
    user: z.string().max(60),
  }),
  z.object({ action: z.literal('cancel'), id: z.string(), user: z.string().max(60) }),
  z.object({ action: z.literal('blank'), days: z.number().int().min(0), dryRun: z.boolean() }),
]);
export type AdminRequest = z.infer<typeof adminRequest>;

interface Answers {
  readonly list: readonly Unresolved[];
  readonly ask: readonly Unresolved[];
  readonly resolve: Resolution;
  readonly cancel: Resolution;
  readonly blank: Redacted;
}
export type AdminResponse<Wish extends AdminRequest> = Answers[Wish['action']];

export function handleAdminRequest(
  { unresolved, retention }: Ledger,
  wish: AdminRequest,
): Promise<Answers[AdminRequest['action']]> {
  switch (wish.action) {
    case 'list':
      return unresolved.list();
    case 'ask':
      return unresolved.reconcile(wish.id);
    case 'resolve':
      return unresolved.resolve(wish.id, wish.finding, { actor: `os:${wish.user}` });
    case 'cancel':
      return unresolved.cancel(wish.id, { actor: `os:${wish.user}` });
    case 'blank':
      return retention.redact(wish.days, wish.dryRun);
  }
}
