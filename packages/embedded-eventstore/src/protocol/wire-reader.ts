// Reads protobuf's wire format in place: no message classes, no copies, one reader per message.
// Only what EventStoreDB's messages use: varints, length-delimited fields, and skipping everything unknown.

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

export class WireReader {
  private at: number;
  private wireType = 0;

  constructor(
    readonly source: Buffer,
    start = 0,
    private readonly end = source.length,
  ) {
    this.at = start;
  }

  /** The number of the next field, or 0 at the end of the message. */
  nextField(): number {
    if (this.at >= this.end) return 0;
    const tag = this.varint();
    this.wireType = tag & 7;
    return tag >>> 3;
  }

  /** A uint64 above 2^53 loses its lowest bits: such values only occur as "beyond every position" sentinels. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      if (this.at >= this.end) break;
      const byte = this.source[this.at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new MalformedMessageError('A protobuf number is cut short.');
  }

  /** All 64 bits, for the halves of a UUID. */
  bigVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n && this.at < this.end; shift += 7n) {
      const byte = this.source[this.at++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedMessageError('A protobuf number is cut short.');
  }

  bytes(): Buffer {
    const length = this.length();
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }

  string(): string {
    const length = this.length();
    this.at += length;
    return this.source.toString('utf8', this.at - length, this.at);
  }

  message(): WireReader {
    const length = this.length();
    this.at += length;
    return new WireReader(this.source, this.at - length, this.at);
  }

  skip(): void {
    if (this.wireType === VARINT) this.varint();
    else if (this.wireType === LENGTH_DELIMITED) this.bytes();
    else if (this.wireType === FIXED_64) this.at += 8;
    else if (this.wireType === FIXED_32) this.at += 4;
    else throw new MalformedMessageError(`Protobuf wire type ${this.wireType} is not in use.`);
  }

  private length(): number {
    const length = this.varint();
    if (this.at + length > this.end) throw new MalformedMessageError('A protobuf field is longer than its message.');
    return length;
  }
}
