import { join } from 'node:path';

import type { Clock } from './clock.ts';
import { easypostSandboxKey, startEasyPost, type EasyPostSandbox } from './easypost/index.ts';
import { openStore } from './store.ts';
import { startUsps, uspsSandboxClient, uspsSandboxNumbers, type UspsSandbox } from './usps/index.ts';

export interface SandboxOptions {
  readonly clock: Clock;
  /** Where what was bought is kept; in memory only when left out. */
  readonly folder?: string;
  /** Calls an hour that USPS allows for each API; its real default of 60 when left out. */
  readonly quota?: number;
  /** Free ports when left out. */
  readonly ports?: { readonly usps: number; readonly easypost: number };
}

export interface Sandbox {
  readonly usps: UspsSandbox;
  readonly easypost: EasyPostSandbox;
  close(): Promise<void>;
}

/** What opens the emulated providers, and two numbers that they know. */
export const sandboxAccess = {
  usps: uspsSandboxClient,
  easypostKey: easypostSandboxKey,
  numbers: { usps: uspsSandboxNumbers.inTransit, easypost: 'EZ4000000004' },
};

/** Starts every emulated provider on loopback. */
export async function startSandbox({ clock, folder, quota, ports }: SandboxOptions): Promise<Sandbox> {
  const store = (name: string) => openStore(folder && join(folder, `${name}.jsonl`));
  const stores = { usps: store('usps'), easypost: store('easypost') };
  const usps = await startUsps({ clock, store: stores.usps, quota, port: ports?.usps });
  const easypost = await startEasyPost({
    clock,
    store: stores.easypost,
    port: ports?.easypost,
    pace: 'lifelike',
  });
  return {
    usps,
    easypost,
    async close() {
      await Promise.all([usps.close(), easypost.close()]);
      stores.usps.close();
      stores.easypost.close();
    },
  };
}
