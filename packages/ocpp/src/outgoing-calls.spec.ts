import fc from 'fast-check';
import { type OutgoingCall, OutgoingCalls, URGENCIES } from './outgoing-calls';

const call = (id: string, change: Partial<OutgoingCall> = {}): OutgoingCall => ({
  id,
  urgency: 'configuration',
  timeoutMilliseconds: 30_000,
  expiresAt: 1_000_000,
  ...change,
});

describe('outgoing calls', () => {
  test('RPC-54 the second leaves only after the answer to the first', () => {
    const calls = new OutgoingCalls();
    calls.enqueue(call('a'));
    calls.enqueue(call('b'));
    expect(calls.takeNext(0)?.id).toBe('a');
    expect(calls.takeNext(0)).toBeUndefined();
    expect(calls.answered('a')).toMatchObject({ kind: 'expected', call: { id: 'a' } });
    expect(calls.takeNext(0)?.id).toBe('b');
  });

  test('RPC-54 stopping a car overtakes configuration, which overtakes reports; otherwise first come, first served', () => {
    const calls = new OutgoingCalls();
    calls.enqueue(call('report', { urgency: 'report' }));
    calls.enqueue(call('first'));
    calls.enqueue(call('second'));
    calls.enqueue(call('stop', { urgency: 'transaction' }));
    const order: string[] = [];
    for (let next = calls.takeNext(0); next !== undefined; next = calls.takeNext(0)) {
      order.push(next.id);
      calls.answered(next.id);
    }
    expect(order).toEqual(['stop', 'first', 'second', 'report']);
  });

  test('RPC-57 after the timeout the slot is free; RPC-46 the late answer is still recognised, once', () => {
    const calls = new OutgoingCalls();
    calls.enqueue(call('a', { timeoutMilliseconds: 5_000 }));
    calls.enqueue(call('b'));
    calls.takeNext(100);
    expect(calls.collectOverdue(5_099).timedOut).toEqual([]);
    expect(calls.collectOverdue(5_100).timedOut.map(({ id }) => id)).toEqual(['a']);
    expect(calls.takeNext(5_100)?.id).toBe('b');
    expect(calls.answered('a')).toMatchObject({ kind: 'late', call: { id: 'a' } });
    expect(calls.answered('a')).toEqual({ kind: 'unknown' });
    expect(calls.answered('b').kind).toBe('expected');
  });

  test('RPC-46 an answer to nothing changes nothing', () => {
    const calls = new OutgoingCalls();
    calls.enqueue(call('a'));
    calls.takeNext(0);
    expect(calls.answered('never')).toEqual({ kind: 'unknown' });
    expect(calls.takeNext(0)).toBeUndefined();
  });

  test('RPC-63 a lost connection makes the outstanding call unknown and keeps the queue with its expiry', () => {
    const calls = new OutgoingCalls();
    calls.enqueue(call('a'));
    calls.enqueue(call('b', { expiresAt: 1_000 }));
    calls.enqueue(call('c'));
    calls.takeNext(0);
    expect(calls.connectionLost()?.id).toBe('a');
    expect(calls.takeNext(1_000)?.id).toBe('c');
    expect(calls.collectOverdue(1_000)).toMatchObject({ timedOut: [], expired: [{ id: 'b' }] });
    expect(calls.queued).toBe(0);
  });

  test('RPC-64 the queue is bounded', () => {
    const calls = new OutgoingCalls(1);
    expect(calls.enqueue(call('a'))).toBe(true);
    expect(calls.enqueue(call('b'))).toBe(false);
  });

  test('whatever happens, each call has exactly one end', () => {
    const step = fc.record({
      what: fc.constantFrom('enqueue', 'send', 'answer', 'wait', 'lose'),
      urgency: fc.constantFrom(...URGENCIES),
      milliseconds: fc.nat(40_000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const calls = new OutgoingCalls(10);
        const ends: string[] = [];
        let now = 0;
        let accepted = 0;
        let sent: string | undefined;
        const wait = (milliseconds: number) => {
          now += milliseconds;
          const { timedOut, expired } = calls.collectOverdue(now);
          if (timedOut.length > 0) sent = undefined;
          ends.push(...timedOut.map(({ id }) => id), ...expired.map(({ id }) => id));
        };
        steps.forEach(({ what, urgency, milliseconds }, index) => {
          if (what === 'enqueue' && calls.enqueue(call(`${index}`, { urgency, expiresAt: now + 60_000 }))) accepted += 1;
          if (what === 'send') sent = calls.takeNext(now)?.id ?? sent;
          if (what === 'wait') wait(milliseconds);
          if (what === 'answer' && sent !== undefined) ends.push(calls.answered(sent).kind === 'expected' ? sent : 'not expected');
          if (what === 'lose') ends.push(...[calls.connectionLost()].flatMap((lost) => (lost === undefined ? [] : [lost.id])));
          if (what === 'answer' || what === 'lose') sent = undefined;
        });
        wait(100_000);
        expect(new Set(ends).size).toBe(ends.length);
        expect(ends).toHaveLength(accepted);
      }),
    );
  });
});
