import { importStep, importWish } from './backfill.ts';
import { care, careWish } from './care.ts';
import { startChores } from './chores.ts';
import type { Config } from './config.ts';
import { sandboxKey } from './context.ts';
import { examine } from './examine.ts';
import { hookActions, tendHooks } from './hooks.ts';
import { build, type BuildOptions } from './house.ts';
import type { OpenSandbox } from './sandbox.ts';
import { createMetrics } from './server/metrics.ts';
import { buildServer } from './server/server.ts';

export interface Running {
  readonly url: string;
  readonly sandbox?: OpenSandbox;
  /** Stops listening, lets everything under way end, then closes the ledger. */
  close(): Promise<void>;
}

/** Builds the house from the ground up, and opens its door. */
export async function start(config: Config, options: BuildOptions): Promise<Running> {
  let publicUrl = config.publicUrl;
  const metrics = createMetrics();
  // Where we listen is known last when the port is left to the system.
  const {
    house,
    door,
    sandbox,
    close: closeHouse,
  } = await build(config, { ...options, called: metrics.called }, () => publicUrl ?? '');
  const { ledger } = house;
  const closing = [closeHouse];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    closing.push(startChores({ ...house, retentionDays: config.retentionDays }));

    const server = await buildServer({
      ...house,
      door,
      metrics,
      numbers: sandbox?.numbers ?? knownNumbers,
      apiKey: sandbox && sandboxKey,
    });
    closing.push(async () => {
      await server.close();
      await ledger.purchases.idle();
      await ledger.errands.idle();
    });
    const url = await server.listen({ host: config.host, port: config.port });
    publicUrl ??= url;
    ledger.answer('care', (wish) => care(ledger, careWish.parse(wish)));
    ledger.answer('doctor', () => examine(door.callers));
    for (const action of hookActions) {
      ledger.answer(`webhook ${action}`, () =>
        tendHooks(action, door.callers, house.sealer, house.publicUrl()),
      );
    }
    ledger.answer('import', (wish) =>
      importStep(door.callers, ledger, importWish.parse(wish), house.clock.now),
    );
    return { url, sandbox, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Test numbers of the providers themselves, for pages of a server that has no sandbox. */
const knownNumbers = { usps: '9434611206217011894085', easypost: 'EZ4000000004' };
