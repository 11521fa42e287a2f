import type { Config } from './config.ts';
import { sandboxKey } from './context.ts';
import { examine } from './examine.ts';
import { build, type BuildOptions } from './house.ts';
import type { OpenSandbox } from './sandbox.ts';
import { buildServer } from './server/server.ts';

export interface Running {
  readonly url: string;
  readonly sandbox?: OpenSandbox;
  /** Stops listening, lets everything under way end, then closes the ledger. */
  close(): Promise<void>;
}

export type StartOptions = BuildOptions;

/** How often purchases whose answer was lost are asked about again. */
const settleEveryMs = 60_000;

/** Builds the house from the ground up, and opens its door. */
export async function start(config: Config, options: StartOptions): Promise<Running> {
  let publicUrl = config.publicUrl;
  // Where we listen is known last when the port is left to the system.
  const { house, door, sandbox, close: closeHouse } = await build(config, options, () => publicUrl ?? '');
  const { ledger, log } = house;
  const closing = [closeHouse];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
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
    ledger.answer('doctor', () => examine(door.callers));
    return { url, sandbox, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Test numbers of the providers themselves, for pages of a server that has no sandbox. */
const knownNumbers = { usps: '9434611206217011894085', easypost: 'EZ4000000004' };
