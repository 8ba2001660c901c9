// The latest frames of all stations, in one memory that they share: a frame is written behind the one written last, whoever sent it, and points
// to the frame before it of the same station. Writing is a copy; an idle station costs nothing, because its frames are overwritten by others.
// Texts are kept as they were: what must not be read is masked by whoever reads (mask-frame.ts).

export interface LoggedFrame {
  readonly atMs: number;
  readonly direction: 'in' | 'out';
  readonly text: string;
  readonly characters: number;
}

/** Where a frame was written; of a station the last one is kept. 0 is none. */
export type LogPosition = number;

const HEADER_BYTES = 25;
/** Of a longer frame only what it is: the beginning, as far as its action. */
const LONGEST_TEXT = 4_096;
const WHAT_IT_IS = /^\s*\[\s*\d\s*,\s*"(?:[^"\\]|\\.){0,64}"\s*(?:,\s*"\w{1,50}")?/;

export class FrameLog {
  private readonly memory: Buffer;
  /** Counts on without end; the place in the memory is its rest. */
  private head = 1;

  constructor(bytes: number) {
    this.memory = Buffer.alloc(bytes);
  }

  write(previous: LogPosition, direction: 'in' | 'out', atMs: number, text: string): LogPosition {
    const kept = text.length <= LONGEST_TEXT ? text : (WHAT_IT_IS.exec(text)?.[0] ?? '');
    const bytes = HEADER_BYTES + Buffer.byteLength(kept);
    const { length } = this.memory;
    if (bytes > length) return previous;
    const rest = length - (this.head % length);
    // A record lies in one piece.
    if (bytes > rest) this.head += rest;
    const position = this.head;
    const at = position % length;
    this.memory.writeDoubleLE(previous, at);
    this.memory.writeDoubleLE(atMs, at + 8);
    this.memory.writeUInt32LE(bytes - HEADER_BYTES, at + 16);
    this.memory.writeUInt32LE(text.length, at + 20);
    this.memory.writeUInt8(direction === 'in' ? 1 : 0, at + 24);
    this.memory.write(kept, at + HEADER_BYTES, 'utf8');
    this.head = position + bytes;
    return position;
  }

  /** @returns at most so many frames that are still there, the newest last. */
  read(last: LogPosition, most: number): LoggedFrame[] {
    const frames: LoggedFrame[] = [];
    const { length } = this.memory;
    for (let position = last; position > 0 && position >= this.head - length && frames.length < most; ) {
      const at = position % length;
      const end = at + HEADER_BYTES + this.memory.readUInt32LE(at + 16);
      frames.push({
        atMs: this.memory.readDoubleLE(at + 8),
        direction: this.memory.readUInt8(at + 24) === 1 ? 'in' : 'out',
        text: this.memory.toString('utf8', at + HEADER_BYTES, end),
        characters: this.memory.readUInt32LE(at + 20),
      });
      position = this.memory.readDoubleLE(at);
    }
    return frames.reverse();
  }
}
