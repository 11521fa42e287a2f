import type { Fault } from '../../../sandbox/emulator.ts';

/** Has the emulated USPS write a text wherever the events of a parcel have words. */
export const uspsWriting = (text: string): Fault => ({
  path: /tracking/,
  alter: (body) =>
    JSON.parse(JSON.stringify(body), (key, value: unknown) =>
      ['eventType', 'statusSummary', 'eventCity'].includes(key) ? text : value,
    ),
});
