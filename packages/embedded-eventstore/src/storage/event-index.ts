// The index in memory: 24 bytes an event in one typed array, addressed by position, and one small object a stream. Positions count the
// events of the log from 1, so that 0 can mean "none" here and "before everything" to a client.
import { FrameKind } from './frame';
import { isMetastream, METASTREAM_METADATA, NO_METADATA, type StreamMetadata } from './stream-metadata';

export interface StreamState {
  readonly id: number;
  readonly name: string;
  /** Positions of the oldest and newest event, 0 for a stream without events. */
  first: number;
  last: number;
  firstRevision: number;
  /** -1 for a stream without events. */
  lastRevision: number;
  /** Position of the tombstone, 0 for none. */
  tombstone: number;
  metadata: StreamMetadata;
}

export interface IndexedEvent {
  readonly position: number;
  readonly offset: number;
  readonly stream: string;
  readonly type: string;
  readonly kind: number;
  readonly revision: number;
}

const OFFSET = 0;
const STREAM = 1;
const TYPE = 2;
const PREVIOUS = 3;
const NEXT = 4;
const REVISION = 5;
const COLUMNS = 6;
const INITIAL_EVENTS = 16 * 1024;

export class EventIndex {
  private rows = new Uint32Array(INITIAL_EVENTS * COLUMNS);
  private readonly streams: (StreamState | undefined)[] = [undefined];
  private readonly streamsByName = new Map<string, StreamState>();
  private readonly types: string[] = [''];
  private readonly typeIds = new Map<string, number>();
  /** The newest position, durable or not. */
  lastPosition = 0;

  /** Positions only grow; those left out (compacted away) stay empty rows. */
  add(event: IndexedEvent): StreamState {
    const stream = this.stream(event.stream);
    const row = this.rowFor(event.position);
    this.lastPosition = event.position;
    this.rows[row + OFFSET] = event.offset;
    this.rows[row + STREAM] = stream.id;
    this.rows[row + TYPE] = this.typeId(event.type);
    this.rows[row + NEXT] = 0;
    this.rows[row + PREVIOUS] = 0;
    this.rows[row + REVISION] = event.revision;
    if (event.kind === FrameKind.TOMBSTONE) {
      stream.tombstone = event.position;
      return stream;
    }
    // A gap in the revisions is where compaction took a stretch out: everything before it had expired.
    const follows = stream.last !== 0 && event.revision === stream.lastRevision + 1;
    if (follows) {
      this.rows[row + PREVIOUS] = stream.last;
      this.rows[stream.last * COLUMNS + NEXT] = event.position;
    } else {
      stream.first = event.position;
      stream.firstRevision = event.revision;
    }
    stream.last = event.position;
    stream.lastRevision = event.revision;
    return stream;
  }

  /** Counts on from `position` when the events up to it were compacted away. */
  skipTo(position: number): void {
    this.lastPosition = Math.max(this.lastPosition, position);
  }

  /** Takes back the newest events, which could not be stored; returns the streams they belonged to. */
  rollBackTo(position: number): Set<StreamState> {
    const touched = new Set<StreamState>();
    for (; this.lastPosition > position; this.lastPosition--) {
      const row = this.lastPosition * COLUMNS;
      const stream = this.streams[this.rows[row + STREAM] as number];
      this.rows[row + STREAM] = 0;
      if (!stream) continue;
      touched.add(stream);
      if (stream.tombstone === this.lastPosition) {
        stream.tombstone = 0;
        continue;
      }
      stream.last = this.rows[row + PREVIOUS] as number;
      stream.lastRevision = stream.last === 0 ? -1 : this.revisionOf(stream.last);
      if (stream.last === 0) stream.first = 0;
      else this.rows[stream.last * COLUMNS + NEXT] = 0;
    }
    return touched;
  }

  /** Takes one event that was compacted away out of sight. */
  remove(position: number): void {
    this.rows[position * COLUMNS + STREAM] = 0;
  }

  moveOffset(position: number, offset: number): void {
    this.rows[position * COLUMNS + OFFSET] = offset;
  }

  /** Lets a stream begin at a later event, its older ones having expired. */
  cutStreamBefore(stream: StreamState, position: number): void {
    stream.first = position;
    stream.firstRevision = this.revisionOf(position);
    this.rows[position * COLUMNS + PREVIOUS] = 0;
  }

  findStream(name: string): StreamState | undefined {
    return this.streamsByName.get(name);
  }

  /** The stream of that name, known from now on. */
  stream(name: string): StreamState {
    let stream = this.streamsByName.get(name);
    if (!stream) {
      stream = {
        id: this.streams.length,
        name,
        first: 0,
        last: 0,
        firstRevision: 0,
        lastRevision: -1,
        tombstone: 0,
        metadata: isMetastream(name) ? METASTREAM_METADATA : NO_METADATA,
      };
      this.streams.push(stream);
      this.streamsByName.set(name, stream);
    }
    return stream;
  }

  allStreams(): IterableIterator<StreamState> {
    return this.streamsByName.values();
  }

  offsetOf(position: number): number {
    return this.rows[position * COLUMNS + OFFSET] as number;
  }

  /** Without meaning for a tombstone. */
  revisionOf(position: number): number {
    return this.rows[position * COLUMNS + REVISION] as number;
  }

  /** 0 for a position whose event was compacted away. */
  streamIdOf(position: number): number {
    return this.rows[position * COLUMNS + STREAM] as number;
  }

  typeIdOf(position: number): number {
    return this.rows[position * COLUMNS + TYPE] as number;
  }

  previousInStream(position: number): number {
    return this.rows[position * COLUMNS + PREVIOUS] as number;
  }

  nextInStream(position: number): number {
    return this.rows[position * COLUMNS + NEXT] as number;
  }

  streamById(id: number): StreamState | undefined {
    return this.streams[id];
  }

  typeById(id: number): string {
    return this.types[id] ?? '';
  }

  private typeId(type: string): number {
    let id = this.typeIds.get(type);
    if (id === undefined) {
      id = this.types.length;
      this.types.push(type);
      this.typeIds.set(type, id);
    }
    return id;
  }

  private rowFor(position: number): number {
    const needed = (position + 1) * COLUMNS;
    if (needed > this.rows.length) {
      const grown = new Uint32Array(Math.max(this.rows.length * 2, needed));
      grown.set(this.rows);
      this.rows = grown;
    }
    return position * COLUMNS;
  }
}
