import { pino } from 'pino';
import { z } from 'zod';

import type { Config } from './config.ts';
import { build } from './house.ts';
import { verdict, type Doubt, type Resolution } from './ledger/attention.ts';
import type { Ledger } from './ledger/ledger.ts';
import { askOwner } from './ledger/owner.ts';
import type { Blanked } from './ledger/retention.ts';

/** What somebody at the server itself wants of the ledger. */
export const careWish = z.discriminatedUnion('action', [
  z.object({ action: z.literal('list') }),
  z.object({ action: z.literal('ask'), id: z.string().optional() }),
  z.object({ action: z.literal('resolve'), id: z.string(), verdict, user: z.string().max(60) }),
  z.object({ action: z.literal('blank'), days: z.number().int().min(0), dryRun: z.boolean() }),
]);
export type CareWish = z.infer<typeof careWish>;

interface Answers {
  readonly list: readonly Doubt[];
  readonly ask: readonly Doubt[];
  readonly resolve: Resolution;
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
    case 'blank':
      return retention.blank(wish.days, wish.dryRun);
  }
}

export interface Care {
  want<Wish extends CareWish>(wish: Wish): Promise<CareAnswer<Wish>>;
  close(): Promise<void>;
}

/** Through the server that runs on the same folder; without one, or where the ledger is open to all, by ourselves. */
export async function openCare(config: Config): Promise<Care> {
  const { storage } = config;
  const ask = async (wish: CareWish) =>
    'folder' in storage ? askOwner(storage.folder, 'care', wish) : undefined;
  if (await ask({ action: 'list' })) {
    const want = async (wish: CareWish) => {
      const told = await ask(wish);
      if (told === undefined) throw new Error('the server has ended; run this again');
      return told.answer as never;
    };
    return { want, close: async () => {} };
  }
  const log = pino({ level: 'silent' });
  const { house, close } = await build(config, { log, say: console.error }, () => config.publicUrl ?? '');
  return { want: async (wish) => (await care(house.ledger, wish)) as never, close };
}
