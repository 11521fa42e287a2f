import { z } from 'zod';

import type { Doubt } from './ledger/attention.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Blanked } from './ledger/retention.ts';
import { verdict, type Resolution } from './ledger/verdicts.ts';

/** What somebody at the server itself wants of the ledger. */
export const careWish = z.discriminatedUnion('action', [
  z.object({ action: z.literal('list') }),
  z.object({ action: z.literal('ask'), id: z.string().optional() }),
  z.object({ action: z.literal('resolve'), id: z.string(), verdict, user: z.string().max(60) }),
  z.object({ action: z.literal('cancel'), id: z.string(), user: z.string().max(60) }),
  z.object({ action: z.literal('blank'), days: z.number().int().min(0), dryRun: z.boolean() }),
]);
export type CareWish = z.infer<typeof careWish>;

interface Answers {
  readonly list: readonly Doubt[];
  readonly ask: readonly Doubt[];
  readonly resolve: Resolution;
  readonly cancel: Resolution;
  readonly blank: Blanked;
}
export type CareAnswer<Wish extends CareWish> = Answers[Wish['action']];

export function care({ attention, retention }: Ledger, wish: CareWish): Promise<Answers[CareWish['action']]> {
  switch (wish.action) {
    case 'list':
      return attention.list();
    case 'ask':
      return attention.ask(wish.id);
    case 'resolve':
      return attention.resolve(wish.id, wish.verdict, { actor: `os:${wish.user}` });
    case 'cancel':
      return attention.cancel(wish.id, { actor: `os:${wish.user}` });
    case 'blank':
      return retention.blank(wish.days, wish.dryRun);
  }
}
