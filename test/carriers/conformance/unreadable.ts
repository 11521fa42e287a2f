import { expect } from 'vitest';

import { ProviderError } from '../../../src/domain/errors.ts';
import { parseJson } from '../../../src/domain/json.ts';
import { jsonResponse } from '../../support/intercept.ts';
import { receiver, sender } from '../../support/test-server.ts';
import { mutate, shorten, unreturnable } from './mutations.ts';
import {
  asStored,
  buyLabel,
  buyParcel,
  call,
  nextDay,
  pickupAddress,
  quoteLabel,
  rateRequest,
} from './requests.ts';
import type { Rules, Subject } from './subject.ts';

const any = /./;

/** Runs an operation once, and returns the JSON body of the last response to a path, with two rows of each list. */
async function record(
  { intercept }: Subject,
  path: RegExp,
  run: () => Promise<unknown>,
): Promise<object | undefined> {
  let last: unknown;
  const stop = intercept(path, async (_, receive) => {
    const response = await receive();
    last = parseJson(response.body.toString('utf8')) ?? last;
    return response;
  });
  await run();
  stop();
  return typeof last === 'object' && last !== null ? (shorten(last) as object) : undefined;
}

/** Repeats an operation with each mutation of its response, and returns the title of each that breaks a rule. */
async function breaches(
  subject: Subject,
  path: RegExp,
  run: () => Promise<unknown>,
  breachOf: (outcome: unknown) => string | undefined = () => undefined,
): Promise<string[]> {
  const body = await record(subject, path, run);
  // A response in another format than JSON is not mutated.
  if (body === undefined) return [];
  const unchanged = jsonResponse(body);
  const found: string[] = [];
  for (const mutation of mutate(body)) {
    // The first call gets the mutation, the others the response as it was.
    const mutated = [jsonResponse(mutation.body)];
    const stop = subject.intercept(path, async () => mutated.pop() ?? unchanged);
    const outcome = await run().catch((error: unknown) => error);
    stop();
    const isForeign = outcome instanceof Error && !(outcome instanceof ProviderError);
    const breach = isForeign ? String(outcome) : (unreturnable(outcome)[0] ?? breachOf(outcome));
    if (breach !== undefined) found.push(`${mutation.title}: ${breach}`);
  }
  return found;
}

/** The breach of a batch that rejects, or that leaves nothing of the slot whose response is as ever. */
const batchBreach = (outcome: unknown) => {
  if (!Array.isArray(outcome)) return 'the batch was lost';
  return outcome.every((slot) => slot instanceof ProviderError) ? 'no slot survived' : undefined;
};
/** The breach of a purchase that a caller would take for a refusal. */
const purchaseBreach = (outcome: unknown) =>
  outcome instanceof ProviderError && outcome.refused ? 'what was bought is forgotten' : undefined;

export const unreadableRules: Rules = (rule) => {
  rule('fails in the slot of an unreadable quote alone, whatever is wrong with it', async (subject) => {
    const requests = [rateRequest, rateRequest];
    const quote = () => subject.adapter.quote!(requests, call);
    expect(await breaches(subject, subject.paths.quote, quote, batchBreach)).toEqual([]);
  });

  rule('fails in the slot of an unreadable address alone, whatever is wrong with it', async (subject) => {
    const verify = () => subject.adapter.verify!([receiver, sender], call);
    expect(await breaches(subject, subject.paths.verify, verify, batchBreach)).toEqual([]);
  });

  rule('never loses a batch of trackers to an unreadable one, whatever is wrong with it', async (subject) => {
    const requests = subject.numbers.known.map((trackingNumber) => ({ trackingNumber }));
    const track = () => subject.adapter.track!(requests, call);
    const isBatch = (outcome: unknown) => (Array.isArray(outcome) ? undefined : 'the batch was lost');
    expect(await breaches(subject, subject.paths.track, track, isBatch)).toEqual([]);
  });

  rule('never takes an unreadable response to a purchase for a refusal', async (subject) => {
    const { adapter, charges } = subject;
    const labels = adapter.labels!;
    const [prepared] = (await labels.prepare(await quoteLabel(adapter), call)).map(asStored);
    const before = charges().length;
    const buy = () => labels.buy(prepared!, call);
    expect(await breaches(subject, subject.paths.buy, buy, purchaseBreach)).toEqual([]);
    const reconcile = () => labels.reconcile(prepared!, call);
    const isForgotten = (outcome: unknown) =>
      outcome === undefined ? 'what was bought is forgotten' : undefined;
    expect(await breaches(subject, any, reconcile, isForgotten)).toEqual([]);
    expect(charges().length).toBe(before + 1);
    expect(await reconcile()).toMatchObject([{ trackingNumber: charges().at(-1)!.trackingNumber }]);
  });

  rule('never fails by an unreadable refund otherwise than by a failure of the provider', async (subject) => {
    const { adapter, paths } = subject;
    const { prepared, purchased } = await buyLabel(adapter, await quoteLabel(adapter));
    const { trackingNumber, reference } = purchased;
    const label = { trackingNumber, reference, prepared };
    expect(await breaches(subject, paths.void, () => adapter.labels!.void!(label, call))).toEqual([]);
    if (!adapter.labels!.refund) return;
    expect(await breaches(subject, any, () => adapter.labels!.refund!(label, call))).toEqual([]);
  });

  rule('never takes an unreadable response to a pickup or a manifest for a refusal', async (subject) => {
    const { adapter, paths } = subject;
    const parcels = [await buyParcel(adapter)];
    const address = pickupAddress(sender);
    for (const [path, api, prepared] of [
      [
        paths.pickup,
        adapter.pickups!,
        await adapter.pickups!.prepare({ address, date: nextDay, parcels }, call),
      ],
      [paths.manifest, adapter.manifests!, await adapter.manifests!.prepare({ parcels }, call)],
    ] as const) {
      expect(
        await breaches(subject, path, () => api.perform(asStored(prepared), call), purchaseBreach),
      ).toEqual([]);
    }
  });

  rule('lists what is readable of purchases made elsewhere, and counts the rest', async (subject) => {
    const { adapter } = subject;
    if (!adapter.listExternal || !adapter.externalShipments) return;
    const { purchased } = await buyLabel(adapter, await quoteLabel(adapter));
    await buyLabel(adapter, await quoteLabel(adapter));
    const to = Date.parse('2026-11-19T18:00:00Z');
    const list = () => adapter.listExternal!({ from: to - 3 * 86_400_000, to }, undefined, call);
    const rowBreach = (outcome: unknown) => {
      if (outcome instanceof ProviderError)
        return outcome.code === 'UNREADABLE' ? undefined : outcome.message;
      const { shipments, skipped } = outcome as Awaited<ReturnType<typeof list>>;
      // Of two rows, one may be missing in the response.
      const count = shipments.length + Object.values(skipped).reduce((sum, each) => sum + each, 0);
      return count < 1 ? 'a row was left out in silence' : undefined;
    };
    expect(await breaches(subject, any, list, rowBreach)).toEqual([]);
    const read = () => adapter.externalShipments!([purchased.reference!], call);
    expect(await breaches(subject, any, read)).toEqual([]);
  });
};
