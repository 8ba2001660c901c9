// Decides what an append, a delete or a tombstone does to a stream, with EventStoreDB's rules for expected revisions and repetitions.
import { randomUUID } from 'node:crypto';
import type { ProposedEvent } from '../protocol/append-request';
import { recordedEventData } from '../protocol/recorded-event';
import { ANY, type ExpectedRevision, NO_STREAM, STREAM_EXISTS, type StreamRequest } from '../protocol/stream-request';
import { Compactor } from '../storage/compactor';
import { EventIndex, type StreamState } from '../storage/event-index';
import { EventLog, type NewEvent } from '../storage/event-log';
import { type FolderLock, lockFolder } from '../storage/folder-lock';
import { FrameKind } from '../storage/frame';
import { FrameReader } from '../storage/frame-reader';
import { recoverSegments } from '../storage/recovery';
import type { SegmentList } from '../storage/segment-list';
import {
  deletedMetadataJson,
  isMetastream,
  isSoftDeleted,
  METADATA_EVENT_TYPE,
  metastreamOf,
  NO_METADATA,
  originalStreamOf,
  parseStreamMetadata,
  recreatedMetadataJson,
} from '../storage/stream-metadata';
import type { AppendOutcome, AppendRefusal, AppendResult, OnAppendOutcome } from './append-outcome';
import { RecentEventIds } from './recent-event-ids';

export interface EventStoreOptions {
  readonly folder: string;
  /** A segment that has reached this size is sealed and the next one begun. */
  readonly segmentBytes: number;
  readonly report: (message: string) => void;
}

// EventStoreDB's default MaxAppendSize.
const MAXIMUM_APPEND_BYTES = 1024 * 1024;
// How many events before the start are still recognised when they are appended again with any revision.
const REMEMBERED_AT_START = 16_384;

export class EventStore {
  private readonly recentIds = new RecentEventIds();
  private readonly reader: FrameReader;

  private constructor(
    private readonly lock: FolderLock,
    readonly index: EventIndex,
    readonly segments: SegmentList,
    readonly log: EventLog,
    private readonly compactor: Compactor,
  ) {
    this.reader = new FrameReader(segments, index);
  }

  static async open(options: EventStoreOptions): Promise<EventStore> {
    const lock = lockFolder(options.folder);
    try {
      const index = new EventIndex();
      const segments = await recoverSegments(options.folder, index, options.report);
      const log = new EventLog({
        index,
        segments,
        segmentBytes: options.segmentBytes,
        report: options.report,
        onSealed: () => compactor.start(),
        onRolledBack: (streams, position, last) => store.takeBack(streams, position, last),
      });
      const compactor = new Compactor(index, segments, log, options.report);
      const store = new EventStore(lock, index, segments, log, compactor);
      store.loadMetadata(index.allStreams());
      store.loadRecentIds();
      compactor.start();
      return store;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.compactor.stop();
    await this.log.close();
    this.lock.release();
  }

  newReader(): FrameReader {
    return new FrameReader(this.segments, this.index);
  }

  /** Calls back once the events are on the disk, or are refused. */
  append(request: StreamRequest, events: readonly ProposedEvent[], onOutcome: OnAppendOutcome): void {
    const stream = this.index.stream(request.stream);
    const decision = this.decide(stream, request.expected, events);
    if (decision.kind === 'appended') this.settle(decision, onOutcome);
    else if (decision.kind !== 'write') onOutcome(decision);
    else {
      const batch: NewEvent[] = events.map((event) => ({ stream, streamBytes: request.streamBytes, kind: FrameKind.EVENT, event }));
      this.write(stream, isSoftDeleted(stream.metadata) ? [this.recreation(stream), ...batch] : batch, onOutcome);
    }
  }

  /** A soft deletion: the events stay in $all, the stream reads as not found, and the next append recreates it. */
  delete(request: StreamRequest, onOutcome: OnAppendOutcome): void {
    const stream = this.index.stream(request.stream);
    const refusal = this.refuse(stream, request.expected);
    if (refusal) onOutcome(refusal);
    else this.write(stream, [this.metadataEvent(stream, deletedMetadataJson(stream.metadata))], onOutcome);
  }

  /** A hard deletion: nothing can ever be appended to a stream of this name again. */
  tombstone(request: StreamRequest, onOutcome: OnAppendOutcome): void {
    const stream = this.index.stream(request.stream);
    const refusal = this.refuse(stream, request.expected);
    if (refusal) onOutcome(refusal);
    else {
      const event = { id: randomUUID(), type: '$streamDeleted', contentType: 'application/octet-stream', metadata: EMPTY, data: EMPTY };
      this.write(stream, [{ stream, streamBytes: request.streamBytes, kind: FrameKind.TOMBSTONE, event }], onOutcome);
    }
  }

  isTombstoned(stream: StreamState | undefined): boolean {
    return stream !== undefined && stream.tombstone !== 0 && stream.tombstone <= this.log.durablePosition;
  }

  private decide(
    stream: StreamState,
    expected: ExpectedRevision,
    events: readonly ProposedEvent[],
  ): { readonly kind: 'write' } | AppendOutcome {
    let bytes = 0;
    for (const event of events) bytes += event.type.length + event.data.length + event.metadata.length;
    if (bytes > MAXIMUM_APPEND_BYTES) return { kind: 'too-large', maximumBytes: MAXIMUM_APPEND_BYTES };
    const refusal = this.refuse(stream, expected);
    if (refusal?.kind === 'stream-deleted') return refusal;
    const repetition = this.findRepetition(stream, expected, events);
    if (repetition) return repetition;
    if (refusal) return refusal;
    if (events.length > 0) return { kind: 'write' };
    return { kind: 'appended', revision: stream.lastRevision, position: 0 };
  }

  private refuse(stream: StreamState, expected: ExpectedRevision): AppendRefusal | undefined {
    const original = isMetastream(stream.name) ? this.index.findStream(originalStreamOf(stream.name)) : undefined;
    if (stream.tombstone !== 0 || original?.tombstone) return { kind: 'stream-deleted' };
    const current = stream.lastRevision;
    const exists = current !== NO_STREAM && !isSoftDeleted(stream.metadata);
    const isMet = expected === ANY || expected === current || (expected === STREAM_EXISTS && exists) || (expected === NO_STREAM && !exists);
    return isMet ? undefined : { kind: 'wrong-expected-version', current };
  }

  /** The same events again, at the revisions they have or would have had: a client that did not hear the answer asks a second time. */
  private findRepetition(stream: StreamState, expected: ExpectedRevision, events: readonly ProposedEvent[]): AppendOutcome | undefined {
    const [first] = events;
    if (!first) return undefined;
    const isAnywhere = expected === ANY || expected === STREAM_EXISTS;
    let position = isAnywhere ? this.recentIds.positionOf(first.id) : this.positionOf(stream, expected + 1);
    if (isAnywhere && this.index.streamIdOf(position) !== stream.id) return undefined;
    let last = 0;
    for (const event of events) {
      if (position === 0 || !this.hasId(position, event.id)) {
        return isAnywhere && last !== 0 ? { kind: 'wrong-expected-version', current: stream.lastRevision } : undefined;
      }
      last = position;
      position = this.index.nextInStream(position);
    }
    return { kind: 'appended', revision: this.index.revisionOf(last), position: last };
  }

  private hasId(position: number, id: string): boolean {
    if (this.recentIds.positionOf(id) === position) return true;
    return position <= this.log.durablePosition && this.reader.read(position).id === id;
  }

  /** 0 when the stream has no event of that revision. */
  private positionOf(stream: StreamState, revision: number): number {
    if (revision < stream.firstRevision || revision > stream.lastRevision) return 0;
    let position = stream.last;
    while (position !== 0 && this.index.revisionOf(position) > revision) position = this.index.previousInStream(position);
    return position;
  }

  private settle(result: AppendResult, onOutcome: OnAppendOutcome): void {
    this.log.whenDurable(result.position, (failure) => onOutcome(failure === undefined ? result : { kind: 'not-stored', reason: failure }));
  }

  private write(stream: StreamState, events: readonly NewEvent[], onOutcome: OnAppendOutcome): void {
    const firstPosition = this.index.lastPosition + 1;
    const position = this.log.append(events, (failure) => {
      if (failure === undefined) onOutcome(result);
      else onOutcome({ kind: 'not-stored', reason: failure });
    });
    const result: AppendResult = { kind: 'appended', revision: stream.lastRevision, position };
    events.forEach(({ stream: written, event }, number) => {
      this.recentIds.remember(event.id, firstPosition + number);
      if (isMetastream(written.name)) this.applyMetadata(written.name, event.data);
    });
  }

  private recreation(stream: StreamState): NewEvent {
    return this.metadataEvent(stream, recreatedMetadataJson(stream.metadata, stream.lastRevision + 1));
  }

  private metadataEvent(stream: StreamState, json: string): NewEvent {
    const metastream = this.index.stream(metastreamOf(stream.name));
    const event = {
      id: randomUUID(),
      type: METADATA_EVENT_TYPE,
      contentType: 'application/json',
      metadata: EMPTY,
      data: Buffer.from(json),
    };
    return { stream: metastream, streamBytes: Buffer.from(metastream.name), kind: FrameKind.EVENT, event };
  }

  private applyMetadata(metastream: string, data: Buffer): void {
    this.index.stream(originalStreamOf(metastream)).metadata = parseStreamMetadata(data.toString('utf8'));
  }

  private takeBack(streams: Set<StreamState>, position: number, last: number): void {
    this.recentIds.rollBackTo(position, last);
    for (const stream of streams) if (isMetastream(stream.name)) this.index.stream(originalStreamOf(stream.name)).metadata = NO_METADATA;
    this.loadMetadata(streams);
  }

  private loadMetadata(streams: Iterable<StreamState>): void {
    const metastreams = [...streams].filter((stream) => isMetastream(stream.name) && stream.last !== 0);
    for (const { name, last } of metastreams) this.applyMetadata(name, recordedEventData(this.reader.read(last).message));
  }

  private loadRecentIds(): void {
    const last = this.index.lastPosition;
    for (let position = Math.max(1, last - REMEMBERED_AT_START + 1); position <= last; position++) {
      if (this.index.streamIdOf(position) !== 0) this.recentIds.remember(this.reader.read(position).id, position);
    }
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
