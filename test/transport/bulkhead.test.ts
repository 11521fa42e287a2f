import { describe, expect, it } from 'vitest';

import { bulkhead } from '../../src/transport/bulkhead.ts';
import type { HttpResponse } from '../../src/transport/http.ts';
import { CallPlan } from '../../src/transport/call-plan.ts';
import { recordCalls } from '../../src/transport/call-record.ts';
import { neverAborted } from './server.ts';

/** Opens a bulkhead in front of a provider whose responses a test sends. */
function openBulkhead(bounds: { calls: number; waiting: number }) {
  const running: { name: string; end: () => void }[] = [];
  const layer = bulkhead(bounds)(
    ({ url }) =>
      new Promise<HttpResponse>((resolve) => {
        const end = () => {
          running.splice(running.indexOf(call), 1);
          resolve({ status: 200, headers: {}, body: Buffer.alloc(0) });
        };
        const call = { name: url.pathname.slice(1), end };
        running.push(call);
      }),
  );
  return {
    send: (name: string, signal = neverAborted) =>
      layer({ api: 'tracking', method: 'GET', url: new URL(name, 'http://usps.test') }, signal),
    names: () => running.map(({ name }) => name),
    endFirst: () => running[0]!.end(),
  };
}

describe('a bulkhead', () => {
  it('starts waiting calls in their order as others end', async () => {
    const { send, names, endFirst } = openBulkhead({ calls: 2, waiting: 10 });
    const sent = ['a', 'b', 'c', 'd'].map((name) => send(name));
    expect(names()).toEqual(['a', 'b']);
    endFirst();
    await sent[0];
    expect(names()).toEqual(['b', 'c']);
    while (names().length > 0) {
      endFirst();
      await Promise.resolve();
    }
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('lets planned calls pass without a place, since none is sent', async () => {
    const { send, names } = openBulkhead({ calls: 1, waiting: 0 });
    void recordCalls(new CallPlan(), () => send('planned'));
    void send('a');
    void recordCalls(new CallPlan(), () => send('planned'));
    expect(names()).toEqual(['planned', 'a', 'planned']);
    await expect(send('b')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('refuses a call at once where the waiting ones are at their bound too', async () => {
    const { send, names, endFirst } = openBulkhead({ calls: 1, waiting: 1 });
    const sent = [send('a'), send('b')];
    await expect(send('c')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: '1 calls to usps.test are under way, and 1 more wait',
      retryable: true,
      retryAfterSeconds: 1,
      refused: true,
    });
    endFirst();
    await sent[0];
    endFirst();
    await sent[1];
    void send('d');
    expect(names()).toEqual(['d']);
  });

  it('gives up the place of a caller who leaves while waiting', async () => {
    const { send, names, endFirst } = openBulkhead({ calls: 1, waiting: 1 });
    const caller = new AbortController();
    const first = send('a');
    const leaving = send('b', caller.signal);
    caller.abort(new Error('the caller left'));
    await expect(leaving).rejects.toThrow('the caller left');
    await expect(send('c', caller.signal)).rejects.toThrow('the caller left');
    const next = send('d');
    endFirst();
    await first;
    expect(names()).toEqual(['d']);
    endFirst();
    await next;
  });
});
