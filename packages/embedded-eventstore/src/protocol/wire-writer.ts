// Writes protobuf messages, each with its gRPC prefix, one after the other into one growing buffer, so that everything that becomes
// ready in the same moment leaves in one HTTP/2 write.

const INITIAL_BYTES = 1024;
const GRPC_PREFIX_BYTES = 5;
const WIDEST_VARINT_BYTES = 10;

export class WireWriter {
  private buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  private at = 0;

  get length(): number {
    return this.at;
  }

  /** Everything written since the last take. The caller owns the bytes: the writer goes on in a new buffer of that size. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.at);
    this.buffer = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, this.at));
    this.at = 0;
    return taken;
  }

  /** gRPC over HTTP/2, "Length-Prefixed-Message": an uncompressed flag, the length in four bytes, the message. */
  grpcMessage(write: (writer: this) => void): void {
    this.reserve(GRPC_PREFIX_BYTES);
    const start = this.at;
    this.at += GRPC_PREFIX_BYTES;
    write(this);
    this.buffer[start] = 0;
    this.buffer.writeUInt32BE(this.at - start - GRPC_PREFIX_BYTES, start + 1);
  }

  grpcEncoded(source: Buffer, start: number, end: number): void {
    this.reserve(GRPC_PREFIX_BYTES + end - start);
    this.buffer[this.at] = 0;
    this.buffer.writeUInt32BE(end - start, this.at + 1);
    this.at += GRPC_PREFIX_BYTES + source.copy(this.buffer, this.at + GRPC_PREFIX_BYTES, start, end);
  }

  uint(field: number, value: number): void {
    this.reserve(2 * WIDEST_VARINT_BYTES);
    this.at = putVarint(this.buffer, this.at, field << 3);
    this.at = putVarint(this.buffer, this.at, value);
  }

  bytes(field: number, value: Buffer): void {
    this.reserve(2 * WIDEST_VARINT_BYTES + value.length);
    this.at = putVarint(this.buffer, this.at, (field << 3) | 2);
    this.at = putVarint(this.buffer, this.at, value.length);
    this.at += value.copy(this.buffer, this.at);
  }

  string(field: number, value: string): void {
    this.bytes(field, Buffer.from(value, 'utf8'));
  }

  empty(field: number): void {
    this.reserve(2 * WIDEST_VARINT_BYTES);
    this.at = putVarint(this.buffer, this.at, (field << 3) | 2);
    this.buffer[this.at++] = 0;
  }

  /** The length is known only afterwards; it nearly always fits the one byte kept for it, and the message is moved up when it does not. */
  message(field: number, write: (writer: this) => void): void {
    this.reserve(2 * WIDEST_VARINT_BYTES);
    this.at = putVarint(this.buffer, this.at, (field << 3) | 2);
    const lengthAt = this.at++;
    write(this);
    const length = this.at - lengthAt - 1;
    const extraBytes = varintBytes(length) - 1;
    if (extraBytes > 0) {
      this.reserve(extraBytes);
      this.buffer.copyWithin(lengthAt + 1 + extraBytes, lengthAt + 1, this.at);
      this.at += extraBytes;
    }
    putVarint(this.buffer, lengthAt, length);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}

export function varintBytes(value: number): number {
  let bytes = 1;
  let rest = value;
  while (rest >= 128) {
    rest = Math.floor(rest / 128);
    bytes++;
  }
  return bytes;
}

/** Writes `value` at `at` and returns the offset behind it. */
export function putVarint(target: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest >= 0x8000_0000) {
    target[next++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 128) {
    target[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[next++] = rest;
  return next;
}
