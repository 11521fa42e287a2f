import type { Diagnostic } from './adapter.ts';

/** Formats epoch milliseconds for a diagnostic: "2026-11-18 18:00 UTC". */
export const formatTime = (time: number) =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Smaller differences may come from the call itself, and from providers that give whole seconds. */
const toleranceMs = 60_000;

/** Compares our clock with the provider's at one moment. Both are epoch milliseconds. */
export function checkClock(theirs: number | undefined, ours: number): Diagnostic {
  const check = 'clock';
  if (theirs === undefined || Number.isNaN(theirs))
    return { check, status: 'skipped', message: 'the provider did not send its time' };
  const ahead = ours - theirs;
  if (Math.abs(ahead) <= toleranceMs)
    return { check, status: 'ok', message: 'our clock agrees with the provider’s' };
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  return {
    check,
    status: 'warning',
    message: `our clock is ${minutes} min ${ahead > 0 ? 'ahead of' : 'behind'} the provider’s`,
    hint: 'Synchronise the machine’s clock by NTP: ship dates, waits and the expiry of links depend on it.',
  };
}
