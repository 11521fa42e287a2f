import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import type { Batching } from '../../src/carriers/adapter.ts';
import { SharedCalls } from '../../src/loaders/shared-calls.ts';
import { CallRecord, currentCalls, recordCalls } from '../../src/transport/call-record.ts';

const log = pino({ level: 'silent' });

/**
 * A provider whose calls are completed by the test; `calls` holds the questions of each call. Waits are in `waits` until
 * `pass` ends them.
 */
function createProvider(batching?: Batching) {
  const calls: string[][] = [];
  const open: { signal: AbortSignal; respond: () => void; fail: (error: Error) => void }[] = [];
  const waits: { milliseconds: number; end: () => void }[] = [];
  const shared = new SharedCalls<string, string>({
    batching,
    onJoined: (count) => currentCalls()?.add('usps', 'tracking', 'joined', count),
    after: (milliseconds, end) => void waits.push({ milliseconds, end }),
    ask(questions, signal) {
      calls.push([...questions]);
      currentCalls()?.add('usps', 'tracking', 'calls');
      const { promise, resolve, reject } = Promise.withResolvers<string[]>();
      const call = calls.length;
      signal.addEventListener('abort', () => reject(signal.reason));
      open.push({ signal, respond: () => resolve(questions.map((each) => `${each} ${call}`)), fail: reject });
      return promise;
    },
  });
  const load = (questions: readonly string[], signal = new AbortController().signal) =>
    shared.load(
      questions.map((question) => ({ key: question, question })),
      { signal, log },
    );
  const pass = () => waits.splice(0).forEach(({ end }) => end());
  return { load, calls, open, waits, pass };
}

const createCaller = () => {
  const caller = new AbortController();
  return { signal: caller.signal, disconnect: () => caller.abort(new Error('the caller disconnected')) };
};

describe('a call', () => {
  it('counts for the operation that asks first, and as joined for the others that it answers', async () => {
    const { load, open, pass } = createProvider({ size: 2 });
    const records = [new CallRecord(), new CallRecord()] as const;
    const ask = (record: CallRecord, question: string) => recordCalls(record, () => load([question]));
    // The wait that the first two questions begin ends for the third, which another operation asks.
    const asked = [ask(records[0], 'a'), ask(records[1], 'b'), ask(records[1], 'c'), ask(records[1], 'c')];
    pass();
    pass();
    for (const { respond } of open) respond();
    await Promise.all(asked);
    const counts = records.map((record) => record.counts.map(({ calls, joined }) => ({ calls, joined })));
    expect(counts).toEqual([[{ calls: 1, joined: 0 }], [{ calls: 1, joined: 1 }]]);
  });
});

describe('a question under way', () => {
  it('is asked once for many requests at once', async () => {
    const { load, calls, open } = createProvider();
    const requests = Array.from({ length: 100 }, () => load(['a', 'b']));
    open[0]!.respond();
    for (const results of await Promise.all(requests)) expect(results).toEqual(['a 1', 'b 1']);
    expect(calls).toEqual([['a', 'b']]);
  });

  it('is aborted after its answer, since it may have left calls to the provider under way', async () => {
    const { load, open } = createProvider();
    const asked = load(['a']);
    open[0]!.respond();
    expect(await asked).toEqual(['a 1']);
    expect(open[0]!.signal).toMatchObject({ aborted: true, reason: new Error('the call has been answered') });
  });

  it('is asked again by a later request: answers are not cached', async () => {
    const { load, calls, open } = createProvider();
    const first = load(['a']);
    open[0]!.respond();
    expect(await first).toEqual(['a 1']);
    const second = load(['a']);
    open[1]!.respond();
    expect(await second).toEqual(['a 2']);
    expect(calls).toEqual([['a'], ['a']]);
  });

  it('is joined, the other questions are one call, and answers are in the order of the request', async () => {
    const { load, calls, open } = createProvider();
    const first = load(['b', 'd']);
    const second = load(['a', 'b', 'c', 'd', 'a']);
    expect(calls).toEqual([['b', 'd'], ['a', 'c']]); // prettier-ignore
    open[1]!.respond();
    open[0]!.respond();
    expect(await first).toEqual(['b 1', 'd 1']);
    expect(await second).toEqual(['a 2', 'b 1', 'c 2', 'd 1', 'a 2']);
  });

  it('is never asked by a request without questions', async () => {
    const { load, calls } = createProvider();
    expect(await load([])).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('fails for all requests that wait for it, and the failure is not cached', async () => {
    const { load, open } = createProvider();
    const requests = [load(['a']), load(['a', 'b'])];
    open[0]!.fail(new Error('the provider is down'));
    for (const request of requests) await expect(request).rejects.toThrow('the provider is down');
    const again = load(['a']);
    open[2]!.respond();
    expect(await again).toEqual(['a 3']);
  });
});

describe('a caller that disconnects', () => {
  it('stops waiting at once, and other callers still receive the result', async () => {
    const { load, calls, open } = createProvider();
    const { signal, disconnect } = createCaller();
    const aborted = load(['a'], signal);
    const waiting = load(['a']);
    disconnect();
    await expect(aborted).rejects.toThrow('the caller disconnected');
    expect(open[0]!.signal.aborted).toBe(false);
    open[0]!.respond();
    expect(await waiting).toEqual(['a 1']);
    expect(calls).toHaveLength(1);
  });

  it('aborts the calls that it was the last to wait for', async () => {
    const { load, open } = createProvider();
    const [first, last] = [createCaller(), createCaller()];
    const requests = [load(['a'], first.signal), load(['a', 'b'], last.signal)];
    first.disconnect();
    expect(open.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    last.disconnect();
    expect(open.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    for (const request of requests) await expect(request).rejects.toThrow('the caller disconnected');
  });

  it('does not abort a call that another caller waits for', async () => {
    const { load, open } = createProvider();
    const { signal, disconnect } = createCaller();
    const waiting = load(['a']);
    const aborted = load(['a', 'b'], signal);
    disconnect();
    await expect(aborted).rejects.toThrow('the caller disconnected');
    expect(open.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    open[0]!.respond();
    expect(await waiting).toEqual(['a 1']);
  });

  it('does not affect a request that arrives right after', async () => {
    const { load, calls, open } = createProvider();
    const { signal, disconnect } = createCaller();
    const aborted = load(['a'], signal);
    disconnect();
    const next = load(['a']);
    expect(calls).toEqual([['a'], ['a']]);
    await expect(aborted).rejects.toThrow('the caller disconnected');
    const joined = load(['a']);
    open[1]!.respond();
    expect(await next).toEqual(['a 2']);
    expect(await joined).toEqual(['a 2']);
    expect(calls).toHaveLength(2);
  });

  it('starts no call if it disconnected before', async () => {
    const { load, calls } = createProvider();
    const { signal, disconnect } = createCaller();
    disconnect();
    await expect(load(['a'], signal)).rejects.toThrow('the caller disconnected');
    expect(calls).toEqual([]);
  });

  it('aborts nothing if it has its result', async () => {
    const { load, open } = createProvider();
    const { signal, disconnect } = createCaller();
    const completed = load(['a'], signal);
    open[0]!.respond();
    await completed;
    const running = load(['a']);
    disconnect();
    expect(open[1]!.signal.aborted).toBe(false);
    open[1]!.respond();
    expect(await running).toEqual(['a 2']);
  });
});

describe('questions of several callers', () => {
  const numbers = (count: number, prefix = 'n') =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const callSizes = (calls: readonly string[][]) => calls.map((call) => call.length);

  it.each([1, 2, 34, 35, 36, 70, 1000])(
    'go out in the fewest calls where %i arrive together',
    async (count) => {
      const { load, calls, open, pass } = createProvider({ size: 35 });
      const callers = numbers(count).map((number) => load([number]));
      pass();
      pass();
      expect(calls).toHaveLength(Math.ceil(count / 35));
      for (const { respond } of open) respond();
      const answers = (await Promise.all(callers)).flat();
      expect(answers.map((answer) => answer.split(' ')[0])).toEqual(numbers(count));
    },
  );

  it('go out at once where they fill a call, and wait for the next question otherwise', () => {
    const { load, calls, waits, pass } = createProvider({ size: 3 });
    void load(['a', 'b', 'c', 'd']);
    expect(calls).toEqual([['a', 'b', 'c']]);
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([3]);
    pass();
    expect(calls).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('wait again as long as others arrive, at most until they fill a call', () => {
    const { load, calls, pass } = createProvider({ size: 3 });
    void load(['a']);
    void load(['b']);
    pass();
    expect(calls).toEqual([]);
    void load(['c']);
    expect(calls).toEqual([['a', 'b', 'c']]);
  });

  it('wait longer the less of the quota is left, at most a quarter of a second', async () => {
    const lefts = [1, 0.2, 0.1, 0.01, 0];
    const waited: number[] = [];
    for (const left of lefts) {
      const { load, waits, pass } = createProvider({ size: 35, quotaLeft: async () => left });
      void load(['the first call, after which the quota is read']);
      pass();
      await Promise.resolve();
      void load(['next']);
      waited.push(waits[0]!.milliseconds);
    }
    expect(waited).toEqual([3, 3, 6, 60, 250]);
  });

  it('are sent without that of a caller who left, and not at all where all have', async () => {
    const { load, calls, pass } = createProvider({ size: 35 });
    const [first, second] = [createCaller(), createCaller()];
    const leaving = [load(['a'], first.signal), load(['b'], second.signal)];
    void load(['c']);
    first.disconnect();
    await expect(leaving[0]).rejects.toThrow('the caller disconnected');
    pass();
    pass();
    expect(calls).toEqual([['b', 'c']]);
    const third = createCaller();
    const alone = load(['d'], third.signal);
    third.disconnect();
    await expect(alone).rejects.toThrow('the caller disconnected');
    pass();
    expect(callSizes(calls)).toEqual([2]);
    second.disconnect();
    await expect(leaving[1]).rejects.toThrow('the caller disconnected');
  });

  it('are answered although one of their callers left after the call was sent', async () => {
    const { load, open, pass } = createProvider({ size: 35 });
    const leaver = createCaller();
    const leaving = load(['a'], leaver.signal);
    const waiting = load(['b']);
    pass();
    pass();
    leaver.disconnect();
    await expect(leaving).rejects.toThrow('the caller disconnected');
    expect(open[0]!.signal.aborted).toBe(false);
    open[0]!.respond();
    expect(await waiting).toEqual(['b 1']);
  });
});
