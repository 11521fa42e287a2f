import type { Provider } from './adapter.ts';
import { easypostConnect } from './easypost-connect/index.ts';
import { easypost } from './easypost/index.ts';
import { usps } from './usps/index.ts';

/** Every provider that we can call; one line each. */
export const providers: readonly Provider[] = [usps, easypost, easypostConnect];
