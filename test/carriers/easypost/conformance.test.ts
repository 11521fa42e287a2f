import type { PurchasedLabel } from '../../../src/domain/shipment.ts';
import { conformance } from '../conformance.ts';
import { fetchFrom, startAdapter } from './open-adapter.ts';

conformance('EasyPost', async () => {
  const { adapter, emulator, intercept, clock, close } = await startAdapter();
  return {
    adapter,
    intercept,
    emulator,
    clock,
    numbers: { known: ['EZ2000000002', 'EZ4000000004'], unknown: '9200190345678909999998' },
    paths: {
      verify: /\/addresses/,
      quote: /\/shipments$/,
      track: /\/trackers/,
      buy: /\/buy$/,
      void: /\/refund$/,
      pickup: /\/pickups\/[^/]+\/buy$/,
      cancel: /\/cancel$/,
      manifest: /\/scan_forms$/,
    },
    customsForm: async ({ reference }: PurchasedLabel) =>
      ((await fetchFrom(emulator, `/shipments/${reference}`)) as { customs_info: unknown }).customs_info,
    charges: () => emulator.charges().map(({ trackingCode }) => ({ trackingNumber: trackingCode })),
    close,
  };
});
