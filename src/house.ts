import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Logger } from 'pino';

import type { Config, TenantConfig } from './config.ts';
import { createDoor, type Door, type House } from './context.ts';
import { systemClock, type Clock } from './domain/clock.ts';
import { createSealer } from './domain/seal.ts';
import { openLedger, type LedgerOptions } from './ledger/ledger.ts';
import { openSandbox, type OpenSandbox } from './sandbox.ts';

/** The house without anything that listens: its ledger, its accounts behind their door, and its sandbox. */
export interface Built {
  readonly house: House;
  readonly door: Door;
  readonly sandbox?: OpenSandbox;
  close(): Promise<void>;
}

export interface BuildOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Told what takes time. */
  readonly say?: (line: string) => void;
  readonly called?: House['called'];
  /** Stands between the ledger and its database, to make it fail on purpose. */
  readonly between?: LedgerOptions['between'];
  /** Who may call a sandbox's providers; its own tenant when left out. */
  readonly tenants?: (sandbox: OpenSandbox) => readonly TenantConfig[];
}

/** Builds it from the ground up; what fails half-way leaves nothing open. */
export async function build(
  config: Config,
  {
    log,
    clock = systemClock,
    say = () => {},
    called,
    between,
    tenants = (sandbox) => [sandbox.tenant],
  }: BuildOptions,
  publicUrl: () => string,
): Promise<Built> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const sealer = createSealer(config.secret ?? keptSecret(config.dataDir), config.previousSecret);
    const ledger = await openLedger(config.storage, {
      sealer,
      clock,
      // Asked only once it stands.
      carrierOf: (tenantId, accountId) => door.carrierOf(tenantId, accountId),
      between,
      onFirstMaking: () => say('Making the ledger, which takes a few seconds once ...'),
    });
    closing.push(() => ledger.close());
    const sandbox =
      config.sandbox &&
      (await openSandbox(config.dataDir, config.sandbox, clock, sealer.names('sandbox webhook', '')[0]));
    if (sandbox) closing.push(() => sandbox.close());
    const house = { ledger, sealer, clock, log, publicUrl, called };
    const door = createDoor(sandbox ? tenants(sandbox) : config.tenants, house);
    closing.push(door.close);
    return { house, door, sandbox, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The sandbox's own secret, made once and kept beside its ledger, readable by its owner alone. */
function keptSecret(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'secret');
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
