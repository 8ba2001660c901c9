// Fills an event store with sessions as the ledger stores them: copies of whole sessions that a real chain has recorded, each with ids, a
// transaction and a station of its own, in bulk.
import { createHash, randomUUID } from 'node:crypto';
import type { EventStore, NewEvent, StoredEvent } from '@evenkeel/event-store';

export interface RecordedSession {
  sessionId: string;
  stationId: string;
  transactionId: string;
  events: readonly Pick<StoredEvent, 'type' | 'data' | 'metadata'>[];
}

/** Appends under way at once. */
const WRITERS = 128;
const STATIONS = 5_000;

/** @returns the sessions that have been completed, as they were stored. */
export async function recordedSessions(store: EventStore, prefix: string): Promise<RecordedSession[]> {
  const streams = new Map<string, StoredEvent[]>();
  await store.readAll([prefix], async (events) => {
    for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  });
  return [...streams].flatMap(([stream, events]) => {
    const opened = events.find(({ type }) => type === 'SessionOpened')?.data as { stationId: string; transactionId: string } | undefined;
    const complete = events.some(({ type }) => type === 'SessionCompleted');
    return opened && complete ? [{ sessionId: stream.slice(prefix.length), ...opened, events }] : [];
  });
}

/** Copies the recorded sessions, in turn, until the store has so many more events. @returns how many sessions and events were written. */
export async function fill(
  store: EventStore,
  prefix: string,
  recorded: readonly RecordedSession[],
  most: number,
): Promise<{ sessions: number; events: number }> {
  const texts = recorded.map((session) => ({ session, text: JSON.stringify(session.events.map(({ type, data }) => ({ type, data }))) }));
  const written = { sessions: 0, events: 0 };
  const write = async () => {
    while (written.events < most) {
      const number = written.sessions++;
      const source = texts[number % texts.length];
      if (!source) throw new Error('nothing was recorded that could be copied');
      written.events += source.session.events.length;
      const sessionId = randomUUID();
      await store.append(`${prefix}${sessionId}`, 'no-stream', copyOf(source, sessionId, number));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return written;
}

function copyOf({ session, text }: { session: RecordedSession; text: string }, sessionId: string, number: number): NewEvent[] {
  const copied = text
    .replaceAll(session.sessionId, sessionId)
    .replaceAll(`"${session.stationId}"`, `"LOAD-${number % STATIONS}"`)
    .replaceAll(`"transactionId":"${session.transactionId}"`, `"transactionId":"${number}"`);
  return (JSON.parse(copied) as { type: string; data: unknown }[]).map(({ type, data }, revision) => {
    const id = randomUUID();
    // As long as a real one; nobody verifies the chain of copies.
    const hash = createHash('sha256').update(id).digest('hex');
    return { id, type, data, metadata: { ...session.events[revision]?.metadata, hash } };
  });
}
