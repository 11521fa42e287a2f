// Draws how many calls there were, and how long they took.

import { count, sum, svg } from './elements.js';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Bars of the calls in each of the 24 hours until `at`, the failed ones marked. */
export function hourBars(hours, at) {
  const last = Math.floor(Date.parse(at) / hourMs);
  const most = Math.max(1, ...hours.map(({ calls }) => calls));
  // A single call is seen beside thousands.
  const heightOf = (calls) => (calls === 0 ? 0 : Math.max(1, (23 * calls) / most));
  const bars = hours.flatMap(({ at: hour, calls, failed }) => {
    const x = 4 * (23 - last + Date.parse(hour) / hourMs);
    const bar = (kind, height) => svg('rect', { class: kind, x, y: 24 - height, width: 3, height });
    return [bar('calls', heightOf(calls)), bar('failed', heightOf(failed))];
  });
  const calls = count(
    sum(hours, (hour) => hour.calls),
    'call',
  );
  const failed = sum(hours, (hour) => hour.failed);
  const label = `${calls} in the last 24 hours, ${failed} failed; at most ${most} in an hour`;
  return plot('hours', label, [96, 24], bars);
}

/** Lines of the median and of the 95th percentile in each of the 60 minutes until `at`. */
export function sparkline({ provider, p50, p95, minutes }, at) {
  const last = Math.floor(Date.parse(at) / minuteMs);
  const most = Math.max(...minutes.map((minute) => minute.p95));
  const line = (field) => {
    const points = minutes.map((minute) => {
      const x = 4 * (59 - last + Date.parse(minute.at) / minuteMs) + 2;
      return `${x},${46 - (42 * minute[field]) / most}`;
    });
    // A line of one point shows by its round ends.
    return svg('polyline', { class: field, points: [...points, points.at(-1)].join(' ') });
  };
  const label = `Latency of ${provider} in the last hour: median ${p50} ms, 95th percentile ${p95} ms, at most ${most} ms in a minute`;
  return plot('latency', label, [240, 48], [line('p95'), line('p50')]);
}

function plot(kind, label, [width, height], shapes) {
  const viewBox = `0 0 ${width} ${height}`;
  const attributes = {
    class: `plot ${kind}`,
    role: 'img',
    'aria-label': label,
    viewBox,
    preserveAspectRatio: 'none',
  };
  return svg('svg', attributes, svg('path', { class: 'axis', d: `M0 ${height - 0.5}H${width}` }), ...shapes);
}
