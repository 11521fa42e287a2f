import { z } from 'zod';

import type { CallOptions } from '../carriers/adapter.ts';
import type { ExternalPage, ExternalShipment, Period } from '../carriers/webhooks.ts';
import type { Account, Caller } from '../accounts/account.ts';
import { outcome, ProviderError } from '../domain/errors.ts';
import type { ImportState } from '../storage/imports.ts';
import type { Ledger } from './ledger.ts';
import { saveTrackings } from '../server/webhooks.ts';

/** What is to be imported: what began to be followed in this time, of all accounts or of one alias. */
export const importRequest = z.object({
  since: z.number(),
  until: z.number(),
  account: z.string().max(63).optional(),
});
export type ImportRequest = z.infer<typeof importRequest>;

/** One page further. */
export interface ImportProgress {
  /** True where nothing is left to import. */
  readonly done: boolean;
  /** How many accounts of that name there are that have something to import from. */
  readonly accounts: number;
  readonly tenant?: string;
  readonly account?: string;
  readonly imported?: number;
  /** How many shipments became ours. */
  readonly shipments?: number;
  readonly skipped?: number;
  /** Of the time that is being imported, from 0 to 1. */
  readonly share?: number;
  readonly fault?: string;
}

const patienceMs = 60_000;

/**
 * Imports the next page of the first account that has one. How far it came lies in the ledger, so whoever asks next goes
 * on there, and what was imported whole is not asked for again.
 */
export async function importNextPage(
  callers: readonly Caller[],
  ledger: Ledger,
  { account: alias, ...wish }: ImportRequest,
  now: () => number,
): Promise<ImportProgress> {
  const fitting = callers.flatMap(({ tenant, accounts }) =>
    accounts
      .filter(({ id, adapter }) => adapter.listExternal && (alias === undefined || id === alias))
      .map((account) => ({ tenant: tenant.id, account })),
  );
  const accounts = fitting.length;
  for (const { tenant, account } of fitting) {
    const state = await ledger.imports.read(tenant, account.id);
    const open = state.open ?? nextSpan(state.done, { from: wish.since, to: wish.until });
    if (open === undefined) continue;
    const about = { done: false, accounts, tenant, account: account.id };
    const told = await outcome(() => importPage(tenant, account, state, open, ledger, now));
    if (!(told instanceof ProviderError)) return { ...about, ...told };
    return { ...about, fault: [told.message, told.hint].filter(Boolean).join('. ') };
  }
  return { done: true, accounts };
}

async function importPage(
  tenant: string,
  account: Account,
  { done }: ImportState,
  open: NonNullable<ImportState['open']>,
  ledger: Ledger,
  now: () => number,
): Promise<Pick<ImportProgress, 'imported' | 'shipments' | 'skipped' | 'share'>> {
  const { id } = account;
  const call = { signal: AbortSignal.timeout(patienceMs) };
  const page = await account.adapter.listExternal!(open.span, open.next, call);
  const { trackings, skipped, next, share } = page;
  await saveTrackings({ trackings, at: now() }, tenant, id, ledger);
  // What is here already may have been given back elsewhere. A refund that was refused there would be asked for again.
  const refunded = page.shipments.filter(({ refund }) => refund && refund.status !== 'REFUSED');
  await ledger.refunds.scheduleRefundCheck(
    tenant,
    refunded.map(({ purchased }) => purchased.trackingNumber),
  );
  const late = await lateLabels(tenant, account, page, ledger, call);
  const shipments = await ledger.imports.addExternal(tenant, account, [...page.shipments, ...late], now());
  // Kept twice does no harm; forgotten would.
  const further = next === undefined ? { done: joined(done, open.span) } : { done, open: { ...open, next } };
  await ledger.imports.write(tenant, id, further);
  return { imported: trackings.length, shipments, skipped, share };
}

/** Labels of parcels on the page that no list of shipments had: their shipments were made before the time, and bought in it. */
async function lateLabels(
  tenant: string,
  { adapter }: Account,
  { trackings, shipments }: ExternalPage,
  ledger: Ledger,
  call: CallOptions,
): Promise<ExternalShipment[]> {
  const listed = new Set(shipments.map(({ reference }) => reference));
  const told = trackings.flatMap(({ label }) => (label && !listed.has(label.reference) ? [label] : []));
  const missing = await ledger.imports.missing(tenant, told);
  const answers =
    (await adapter.externalShipments?.(
      missing.map(({ reference }) => reference),
      call,
    )) ?? [];
  return answers.flatMap((answer) => {
    if (!(answer instanceof ProviderError)) return answer ?? [];
    if (answer.code === 'NOT_FOUND') return [];
    throw answer;
  });
}

/** What is new first, then what is older than what was imported before. */
function nextSpan(done: Period | undefined, wish: Period): ImportState['open'] {
  if (done === undefined) return { span: wish };
  if (wish.to > done.to) return { span: { from: done.to, to: wish.to } };
  if (wish.from < done.from) return { span: { from: wish.from, to: done.from } };
  return undefined;
}

const joined = (done: Period = { from: Infinity, to: -Infinity }, { from, to }: Period): Period => ({
  from: Math.min(done.from, from),
  to: Math.max(done.to, to),
});
