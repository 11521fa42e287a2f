import { join } from 'node:path';

import type { Clock } from './clock.ts';
import {
  easypostConnectSandboxClient,
  startEasyPostConnect,
  type EasyPostConnectSandbox,
} from './easypost-connect/index.ts';
import { easypostSandboxKey, startEasyPost, type EasyPostSandbox } from './easypost/index.ts';
import { openStore } from './store.ts';
import { startUsps, uspsSandboxClient, uspsSandboxNumbers, type UspsSandbox } from './usps/index.ts';

export interface SandboxOptions {
  readonly clock: Clock;
  /** Where what was bought is kept; in memory only when left out. */
  readonly folder?: string;
  /** Calls an hour that USPS allows for each API; its real default of 60 when left out. */
  readonly quota?: number;
  /** How often EasyPost looks for news to send to webhooks, in milliseconds; only when told to when left out. */
  readonly deliverEvery?: number;
  /** Free ports when left out. */
  readonly ports?: {
    readonly usps: number;
    readonly easypost: number;
    readonly easypostConnect?: number;
    readonly easypostConnectOauth?: number;
  };
}

export interface Sandbox {
  readonly usps: UspsSandbox;
  readonly easypost: EasyPostSandbox;
  readonly easypostConnect: EasyPostConnectSandbox;
  close(): Promise<void>;
}

/** What opens the emulated providers, and two numbers that they know. */
export const sandboxAccess = {
  usps: uspsSandboxClient,
  easypostKey: easypostSandboxKey,
  easypostConnect: easypostConnectSandboxClient,
  numbers: { usps: uspsSandboxNumbers.inTransit, easypost: 'EZ4000000004' },
};

/** Starts every emulated provider on loopback. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock, folder, quota, ports, deliverEvery } = options;
  const store = (name: string) => openStore(folder && join(folder, `${name}.jsonl`));
  const stores = {
    usps: store('usps'),
    easypost: store('easypost'),
    easypostConnect: store('easypost-connect'),
  };
  const usps = await startUsps({ clock, store: stores.usps, quota, port: ports?.usps });
  const easypost = await startEasyPost({
    clock,
    store: stores.easypost,
    port: ports?.easypost,
    pace: 'lifelike',
    deliverEvery,
  });
  const easypostConnect = await startEasyPostConnect({
    clock,
    store: stores.easypostConnect,
    folder: folder && join(folder, 'easypost-connect'),
    port: ports?.easypostConnect,
    oauthPort: ports?.easypostConnectOauth,
  });
  return {
    usps,
    easypost,
    easypostConnect,
    async close() {
      await Promise.all([usps.close(), easypost.close(), easypostConnect.close()]);
      stores.usps.close();
      stores.easypost.close();
      stores.easypostConnect.close();
    },
  };
}
