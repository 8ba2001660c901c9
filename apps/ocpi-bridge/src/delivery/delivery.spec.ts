import { fold } from '@evenkeel/decider';
import { sessionOf } from '../testing/charging';
import { type DeliveryCommand, type DeliveryEvent, delivery, deliveryStream } from './delivery';

const at = '2026-03-01T10:00:00.000Z';
const object = { module: 'sessions', session: sessionOf('US-MOB', 'spec') } as const;
const due = (revision: number) => ({ recipient: 'US-MOB', objectId: object.session.sessionId, revision, object, at });
const becameDue = (revision: number): DeliveryEvent => ({ type: 'DeliveryDue', data: due(revision) });
const failed = (revision: number, attempt: number, answered = true): DeliveryEvent => ({
  type: 'DeliveryFailed',
  data: { revision, attempt, reason: 'HTTP 500', answered, retryAt: '2026-03-01T10:01:00.000Z' },
});
const succeeded = (revision: number): DeliveryEvent => ({ type: 'DeliverySucceeded', data: { revision, at } });
const parked = (revision: number): DeliveryEvent => ({ type: 'DeliveryParked', data: { revision, reason: 'refused', at } });

function events(history: DeliveryEvent[], command: DeliveryCommand): DeliveryEvent[] {
  const decision = delivery.decide(fold(delivery, history), command);
  if (!decision.accepted) throw new Error('a delivery rejects nothing');
  return [...decision.events];
}

describe('a delivery', () => {
  it('becomes due by a newer revision only', () => {
    expect(events([], { kind: 'due', ...due(0) })).toEqual([becameDue(0)]);
    expect(events([becameDue(3)], { kind: 'due', ...due(4) })).toEqual([becameDue(4)]);
    expect(events([becameDue(3)], { kind: 'due', ...due(3) })).toEqual([]);
    expect(events([becameDue(3), succeeded(3)], { kind: 'due', ...due(2) })).toEqual([]);
  });

  it('stays due when a newer revision came while the older one travelled', () => {
    const history = [becameDue(3), becameDue(4)];
    expect(events(history, { kind: 'succeed', revision: 3, at })).toEqual([]);
    expect(events(history, { kind: 'fail', revision: 3, reason: 'x', answered: true, retryAt: at })).toEqual([]);
    expect(events(history, { kind: 'park', revision: 3, reason: 'x', at })).toEqual([]);
    expect(events(history, { kind: 'succeed', revision: 4, at })).toEqual([succeeded(4)]);
  });

  it('that another replica made due is settled on what the store holds, not on what is remembered', () => {
    expect(events([becameDue(3), succeeded(3)], { kind: 'succeed', revision: 4, at })).toEqual([succeeded(4)]);
  });

  it('is delivered once', () => {
    expect(events([becameDue(0), succeeded(0)], { kind: 'succeed', revision: 0, at })).toEqual([]);
    expect(fold(delivery, [becameDue(0), failed(0, 1), succeeded(0)])).toMatchObject({ status: 'delivered', revision: 0 });
    expect(fold(delivery, [becameDue(0), failed(0, 1), succeeded(0)])).not.toHaveProperty('reason');
  });

  it('counts its attempts, and those that were answered', () => {
    const state = fold(delivery, [becameDue(0), failed(0, 1, false), failed(0, 2)]);
    expect(state).toMatchObject({ status: 'due', attempt: 2, refusals: 1, reason: 'HTTP 500', retryAt: '2026-03-01T10:01:00.000Z' });
    expect(
      events([becameDue(0), failed(0, 1)], {
        kind: 'fail',
        revision: 0,
        reason: 'HTTP 500',
        answered: true,
        retryAt: '2026-03-01T10:01:00.000Z',
      }),
    ).toEqual([failed(0, 2)]);
  });

  it('that is parked waits for a newer revision', () => {
    expect(events([becameDue(0), parked(0)], { kind: 'succeed', revision: 0, at })).toEqual([]);
    expect(fold(delivery, [becameDue(0), failed(0, 1), parked(0), becameDue(1)])).toMatchObject({
      status: 'due',
      attempt: 0,
      refusals: 0,
      retryAt: at,
    });
  });

  it('that is parked, or waits for another attempt, is tried now when it is asked for, however often', () => {
    const asked = { kind: 'retry', at: '2026-03-01T10:00:30.000Z' } as const;
    const requested: DeliveryEvent = { type: 'DeliveryRequested', data: { revision: 0, at: asked.at } };
    for (const history of [
      [becameDue(0), parked(0)],
      [becameDue(0), failed(0, 1)],
    ]) {
      expect(events(history, asked)).toEqual([requested]);
      const state = fold(delivery, [...history, requested]);
      expect(state).toMatchObject({ status: 'due', dueAt: asked.at, retryAt: asked.at, firstDueAt: at, attempt: 0, refusals: 0 });
      expect(state).not.toHaveProperty('reason');
      expect(events([...history, requested], { ...asked, at: '2026-03-01T10:00:31.000Z' })).toEqual([]);
    }
    for (const history of [[], [becameDue(0)], [becameDue(0), succeeded(0)]]) expect(events(history, asked)).toEqual([]);
  });

  it('that is over is repeated once for each request, and as the object that it was', () => {
    const asked = { kind: 'repeat', at: '2026-04-01T00:00:00.000Z', requestId: 'first' } as const;
    const repeated: DeliveryEvent = { type: 'DeliveryRequested', data: { revision: 3, at: asked.at, requestId: 'first' } };
    const before = [becameDue(3), succeeded(3)];
    expect(events(before, asked)).toEqual([repeated]);
    expect(events([becameDue(3), parked(3)], asked)).toEqual([repeated]);
    expect(events([becameDue(3), failed(3, 1)], asked)).toEqual([]);
    expect(fold(delivery, [...before, repeated])).toMatchObject({ status: 'due', object, revision: 3, deliveredAt: at });
    expect(events([...before, repeated, succeeded(3)], asked)).toEqual([]);
    expect(events([...before, repeated, succeeded(3)], { ...asked, requestId: 'second' })).toHaveLength(1);
    // A newer revision does not make the request unheard.
    expect(events([...before, repeated, becameDue(4), succeeded(4)], asked)).toEqual([]);
  });

  it('that was asked for once more at another replica is settled on what the store holds', () => {
    const requested: DeliveryEvent = { type: 'DeliveryRequested', data: { revision: 0, at } };
    const succeed = { kind: 'succeed', revision: 0, at } as const;
    expect(events([becameDue(0), parked(0)], { ...succeed, round: 1 })).toEqual([succeeded(0)]);
    expect(events([becameDue(0), parked(0)], { ...succeed, round: 0 })).toEqual([]);
    // The attempt of a round before has brought the same object.
    expect(events([becameDue(0), failed(0, 1), requested], { ...succeed, round: 0 })).toEqual([succeeded(0)]);
    expect(events([becameDue(0), failed(0, 1), requested, succeeded(0)], { ...succeed, round: 1 })).toEqual([]);
  });

  it('has one stream for each recipient, module and object, whatever the case of its id', () => {
    const streams = [
      deliveryStream('US-MOB', 'sessions', 'abc'),
      deliveryStream('US-MOB', 'cdrs', 'abc'),
      deliveryStream('US-RAW', 'cdrs', 'abc'),
      deliveryStream('US-RAW', 'cdrs', 'ABD'),
    ];
    expect(new Set(streams).size).toBe(4);
    expect(deliveryStream('US-MOB', 'sessions', 'ABC')).toBe(streams[0]);
  });
});
