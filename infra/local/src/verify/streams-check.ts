// Walks over the events of the chained streams in the store's order, link by link, and compares them with what the seals say of them. It
// keeps a little of each stream and nothing of an event that is sealed; a stream that does not hold is only noted here and named elsewhere.
import { hashOf, idOfHash, markOf, marksOf, type Position, type SealedRun, type StoredEvent } from '@evenkeel/event-store';

interface Unsealed {
  revision: number;
  hash: string;
  position: Position;
}

interface StreamState {
  revision: number;
  /** Of the newest chained event. */
  hash: string | undefined;
  /** Where the chain begins: events from before it have no hash. */
  firstChained: number | undefined;
  unsealed: Unsealed[];
}

/** What the seals say of a stream that does not hold: marks by revision. */
export type SealedMarks = Map<number, string>;

export class StreamsCheck {
  readonly broken = new Map<string, SealedMarks>();
  events = 0;
  chained = 0;
  private readonly states = new Map<string, StreamState>();

  get streams(): number {
    return this.states.size;
  }

  take(event: StoredEvent): void {
    this.events += 1;
    const state = this.states.get(event.stream) ?? { revision: -1, hash: undefined, firstChained: undefined, unsealed: [] };
    this.states.set(event.stream, state);
    const { hash } = event.metadata;
    const isLegacy = hash === undefined && state.firstChained === undefined;
    if (event.revision !== state.revision + 1 || (!isLegacy && !holds(event, state.hash))) this.breaks(event.stream);
    state.revision = event.revision;
    if (hash === undefined) return;
    this.chained += 1;
    state.hash = hash;
    state.firstChained ??= event.revision;
    state.unsealed.push({ revision: event.revision, hash, position: event.position });
  }

  seal(run: SealedRun): void {
    const state = this.states.get(run.stream);
    const marks = marksOf(run);
    const first = run.revision - marks.length + 1;
    const agrees =
      state !== undefined &&
      run.revision <= state.revision &&
      first >= (state.firstChained ?? Number.POSITIVE_INFINITY) &&
      state.unsealed.every(({ revision, hash }) => {
        const mark = marks[revision - first];
        return mark === undefined || (mark === markOf(hash) && (revision !== run.revision || run.hash === hash));
      });
    if (state) state.unsealed = state.unsealed.filter(({ revision }) => revision < first || revision > run.revision);
    const known = agrees ? this.broken.get(run.stream) : this.breaks(run.stream);
    if (known) for (const [index, mark] of marks.entries()) known.set(first + index, mark);
  }

  /** Chained events without a seal, the oldest of each stream first. */
  *unsealed(): Generator<{ stream: string; events: readonly Unsealed[] }> {
    for (const [stream, { unsealed }] of this.states) if (unsealed.length > 0) yield { stream, events: unsealed };
  }

  private breaks(stream: string): SealedMarks {
    const known: SealedMarks = this.broken.get(stream) ?? new Map();
    this.broken.set(stream, known);
    return known;
  }
}

function holds(event: StoredEvent, previous: string | undefined): boolean {
  const { hash } = event.metadata;
  return hash !== undefined && hash === hashOf(event, previous) && event.id === idOfHash(hash);
}
