// Looks into a stored ReadResp for the one thing the store itself reads back: the data of a metadata event.
import { WireReader } from './wire-reader';

export function recordedEventData(readResp: Buffer): Buffer {
  let reader = new WireReader(readResp);
  for (const path of [1, 1, 8]) {
    let field = reader.nextField();
    while (field !== path && field !== 0) {
      reader.skip();
      field = reader.nextField();
    }
    if (field === 0) return Buffer.alloc(0);
    if (path === 8) return reader.bytes();
    reader = reader.message();
  }
  return Buffer.alloc(0);
}
