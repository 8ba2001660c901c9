// The durable log: takes events in, writes them to the disk in groups, and makes them visible once fdatasync has returned. While one
// group is on its way to the disk the next one gathers, so that a slow disk makes larger groups and not a longer queue.
import type { ProposedEvent } from '../protocol/append-request';
import { CommitGroup, type OnSettled } from './commit-group';
import type { EventIndex, StreamState } from './event-index';
import type { FrameKind } from './frame';
import { folderOf, SEGMENT_HEADER_BYTES, Segment } from './segment';
import { writeSegmentIndex } from './segment-index-file';
import type { SegmentList } from './segment-list';

export interface NewEvent {
  readonly stream: StreamState;
  readonly streamBytes: Buffer;
  readonly kind: FrameKind;
  readonly event: ProposedEvent;
}

export interface EventLogOptions {
  readonly index: EventIndex;
  readonly segments: SegmentList;
  readonly segmentBytes: number;
  readonly report: (message: string) => void;
  /** A segment was sealed, its index file written. */
  readonly onSealed: () => void;
  /** The events behind `position`, up to `last`, could not be stored and were taken back from these streams. */
  readonly onRolledBack: (streams: Set<StreamState>, position: number, last: number) => void;
}

// How much may gather in memory behind a slow disk before callers are asked to wait.
const CROWDED_BYTES = 32 * 1024 * 1024;
const LARGEST_SPARE_BYTES = 4 * 1024 * 1024;

export class EventLog {
  /** The newest event that readers may see. */
  durablePosition: number;
  private readonly index: EventIndex;
  private readonly segments: SegmentList;
  private readonly publishListeners = new Set<() => void>();
  private readonly settleListeners = new Set<() => void>();
  private gathering: CommitGroup | undefined;
  private inFlight: CommitGroup | undefined;
  private spareBuffer: Buffer | undefined;
  private isFlushScheduled = false;
  private mustCut = false;
  private sealing: Promise<void> = Promise.resolve();

  constructor(private readonly options: EventLogOptions) {
    this.index = options.index;
    this.segments = options.segments;
    this.durablePosition = options.index.lastPosition;
  }

  get isCrowded(): boolean {
    return (this.gathering?.length ?? 0) > CROWDED_BYTES;
  }

  /** Takes the events of one append, all or none of which will be stored, and returns the position of the last. */
  append(events: readonly NewEvent[], onSettled: OnSettled): number {
    const group = this.gatheringGroup();
    const createdAtMs = Date.now();
    const last = events.length - 1;
    for (let number = 0; number <= last; number++) {
      const { stream, streamBytes, kind, event } = events[number] as NewEvent;
      const position = this.index.lastPosition + 1;
      const revision = stream.lastRevision + 1;
      const offset = group.add({ kind, position, revision, createdAtMs, streamBytes, event, appendContinues: number < last });
      this.index.add({ position, offset, stream: stream.name, type: event.type, kind, revision });
    }
    group.waiters.push(onSettled);
    return this.index.lastPosition;
  }

  /** The position of the stream's newest event that readers may see; 0 for none. */
  durableLastOf(stream: StreamState): number {
    let position = stream.last;
    while (position > this.durablePosition) position = this.index.previousInStream(position);
    return position;
  }

  /** Waits for an event that may still be on its way. */
  whenDurable(position: number, onSettled: OnSettled): void {
    if (position <= this.durablePosition) onSettled();
    else if (this.inFlight && position <= this.inFlight.lastPosition) this.inFlight.waiters.push(onSettled);
    else this.gathering?.waiters.push(onSettled);
  }

  /** `listener` runs after each group that became durable, until the returned function is called. */
  onPublished(listener: () => void): () => void {
    this.publishListeners.add(listener);
    return () => this.publishListeners.delete(listener);
  }

  /** `listener` runs after each group that was stored or refused, until the returned function is called. */
  onSettled(listener: () => void): () => void {
    this.settleListeners.add(listener);
    return () => this.settleListeners.delete(listener);
  }

  /** Waits until everything taken in is settled, then lets go of the files. */
  async close(): Promise<void> {
    while (this.gathering || this.inFlight) {
      await new Promise<void>((resolve) => (this.inFlight ?? this.gathering)?.waiters.push(() => resolve()));
    }
    await this.sealing;
    this.segments.close();
  }

  private gatheringGroup(): CommitGroup {
    if (this.gathering) return this.gathering;
    const previousEnd = this.inFlight?.end ?? this.segments.active.durableBytes;
    const startsSegment = previousEnd >= this.options.segmentBytes;
    const offset = startsSegment ? SEGMENT_HEADER_BYTES : previousEnd;
    this.gathering = new CommitGroup(startsSegment, this.index.lastPosition + 1, offset, this.spareBuffer);
    this.spareBuffer = undefined;
    this.scheduleFlush();
    return this.gathering;
  }

  /** At the end of the event loop's turn, so that everything the sockets delivered in this turn shares one fdatasync. */
  private scheduleFlush(): void {
    if (this.inFlight || this.isFlushScheduled) return;
    this.isFlushScheduled = true;
    setImmediate(() => {
      this.isFlushScheduled = false;
      this.flush();
    });
  }

  private flush(): void {
    const group = this.gathering;
    if (!group) return;
    this.gathering = undefined;
    this.inFlight = group;
    try {
      if (this.mustCut) this.cut();
      if (group.startsSegment) this.startSegment(group.firstPosition);
      this.segments.active.write(group.buffer, group.length, group.offset);
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    this.segments.active.sync((error) => (error ? this.fail(error) : this.publish(group)));
  }

  private publish(group: CommitGroup): void {
    this.segments.active.durableBytes = group.end;
    this.durablePosition = group.lastPosition;
    this.inFlight = undefined;
    if (group.buffer.length <= LARGEST_SPARE_BYTES) this.spareBuffer = group.buffer;
    this.flush();
    for (const settle of group.waiters) settle();
    for (const listener of this.publishListeners) listener();
    for (const listener of this.settleListeners) listener();
  }

  /**
   * Nothing of this group, nor of the one gathered on top of it, is stored: both are refused and their events taken back. What the disk
   * may hold of them is cut off, so the next append starts from the last durable byte, and succeeds as soon as there is room again.
   */
  private fail(error: Error): void {
    const groups = [this.inFlight, this.gathering];
    this.inFlight = undefined;
    this.gathering = undefined;
    const last = this.index.lastPosition;
    this.options.onRolledBack(this.index.rollBackTo(this.durablePosition), this.durablePosition, last);
    const reason = `The event store cannot write to its disk and stored nothing: ${error.message}`;
    this.options.report(reason);
    try {
      this.cut();
    } catch (cutError) {
      this.options.report(`The interrupted write will be cut before the next one: ${(cutError as Error).message}`);
    }
    for (const group of groups) for (const settle of group?.waiters ?? []) settle(reason);
    for (const listener of this.settleListeners) listener();
  }

  private cut(): void {
    this.mustCut = true;
    this.segments.active.cutToDurable();
    this.mustCut = false;
  }

  private startSegment(firstPosition: number): void {
    const sealed = this.segments.active;
    this.segments.add(Segment.create(folderOf(sealed), firstPosition));
    this.sealing = this.sealing
      .then(() => writeSegmentIndex(sealed, this.index, firstPosition - 1))
      .then(() => this.options.onSealed())
      .catch((error: Error) =>
        this.options.report(`The index of ${sealed.path} was not written; the next start builds it: ${error.message}`),
      );
  }
}
