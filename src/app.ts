import type { AppOptions } from './app-options.ts';
import { createClosing } from './closing.ts';
import type { Config } from './config/config.ts';
import { listen } from './listen.ts';
import { openServices, type Services } from './services.ts';

/** The product: its services, and a server that may be started. */
export interface App extends Pick<
  Services,
  'storage' | 'workflows' | 'accounts' | 'sealer' | 'clock' | 'sandbox'
> {
  /** Starts the HTTP server, the background jobs and the commands; returns the server's URL. */
  listen(): Promise<string>;
  /** Stops listening, completes what is under way, then closes the ledger. */
  close(): Promise<void>;
}

/** Creates the app; where a step fails, everything that was opened before is closed again. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const closing = createClosing();
  const services = await closing.onError(() => openServices(config, options, closing));
  return {
    ...services,
    listen: () => closing.onError(() => listen(services, config, options, closing)),
    close: closing.close,
  };
}
