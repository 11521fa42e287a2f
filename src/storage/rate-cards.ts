import { sql } from 'kysely';

import type { CardEntries, CardEntry, ChangedEntries, PriceEntry, RateCard } from '../domain/rate-card.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Database } from './database.ts';
import type { RateCardTable } from './tables.ts';

/** The entries of a request: of its account, its route, and its parcel. All but the account are stored as keyed hashes. */
export interface CardKey {
  readonly account: string;
  readonly route: string;
  readonly places: string;
  readonly parcel: string;
  readonly weight: string;
}

/** The rate cards of accounts, also those that other replicas learned. */
export interface RateCardStore {
  /** Returns the card, the zone of the route, and the price of the parcel in that zone, as far as they are known. */
  read(key: CardKey): Promise<CardEntries>;
  /** Changes the entries of a route, and of a parcel in the given zone. No other process changes the card meanwhile. */
  update(
    key: CardKey & { readonly zone: string },
    change: (entries: CardEntries) => ChangedEntries | undefined,
  ): Promise<void>;
  /** Takes the spot check that is due, and sets when the next one is; false where another process took it. */
  takeCheck(account: string, now: number, nextAt: number): Promise<boolean>;
  /** Deletes entries that no answer has confirmed since `before`, and the oldest of what exceeds `maxEntries`. */
  prune(before: number, maxEntries?: number): Promise<void>;
}

/** Of zones and prices each; a price takes about 2 kB. */
const defaultMaxEntries = 50_000;

export function createRateCardStore(db: Database, sealer: Pick<Sealer, 'deriveNames'>): RateCardStore {
  const hash = (text: string) => sealer.deriveNames('rate card', text)[0];
  return {
    async read({ account, route, places, parcel, weight }) {
      const request = { places: hash(places), weight: hash(weight) };
      const row = await db
        .selectFrom('rate_cards as card')
        .leftJoin('rate_card_zones as zone', (join) =>
          join.onRef('zone.account', '=', 'card.account').on('zone.route', '=', hash(route)),
        )
        .leftJoin('rate_card_prices as price', (join) =>
          join
            .onRef('price.account', '=', 'zone.account')
            .onRef('price.zone', '=', 'zone.zone')
            .on('price.parcel', '=', hash(parcel)),
        )
        .selectAll('card')
        .select(['zone.zone', 'zone.confirmed_by as zone_confirmed_by'])
        .select([
          'price.offers',
          'price.confirmed_by as price_confirmed_by',
          'price.holds_until as price_holds_until',
        ])
        .where('card.account', '=', account)
        .executeTakeFirst();
      if (row === undefined) return request;
      return {
        ...request,
        card: toCard(row),
        zone: toEntry(row.zone, row.zone_confirmed_by),
        price: toPrice(row.offers, row.price_confirmed_by, row.price_holds_until),
      };
    },
    update: ({ account, route, places, parcel, weight, zone }, change) =>
      db.transaction().execute(async (transaction) => {
        // One writer of a card at a time, also before its first row exists.
        await sql`select pg_advisory_xact_lock(hashtext(${account}))`.execute(transaction);
        const ofRoute = { account, route: hash(route) };
        const ofParcel = { account, zone, parcel: hash(parcel) };
        const card = await transaction
          .selectFrom('rate_cards')
          .selectAll()
          .where('account', '=', account)
          .executeTakeFirst();
        const zoneRow = await transaction
          .selectFrom('rate_card_zones')
          .selectAll()
          .where((eb) => eb.and(ofRoute))
          .executeTakeFirst();
        const priceRow = await transaction
          .selectFrom('rate_card_prices')
          .selectAll()
          .where((eb) => eb.and(ofParcel))
          .executeTakeFirst();
        const changed = change({
          places: hash(places),
          weight: hash(weight),
          card: card && toCard(card),
          zone: toEntry(zoneRow?.zone, zoneRow?.confirmed_by),
          price: toPrice(priceRow?.offers, priceRow?.confirmed_by, priceRow?.holds_until),
        });
        if (changed === undefined) return;
        if (changed.dropsZones)
          await transaction.deleteFrom('rate_card_zones').where('account', '=', account).where('zone', 'is not', null).execute(); // prettier-ignore
        if (changed.dropsPrices)
          await transaction.deleteFrom('rate_card_prices').where('account', '=', account).where('offers', 'is not', null).execute(); // prettier-ignore
        const as_of = new Date(changed.asOf);
        const cardRow = { account, ...fromCard(changed.card) };
        await transaction
          .insertInto('rate_cards')
          .values(cardRow)
          .onConflict((conflict) => conflict.column('account').doUpdateSet(cardRow))
          .execute();
        const newZone = { ...ofRoute, zone: changed.zone.value ?? null, confirmed_by: JSON.stringify(changed.zone.confirmedBy), as_of }; // prettier-ignore
        await transaction
          .insertInto('rate_card_zones')
          .values(newZone)
          .onConflict((conflict) => conflict.columns(['account', 'route']).doUpdateSet(newZone))
          .execute();
        const offers = changed.price.value ? JSON.stringify(changed.price.value) : null;
        const holds_until = new Date(changed.price.holdsUntil);
        const newPrice = { ...ofParcel, offers, holds_until, confirmed_by: JSON.stringify(changed.price.confirmedBy), as_of }; // prettier-ignore
        await transaction
          .insertInto('rate_card_prices')
          .values(newPrice)
          .onConflict((conflict) => conflict.columns(['account', 'zone', 'parcel']).doUpdateSet(newPrice))
          .execute();
      }),
    async takeCheck(account, now, nextAt) {
      const { numUpdatedRows } = await db
        .updateTable('rate_cards')
        .set({ check_at: new Date(nextAt) })
        .where('account', '=', account)
        .where('check_at', '<=', new Date(now))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async prune(before, maxEntries = defaultMaxEntries) {
      for (const table of ['rate_card_zones', 'rate_card_prices'] as const) {
        await sql`delete from ${sql.table(table)} where as_of < ${new Date(before)} or ctid in
          (select ctid from ${sql.table(table)} order by as_of desc offset ${maxEntries})`.execute(db);
      }
      await sql`delete from rate_cards where as_of < ${new Date(before)}`.execute(db);
    },
  };
}

type CardRow = Omit<RateCardTable, 'account' | 'as_of' | 'holds_until' | 'check_at'> &
  Record<'as_of' | 'holds_until' | 'check_at', Date>;

const toCard = (row: CardRow): RateCard => ({
  shipDate: row.ship_date,
  pricesSince: row.prices_since ?? undefined,
  agreements: row.agreements,
  asOf: row.as_of.getTime(),
  holdsUntil: row.holds_until.getTime(),
  checkAt: row.check_at.getTime(),
});

const fromCard = ({ shipDate, pricesSince, agreements, asOf, holdsUntil, checkAt }: RateCard): CardRow => ({
  ship_date: shipDate,
  prices_since: pricesSince ?? null,
  agreements,
  as_of: new Date(asOf),
  holds_until: new Date(holdsUntil),
  check_at: new Date(checkAt),
});

/** A row without a value was contradicted. */
const toEntry = <T>(
  value: T | null | undefined,
  confirmedBy: readonly string[] | null | undefined,
): CardEntry<T> | undefined => (confirmedBy ? { value: value ?? undefined, confirmedBy } : undefined);

const toPrice = (
  offers: PriceEntry['value'] | null,
  confirmedBy: readonly string[] | null | undefined,
  holdsUntil: Date | null | undefined,
): PriceEntry | undefined => {
  const entry = toEntry(offers, confirmedBy);
  return entry && holdsUntil ? { ...entry, holdsUntil: holdsUntil.getTime() } : undefined;
};
