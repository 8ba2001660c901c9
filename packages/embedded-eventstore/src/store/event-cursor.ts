// Walks the durable events of the log or of one stream. `next` returns a position, or one of the two reasons why there is none now.
import type { EventFilter, ReadFrom } from '../protocol/read-request';
import type { FrameReader } from '../storage/frame-reader';
import type { EventStore } from './event-store';

/** Nothing more for now: the end for a read, the live tail for a subscription. */
export const AT_END = 0;
/** The allotted number of events was looked at without a match. */
export const PAUSED = -1;

export interface EventCursor {
  /** Looks at `budget` events at most. */
  next(budget: number): number;
  /** How many events were looked at, matching or not, and the last of them. */
  readonly lookedAt: number;
  readonly lastLookedAt: number;
}

export interface CursorOptions {
  readonly from: ReadFrom;
  readonly direction: 'forwards' | 'backwards';
  /** A subscription starts behind the given position, a read at it. */
  readonly isSubscription: boolean;
}

const UNKNOWN = 0;
const MATCH = 1;
const NO_MATCH = 2;

export class AllCursor implements EventCursor {
  lookedAt = 0;
  lastLookedAt = 0;
  private position: number;
  private readonly step: 1 | -1;
  // A verdict per stream or per type: a filter costs a table look-up an event, not a comparison of names.
  private verdicts = new Uint8Array(1024);

  constructor(
    private readonly store: EventStore,
    { from, direction, isSubscription }: CursorOptions,
    private readonly filter: EventFilter | undefined,
  ) {
    const last = store.log.durablePosition;
    this.step = direction === 'forwards' ? 1 : -1;
    if (this.step === 1) this.position = from === 'start' ? 1 : from === 'end' ? last + 1 : isSubscription ? from + 1 : from;
    else this.position = from === 'start' ? 0 : from === 'end' ? last : Math.min(from, last);
    if (this.step === 1) this.position = Math.max(1, this.position);
    this.lastLookedAt = this.position - this.step;
  }

  next(budget: number): number {
    const last = this.store.log.durablePosition;
    const { index } = this.store;
    for (let looks = 0; looks < budget; looks++) {
      if (this.position < 1 || this.position > last) return AT_END;
      const position = this.position;
      this.position += this.step;
      const streamId = index.streamIdOf(position);
      if (streamId === 0) continue;
      this.lookedAt++;
      this.lastLookedAt = position;
      if (!this.filter || this.matches(this.filter, position, streamId)) return position;
    }
    return PAUSED;
  }

  private matches(filter: EventFilter, position: number, streamId: number): boolean {
    const { index } = this.store;
    const isByStream = filter.on === 'stream-name';
    const id = isByStream ? streamId : index.typeIdOf(position);
    if (id >= this.verdicts.length) this.growVerdicts(id);
    if (this.verdicts[id] === UNKNOWN) {
      const text = isByStream ? (index.streamById(id)?.name ?? '') : index.typeById(id);
      this.verdicts[id] = filter.matches(text) ? MATCH : NO_MATCH;
    }
    return this.verdicts[id] === MATCH;
  }

  private growVerdicts(id: number): void {
    const grown = new Uint8Array(Math.max(id + 1, this.verdicts.length * 2));
    grown.set(this.verdicts);
    this.verdicts = grown;
  }
}

export class StreamCursor implements EventCursor {
  lookedAt = 0;
  lastLookedAt = 0;
  private readonly isForwards: boolean;
  private readonly limit: number;

  constructor(
    private readonly store: EventStore,
    private readonly reader: FrameReader,
    private readonly name: string,
    { from, direction, isSubscription }: CursorOptions,
  ) {
    this.isForwards = direction === 'forwards';
    if (from === 'start') this.limit = 0;
    else if (from !== 'end') this.limit = isSubscription ? from + 1 : from;
    else if (!this.isForwards) this.limit = Infinity;
    else this.limit = this.lastVisibleRevision() + 1;
  }

  next(budget: number): number {
    for (let looks = 0; looks < budget; looks++) {
      const position = this.step();
      if (position === 0 || position > this.store.log.durablePosition) return AT_END;
      this.lastLookedAt = position;
      this.lookedAt++;
      if (!this.isTooOld(position)) return position;
    }
    return PAUSED;
  }

  private step(): number {
    const stream = this.store.index.findStream(this.name);
    if (!stream) return 0;
    const { index } = this.store;
    const firstVisible = Math.max(stream.metadata.truncateBefore, this.lastVisibleRevision() - stream.metadata.maxCount + 1);
    if (this.isForwards) {
      const next = this.lastLookedAt === 0 ? 0 : index.nextInStream(this.lastLookedAt);
      const from = Math.max(this.limit, firstVisible);
      const isGone = next !== 0 && (index.revisionOf(next) < from || index.streamIdOf(next) === 0);
      return this.lastLookedAt === 0 || isGone ? this.seek(from) : next;
    }
    const position = this.lastLookedAt === 0 ? this.seekBackwards() : index.previousInStream(this.lastLookedAt);
    return position !== 0 && index.revisionOf(position) >= firstVisible && index.streamIdOf(position) !== 0 ? position : 0;
  }

  /** The first event of at least this revision, walked to from the nearer end. */
  private seek(revision: number): number {
    const { index } = this.store;
    const stream = index.findStream(this.name);
    if (!stream || revision > stream.lastRevision) return 0;
    if (revision - stream.firstRevision < stream.lastRevision - revision) {
      let position = stream.first;
      while (position !== 0 && index.revisionOf(position) < revision) position = index.nextInStream(position);
      return position;
    }
    let position = stream.last;
    while (position !== 0 && position !== stream.first && index.revisionOf(position) > revision)
      position = index.previousInStream(position);
    return position;
  }

  private seekBackwards(): number {
    const from = Math.min(this.limit, this.lastVisibleRevision());
    const position = from < 0 ? 0 : this.seek(from);
    // Compaction may have left the stream nothing as old as that.
    return this.store.index.revisionOf(position) > from ? 0 : position;
  }

  /** The stream's last revision that is on the disk; -1 for none. */
  private lastVisibleRevision(): number {
    const stream = this.store.index.findStream(this.name);
    const position = stream ? this.store.log.durableLastOf(stream) : 0;
    return position === 0 ? -1 : this.store.index.revisionOf(position);
  }

  private isTooOld(position: number): boolean {
    const maxAgeSeconds = this.store.index.findStream(this.name)?.metadata.maxAgeSeconds ?? Infinity;
    return maxAgeSeconds !== Infinity && this.reader.read(position).createdAtMs < Date.now() - maxAgeSeconds * 1000;
  }
}
