import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { systemClock } from '../../src/domain/clock.ts';
import { createDeadline } from '../../src/transport/deadline.ts';

describe('a deadline', () => {
  it('passes for all who wait at the same moment, whenever they began', async () => {
    const deadline = createDeadline(40, systemClock);
    const called: number[] = [];
    const first = new Promise((resolve) => deadline.onPassed(() => setImmediate(resolve)));
    for (let listener = 0; listener < 5; listener += 1) {
      await wait(3);
      deadline.onPassed(() => called.push(listener));
    }
    await first;
    expect(called).toEqual([0, 1, 2, 3, 4]);
  });

  it('calls nobody who has stopped waiting, and others all the same', async () => {
    const deadline = createDeadline(5, systemClock);
    const called: string[] = [];
    deadline.onPassed(() => called.push('left'))();
    const left = deadline.onPassed(() => called.push('left too'));
    await new Promise<void>((resolve) => {
      deadline.onPassed(resolve);
      left();
    });
    expect(called).toEqual([]);
  });

  it('has passed for whoever waits afterwards', async () => {
    const deadline = createDeadline(-1, systemClock);
    await new Promise<void>((resolve) => deadline.onPassed(resolve));
    await new Promise<void>((resolve) => deadline.onPassed(resolve));
  });
});
