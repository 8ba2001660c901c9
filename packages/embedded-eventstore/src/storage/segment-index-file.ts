// The index of a sealed segment, written beside it when the log moves on, so that a start reads 24 bytes an event and not every frame.
// It is a cache: when it is missing, torn or does not fit its segment, the segment is scanned and the file written again.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { EventIndex, IndexedEvent } from './event-index';
import { FrameKind } from './frame';
import type { Segment } from './segment';

const MAGIC = 'EVKLINDX';
const FORMAT_VERSION = 1;
const HEADER_BYTES = 48;
const VERSION_AT = 8;
const CRC_AT = 12;
const SEGMENT_BYTES_AT = 16;
const FIRST_POSITION_AT = 24;
const EVENT_COUNT_AT = 32;
const STREAM_COUNT_AT = 36;
const TYPE_COUNT_AT = 40;
const COLUMNS = 6;

export function segmentIndexPath(segment: Segment): string {
  return segment.path.replace(/\.log$/, '.index');
}

/** Writes the index rows of all events of the segment that are present up to `lastPosition`. */
export async function writeSegmentIndex(segment: Segment, index: EventIndex, lastPosition: number): Promise<void> {
  const file = encode(segment, index, lastPosition);
  await writeFile(segmentIndexPath(segment), file);
}

/** Calls `onEvent` for every event of the segment and returns true, or returns false when there is no index file to trust. */
export function readSegmentIndex(segment: Segment, segmentBytes: number, onEvent: (event: IndexedEvent) => void): boolean {
  const file = readIfPresent(segmentIndexPath(segment));
  if (!file || file.length < HEADER_BYTES) return false;
  const isOurs =
    file.toString('latin1', 0, MAGIC.length) === MAGIC &&
    file.readUInt32LE(VERSION_AT) === FORMAT_VERSION &&
    file.readUInt32LE(CRC_AT) === crc32(file.subarray(SEGMENT_BYTES_AT)) &&
    file.readDoubleLE(SEGMENT_BYTES_AT) === segmentBytes &&
    file.readDoubleLE(FIRST_POSITION_AT) === segment.firstPosition;
  if (!isOurs) return false;
  const rowBytes = file.readUInt32LE(EVENT_COUNT_AT) * COLUMNS * 4;
  const names = new NameTable(file, HEADER_BYTES + rowBytes);
  const streams = names.take(file.readUInt32LE(STREAM_COUNT_AT));
  const types = names.take(file.readUInt32LE(TYPE_COUNT_AT));
  for (let at = HEADER_BYTES; at < HEADER_BYTES + rowBytes; at += COLUMNS * 4) {
    onEvent({
      position: segment.firstPosition + file.readUInt32LE(at),
      offset: file.readUInt32LE(at + 4),
      stream: streams[file.readUInt32LE(at + 8)] ?? '',
      type: types[file.readUInt32LE(at + 12)] ?? '',
      revision: file.readUInt32LE(at + 16),
      kind: file.readUInt32LE(at + 20),
    });
  }
  return true;
}

function encode(segment: Segment, index: EventIndex, lastPosition: number): Buffer {
  const rows: number[] = [];
  const streams = new LocalNames((id) => index.streamById(id)?.name ?? '');
  const types = new LocalNames((id) => index.typeById(id));
  for (let position = segment.firstPosition; position <= lastPosition; position++) {
    const streamId = index.streamIdOf(position);
    if (streamId === 0) continue;
    const isTombstone = index.streamById(streamId)?.tombstone === position;
    rows.push(
      position - segment.firstPosition,
      index.offsetOf(position),
      streams.numberOf(streamId),
      types.numberOf(index.typeIdOf(position)),
    );
    rows.push(index.revisionOf(position), isTombstone ? FrameKind.TOMBSTONE : FrameKind.EVENT);
  }
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(FORMAT_VERSION, VERSION_AT);
  header.writeDoubleLE(segment.durableBytes, SEGMENT_BYTES_AT);
  header.writeDoubleLE(segment.firstPosition, FIRST_POSITION_AT);
  header.writeUInt32LE(rows.length / COLUMNS, EVENT_COUNT_AT);
  header.writeUInt32LE(streams.encoded.length / 2, STREAM_COUNT_AT);
  header.writeUInt32LE(types.encoded.length / 2, TYPE_COUNT_AT);
  const table = Buffer.from(Uint32Array.from(rows).buffer);
  const file = Buffer.concat([header, table, ...streams.encoded, ...types.encoded]);
  file.writeUInt32LE(crc32(file.subarray(SEGMENT_BYTES_AT)), CRC_AT);
  return file;
}

/** Numbers the names one segment uses from 0; each is written once, as its length and its bytes. */
class LocalNames {
  readonly encoded: Buffer[] = [];
  private readonly numbers = new Map<number, number>();

  constructor(private readonly nameOf: (id: number) => string) {}

  numberOf(id: number): number {
    let number = this.numbers.get(id);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(id, number);
      const name = Buffer.from(this.nameOf(id), 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32LE(name.length);
      this.encoded.push(length, name);
    }
    return number;
  }
}

class NameTable {
  constructor(
    private readonly file: Buffer,
    private at: number,
  ) {}

  take(count: number): string[] {
    const names: string[] = [];
    for (let taken = 0; taken < count; taken++) {
      const start = this.at + 4;
      const end = start + this.file.readUInt32LE(this.at);
      names.push(this.file.toString('utf8', start, end));
      this.at = end;
    }
    return names;
  }
}

function readIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
