import { beforeEach, describe, expect, it } from 'vitest';

import { Admission } from '../../src/server/admission.ts';

describe('admission', () => {
  let admission: Admission;
  /** The milliseconds that have passed. */
  let time: number;
  /** What became of the requests, in order: "a started", "b refused". */
  let events: string[];
  let turnEnds: (() => void)[];

  beforeEach(() => {
    time = 0;
    events = [];
    turnEnds = [];
    admission = new Admission({
      maxRunning: 100,
      maxWaiting: 5,
      fewWaiting: 1,
      now: () => time,
      atTurnEnd: (call) => void turnEnds.push(call),
      onChange: (isOverloaded) => void events.push(isOverloaded ? 'overload begins' : 'overload ends'),
    });
  });

  const enter = (...names: string[]) =>
    names.map((name) =>
      admission.enter({
        start: () => void events.push(`${name} started`),
        refuse: () => void events.push(`${name} refused`),
      }),
    );
  const endTurn = () => turnEnds.splice(0).forEach((end) => end());
  /** Lets a request enter the turn and the turn become late, so that the requests that follow wait. */
  const makeLate = () => {
    enter('first');
    time += 50;
    events = [];
  };

  it('starts requests at once in a turn that is not late', () => {
    enter('a', 'b');
    time += 49;
    enter('c');
    expect(events).toEqual(['a started', 'b started', 'c started']);
  });

  it('makes requests wait in a late turn, and starts one in each turn after it, in the order of arrival', () => {
    makeLate();
    enter('a', 'b');
    expect(events).toEqual([]);
    endTurn();
    expect(events).toEqual(['a started']);
    enter('c');
    endTurn();
    endTurn();
    expect(events).toEqual(['a started', 'b started', 'c started']);
    expect(admission).toMatchObject({ running: 4, waiting: 0 });
  });

  it('serves the whole of a burst, however long it takes', () => {
    makeLate();
    enter('a', 'b', 'c', 'd', 'e');
    for (let turn = 0; turn < 5; turn++) {
      endTurn();
      time += 10_000;
    }
    expect(events).toEqual(['a started', 'b started', 'c started', 'd started', 'e started']);
  });

  it('refuses the oldest where too many wait, and then starts the newest first', () => {
    makeLate();
    enter('a', 'b', 'c', 'd', 'e', 'f');
    endTurn();
    endTurn();
    expect(events).toEqual(['overload begins', 'a refused', 'f started', 'e started']);
  });

  it('is overloaded once a request has waited for five seconds while others arrive', () => {
    makeLate();
    enter('a', 'b');
    time += 4_999;
    enter('c');
    expect(events).toEqual([]);
    time += 1;
    enter('d');
    expect(events).toEqual(['overload begins', 'a refused', 'b refused']);
  });

  it('is not overloaded where few wait, however long', () => {
    makeLate();
    enter('a');
    time += 60_000;
    enter('b');
    expect(events).toEqual([]);
    endTurn();
    expect(events).toEqual(['a started']);
  });

  it('starts no request that has waited for 50 ms under overload, until none waits', () => {
    makeLate();
    enter('a', 'b');
    time += 5_000;
    enter('c', 'd');
    time += 50;
    endTurn();
    expect(events).toEqual(['overload begins', 'a refused', 'b refused', 'c refused', 'd refused', 'overload ends']); // prettier-ignore
    enter('e');
    expect(events.at(-1)).toBe('e started');
  });

  it('starts no more requests than may run, and the next one when one of them ends', () => {
    const [end] = enter(...Array.from({ length: 100 }, (_, index) => `r${index}`));
    enter('a', 'b');
    endTurn();
    expect(events).toHaveLength(100);
    end!();
    endTurn();
    endTurn();
    expect(events.slice(100)).toEqual(['a started']);
  });

  it('forgets a request whose caller leaves while it waits', () => {
    makeLate();
    const [leave] = enter('a', 'b');
    leave!();
    endTurn();
    endTurn();
    expect(events).toEqual(['b started']);
    expect(admission).toMatchObject({ running: 2, waiting: 0 });
  });
});
