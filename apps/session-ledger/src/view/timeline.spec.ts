import { idOf } from '@evenkeel/contracts';
import { InMemoryEventStore, type StoredEvent } from '@evenkeel/event-store';
import { sessionCodec, sessionStream } from '../session/session-events';
import { at, ended, opened, reading, recordAll, run, sessionId, started, status, terms } from '../session/session-scenarios';
import { timelineOf } from './timeline';

const frame = '[2,"m1","StopTransaction",{}]';
const stop = { ...ended('11:00', '16000'), frame };
const facts = [started('10:00', '10000'), status('10:00', 'Charging'), reading('10:30', '13000'), stop];

/** As the book would have stored it; the terms are agreed after the second fact. */
async function stored(heard = facts): Promise<StoredEvent[]> {
  const [first, second, ...rest] = recordAll(heard);
  if (!first || !second) throw new Error('there is no first fact');
  const events = run([first, second, { kind: 'agree', terms: terms() }, ...rest]);
  const store = new InMemoryEventStore();
  const newEvents = events.map((event, index) => sessionCodec.encode(event, idOf('event', index), { causedBy: `cause ${index}` }));
  await store.append(sessionStream(sessionId), 'no-stream', newEvents);
  return store.read(sessionStream(sessionId));
}

describe('the timeline', () => {
  it('shows each event with its frame, its cause, the state after it and the periods that rest on it', async () => {
    const { entries, periods, next } = timelineOf(sessionId, await stored(), {});
    expect(entries.map(({ revision, type, state }) => [revision, type, state.status, state.energyWh, state.readingWh])).toEqual([
      [0, 'SessionOpened', 'pending', '0', undefined],
      [1, 'FactRecorded', 'pending', '0', '10000'],
      [2, 'SessionStarted', 'active', '0', '10000'],
      [3, 'FactRecorded', 'active', '0', '10000'],
      [4, 'FactRecorded', 'active', '0', '13000'],
      [5, 'SessionProgressed', 'active', '3000', '13000'],
      [6, 'FactRecorded', 'active', '3000', '16000'],
      [7, 'SessionCompleted', 'completed', '6000', '16000'],
    ]);
    const last = entries[6];
    expect(last).toMatchObject({ eventId: stop.factId, at: at('11:00'), messageId: stop.messageId, frame, cause: 'cause 6', periods: [0] });
    expect(last?.data).not.toHaveProperty('fact.frame');
    expect(periods).toMatchObject([{ kind: 'charging', energyWh: '6000' }]);
    expect(next).toBeUndefined();
  });

  it('comes in pages of the stream', async () => {
    const events = await stored();
    const first = timelineOf(sessionId, events, { limit: 3 });
    expect([first.entries.length, first.next]).toEqual([3, '2']);
    const rest = timelineOf(sessionId, events, { after: first.next ?? '' });
    expect([...first.entries, ...rest.entries]).toEqual(timelineOf(sessionId, events, {}).entries);
    expect(() => timelineOf(sessionId, events, { after: 'x' })).toThrow('next');
  });
});

describe('the state at an event', () => {
  it('is the whole session as it was known then, by revision or by id', async () => {
    const events = await stored();
    const byRevision = timelineOf(sessionId, events, { at: '4' });
    expect(byRevision.entries.map(({ revision }) => revision)).toEqual([4]);
    const snapshot = { revision: 4, status: 'active', energyWh: '3000', meterStartWh: '10000' };
    expect(byRevision.state).toMatchObject({ revision: 4, status: 'active', facts: 3, startedAt: at('10:00'), snapshot });
    const asked = events[4]?.id ?? '';
    expect(timelineOf(sessionId, events, { at: asked })).toEqual(byRevision);
    expect(timelineOf(sessionId, events, { at: facts[2]?.factId ?? '' })).toEqual(byRevision);
  });

  it('of a decision holds what the decision said', async () => {
    const events = await stored();
    expect(events[7]?.data).toEqual({ session: timelineOf(sessionId, events, { at: '7' }).state?.snapshot });
  });

  it('before the terms are agreed is what is known by then', async () => {
    const { state } = timelineOf(sessionId, await stored(), { at: '1' });
    const token = { key: 'a'.repeat(32), type: 'RFID' };
    expect(state).toMatchObject({ status: 'pending', evseId: 1, startedAt: at('10:00'), token, readingWh: '10000', facts: 1 });
    expect(state).toMatchObject({ stationId: opened.stationId, transactionId: opened.transactionId });
    expect(state?.snapshot).toBeUndefined();
  });

  it('is not there for an event that is not', async () => {
    const events = await stored();
    expect(() => timelineOf(sessionId, events, { at: '8' })).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => timelineOf(sessionId, events, { at: '1', after: '0' })).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

it('of ten thousand readings is folded in one pass', async () => {
  const clock = (second: number) => new Date(second * 1000 + 36_000_000).toISOString().slice(11, 19);
  const readings = Array.from({ length: 10_000 }, (_, index) => reading(clock(index + 1), String(10_000 + index)));
  const events = await withoutDecisions([started('10:00', '10000'), ...readings]);
  const startedAt = performance.now();
  const page = timelineOf(sessionId, events, {});
  const tookMs = performance.now() - startedAt;
  expect([page.entries.length, page.next]).toEqual([1000, '999']);
  // Measuring the session after each event would take minutes.
  expect(tookMs).toBeLessThan(3_000);
});

async function withoutDecisions(heard: typeof facts): Promise<StoredEvent[]> {
  const events = run(heard.map((fact) => ({ kind: 'record', opened, fact })));
  const [first, second, ...rest] = [...events];
  if (!first || !second) throw new Error('there is no first fact');
  const agreed = run([{ kind: 'agree', terms: terms() }], [first, second]).slice(2);
  const store = new InMemoryEventStore();
  const all = [first, second, ...agreed, ...rest].map((event, index) => sessionCodec.encode(event, idOf('event', index), {}));
  await store.append(sessionStream(sessionId), 'no-stream', all);
  return store.read(sessionStream(sessionId));
}
