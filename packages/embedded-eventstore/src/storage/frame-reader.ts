// Finds frames by position for one reader and reads ahead when the reader moves through the log in order. What it returns is checked
// against the frame's checksum, so a byte that changed on the disk is never handed out.
import { DamagedStoreError } from '../start-refused-error';
import type { EventIndex } from './event-index';
import { FRAME_HEADER_BYTES, FrameView, frameLengthAt, intactFrameLength } from './frame';
import type { Segment } from './segment';
import type { SegmentList } from './segment-list';

const NEAR_BYTES = 32 * 1024;
const READ_AHEAD_BYTES = 256 * 1024;
const USUAL_FRAME_BYTES = 2 * 1024;

export class FrameReader {
  private chunk = Buffer.alloc(0);
  private chunkSegment: Segment | undefined;
  private chunkOffset = 0;

  constructor(
    private readonly segments: SegmentList,
    private readonly index: EventIndex,
  ) {}

  read(position: number): FrameView {
    const segment = this.segments.containing(position);
    const offset = this.index.offsetOf(position);
    let start = this.startInChunk(segment, offset, FRAME_HEADER_BYTES);
    if (start < 0) start = this.load(segment, offset, this.readAheadBytes(segment, offset));
    const length = frameLengthAt(this.chunk, start);
    if (start + length > this.chunk.length) start = this.load(segment, offset, length);
    if (intactFrameLength(this.chunk, start, this.chunk.length) === 0) {
      throw new DamagedStoreError(`${segment.path} is damaged at offset ${offset}: event ${position} cannot be read.`);
    }
    return new FrameView(this.chunk, start);
  }

  private startInChunk(segment: Segment, offset: number, bytes: number): number {
    const start = offset - this.chunkOffset;
    return segment === this.chunkSegment && start >= 0 && start + bytes <= this.chunk.length ? start : -1;
  }

  /** Generous when the frame lies shortly behind the last chunk; one frame otherwise: filters and short streams jump about. */
  private readAheadBytes(segment: Segment, offset: number): number {
    const gap = offset - (this.chunkOffset + this.chunk.length);
    const isSequential = segment === this.chunkSegment && gap > -FRAME_HEADER_BYTES && gap < NEAR_BYTES;
    return isSequential ? READ_AHEAD_BYTES : USUAL_FRAME_BYTES;
  }

  private load(segment: Segment, offset: number, wantedBytes: number): number {
    const bytes = Math.min(Math.max(wantedBytes, FRAME_HEADER_BYTES), segment.durableBytes - offset);
    const chunk = Buffer.allocUnsafe(bytes);
    const read = segment.read(chunk, bytes, offset);
    if (read < FRAME_HEADER_BYTES) throw new DamagedStoreError(`${segment.path} ends before offset ${offset}.`);
    this.chunk = chunk.subarray(0, read);
    this.chunkSegment = segment;
    this.chunkOffset = offset;
    return 0;
  }
}
