import type { Money } from './money.ts';

/** The most that a caller may spend on labels in a day, which ends at midnight UTC. */
export interface SpendLimit {
  /** Names the caller within the tenant. Callers of one name share one limit. */
  readonly spender: string;
  readonly perDay: Money;
}
