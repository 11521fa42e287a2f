import type { Diagnostic } from './adapter.ts';

/** What a checkup says of time: "2026-11-18 18:00 UTC". */
export const formatTime = (time: number) =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A call and its answer take a while too, and providers tell whole seconds. */
const tolerableMs = 60_000;

/** Our clock beside the provider's at one moment, both in epoch milliseconds. */
export function checkClock(theirs: number | undefined, ours: number): Diagnostic {
  const check = 'clock';
  if (theirs === undefined || Number.isNaN(theirs))
    return { check, status: 'skipped', message: 'the provider did not tell its time' };
  const ahead = ours - theirs;
  if (Math.abs(ahead) <= tolerableMs)
    return { check, status: 'ok', message: 'ours and the provider’s agree' };
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  return {
    check,
    status: 'warning',
    message: `our clock is ${minutes} min ${ahead > 0 ? 'ahead of' : 'behind'} the provider’s`,
    hint: 'Set the machine’s clock by NTP: ship dates, waits and the ends of links are reckoned by it.',
  };
}
