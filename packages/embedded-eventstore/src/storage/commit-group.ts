// The appends that reach the disk together: their frames, encoded one behind the other, and who waits for them.
import { type FrameDraft, frameSizes, writeFrame } from './frame';

/** `failure` says why nothing of the group was stored. */
export type OnSettled = (failure?: string) => void;

const INITIAL_BYTES = 64 * 1024;

export class CommitGroup {
  readonly waiters: OnSettled[] = [];
  length = 0;
  lastPosition = 0;

  constructor(
    /** Whether the group is the first of a new segment. */
    readonly startsSegment: boolean,
    readonly firstPosition: number,
    /** Where in its segment the group begins. */
    readonly offset: number,
    public buffer: Buffer = Buffer.allocUnsafe(INITIAL_BYTES),
  ) {}

  get end(): number {
    return this.offset + this.length;
  }

  /** Encodes one frame and returns its offset in the segment. */
  add(draft: FrameDraft): number {
    const sizes = frameSizes(draft);
    this.reserve(sizes.frame);
    writeFrame(this.buffer, this.length, draft, sizes);
    const offset = this.end;
    this.length += sizes.frame;
    this.lastPosition = draft.position;
    return offset;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
