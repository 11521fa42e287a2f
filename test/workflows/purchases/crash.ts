import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/**
 * Loaded before a server (`node --import`), kills that server with SIGKILL: at its n-th database step after its first
 * intent (DIE_AT_STEP), or after a time (DIE_AFTER_MS).
 */
const { DIE_AT_STEP, DIE_AFTER_MS } = process.env;

let left = Number(DIE_AT_STEP ?? Infinity);
let isCounting = false;

function step(statement?: string): void {
  isCounting ||= /insert into "?(shipments|operations)/i.test(statement ?? '');
  if (isCounting && --left <= 0) process.kill(process.pid, 'SIGKILL');
}

if (DIE_AFTER_MS) setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(DIE_AFTER_MS)).unref();

const { query: ask } = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | { text?: string }];
    step(typeof first === 'string' ? first : first?.text);
    return ask.apply(this, args);
  },
});

const { query, transaction } = PGlite.prototype;
Object.assign(PGlite.prototype, {
  async query(this: PGlite, ...args: Parameters<typeof query>) {
    step(args[0]);
    const answer = await query.apply(this, args);
    step();
    return answer;
  },
  async transaction(this: PGlite, ...[work]: Parameters<typeof transaction>) {
    step();
    const answer = await transaction.call(this, async (own) => {
      const { query } = own;
      own.query = (...args) => {
        step(args[0]);
        return query.apply(own, args) as never;
      };
      const answer = await work(own);
      // Everything is written, nothing is committed.
      step();
      return answer;
    });
    step();
    return answer;
  },
});
