// Rewrites sealed segments without the events that $maxCount, $tb and deletions have put out of sight, once they are at least half of a
// segment: checkpoint streams are written often and keep one event each. Every stream's newest event stays, for it holds the revision
// the stream goes on from. $maxAge is honoured on reads and does not free space.
import { renameSync, rmSync } from 'node:fs';
import type { EventIndex, StreamState } from './event-index';
import type { EventLog } from './event-log';
import { FrameReader } from './frame-reader';
import { COMPACTING_SUFFIX } from './recovery';
import { folderOf, SEGMENT_HEADER_BYTES, Segment, syncFolder } from './segment';
import { writeSegmentIndex } from './segment-index-file';
import type { SegmentList } from './segment-list';
import { metastreamOf } from './stream-metadata';

const WORTHWHILE_SHARE = 0.5;
const COPY_BYTES = 1024 * 1024;

interface CompactionPlan {
  readonly lastPosition: number;
  readonly kept: readonly number[];
  readonly expired: readonly number[];
}

export class Compactor {
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly index: EventIndex,
    private readonly segments: SegmentList,
    private readonly log: EventLog,
    private readonly report: (message: string) => void,
  ) {}

  /** Looks through all sealed segments, in the background; appends and reads go on meanwhile. */
  start(): void {
    this.running = this.running
      .then(() => this.compactAll())
      .catch((error: Error) => this.report(`Compaction stopped and will be tried again: ${error.message}`));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async compactAll(): Promise<void> {
    for (const segment of this.segments.sealed) {
      if (this.isStopped) return;
      const plan = this.plan(segment);
      if (plan.expired.length > 0 && plan.expired.length >= WORTHWHILE_SHARE * (plan.expired.length + plan.kept.length)) {
        await this.compact(segment, plan);
      }
      await nextTurn();
    }
  }

  private plan(segment: Segment): CompactionPlan {
    const { index } = this;
    const lastPosition = this.segments.lastPositionOf(segment, index.lastPosition);
    const kept: number[] = [];
    const expired: number[] = [];
    for (let position = segment.firstPosition; position <= lastPosition; position++) {
      const stream = index.streamById(index.streamIdOf(position));
      if (stream) (this.isExpired(stream, position) ? expired : kept).push(position);
    }
    return { lastPosition, kept, expired };
  }

  /** Judged by what is durable: an append that fails must not have cost the events it would have displaced. */
  private isExpired(stream: StreamState, position: number): boolean {
    const { truncateBefore, maxCount } = stream.metadata;
    if (truncateBefore === 0 && maxCount === Infinity && stream.tombstone === 0) return false;
    const { durablePosition } = this.log;
    const last = this.log.durableLastOf(stream);
    const isMetadataDurable = (this.index.findStream(metastreamOf(stream.name))?.last ?? 0) <= durablePosition;
    if (position === last || position === stream.tombstone || !isMetadataDurable) return false;
    if (stream.tombstone !== 0) return stream.tombstone <= durablePosition;
    return this.index.revisionOf(position) < Math.max(truncateBefore, this.index.revisionOf(last) - maxCount + 1);
  }

  private async compact(segment: Segment, plan: CompactionPlan): Promise<void> {
    const draftPath = segment.path + COMPACTING_SUFFIX;
    const draft = Segment.createAt(draftPath, segment.firstPosition, true);
    const offsets = new Map<number, number>();
    try {
      await this.copy(draft, plan.kept, offsets);
      await synced(draft);
    } catch (error) {
      rmSync(draftPath);
      throw error;
    } finally {
      draft.close();
    }
    if (this.isStopped) return;
    // From here to the end of this turn the old file gives way to the new one; readers are synchronous and see either.
    renameSync(draftPath, segment.path);
    syncFolder(folderOf(segment));
    const compacted = Segment.open(segment.path);
    compacted.durableBytes = draft.durableBytes;
    this.segments.replace(segment, compacted);
    segment.close();
    for (const [position, offset] of offsets) this.index.moveOffset(position, offset);
    for (const position of plan.expired) this.forget(position);
    await writeSegmentIndex(compacted, this.index, plan.lastPosition);
  }

  private async copy(draft: Segment, kept: readonly number[], offsets: Map<number, number>): Promise<void> {
    const reader = new FrameReader(this.segments, this.index);
    let end = SEGMENT_HEADER_BYTES;
    let sinceTurn = 0;
    for (const position of kept) {
      const { frame } = reader.read(position);
      draft.write(frame, frame.length, end);
      offsets.set(position, end);
      end += frame.length;
      sinceTurn += frame.length;
      if (sinceTurn < COPY_BYTES) continue;
      sinceTurn = 0;
      await nextTurn();
      if (this.isStopped) return;
    }
    draft.durableBytes = end;
  }

  /** The stream begins behind the event; what is older, in segments not worth a rewrite, has expired with it. */
  private forget(position: number): void {
    const stream = this.index.streamById(this.index.streamIdOf(position));
    const next = this.index.nextInStream(position);
    this.index.remove(position);
    if (stream && next !== 0 && this.index.revisionOf(next) > stream.firstRevision) this.index.cutStreamBefore(stream, next);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function synced(segment: Segment): Promise<void> {
  return new Promise((resolve, reject) => segment.sync((error) => (error ? reject(error) : resolve())));
}
