// What appends, deletes and tombstones have in common on the wire: a stream and the revision the client expects it to have.
// event_store.client.streams: {AppendReq,BatchAppendReq,DeleteReq,TombstoneReq}.Options use the same field numbers 1 to 5.
import { GrpcError, GrpcStatus } from '../grpc/grpc-error';
import { WireReader } from './wire-reader';
import type { WireWriter } from './wire-writer';

/** A revision, or one of EventStoreDB's three negative conditions. */
export type ExpectedRevision = number;
export const NO_STREAM = -1;
export const ANY = -2;
export const STREAM_EXISTS = -4;

export interface StreamRequest {
  readonly stream: string;
  readonly streamBytes: Buffer;
  readonly expected: ExpectedRevision;
  /** BatchAppend only: the moment after which the client no longer wants the append. */
  readonly deadlineMs: number;
}

// Names are held in memory and in every frame; EventStoreDB's own index hashes names of at most this order of length.
const LONGEST_NAME_BYTES = 4096;
const STREAM_NAME_FIELD = 3;

export function readStreamRequest(options: WireReader): StreamRequest {
  let streamBytes: Buffer = Buffer.alloc(0);
  let expected: ExpectedRevision = ANY;
  let deadlineMs = Number.POSITIVE_INFINITY;
  for (let field = options.nextField(); field !== 0; field = options.nextField()) {
    if (field === 1) streamBytes = readStreamIdentifier(options.message());
    else if (field === 2) expected = options.varint();
    else {
      if (field === 3) expected = NO_STREAM;
      else if (field === 4) expected = ANY;
      else if (field === 5) expected = STREAM_EXISTS;
      if (field === 6) deadlineMs = readTimestampMs(options.message());
      else options.skip();
    }
  }
  return { stream: streamName(streamBytes), streamBytes, expected, deadlineMs };
}

/** DeleteReq and TombstoneReq: the options are all there is. */
export function readDeleteRequest(request: Buffer): StreamRequest {
  const reader = new WireReader(request);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) return readStreamRequest(reader.message());
    reader.skip();
  }
  throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'The request has no options.');
}

export function readStreamIdentifier(identifier: WireReader): Buffer {
  for (let field = identifier.nextField(); field !== 0; field = identifier.nextField()) {
    if (field === STREAM_NAME_FIELD) return identifier.bytes();
    identifier.skip();
  }
  return Buffer.alloc(0);
}

export function writeStreamIdentifier(writer: WireWriter, field: number, streamBytes: Buffer): void {
  writer.message(field, () => writer.bytes(STREAM_NAME_FIELD, streamBytes));
}

export function streamName(streamBytes: Buffer): string {
  if (streamBytes.length === 0) throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'The stream has no name.');
  if (streamBytes.length > LONGEST_NAME_BYTES) {
    throw new GrpcError(
      GrpcStatus.INVALID_ARGUMENT,
      `A stream name of ${streamBytes.length} bytes is over the limit of ${LONGEST_NAME_BYTES}.`,
    );
  }
  return streamBytes.toString('utf8');
}

/** google.protobuf.Timestamp. */
function readTimestampMs(timestamp: WireReader): number {
  let milliseconds = 0;
  for (let field = timestamp.nextField(); field !== 0; field = timestamp.nextField()) {
    if (field === 1) milliseconds += timestamp.varint() * 1000;
    else if (field === 2) milliseconds += timestamp.varint() / 1_000_000;
    else timestamp.skip();
  }
  return milliseconds;
}
