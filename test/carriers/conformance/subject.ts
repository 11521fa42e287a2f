import type { Emulator } from '../../../sandbox/emulator.ts';
import type { ProviderAdapter } from '../../../src/carriers/adapter.ts';
import type { Interceptor } from '../../support/intercept.ts';
import type { PurchasedLabel } from '../../../src/domain/shipment.ts';

/** An adapter under test, and the emulated provider behind it. */
export interface Subject {
  readonly adapter: ProviderAdapter;
  readonly emulator: Emulator;
  readonly intercept: Interceptor['intercept'];
  /** The adapter's clock, at 2026-11-18T18:00:00Z. */
  readonly clock?: { advance(milliseconds: number): void };
  /** Tracking numbers of parcels at the provider, and one of no parcel. */
  readonly numbers: { readonly known: readonly string[]; readonly unknown: string };
  /** A path that each operation calls at the provider, to inject faults. */
  readonly paths: Readonly<
    Record<'verify' | 'quote' | 'track' | 'buy' | 'void' | 'pickup' | 'cancel' | 'manifest', RegExp>
  >;
  /** Returns every label that the provider has charged so far. */
  charges(): readonly { trackingNumber: string }[];
  /** Reads the customs form of a label at the provider. Default: the form is in the prepared request. */
  customsForm?(label: PurchasedLabel): Promise<unknown>;
  close(): Promise<void>;
}

/** States one rule: a sentence about every adapter, and its test. */
export type Rule = (title: string, test: (subject: Subject) => Promise<void>) => void;

/** States the rules of one ability. */
export type Rules = (rule: Rule) => void;
