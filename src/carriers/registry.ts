import { easypostConnect } from './easypost-connect/index.ts';
import { easypost } from './easypost/index.ts';
import type { Provider } from './provider.ts';
import { usps } from './usps/index.ts';

/** Every provider, one line each. */
export const providers: readonly Provider[] = [
  usps, //
  easypost,
  easypostConnect,
];
