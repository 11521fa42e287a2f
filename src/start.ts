import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Logger } from 'pino';

import type { Config, TenantConfig } from './config.ts';
import { createDoor, sandboxKey } from './context.ts';
import { systemClock, type Clock } from './domain/clock.ts';
import { createSealer } from './domain/seal.ts';
import { openLedger } from './ledger/ledger.ts';
import { openSandbox, type OpenSandbox } from './sandbox.ts';
import { buildServer } from './server/server.ts';

export interface Running {
  readonly url: string;
  readonly sandbox?: OpenSandbox;
  /** Stops listening, lets everything under way end, then closes the ledger. */
  close(): Promise<void>;
}

export interface StartOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Told what takes time. */
  readonly say?: (line: string) => void;
  /** Who may call a sandbox's providers; its own tenant when left out. */
  readonly tenants?: (sandbox: OpenSandbox) => readonly TenantConfig[];
}

/** How often purchases whose answer was lost are asked about again. */
const settleEveryMs = 60_000;

/** Builds the house from the ground up, and opens its door. */
export async function start(
  config: Config,
  { log, clock = systemClock, say = () => {}, tenants = (sandbox) => [sandbox.tenant] }: StartOptions,
): Promise<Running> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const sealer = createSealer(config.secret ?? keptSecret(config.dataDir), config.previousSecret);
    const ledger = await openLedger(config.storage, sealer, () =>
      say('Making the ledger, which takes a few seconds once ...'),
    );
    closing.push(() => ledger.close());
    const sandbox = config.sandbox && (await openSandbox(config.dataDir, config.sandbox, clock));
    if (sandbox) closing.push(() => sandbox.close());

    let publicUrl = config.publicUrl;
    // Where we listen is known last when the port is left to the system.
    const house = { ledger, sealer, clock, log, publicUrl: () => publicUrl ?? '' };
    const door = createDoor(sandbox ? tenants(sandbox) : config.tenants, house);
    closing.push(() => door.close());
    let settling: Promise<unknown> = Promise.resolve();
    const settle = () =>
      (settling = ledger.purchases.settle(door.deskOf).then(
        (left) => left > 0 && log.warn({ left }, 'purchases are uncertain'),
        (err: unknown) => log.error({ err }, 'purchases could not be settled'),
      ));
    // A provider that hangs must not keep the door shut, so what a crash left open is asked about behind it.
    void settle();
    const timer = setInterval(() => void settling.then(settle), settleEveryMs);
    closing.push(async () => {
      clearInterval(timer);
      await settling;
    });

    const server = await buildServer({
      ...house,
      door,
      numbers: sandbox?.numbers ?? knownNumbers,
      apiKey: sandbox && sandboxKey,
    });
    closing.push(async () => {
      await server.close();
      await ledger.purchases.idle();
    });
    const url = await server.listen({ host: config.host, port: config.port });
    publicUrl ??= url;
    return { url, sandbox, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Test numbers of the providers themselves, for pages of a server that has no sandbox. */
const knownNumbers = { usps: '9434611206217011894085', easypost: 'EZ4000000004' };

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
