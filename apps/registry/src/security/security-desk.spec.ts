import { fold } from '@evenkeel/decider';
import { InMemoryEventStore, unsealed } from '@evenkeel/event-store';
import { IdentitiesUnderTest } from '../identity/identities-under-test';
import { SecurityDesk } from './security-desk';
import { type SecurityEventRecorded, securityLog } from './security-event';
import { SecurityView } from './security-view';

const unwatched = { count: () => undefined };
const quiet = { warn: () => undefined };
const reported = { stationId: 'CP1', at: '2026-03-01T10:00:00Z', receivedAt: '2026-03-05T10:00:00.000Z' };

it('C6-09: a type that nobody knows is recorded like any other, and a repetition is recognised', () => {
  const event = { ...reported, type: 'SomethingElse', critical: false, source: 'station' as const };
  const once: SecurityEventRecorded = { type: 'SecurityEventRecorded', data: event };
  expect(securityLog.decide(securityLog.initial(), event)).toEqual({ accepted: true, events: [once] });
  const state = fold(securityLog, [once]);
  expect(securityLog.decide(state, { ...event, receivedAt: '2026-03-05T10:00:09.000Z' })).toEqual({ accepted: true, events: [] });
  expect(securityLog.decide(state, { ...event, at: '2026-03-01T10:00:01Z' })).toMatchObject({ events: [{}] });
});

it('RPC-28: what was not written down of a flood is counted with the next refusal', async () => {
  const store = new InMemoryEventStore();
  const desk = new SecurityDesk(store, unsealed, unwatched, quiet);
  const atMinute = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
  for (const [index, minute] of [0, 0, 0, 5].entries()) {
    const refusal = { type: 'FailedToAuthenticateAtCsms', reason: 'wrong password', about: `, from 192.0.2.${index}` };
    await desk.recordRefusal('CP1', refusal, atMinute(minute), `at-${index}`);
  }
  const events: unknown[] = [];
  await store.readAll(['security-'], async (stored) => {
    events.push(...stored.map(({ data }) => data));
  });
  expect(events).toEqual([expect.not.objectContaining({ suppressed: 2 }), expect.objectContaining({ suppressed: 2 })]);
});

it('lists the newest arrival first, page by page, by station and by weight', async () => {
  const registry = await IdentitiesUnderTest.start();
  try {
    const desk = new SecurityDesk(registry.store, unsealed, unwatched, quiet);
    const view = new SecurityView(registry.database);
    const arrivals = ['2026-03-05T10:00:00.000Z', '2026-03-05T10:00:01.000Z', '2026-03-05T10:00:02.000Z'];
    for (const [index, receivedAt] of arrivals.entries()) {
      const type = index === 1 ? 'TamperDetectionActivated' : 'InvalidMessages';
      await desk.recordSecurityEvent({ ...reported, receivedAt, at: `2026-03-0${3 - index}T10:00:00Z`, type }, `m${index}`);
    }
    await desk.recordSecurityEvent({ ...reported, stationId: 'CP2', type: 'MemoryExhaustion' }, 'other');
    const position = await registry.store.lastPosition();
    if (position !== undefined) await registry.projector.reached(position);
    const first = await view.list({ stationId: 'cp1', limit: 2 });
    expect(first.items.map(({ receivedAt }) => receivedAt)).toEqual([arrivals[2], arrivals[1]]);
    const second = await view.list({ stationId: 'CP1', limit: 2, after: first.next });
    expect(second).toMatchObject({ items: [{ receivedAt: arrivals[0], at: '2026-03-03T10:00:00Z' }] });
    expect(second.next).toBeUndefined();
    const critical = await view.list({ critical: true });
    expect(critical.items.map(({ type }) => type).sort()).toEqual(['MemoryExhaustion', 'TamperDetectionActivated']);
  } finally {
    await registry.stop();
  }
});
