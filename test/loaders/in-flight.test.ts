import { describe, expect, it } from 'vitest';

import { InFlight } from '../../src/loaders/in-flight.ts';

/** A provider that answers when the test says so; `calls` holds what it was asked, a list a call. */
function provider() {
  const inFlight = new InFlight<string>();
  const calls: string[][] = [];
  const open: { signal: AbortSignal; answer: () => void; fail: (error: Error) => void }[] = [];
  const ask = (keys: readonly string[], signal = new AbortController().signal) =>
    inFlight.answers(keys, signal, (indices, signal) => {
      const asked = indices.map((index) => keys[index]!);
      calls.push(asked);
      const { promise, resolve, reject } = Promise.withResolvers<string[]>();
      const call = calls.length;
      signal.addEventListener('abort', () => reject(signal.reason));
      open.push({ signal, answer: () => resolve(asked.map((key) => `${key} ${call}`)), fail: reject });
      return promise;
    });
  return { ask, calls, open };
}

const leaving = () => {
  const caller = new AbortController();
  return { signal: caller.signal, leave: () => caller.abort(new Error('the caller left')) };
};

describe('a question', () => {
  it('that many ask at once is asked once', async () => {
    const { ask, calls, open } = provider();
    const asked = Array.from({ length: 100 }, () => ask(['a', 'b']));
    open[0]!.answer();
    for (const answers of await Promise.all(asked)) expect(answers).toEqual(['a 1', 'b 1']);
    expect(calls).toEqual([['a', 'b']]);
  });

  it('that comes later is a new one: nothing is remembered', async () => {
    const { ask, calls, open } = provider();
    const first = ask(['a']);
    open[0]!.answer();
    expect(await first).toEqual(['a 1']);
    const second = ask(['a']);
    open[1]!.answer();
    expect(await second).toEqual(['a 2']);
    expect(calls).toEqual([['a'], ['a']]);
  });

  it('joins what is asked already and asks for the rest in one call; answers come in its own order', async () => {
    const { ask, calls, open } = provider();
    const first = ask(['b', 'd']);
    const second = ask(['a', 'b', 'c', 'd', 'a']);
    expect(calls).toEqual([['b', 'd'], ['a', 'c']]); // prettier-ignore
    open[1]!.answer();
    open[0]!.answer();
    expect(await first).toEqual(['b 1', 'd 1']);
    expect(await second).toEqual(['a 2', 'b 1', 'c 2', 'd 1', 'a 2']);
  });

  it('about nothing calls nobody', async () => {
    const { ask, calls } = provider();
    expect(await ask([])).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('that fails fails for all who wait, and is not remembered either', async () => {
    const { ask, open } = provider();
    const asked = [ask(['a']), ask(['a', 'b'])];
    open[0]!.fail(new Error('the provider is down'));
    for (const each of asked) await expect(each).rejects.toThrow('the provider is down');
    const again = ask(['a']);
    open[2]!.answer();
    expect(await again).toEqual(['a 3']);
  });
});

describe('who leaves', () => {
  it('does not wait for the others, and they do not suffer', async () => {
    const { ask, calls, open } = provider();
    const { signal, leave } = leaving();
    const left = ask(['a'], signal);
    const stayed = ask(['a']);
    leave();
    await expect(left).rejects.toThrow('the caller left');
    expect(open[0]!.signal.aborted).toBe(false);
    open[0]!.answer();
    expect(await stayed).toEqual(['a 1']);
    expect(calls).toHaveLength(1);
  });

  it('as the last one ends the call', async () => {
    const { ask, open } = provider();
    const [first, last] = [leaving(), leaving()];
    const asked = [ask(['a'], first.signal), ask(['a', 'b'], last.signal)];
    first.leave();
    expect(open.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    last.leave();
    expect(open.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    for (const each of asked) await expect(each).rejects.toThrow('the caller left');
  });

  it('leaves only the calls that nobody else waits for', async () => {
    const { ask, open } = provider();
    const { signal, leave } = leaving();
    const stayed = ask(['a']);
    const left = ask(['a', 'b'], signal);
    leave();
    await expect(left).rejects.toThrow('the caller left');
    expect(open.map((each) => each.signal.aborted)).toEqual([false, true]);
    open[0]!.answer();
    expect(await stayed).toEqual(['a 1']);
  });

  it('takes nobody along who comes in the very next moment', async () => {
    const { ask, calls, open } = provider();
    const { signal, leave } = leaving();
    const left = ask(['a'], signal);
    leave();
    const next = ask(['a']);
    expect(calls).toEqual([['a'], ['a']]);
    await expect(left).rejects.toThrow('the caller left');
    const joined = ask(['a']);
    open[1]!.answer();
    expect(await next).toEqual(['a 2']);
    expect(await joined).toEqual(['a 2']);
    expect(calls).toHaveLength(2);
  });

  it('before asking asks nothing', async () => {
    const { ask, calls } = provider();
    const { signal, leave } = leaving();
    leave();
    await expect(ask(['a'], signal)).rejects.toThrow('the caller left');
    expect(calls).toEqual([]);
  });

  it('after the answer ends nothing', async () => {
    const { ask, open } = provider();
    const { signal, leave } = leaving();
    const answered = ask(['a'], signal);
    open[0]!.answer();
    await answered;
    const running = ask(['a']);
    leave();
    expect(open[1]!.signal.aborted).toBe(false);
    open[1]!.answer();
    expect(await running).toEqual(['a 2']);
  });
});
