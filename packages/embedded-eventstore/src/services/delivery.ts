// Moves events from a cursor to a call at the pace of its reader: a chunk is sent, and the next one is read when the first has left.
// A slow reader therefore costs one chunk of memory, whatever it lags behind.
import type { GrpcCall } from '../grpc/grpc-call';
import { writeCaughtUp, writeCheckpoint } from '../protocol/read-response';
import { WireWriter } from '../protocol/wire-writer';
import { FRAME_HEADER_BYTES, type FrameView } from '../storage/frame';
import type { FrameReader } from '../storage/frame-reader';
import { AT_END, type EventCursor, PAUSED } from '../store/event-cursor';
import type { EventStore } from '../store/event-store';

export interface DeliveryOptions {
  /** How many events to send at most. */
  readonly remaining: number;
  /** A subscription waits at the end for more. */
  readonly isLive: boolean;
  /** Filtered subscriptions report how far they have looked, every so many events. */
  readonly checkpointInterval?: number;
}

const CHUNK_BYTES = 64 * 1024;
// How many events one turn of the event loop may look at, so that a filter over a long log does not hold up appends.
const LOOKS_PER_TURN = 16 * 1024;

export class Delivery {
  private readonly reader: FrameReader;
  private readonly writer = new WireWriter();
  private remaining: number;
  private isWaiting = false;
  private isCaughtUp = false;
  private checkpointDueAt: number;
  private lastCheckpoint = 0;

  constructor(
    store: EventStore,
    private readonly call: GrpcCall,
    private readonly cursor: EventCursor,
    private readonly options: DeliveryOptions,
  ) {
    this.reader = store.newReader();
    this.remaining = options.remaining;
    this.checkpointDueAt = options.checkpointInterval ?? Number.POSITIVE_INFINITY;
  }

  /** Sends what there is, until the end, the reader's limit, or the end of this turn's share. Harmless while already waiting. */
  pump(): void {
    if (!this.isWaiting) this.call.guard(() => this.sendOneTurn());
  }

  private sendOneTurn(): void {
    const lookedAtBefore = this.cursor.lookedAt;
    while (!this.call.isOver) {
      const isAtEnd = this.fillChunk();
      if (isAtEnd && this.options.isLive) this.noteCaughtUp();
      const hasRoom = this.writer.length === 0 || this.call.send(this.writer.take());
      if (isAtEnd && !this.options.isLive) this.call.succeed();
      if (isAtEnd && hasRoom) return;
      const hasHadItsShare = this.cursor.lookedAt - lookedAtBefore >= LOOKS_PER_TURN;
      if (!hasRoom) this.waitFor((resume) => this.call.onDrain(resume));
      else if (hasHadItsShare) this.waitFor((resume) => setImmediate(resume));
      if (this.isWaiting) return;
    }
  }

  private waitFor(subscribe: (resume: () => void) => void): void {
    this.isWaiting = true;
    subscribe(() => {
      this.isWaiting = false;
      this.pump();
    });
  }

  /** Returns true when there is nothing more to read now. */
  private fillChunk(): boolean {
    const looksAtMost = this.cursor.lookedAt + LOOKS_PER_TURN;
    while (this.writer.length < CHUNK_BYTES && this.cursor.lookedAt < looksAtMost) {
      if (this.remaining <= 0) return true;
      const position = this.cursor.next(Math.min(this.checkpointDueAt, looksAtMost) - this.cursor.lookedAt);
      if (position === AT_END) return true;
      if (position !== PAUSED) {
        this.writeEvent(this.reader.read(position));
        this.remaining--;
      }
      if (this.cursor.lookedAt >= this.checkpointDueAt) this.noteCheckpoint();
    }
    return false;
  }

  private writeEvent(frame: FrameView): void {
    this.writer.grpcEncoded(frame.bytes, frame.start + FRAME_HEADER_BYTES, frame.start + frame.length);
  }

  private noteCheckpoint(): void {
    if (this.cursor.lastLookedAt > this.lastCheckpoint) writeCheckpoint(this.writer, this.cursor.lastLookedAt);
    this.lastCheckpoint = this.cursor.lastLookedAt;
    this.checkpointDueAt = this.cursor.lookedAt + (this.options.checkpointInterval ?? Number.POSITIVE_INFINITY);
  }

  /** Once, with a checkpoint for filtered subscriptions: the consumer learns that everything before it was looked at. */
  private noteCaughtUp(): void {
    if (this.isCaughtUp) return;
    this.isCaughtUp = true;
    if (this.options.checkpointInterval !== undefined && this.cursor.lookedAt > 0) this.noteCheckpoint();
    writeCaughtUp(this.writer);
  }
}
