import { randomUUID } from 'node:crypto';

import type {
  ProviderAdapter,
  OperationApi,
  LabelApi,
  PreparedRequest,
} from '../../../src/carriers/adapter.ts';
import { ProviderError } from '../../../src/domain/errors.ts';
import { money } from '../../../src/domain/money.ts';
import type { Refund, PurchasedLabel } from '../../../src/domain/shipment.ts';

/** What happens to one call to a provider. */
export type Fate =
  | 'well'
  | 'lost before'
  | 'lost after'
  /** Our side gives up first, then the provider acts. */
  | 'late'
  | 'refused'
  /** Quota, credentials: a refusal that says nothing of what was bought. */
  | 'not told'
  | 'dearer'
  /** An exception that is nobody's word, after the provider acted. */
  | 'broken';

/** By an idempotency key, as USPS sells; or one sale a quote that is read back, as EasyPost does. */
export type Rule = 'by key' | 'read back';

interface Label {
  readonly trackingNumber: string;
  readonly price: string;
  cancelled: boolean;
  refundAsked?: number;
}

export const parcelPrice = 10;
const refundMs = 24 * 60 * 60 * 1000;

/** One provider in memory, which keeps its rule strictly and counts what it sold. */
export function modelProvider(rule: Rule, now: () => number) {
  const sales = new Map<string, Label[]>();
  const done = new Map<string, string>();
  let fates: Fate[] = [];
  let late: (() => void)[] = [];
  const labels = () => [...sales.values()].flat();
  const lost = () => new ProviderError('TIMEOUT', 'no answer came', { refused: false });

  /** Acts as its fate says; `act` does what the provider does, `reads` where a refusal refuses no sale. */
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
            // Refused when it came to it.
          }
        });
        throw lost();
      case 'refused':
        if (reads) throw lost();
        throw new ProviderError('REJECTED', 'refused');
      case 'not told':
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
  const told = (sold: readonly Label[]): PurchasedLabel[] =>
    sold.map(({ trackingNumber, price }) => ({
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

  const desk: LabelApi = {
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
    buy: async (prepared) => act((dear) => told(sell(prepared, dear))),
    async reconcile(prepared) {
      if (rule === 'read back') {
        return act(() => sales.get(nameOf(prepared)), true)?.flatMap((label) => told([label]));
      }
      // As USPS is asked: the same bytes under the same key, where a refusal tells that there is none.
      if (fates[0] === 'refused' && !sales.has(nameOf(prepared))) return void fates.shift();
      return act((dear) => told(sell(prepared, dear)), true);
    },
    void: async ({ trackingNumber }) => act(() => refundOf(labelOf(trackingNumber))),
    ...(rule === 'read back'
      ? { refund: async ({ trackingNumber }) => refundOf(labelOf(trackingNumber)) }
      : {}),
  };
  const errand = (recall: boolean): OperationApi<string, { reference: string }> => {
    const perform = ({ attemptId }: PreparedRequest) => {
      if (!done.has(attemptId)) done.set(attemptId, randomUUID());
      return { reference: done.get(attemptId)! };
    };
    return {
      prepare: async (order) => ({ attemptId: randomUUID(), request: { order } }),
      perform: async (prepared) => act(() => perform(prepared)),
      ...(recall && {
        reconcile: async (prepared: PreparedRequest) =>
          act(() => (done.has(prepared.attemptId) ? perform(prepared) : undefined), true),
      }),
    };
  };
  return {
    carrier: { labels: desk, pickups: errand(true), mail: errand(false) } as unknown as ProviderAdapter,
    /** What the next calls meet; after that all is well. */
    meet: (next: readonly Fate[]) => void (fates = [...next]),
    /** What was under way gets done. */
    catchUp() {
      for (const act of late.splice(0)) act();
    },
    /** Labels that are charged. */
    live: () =>
      labels()
        .filter(({ cancelled }) => !cancelled)
        .map(({ trackingNumber }) => trackingNumber),
    sold: () => labels().length,
    errands: () => [...done.values()],
    forget: () => void (late = []),
  };
}
