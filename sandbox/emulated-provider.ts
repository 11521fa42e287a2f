import type { Clock } from './clock.ts';
import type { Emulator } from './emulator.ts';
import type { Store } from './store.ts';

/** An emulated provider as the registry in `index.ts` lists it. */
export interface EmulatedProvider<Running extends Emulator = Emulator> {
  /** The provider's id in the server's registry: "usps". */
  readonly id: string;
  /** Its name in messages: "USPS". */
  readonly name: string;
  /** Environment variables that set the ports of `npm run sandbox`, each with its default. */
  readonly ports: Readonly<Record<string, number>>;
  /** A tracking number that the emulator knows. */
  readonly exampleNumber?: string;
  start(options: StartOptions): Promise<Running>;
  /** Returns the environment variables with which a server calls the emulator, and verifies its webhooks. */
  variables(running: Running, webhookSecret?: string): Readonly<Record<string, string>>;
}

export interface StartOptions {
  readonly clock: Clock;
  readonly store: Store;
  /** The folder for files that a server reads, such as certificates. Default: none are written. */
  readonly folder?: string;
  /** Calls an hour for each API product. Default: the provider's own figure. */
  readonly quota?: number;
  /** How many times as fast as real ones purchased parcels move. Default: 1. */
  readonly speed?: number;
  /** The interval in which webhooks are sent, in milliseconds. Default: they are sent when a test asks for it. */
  readonly deliverEvery?: number;
  /** Ports by the names in `EmulatedProvider.ports`. Default: free ports. */
  readonly ports?: Readonly<Record<string, number>>;
}
