// Names the first event of a stream that does not hold, and what was done to it. A hash that does not fit can mean that the event was changed
// or that it stands in another place; the neighbours and the seals tell which.
import { hashOf, idOfHash, markOf, type StoredEvent } from '@evenkeel/event-store';
import type { SealedMarks } from './streams-check';

/** How far apart two events may have changed places and still be recognised. */
const LOOK_AHEAD = 100;

/** @param events the whole stream. @returns undefined when nothing is wrong with it any more. */
export function nameBreak(stream: string, events: readonly StoredEvent[], sealed: SealedMarks): string | undefined {
  const newestSealed = Math.max(-1, ...sealed.keys());
  let previous: string | undefined;
  let isChained = false;
  for (const [revision, event] of events.entries()) {
    const at = `${stream} revision ${revision}`;
    if (event.revision !== revision) return `${at}: the event was removed (${named(event)} follows as revision ${event.revision})`;
    const { hash } = event.metadata;
    const mark = sealed.get(revision);
    const isLegacy = hash === undefined && !isChained && mark === undefined;
    const fits = isLegacy || (hash !== undefined && wasWrittenAt(event, previous, revision) && event.id === idOfHash(hash));
    if (!fits || (mark !== undefined && hash !== undefined && markOf(hash) !== mark)) {
      return `${at}: ${whatHappened(events, revision, previous, sealed)}`;
    }
    isChained ||= hash !== undefined;
    previous = hash;
  }
  if (newestSealed < events.length) return undefined;
  if (events.length === 0) return `${stream}: the whole stream was removed; it was sealed up to revision ${newestSealed}`;
  const upTo = newestSealed > events.length ? ` up to revision ${newestSealed}` : '';
  return `${stream} revision ${events.length}: the event was removed; the stream was sealed${upTo} and ends before it`;
}

function whatHappened(events: readonly StoredEvent[], revision: number, previous: string | undefined, sealed: SealedMarks): string {
  const event = events[revision];
  if (!event) return 'the event is not there';
  const near = events.slice(revision + 1, revision + LOOK_AHEAD);
  const rightful = near.findIndex((other) => wasWrittenAt(other, previous, revision));
  const own = rightfulPlace(events, revision, sealed);
  if (rightful !== -1 && own !== undefined) {
    const other = near[rightful] as StoredEvent;
    return `the events were reordered: ${named(event)} was written as revision ${own}, and ${named(other)} belongs here`;
  }
  if (rightful !== -1) return `${named(event)} was inserted`;
  if (own !== undefined) return `the event was removed: ${named(event)}, written as revision ${own}, stands in its place`;
  const { hash } = event.metadata;
  if (hash === undefined) return `${named(event)} was changed or inserted: it has no hash`;
  if (!wasWrittenAt(event, previous, revision)) {
    return `${named(event)} was changed: its data, metadata or type do not give its hash ${hash.slice(0, 12)}…`;
  }
  if (event.id !== idOfHash(hash)) return `${named(event)} was changed: its id was ${idOfHash(hash)}`;
  return `${named(event)} was changed and given a new hash: it was sealed as ${sealed.get(revision) ?? ''}…, it has ${markOf(hash)}…`;
}

/** The later revision at which the event was written, where it can be told. */
function rightfulPlace(events: readonly StoredEvent[], revision: number, sealed: SealedMarks): number | undefined {
  const event = events[revision];
  const hash = event?.metadata.hash;
  if (!event || hash === undefined) return undefined;
  for (let place = revision + 1; place < revision + LOOK_AHEAD; place++) {
    if (sealed.get(place) === markOf(hash)) return place;
    if (wasWrittenAt(event, events[place - 1]?.metadata.hash, place)) return place;
  }
  // Without a seal: the next event still follows on this one, one revision later than it stands.
  const next = events[revision + 1];
  if (!next) return undefined;
  for (let removed = 1; removed < LOOK_AHEAD; removed++) {
    if (wasWrittenAt(next, hash, next.revision + removed)) return revision + removed;
  }
  return undefined;
}

function wasWrittenAt(event: StoredEvent, previous: string | undefined, revision: number): boolean {
  return event.metadata.hash === hashOf(event, previous, revision);
}

function named({ id, type }: Pick<StoredEvent, 'id' | 'type'>): string {
  return `event ${id} (${type})`;
}
