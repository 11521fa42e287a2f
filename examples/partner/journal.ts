import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What is known of a batch, one JSON line each. It is written before a step, so that an interrupted step is repeated as it was. */
export type Entry =
  | { readonly type: 'rate'; readonly order: string; readonly rateId: string }
  | {
      readonly type: 'shipment';
      readonly order: string;
      readonly shipmentId: string;
      readonly accountId: string;
    }
  | { readonly type: 'manifest'; readonly key: string; readonly shipmentIds: readonly string[] };

export interface Journal {
  append(entry: Entry): void;
  /** The last rate of an order, which is bought under the order's key. */
  rateOf(order: string): string | undefined;
  shipmentOf(order: string): Extract<Entry, { type: 'shipment' }> | undefined;
  manifests(): readonly Extract<Entry, { type: 'manifest' }>[];
}

/** Opens the journal of a batch. A last line that was cut off by an interruption is left out. */
export function openJournal(file: string): Journal {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const entries = whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry);
  if (whole !== text) appendFileSync(file, '\n');
  const ofType = <Type extends Entry['type']>(type: Type) =>
    entries.filter((entry): entry is Extract<Entry, { type: Type }> => entry.type === type);
  return {
    append(entry) {
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      entries.push(entry);
    },
    rateOf: (order) => ofType('rate').findLast((entry) => entry.order === order)?.rateId,
    shipmentOf: (order) => ofType('shipment').find((entry) => entry.order === order),
    manifests: () => ofType('manifest'),
  };
}
