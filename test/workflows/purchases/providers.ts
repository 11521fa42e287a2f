import { randomUUID } from 'node:crypto';

import type { ProviderAdapter, OperationApi, LabelApi } from '../../../src/carriers/adapter.ts';
import { ProviderError } from '../../../src/domain/errors.ts';
import { money } from '../../../src/domain/money.ts';
import type { Refund, PurchasedLabel } from '../../../src/domain/shipment.ts';
import type { PreparedRequest } from '../../../src/domain/prepared-request.ts';

/** The result of one call to a provider. */
export type Fate =
  | 'well'
  | 'lost before'
  | 'lost after'
  /** The call times out before the provider acts. */
  | 'late'
  | 'refused'
  /** A refusal for another reason, a quota or credentials, which says nothing about the outcome. */
  | 'no outcome'
  | 'dearer'
  /** An internal error after the provider acted. */
  | 'broken';

/** The provider's idempotency: by key, as USPS; or one purchase per quote that can be read, as EasyPost. */
export type Rule = 'by key' | 'read back';

interface Label {
  readonly trackingNumber: string;
  readonly price: string;
  cancelled: boolean;
  refundAsked?: number;
}

export const parcelPrice = 10;
const refundMs = 24 * 60 * 60 * 1000;

/** Creates a provider in memory that follows its rule strictly and counts its labels. */
export function modelProvider(rule: Rule, now: () => number) {
  const sales = new Map<string, Label[]>();
  const done = new Map<string, string>();
  let fates: Fate[] = [];
  let late: (() => void)[] = [];
  const labels = () => [...sales.values()].flat();
  const lost = () => new ProviderError('TIMEOUT', 'no answer came', { refused: false });

  /** Calls the provider with the next fate. With `reads`, a refusal says nothing about the outcome. */
  function act<T>(work: (dear: boolean) => T, reads = false): T {
    const fate = fates.shift() ?? 'well';
    switch (fate) {
      case 'well':
      case 'dearer':
        return work(fate === 'dearer');
      case 'lost before':
        throw lost();
      case 'lost after':
        work(false);
        throw lost();
      case 'late':
        late.push(() => {
          try {
            work(false);
          } catch {
            // The provider refused it.
          }
        });
        throw lost();
      case 'refused':
        if (reads) throw lost();
        throw new ProviderError('REJECTED', 'refused');
      case 'no outcome':
        throw new ProviderError('QUOTA_EXHAUSTED', 'not asked', { refused: reads ? true : undefined });
      case 'broken':
        work(false);
        throw new TypeError('a fault of ours');
    }
  }

  const nameOf = ({ attemptId, request }: PreparedRequest) =>
    rule === 'by key' ? attemptId : (request as { order: string }).order;
  const sell = (prepared: PreparedRequest, dear: boolean): Label[] => {
    const name = nameOf(prepared);
    const { parcels } = prepared.request as { parcels: number };
    if (!sales.has(name)) {
      const label = () => ({
        trackingNumber: randomUUID(),
        price: String(dear ? 11 : parcelPrice),
        cancelled: false,
      });
      sales.set(name, Array.from({ length: parcels }, label));
    }
    return sales.get(name)!;
  };
  const toPurchased = (purchased: readonly Label[]): PurchasedLabel[] =>
    purchased.map(({ trackingNumber, price }) => ({
      trackingNumber,
      price: money(price),
      quotedAmount: money(price),
      charges: [],
      label: { format: 'PDF', data: new Uint8Array([1]) },
    }));
  const refundOf = (label: Label): Refund => {
    if (rule === 'by key') {
      label.cancelled = true;
    } else {
      label.refundAsked ??= now();
      label.cancelled = now() - label.refundAsked >= refundMs;
    }
    return label.cancelled ? { status: 'REFUNDED', voided: true } : { status: 'REQUESTED', voided: false };
  };
  const labelOf = (trackingNumber: string) =>
    labels().find((label) => label.trackingNumber === trackingNumber)!;

  const labelApi: LabelApi = {
    async prepare({ request, offer }) {
      const parcels = request.parcels.length;
      const prepared = (count: number) => ({
        attemptId: randomUUID(),
        request: { order: offer.providerRef as string, parcels: count },
      });
      if (rule === 'by key') return request.parcels.map(() => prepared(1));
      const one = prepared(parcels);
      return request.parcels.map(() => one);
    },
    buy: async (prepared) => act((dear) => toPurchased(sell(prepared, dear))),
    async reconcile(prepared) {
      if (rule === 'read back') {
        return act(() => sales.get(nameOf(prepared)), true)?.flatMap((label) => toPurchased([label]));
      }
      // As with USPS: the same request under the same key; a refusal means that there is no label.
      if (fates[0] === 'refused' && !sales.has(nameOf(prepared))) return void fates.shift();
      return act((dear) => toPurchased(sell(prepared, dear)), true);
    },
    void: async ({ trackingNumber }) => act(() => refundOf(labelOf(trackingNumber!))),
    ...(rule === 'read back'
      ? { refund: async ({ trackingNumber }) => refundOf(labelOf(trackingNumber!)) }
      : {}),
  };
  const operationApi = (canReconcile: boolean): OperationApi<string, { reference: string }> => {
    const perform = ({ attemptId }: PreparedRequest) => {
      if (!done.has(attemptId)) done.set(attemptId, randomUUID());
      return { reference: done.get(attemptId)! };
    };
    return {
      prepare: async (order) => ({ attemptId: randomUUID(), request: { order } }),
      perform: async (prepared) => act(() => perform(prepared)),
      ...(canReconcile && {
        reconcile: async (prepared: PreparedRequest) =>
          act(() => (done.has(prepared.attemptId) ? perform(prepared) : undefined), true),
      }),
    };
  };
  return {
    adapter: {
      labels: labelApi,
      pickups: operationApi(true),
      mail: operationApi(false),
    } as unknown as ProviderAdapter,
    /** Sets the fates of the next calls; calls after those succeed. */
    meet: (next: readonly Fate[]) => void (fates = [...next]),
    /** Completes late calls. */
    catchUp() {
      for (const act of late.splice(0)) act();
    },
    /** Labels that are charged. */
    charged: () =>
      labels()
        .filter(({ cancelled }) => !cancelled)
        .map(({ trackingNumber }) => trackingNumber),
    purchased: () => labels().length,
    operations: () => [...done.values()],
    forget: () => void (late = []),
  };
}
