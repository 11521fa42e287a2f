import { z } from 'zod';

import type { Account, Caller } from '../accounts/account.ts';
import type { CallOptions } from '../carriers/adapter.ts';
import type { ExternalPage, Skipped } from '../carriers/adapter.ts';
import { outcome, ProviderError } from '../domain/errors.ts';
import type { ExternalShipment, Period } from '../domain/external-shipment.ts';
import { labelName } from '../domain/shipment.ts';
import type { Records } from '../storage/storage.ts';
import type { ImportState } from '../storage/tables.ts';
import type { Refunds } from './refunds.ts';
import { saveTrackingUpdates } from './tracking-updates.ts';

/** Imports what was first tracked or purchased in a period, epoch milliseconds: of all accounts, or of one alias. */
export const importRequest = z.object({
  since: z.number(),
  until: z.number(),
  account: z.string().max(63).optional(),
});
export type ImportRequest = z.infer<typeof importRequest>;

/** The progress after one page. */
export interface ImportProgress {
  /** True where nothing is left to import. */
  readonly done: boolean;
  /** How many accounts of that alias support imports. */
  readonly accounts: number;
  readonly tenant?: string;
  readonly account?: string;
  /** How many tracked parcels the page had. */
  readonly imported?: number;
  /** How many shipments are new. */
  readonly shipments?: number;
  readonly skipped?: Skipped;
  /** The part of the period that is imported, from 0 to 1. */
  readonly share?: number;
  readonly fault?: string;
}

const timeoutMs = 60_000;

/**
 * Imports the next page of the first account that has one. The progress is stored, so that the next call continues there,
 * and no page is imported twice.
 */
export async function importNextPage(
  callers: readonly Caller[],
  storage: Records,
  refunds: Refunds,
  { account: alias, since, until }: ImportRequest,
  now: () => number,
): Promise<ImportProgress> {
  const importable = callers.flatMap(({ tenant, accounts }) =>
    accounts
      .filter(({ id, adapter }) => adapter.listExternal && (alias === undefined || id === alias))
      .map((account) => ({ tenant: tenant.id, account })),
  );
  const accounts = importable.length;
  for (const { tenant, account } of importable) {
    const state = await storage.imports.read(tenant, account.id);
    const open = state.open ?? nextSpan(state.done, { from: since, to: until });
    if (open === undefined) continue;
    const progress = { done: false, accounts, tenant, account: account.id };
    const page = await outcome(() => importPage(tenant, account, state, open, storage, refunds, now));
    if (!(page instanceof ProviderError)) return { ...progress, ...page };
    return { ...progress, fault: [page.message, page.hint].filter(Boolean).join('. ') };
  }
  return { done: true, accounts };
}

async function importPage(
  tenant: string,
  account: Account,
  { done }: ImportState,
  open: NonNullable<ImportState['open']>,
  storage: Records,
  refunds: Refunds,
  now: () => number,
): Promise<Pick<ImportProgress, 'imported' | 'shipments' | 'skipped' | 'share'>> {
  const { id } = account;
  const call = { signal: AbortSignal.timeout(timeoutMs) };
  const page = await account.adapter.listExternal!(open.span, open.next, call);
  const { trackings, skipped, next, share } = page;
  await saveTrackingUpdates(storage.trackers, tenant, id, trackings, now());
  // Labels that are stored already may have been refunded by another system. A refused refund would be requested again.
  const refunded = page.shipments.filter(({ refund }) => refund && refund.status !== 'REFUSED');
  await refunds.scheduleRefundCheck(
    tenant,
    refunded.map(({ reference, purchased }) => labelName({ ...purchased, reference })),
  );
  const unlisted = await unlistedShipments(tenant, account, page, storage, call);
  const external = [...page.shipments, ...unlisted];
  const shipments = await storage.imports.addExternal(tenant, account, external, now());
  // Written last: a page that is imported twice does no harm, a page that is left out would.
  const progress = next === undefined ? { done: joined(done, open.span) } : { done, open: { ...open, next } };
  await storage.imports.write(tenant, id, progress);
  return { imported: trackings.length, shipments, skipped, share };
}

/** Reads shipments of tracked parcels that no page lists: they were created before the period, and purchased in it. */
async function unlistedShipments(
  tenant: string,
  { adapter }: Account,
  { trackings, shipments }: ExternalPage,
  storage: Records,
  call: CallOptions,
): Promise<ExternalShipment[]> {
  const listed = new Set(shipments.map(({ reference }) => reference));
  const labels = trackings.flatMap(({ label }) => (label && !listed.has(label.reference) ? [label] : []));
  const missing = await storage.imports.missing(tenant, labels);
  const references = missing.map(({ reference }) => reference);
  const results = (await adapter.externalShipments?.(references, call)) ?? [];
  return results.flatMap((result) => {
    if (!(result instanceof ProviderError)) return result ?? [];
    if (result.code === 'NOT_FOUND') return [];
    throw result;
  });
}

/** The part of a period that is not imported yet: newer first, then older than what is imported. */
function nextSpan(done: Period | undefined, period: Period): ImportState['open'] {
  if (done === undefined) return { span: period };
  if (period.to > done.to) return { span: { from: done.to, to: period.to } };
  if (period.from < done.from) return { span: { from: period.from, to: done.from } };
  return undefined;
}

const joined = (done: Period = { from: Infinity, to: -Infinity }, { from, to }: Period): Period => ({
  from: Math.min(done.from, from),
  to: Math.max(done.to, to),
});
