// The timeline of a session: what the station sent, the fact it became, the events that followed, the state after each of them, and the
// charging periods that rest on it. One pass over the stream, however many readings it holds: a session is measured only where somebody
// asks for its whole state, not after every event.
import {
  Problem,
  type SessionAt,
  type SessionSnapshot,
  type SessionTimeline,
  type TimelineEntry,
  type TimelineQuery,
  type TimelineState,
} from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { type SessionState, session } from '../session/session';
import { type SessionEvent, type SessionFact, sessionCodec } from '../session/session-events';
import { isTotalRegister } from '../session/session-facts';
import { statusOf } from '../session/session-status';
import { snapshotOf } from '../session/snapshot';

const DEFAULT_PAGE = 1_000;
/** Characters of one page; the broker takes messages of 4 MB. */
const MOST_CHARACTERS = 1_500_000;

/**
 * @param events the whole stream, oldest first.
 * @throws Problem not-found for an `at` that is none of the events, invalid for a question that makes no sense.
 */
export function timelineOf(sessionId: string, events: readonly StoredEvent[], query: TimelineQuery): SessionTimeline {
  if (query.at !== undefined && query.after !== undefined) throw new Problem('invalid', 'at and after cannot be asked for together');
  const fold = new TimelineFold();
  const page = new Page(query);
  const wanted = query.at === undefined ? undefined : revisionOf(query.at, sessionId, events);
  let asked: SessionAt | undefined;
  for (const stored of events) {
    const entry = fold.take(stored);
    if (stored.revision === wanted) asked = fold.whole();
    if (wanted === undefined || stored.revision === wanted) page.offer(entry);
  }
  const periods = fold.periods();
  const resting = restingOn(periods);
  return {
    sessionId,
    periods,
    entries: page.entries.map((entry) => ({ ...entry, periods: resting.get(entry.eventId) ?? [] })),
    ...(page.next === undefined ? {} : { next: page.next }),
    ...(asked ? { state: asked } : {}),
  };
}

function revisionOf(at: string, sessionId: string, events: readonly StoredEvent[]): number {
  const isIt = ({ id, revision, type, data }: StoredEvent) =>
    String(revision) === at || id === at || (type === 'FactRecorded' && (data as { fact: SessionFact }).fact.factId === at);
  const found = events.find(isIt);
  if (!found) throw new Problem('not-found', `session ${sessionId} has no event ${at}`);
  return found.revision;
}

class TimelineFold {
  private state: SessionState = session.initial();
  private newest: { at: string; wh: string } | undefined;

  take(stored: StoredEvent): TimelineEntry {
    const event = sessionCodec.decode(stored);
    if (event.type === 'FactRecorded') this.read(event.data.fact);
    this.state = session.evolve(this.state, event, stored.revision);
    const { operator, causedBy } = stored.metadata;
    return {
      revision: stored.revision,
      ...shown(event, stored),
      type: event.type,
      recordedAt: stored.recordedAt,
      ...(operator === undefined ? {} : { operator }),
      ...(causedBy === undefined ? {} : { cause: causedBy }),
      state: this.summary(),
      periods: [],
    };
  }

  /** Of what was billed last, or of what is known where facts have come since, or the session runs. */
  periods(): SessionSnapshot['periods'] {
    const { unsettled, said } = this.state;
    const snapshot = !unsettled && said ? said : this.snapshot();
    return snapshot?.periods ?? [];
  }

  whole(): SessionAt {
    const { opened, facts, revision, awaited, mergedInto } = this.state;
    if (!opened) throw new Error('a session stream begins with SessionOpened');
    const { sessionId: _, ...identity } = opened;
    const { evse, startedAt, token } = facts;
    const snapshot = this.snapshot();
    return {
      ...this.summary(),
      revision,
      ...identity,
      ...(evse ? { evseId: evse.evseId, ...(evse.connectorId === undefined ? {} : { connectorId: evse.connectorId }) } : {}),
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(token ? { token } : {}),
      facts: facts.size,
      ...(awaited ? { settleAt: awaited.settleAt } : {}),
      ...(mergedInto === undefined ? {} : { mergedInto }),
      ...(snapshot ? { snapshot } : {}),
    };
  }

  private snapshot(): SessionSnapshot | undefined {
    const { terms, revision } = this.state;
    const snapshot = terms && snapshotOf(this.state, terms);
    // A decision's snapshot names the revision of the decision itself.
    return snapshot && { ...snapshot, revision };
  }

  private summary(): TimelineState {
    const { said, stalled } = this.state;
    return {
      status: statusOf(this.state),
      energyWh: said?.energyWh ?? '0',
      ...(this.newest ? { readingWh: this.newest.wh } : {}),
      flags: said?.flags ?? [],
      ...(stalled.size > 0 ? { attention: [...stalled] } : {}),
    };
  }

  private read(fact: SessionFact): void {
    for (const reading of readingsOf(fact)) if (this.newest === undefined || reading.at >= this.newest.at) this.newest = reading;
  }
}

/** Readings of the total register that a fact brings. */
function readingsOf(fact: SessionFact): { at: string; wh: string }[] {
  if (fact.kind !== 'transaction-reported' && fact.kind !== 'meter-values-reported') return [];
  const totals = fact.samples.filter((sample) => isTotalRegister(sample) && sample.unit === 'Wh');
  const edges = fact.kind === 'transaction-reported' ? [fact.meterStartWh, fact.meterStopWh] : [];
  return [...totals.map(({ at, value }) => ({ at, wh: value })), ...edges.flatMap((wh) => (wh === undefined ? [] : [{ at: fact.at, wh }]))];
}

function shown(event: SessionEvent, stored: StoredEvent): Pick<TimelineEntry, 'eventId' | 'at' | 'data' | 'frame' | 'messageId'> {
  if (event.type !== 'FactRecorded') return { eventId: stored.id, at: stored.recordedAt, data: event.data };
  // A fact is known by its own id: the lines of a CDR name it as their reason.
  const { frame, ...fact } = event.data.fact;
  const { factId, at, messageId } = fact;
  return { eventId: factId, at, data: { ...event.data, fact }, ...(frame === undefined ? {} : { frame }), messageId };
}

/** Event id -> the periods that rest on it. */
function restingOn(periods: SessionSnapshot['periods']): Map<string, number[]> {
  const resting = new Map<string, number[]>();
  for (const [index, { evidence }] of periods.entries()) {
    for (const id of evidence) resting.set(id, [...(resting.get(id) ?? []), index]);
  }
  return resting;
}

class Page {
  readonly entries: TimelineEntry[] = [];
  next: string | undefined;
  private characters = 0;
  private readonly after: number;
  private readonly limit: number;

  constructor({ after, limit = DEFAULT_PAGE }: TimelineQuery) {
    if (after !== undefined && !/^\d{1,9}$/.test(after)) throw new Problem('invalid', 'after must be the next of the page before');
    this.after = after === undefined ? -1 : Number(after);
    this.limit = limit;
  }

  offer(entry: TimelineEntry): void {
    if (entry.revision <= this.after || this.next !== undefined) return;
    const last = this.entries.at(-1);
    if (last && (this.entries.length >= this.limit || this.characters >= MOST_CHARACTERS)) {
      this.next = String(last.revision);
      return;
    }
    this.characters += JSON.stringify(entry).length;
    this.entries.push(entry);
  }
}
