import Big from 'big.js';
import { sql } from 'kysely';

import { InputError } from '../../domain/errors.ts';
import { money, type Money } from '../../domain/money.ts';
import type { SpendLimit } from '../../domain/spend-limit.ts';
import type { Transaction } from '../tables.ts';

/** A spend limit on the day of a purchase. */
export interface DailySpendLimit extends SpendLimit {
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
}

/**
 * Throws an `InputError` (SPEND_LIMIT_EXCEEDED) where the purchases of the spender's day, those in this transaction among
 * them, may cost more than its limit. Two transactions of one spender pass one after the other.
 *
 * A purchase counts with its price; while its outcome is unknown, with the most that it may cost. One that failed does not
 * count. A voided label still counts, since the carrier decides on its refund later.
 */
export async function checkSpendLimit(
  transaction: Transaction,
  tenantId: string,
  { spender, perDay, day }: DailySpendLimit,
  price: Money,
): Promise<void> {
  if (price.currencyCode !== perDay.currencyCode) {
    throw exceeded(
      `this key may spend ${perDay.currencyCode} only, and the label costs ${price.currencyCode}`,
    );
  }
  await sql`select pg_advisory_xact_lock(hashtextextended(${JSON.stringify([tenantId, spender])}, 0))`.execute(
    transaction,
  );
  const { rows } = await sql<{ spent: string }>`
    select coalesce(sum(case when status in ('PURCHASING', 'UNCERTAIN') then (max_price->>'amount')::numeric else
      (select sum((price->>'amount')::numeric) from parcels where shipment_id = shipments.id) end), 0)::text as spent
    from shipments where tenant_id = ${tenantId} and spender = ${spender} and spent_on = ${day} and status <> 'FAILED'
  `.execute(transaction);
  // The sum has this purchase in it.
  const left = new Big(perDay.amount).minus(rows[0]!.spent).plus(price.amount);
  if (left.gte(price.amount)) return;
  const { amount, currencyCode } = money(left.lt(0) ? '0' : left, perDay.currencyCode);
  throw exceeded(
    `the label may cost ${price.amount} ${currencyCode}, and ${amount} ${currencyCode} is left of the ${perDay.amount} that this key may spend until ${endOf(day)}`,
  );
}

/** The end of a day in UTC, as RFC 3339. */
const endOf = (day: string) =>
  `${new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;

const exceeded = (message: string) =>
  new InputError([{ code: 'SPEND_LIMIT_EXCEEDED', field: ['input', 'rateId'], message }]);
