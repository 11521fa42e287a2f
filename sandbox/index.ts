import { join } from 'node:path';

import type { EmulatedProvider, StartOptions } from './emulated-provider.ts';
import type { Emulator } from './emulator.ts';
import { easypostConnect } from './easypost-connect/index.ts';
import { easypost } from './easypost/index.ts';
import { openStore, type Store } from './store.ts';
import { usps } from './usps/index.ts';

/** Every emulated provider, one line each. */
const registry = {
  usps,
  easypost,
  easypostConnect,
};
export const emulatedProviders: readonly EmulatedProvider[] = Object.values(registry);

/** The running emulators by their names in the registry, which tests use. */
export type RunningProviders = {
  readonly [Name in keyof typeof registry]: Awaited<ReturnType<(typeof registry)[Name]['start']>>;
};

export interface SandboxOptions extends Omit<StartOptions, 'store'> {
  /** Where the emulators keep their state. Default: in memory. */
  readonly folder?: string;
  /** The secret that webhooks are signed with. Default: accounts have none. */
  readonly webhookSecret?: string;
}

export type Sandbox = RunningProviders & {
  readonly accounts: readonly SandboxAccount[];
  /** `Emulator.travel` of whichever provider knows the parcel. */
  travel(trackingNumber: string, milliseconds: number): boolean;
  close(): Promise<void>;
};

/** The account of an emulated provider, as a user configures it. */
export interface SandboxAccount extends Pick<EmulatedProvider, 'name' | 'exampleNumber'> {
  /** The provider's id. */
  readonly provider: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts every emulated provider on loopback. */
export async function startSandbox({ webhookSecret, ...options }: SandboxOptions): Promise<Sandbox> {
  const running: Record<string, Emulator> = {};
  const accounts: SandboxAccount[] = [];
  const stores: Store[] = [];
  for (const [key, provider] of Object.entries<EmulatedProvider>(registry)) {
    const { id, name, exampleNumber } = provider;
    const folder = options.folder && join(options.folder, id);
    const store = openStore(folder && `${folder}.jsonl`);
    stores.push(store);
    const emulator = await provider.start({ ...options, folder, store });
    running[key] = emulator;
    const variables = provider.variables(emulator, webhookSecret);
    accounts.push({ provider: id, name, exampleNumber, variables });
  }
  return {
    ...(running as unknown as RunningProviders),
    accounts,
    travel: (trackingNumber, milliseconds) =>
      Object.values(running).some((emulator) => emulator.travel?.(trackingNumber, milliseconds)),
    async close() {
      await Promise.all(Object.values(running).map((emulator) => emulator.close()));
      for (const store of stores) store.close();
    },
  };
}
