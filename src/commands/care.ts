import { care, type CareAnswer, type CareWish } from '../care.ts';
import type { Config } from '../config.ts';
import { askServer, buildAlone } from './server.ts';

export interface Care {
  want<Wish extends CareWish>(wish: Wish): Promise<CareAnswer<Wish>>;
  close(): Promise<void>;
}

/** Through the server that runs on the same folder; without one, or where the ledger is open to all, by ourselves. */
export async function openCare(config: Config): Promise<Care> {
  const ask = (wish: CareWish) => askServer<object>(config, 'care', wish);
  if (await ask({ action: 'list' })) {
    const want = async (wish: CareWish) => {
      const told = await ask(wish);
      if (told === undefined) throw new Error('the server has ended; run this again');
      return told as never;
    };
    return { want, close: async () => {} };
  }
  const { house, close } = await buildAlone(config);
  return { want: async (wish) => (await care(house.ledger, wish)) as never, close };
}
