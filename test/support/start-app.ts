import { createApp, type App } from '../../src/app.ts';
import type { AppOptions } from '../../src/app-options.ts';
import type { Config } from '../../src/config/config.ts';

/** An app that listens. */
export interface RunningApp extends Pick<App, 'sandbox' | 'close'> {
  readonly url: string;
}

export async function startApp(config: Config, options: AppOptions): Promise<RunningApp> {
  const app = await createApp(config, options);
  return { url: await app.listen(), sandbox: app.sandbox, close: app.close };
}
