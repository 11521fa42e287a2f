import { expect } from 'vitest';

import { supportedOperations } from '../../../src/carriers/adapter.ts';
import { call } from './requests.ts';
import type { Rules } from './subject.ts';

export const adapterRules: Rules = (rule) => {
  rule('supports the operations that it has methods for', async ({ adapter }) => {
    const methods = {
      VERIFY_ADDRESS: adapter.verify,
      QUOTE_RATES: adapter.quote,
      PURCHASE_LABEL: adapter.labels,
      VOID_LABEL: adapter.labels?.void,
      REPRINT_LABEL: adapter.labels?.reprint,
      TRACK: adapter.track,
      SCHEDULE_PICKUP: adapter.pickups,
      CREATE_MANIFEST: adapter.manifests,
      FIND_LOCATIONS: adapter.locations,
      SEND_MAIL: adapter.mail,
    };
    const names = Object.entries(methods).flatMap(([name, method]) => (method ? [name] : []));
    expect(supportedOperations(adapter)).toEqual(names);
  });

  rule('calls nothing for an empty batch', async ({ adapter, emulator }) => {
    const before = emulator.calls.length;
    for (const read of [adapter.track, adapter.quote, adapter.verify]) {
      expect((await read?.([], call)) ?? []).toEqual([]);
    }
    expect(emulator.calls.length).toBe(before);
  });
};
