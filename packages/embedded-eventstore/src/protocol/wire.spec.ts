import fc from 'fast-check';
import { MalformedMessageError, WireReader } from './wire-reader';
import { putVarint, varintBytes, WireWriter } from './wire-writer';

function messageOf(write: (writer: WireWriter) => void): Buffer {
  const writer = new WireWriter();
  writer.grpcMessage(write);
  return writer.take().subarray(5);
}

describe('the protobuf wire format', () => {
  it('reads back every number it writes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const target = Buffer.alloc(10);
        const end = putVarint(target, 0, value);
        expect(end).toBe(varintBytes(value));
        expect(new WireReader(target, 0, end).varint()).toBe(value);
      }),
    );
  });

  it('reads back nested messages of every length, among them those whose length needs more than one byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.string(), (bytes, text) => {
        const message = messageOf((writer) => {
          writer.message(1, () => writer.message(2, () => writer.bytes(3, Buffer.from(bytes))));
          writer.string(4, text);
        });
        const reader = new WireReader(message);
        expect(reader.nextField()).toBe(1);
        const outer = reader.message();
        expect(outer.nextField()).toBe(2);
        const inner = outer.message();
        expect(inner.nextField()).toBe(3);
        expect(inner.bytes()).toEqual(Buffer.from(bytes));
        expect(inner.nextField()).toBe(0);
        expect(reader.nextField()).toBe(4);
        expect(reader.string()).toBe(text);
        expect(reader.nextField()).toBe(0);
      }),
    );
  });

  it('skips fields it does not know, of every wire type', () => {
    const message = Buffer.concat([
      Buffer.from([0x08, 0x96, 0x01]), // field 1, varint
      Buffer.from([0x11, 1, 2, 3, 4, 5, 6, 7, 8]), // field 2, 64 bit
      Buffer.from([0x1a, 0x02, 0xff, 0xff]), // field 3, two bytes
      Buffer.from([0x25, 1, 2, 3, 4]), // field 4, 32 bit
      Buffer.from([0x28, 0x07]), // field 5, varint 7
    ]);
    const reader = new WireReader(message);
    for (const field of [1, 2, 3, 4]) {
      expect(reader.nextField()).toBe(field);
      reader.skip();
    }
    expect(reader.nextField()).toBe(5);
    expect(reader.varint()).toBe(7);
  });

  it('refuses a field that is longer than its message and a number without an end', () => {
    const tooLong = new WireReader(Buffer.from([0x0a, 0x05, 0x00]));
    tooLong.nextField();
    expect(() => tooLong.bytes()).toThrow(MalformedMessageError);
    expect(() => new WireReader(Buffer.from([0x80, 0x80])).varint()).toThrow(MalformedMessageError);
  });

  it('prefixes each message with its length and hands over many at once', () => {
    const writer = new WireWriter();
    writer.grpcMessage(() => writer.uint(1, 5));
    writer.grpcEncoded(Buffer.from([9, 8, 7, 6]), 1, 3);
    expect(writer.take()).toEqual(Buffer.from([0, 0, 0, 0, 2, 0x08, 5, 0, 0, 0, 0, 2, 8, 7]));
    expect(writer.length).toBe(0);
  });
});
