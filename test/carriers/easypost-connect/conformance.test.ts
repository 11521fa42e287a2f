import { conformance } from '../conformance.ts';
import { open } from './support.ts';

conformance(
  'EasyPost Connect',
  async () => {
    const { carrier, emulator, intercept, close } = await open();
    const never = /$^/;
    return {
      adapter: carrier,
      emulator,
      intercept,
      numbers: { known: [], unknown: '' },
      paths: { verify: never, quote: never, track: never, buy: never, void: never, pickup: never, cancel: never, manifest: never }, // prettier-ignore
      charges: () => [],
      close,
    };
  },
  { chapters: ['adapter'] },
);
