// The layout of one stored event. Behind a fixed header lies the event's complete ReadResp message, so that a read copies bytes and
// encodes nothing. All header numbers are little-endian; positions and revisions are doubles, exact up to 2^53.
//
//   0 u32 marker     4 u32 crc32 of everything behind it    8 u32 length of the whole frame
//  12 u8 kind       13 u8 flags (1: the append goes on in the next frame)    14 u16 length of the type
//  16 f64 position  24 f64 revision                         32 f64 created, ms since 1970
//  40 u16 offset and 42 u16 length of the stream name       44 u32 offset of the type
//  48 ReadResp
import { crc32 } from 'node:zlib';
import type { ProposedEvent } from '../protocol/append-request';
import { UUID_TEXT_BYTES } from '../protocol/uuid';
import { putVarint, varintBytes } from '../protocol/wire-writer';

export const FRAME_HEADER_BYTES = 48;
export const FRAME_MARKER = 0x31664b45;
export const FRAME_MARKER_BYTES = Buffer.from('EKf1', 'latin1');

export const FrameKind = { EVENT: 1, TOMBSTONE: 2 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

const CRC_AT = 4;
const CRC_FROM = 8;
const LENGTH_AT = 8;
const KIND_AT = 12;
const FLAGS_AT = 13;
const TYPE_LENGTH_AT = 14;
const POSITION_AT = 16;
const REVISION_AT = 24;
const CREATED_AT = 32;
const NAME_OFFSET_AT = 40;
const NAME_LENGTH_AT = 42;
const TYPE_OFFSET_AT = 44;
const APPEND_CONTINUES = 1;

// Clients see a tombstone at the revision 2^63 - 1 (EventStoreDB's EventNumber.DeletedStream), which no double holds.
const TOMBSTONE_REVISION = Buffer.from('ffffffffffffffff7f', 'hex');
const TICKS_PER_MILLISECOND = '0000';

export interface FrameDraft {
  readonly kind: FrameKind;
  readonly position: number;
  readonly revision: number;
  readonly createdAtMs: number;
  readonly streamBytes: Buffer;
  readonly event: ProposedEvent;
  /** Whether the next frame belongs to the same append: recovery keeps all of an append or nothing. */
  readonly appendContinues: boolean;
}

interface FrameSizes {
  readonly stream: number;
  readonly type: number;
  readonly typeEntry: number;
  readonly contentTypeEntry: number;
  readonly created: string;
  readonly recorded: number;
  readonly readEvent: number;
  readonly frame: number;
}

/** The sizes of every nested message, innermost first: protobuf wants a length before its content. */
export function frameSizes(draft: FrameDraft): FrameSizes {
  const { event, streamBytes, kind, revision, position } = draft;
  const created = `${draft.createdAtMs}${TICKS_PER_MILLISECOND}`;
  const type = Buffer.byteLength(event.type);
  const stream = 1 + varintBytes(streamBytes.length) + streamBytes.length;
  const typeEntry = 7 + varintBytes(type) + type;
  const contentTypeEntry = 15 + varintBytes(event.contentType.length) + event.contentType.length;
  const positionBytes = varintBytes(position);
  const recorded =
    4 +
    UUID_TEXT_BYTES +
    field(stream) +
    1 +
    (kind === FrameKind.TOMBSTONE ? TOMBSTONE_REVISION.length : varintBytes(revision)) +
    2 * (1 + positionBytes) +
    field(typeEntry) +
    field(contentTypeEntry) +
    field(11 + created.length) +
    (event.metadata.length > 0 ? field(event.metadata.length) : 0) +
    field(event.data.length);
  const readEvent = field(recorded) + 1 + positionBytes;
  return { stream, type, typeEntry, contentTypeEntry, created, recorded, readEvent, frame: FRAME_HEADER_BYTES + field(readEvent) };
}

function field(length: number): number {
  return 1 + varintBytes(length) + length;
}

/** Writes the frame at `start` of a target that has room for it. */
export function writeFrame(target: Buffer, start: number, draft: FrameDraft, sizes: FrameSizes): void {
  const { event, streamBytes } = draft;
  let at = start + FRAME_HEADER_BYTES;
  at = putTagged(target, at, 0x0a, sizes.readEvent); // ReadResp.event
  at = putTagged(target, at, 0x0a, sizes.recorded); // ReadEvent.event
  at = putTagged(target, at, 0x0a, 2 + UUID_TEXT_BYTES); // RecordedEvent.id
  at = putTagged(target, at, 0x12, UUID_TEXT_BYTES);
  at += target.write(event.id, at, 'latin1');
  at = putTagged(target, at, 0x12, sizes.stream); // RecordedEvent.stream_identifier
  at = putTagged(target, at, 0x1a, streamBytes.length);
  const nameOffset = at - start;
  at += streamBytes.copy(target, at);
  if (draft.kind === FrameKind.TOMBSTONE) {
    target[at++] = 0x18;
    at += TOMBSTONE_REVISION.copy(target, at);
  } else {
    at = putTagged(target, at, 0x18, draft.revision); // RecordedEvent.stream_revision
  }
  at = putTagged(target, at, 0x20, draft.position); // RecordedEvent.prepare_position
  at = putTagged(target, at, 0x28, draft.position); // RecordedEvent.commit_position
  at = putMapEntry(target, at, sizes.typeEntry, 'type', event.type, sizes.type);
  const typeOffset = at - start - sizes.type;
  at = putMapEntry(target, at, sizes.contentTypeEntry, 'content-type', event.contentType, event.contentType.length);
  at = putMapEntry(target, at, 11 + sizes.created.length, 'created', sizes.created, sizes.created.length);
  if (event.metadata.length > 0) {
    at = putTagged(target, at, 0x3a, event.metadata.length); // RecordedEvent.custom_metadata
    at += event.metadata.copy(target, at);
  }
  at = putTagged(target, at, 0x42, event.data.length); // RecordedEvent.data
  at += event.data.copy(target, at);
  putTagged(target, at, 0x18, draft.position); // ReadEvent.commit_position

  target.writeUInt32LE(FRAME_MARKER, start);
  target.writeUInt32LE(sizes.frame, start + LENGTH_AT);
  target[start + KIND_AT] = draft.kind;
  target[start + FLAGS_AT] = draft.appendContinues ? APPEND_CONTINUES : 0;
  target.writeUInt16LE(sizes.type, start + TYPE_LENGTH_AT);
  target.writeDoubleLE(draft.position, start + POSITION_AT);
  target.writeDoubleLE(draft.revision, start + REVISION_AT);
  target.writeDoubleLE(draft.createdAtMs, start + CREATED_AT);
  target.writeUInt16LE(nameOffset, start + NAME_OFFSET_AT);
  target.writeUInt16LE(streamBytes.length, start + NAME_LENGTH_AT);
  target.writeUInt32LE(typeOffset, start + TYPE_OFFSET_AT);
  target.writeUInt32LE(crc32(target.subarray(start + CRC_FROM, start + sizes.frame)), start + CRC_AT);
}

function putTagged(target: Buffer, at: number, tag: number, value: number): number {
  target[at] = tag;
  return putVarint(target, at + 1, value);
}

function putMapEntry(target: Buffer, start: number, size: number, key: string, value: string, valueBytes: number): number {
  let at = putTagged(target, start, 0x32, size); // RecordedEvent.metadata
  at = putTagged(target, at, 0x0a, key.length);
  at += target.write(key, at, 'latin1');
  at = putTagged(target, at, 0x12, valueBytes);
  return at + target.write(value, at, 'utf8');
}

/** What the header at `at` states, true or not. */
export function frameLengthAt(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + LENGTH_AT);
}

/** The length of an intact frame at `at`, or 0: cut short, damaged, or no frame at all. */
export function intactFrameLength(bytes: Buffer, at: number, end: number): number {
  if (end - at < FRAME_HEADER_BYTES || bytes.readUInt32LE(at) !== FRAME_MARKER) return 0;
  const length = bytes.readUInt32LE(at + LENGTH_AT);
  if (length < FRAME_HEADER_BYTES || at + length > end) return 0;
  return crc32(bytes.subarray(at + CRC_FROM, at + length)) === bytes.readUInt32LE(at + CRC_AT) ? length : 0;
}

/** What recovery and the index want to know of the intact frame at `start`; the getters read straight from the bytes. */
export class FrameView {
  constructor(
    readonly bytes: Buffer,
    readonly start: number,
  ) {}

  get length(): number {
    return this.bytes.readUInt32LE(this.start + LENGTH_AT);
  }

  /** The whole frame. */
  get frame(): Buffer {
    return this.bytes.subarray(this.start, this.start + this.length);
  }

  /** The stored ReadResp. */
  get message(): Buffer {
    return this.bytes.subarray(this.start + FRAME_HEADER_BYTES, this.start + this.length);
  }

  get kind(): number {
    return this.bytes[this.start + KIND_AT] as number;
  }

  get appendContinues(): boolean {
    return ((this.bytes[this.start + FLAGS_AT] as number) & APPEND_CONTINUES) !== 0;
  }

  get position(): number {
    return this.bytes.readDoubleLE(this.start + POSITION_AT);
  }

  get revision(): number {
    return this.bytes.readDoubleLE(this.start + REVISION_AT);
  }

  get createdAtMs(): number {
    return this.bytes.readDoubleLE(this.start + CREATED_AT);
  }

  get streamName(): string {
    return this.text(this.bytes.readUInt16LE(this.start + NAME_OFFSET_AT), this.bytes.readUInt16LE(this.start + NAME_LENGTH_AT));
  }

  get type(): string {
    return this.text(this.bytes.readUInt32LE(this.start + TYPE_OFFSET_AT), this.bytes.readUInt16LE(this.start + TYPE_LENGTH_AT));
  }

  /** The id is the first leaf of the message: it ends right before the stream identifier's two tags and lengths. */
  get id(): string {
    const nameLength = this.bytes.readUInt16LE(this.start + NAME_LENGTH_AT);
    const streamHeaderBytes = 2 + varintBytes(nameLength) + varintBytes(1 + varintBytes(nameLength) + nameLength);
    const idEnd = this.bytes.readUInt16LE(this.start + NAME_OFFSET_AT) - streamHeaderBytes;
    return this.text(idEnd - UUID_TEXT_BYTES, UUID_TEXT_BYTES);
  }

  private text(offset: number, length: number): string {
    return this.bytes.toString('utf8', this.start + offset, this.start + offset + length);
  }
}
