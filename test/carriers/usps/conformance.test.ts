import { uspsSandboxNumbers } from '../../../sandbox/usps/index.ts';
import { conformance } from '../conformance.ts';
import { openUsps } from './support.ts';

const unknown = 'a lost response leaves nothing by which USPS finds a pickup or a SCAN form';

conformance(
  'USPS',
  async () => {
    const { adapter, clock, emulator, intercept, close } = await openUsps();
    return {
      adapter,
      intercept,
      clock,
      emulator,
      numbers: {
        known: [uspsSandboxNumbers.delivered, uspsSandboxNumbers.inTransit],
        unknown: uspsSandboxNumbers.unknown,
      },
      paths: {
        verify: /\/addresses\//,
        quote: /\/options\//,
        track: /\/tracking\//,
        buy: /\/labels\/v3\/label$/,
        void: /\/label\/\d+$/,
        pickup: /\/carrier-pickup$/,
        cancel: /\/carrier-pickup\/WTC/,
        manifest: /\/scan-form$/,
      },
      charges: () => emulator.charges(),
      close,
    };
  },
  {
    skips: {
      'finds a pickup whose response was lost': unknown,
      'finds a manifest whose response was lost': unknown,
    },
  },
);
