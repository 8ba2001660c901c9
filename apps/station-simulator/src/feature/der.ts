// The little of ASN.1 DER that a station needs: to write a signing request, and to find a certificate's issuer and key for its hash data.

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;

export interface DerValue {
  readonly tag: number;
  /** The whole value, tag and length included. */
  readonly encoded: Buffer;
  readonly content: Buffer;
}

export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

export const sequence = (...contents: readonly Buffer[]): Buffer => der(SEQUENCE, ...contents);
export const smallInteger = (value: number): Buffer => der(INTEGER, Buffer.from([value]));
export const bitString = (bits: Buffer): Buffer => der(BIT_STRING, Buffer.from([0]), bits);

/** An object identifier in its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A distinguished name of one attribute a set, as X.509 names are. */
export function distinguishedName(attributes: ReadonlyArray<readonly [oid: string, value: string]>): Buffer {
  return sequence(...attributes.map(([oid, value]) => der(SET, sequence(objectIdentifier(oid), der(UTF8_STRING, Buffer.from(value))))));
}

/** The values that follow one another in this content. @throws when it is cut short. */
export function readAll(content: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let offset = 0; offset < content.length; ) {
    const first = content.readUInt8(offset + 1);
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const length = lengthBytes === 0 ? first : content.readUIntBE(offset + 2, lengthBytes);
    const start = offset + 2 + lengthBytes;
    values.push({
      tag: content.readUInt8(offset),
      encoded: content.subarray(offset, start + length),
      content: content.subarray(start, start + length),
    });
    offset = start + length;
  }
  return values;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
