// Encodes the answers to Append and BatchAppend, and the errors of appends and deletes in the three shapes the client parses:
// inside AppendResp, as a google.rpc.Status with one Any inside BatchAppendResp, and as trailers.
import { GrpcError, GrpcStatus } from '../grpc/grpc-error';
import type { AppendRefusal, AppendResult } from '../store/append-outcome';
import { ANY, type ExpectedRevision, NO_STREAM, STREAM_EXISTS, type StreamRequest, writeStreamIdentifier } from './stream-request';
import { WireWriter } from './wire-writer';

export function appendResponse(result: AppendResult): Buffer {
  const writer = new WireWriter();
  writer.grpcMessage(() => writer.message(1, () => writeSuccess(writer, result)));
  return writer.take();
}

/** The unary Append reports a conflict in its normal response; fields 1 to 5 are the spelling of servers before 20.10. */
export function appendConflictResponse(expected: ExpectedRevision, current: number): Buffer {
  const writer = new WireWriter();
  writer.grpcMessage(() =>
    writer.message(2, () => {
      if (current >= 0) writer.uint(6, current);
      else writer.empty(7);
      if (expected >= 0) writer.uint(8, expected);
      else if (expected === ANY) writer.empty(9);
      else if (expected === STREAM_EXISTS) writer.empty(10);
      else writer.empty(11);
    }),
  );
  return writer.take();
}

/** DeleteResp and TombstoneResp. */
export function deleteResponse(position: number): Buffer {
  const writer = new WireWriter();
  writer.grpcMessage(() => writePosition(writer, 1, position));
  return writer.take();
}

export function writeBatchAppendResponse(
  writer: WireWriter,
  correlationId: Buffer,
  request: StreamRequest,
  outcome: AppendResult | AppendRefusal,
): void {
  writer.grpcMessage(() => {
    writer.bytes(1, correlationId);
    if (outcome.kind === 'appended') writer.message(3, () => writeSuccess(writer, outcome));
    else writer.message(2, () => writeStatus(writer, request, outcome));
    writeStreamIdentifier(writer, 4, request.streamBytes);
    if (request.expected >= 0) writer.uint(5, request.expected);
    else if (request.expected === NO_STREAM) writer.empty(6);
    else if (request.expected === ANY) writer.empty(7);
    else writer.empty(8);
  });
}

/** The same refusals for calls that end with a status: Append (but for a conflict), Delete and Tombstone. */
export function refusalError(request: StreamRequest, refusal: AppendRefusal): GrpcError {
  const message = refusalMessage(request, refusal);
  const streamName = headerText(request.stream);
  switch (refusal.kind) {
    case 'wrong-expected-version':
      return new GrpcError(GrpcStatus.FAILED_PRECONDITION, message, {
        exception: 'wrong-expected-version',
        'stream-name': streamName,
        'expected-version': String(request.expected),
        // Left out for a stream that does not exist: the client reads the absence as "no_stream".
        ...(refusal.current >= 0 ? { 'actual-version': String(refusal.current) } : {}),
      });
    case 'stream-deleted':
      return new GrpcError(GrpcStatus.FAILED_PRECONDITION, message, { exception: 'stream-deleted', 'stream-name': streamName });
    case 'too-large':
      return new GrpcError(GrpcStatus.INVALID_ARGUMENT, message, {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': String(refusal.maximumBytes),
      });
    case 'timed-out':
      return new GrpcError(GrpcStatus.DEADLINE_EXCEEDED, message);
    case 'not-stored':
      return new GrpcError(GrpcStatus.RESOURCE_EXHAUSTED, message);
  }
}

function writeSuccess(writer: WireWriter, result: AppendResult): void {
  if (result.revision >= 0) writer.uint(1, result.revision);
  else writer.empty(2);
  if (result.position > 0) writePosition(writer, 3, result.position);
  else writer.empty(4);
}

function writePosition(writer: WireWriter, field: number, position: number): void {
  writer.message(field, () => {
    writer.uint(1, position);
    writer.uint(2, position);
  });
}

/** google.rpc.Status: the gRPC code, a sentence, and one Any whose type name selects the client's error class. */
function writeStatus(writer: WireWriter, request: StreamRequest, refusal: AppendRefusal): void {
  writer.uint(1, refusalError(request, refusal).status);
  writer.string(2, refusalMessage(request, refusal));
  writer.message(3, () => {
    writer.string(1, `type.googleapis.com/event_store.client.${DETAIL_TYPES[refusal.kind]}`);
    writer.message(2, () => {
      if (refusal.kind === 'wrong-expected-version') writeConflictDetails(writer, request.expected, refusal.current);
      else if (refusal.kind === 'stream-deleted') writeStreamIdentifier(writer, 1, request.streamBytes);
      else if (refusal.kind === 'too-large') writer.uint(1, refusal.maximumBytes);
      else if (refusal.kind === 'not-stored') writer.string(1, refusal.reason);
    });
  });
}

// The client turns `Unknown` into an error without a message and every name it does not know into one that carries the sentence,
// which is why a failed write travels as the latter.
const DETAIL_TYPES: Record<AppendRefusal['kind'], string> = {
  'wrong-expected-version': 'WrongExpectedVersion',
  'stream-deleted': 'StreamDeleted',
  'too-large': 'MaximumAppendSizeExceeded',
  'timed-out': 'Timeout',
  'not-stored': 'BadRequest',
};

function writeConflictDetails(writer: WireWriter, expected: ExpectedRevision, current: number): void {
  if (current >= 0) writer.uint(1, current);
  else writer.empty(2);
  if (expected >= 0) writer.uint(3, expected);
  else if (expected === ANY) writer.empty(4);
  else if (expected === STREAM_EXISTS) writer.empty(5);
  else writer.empty(6);
}

function refusalMessage({ stream, expected }: StreamRequest, refusal: AppendRefusal): string {
  switch (refusal.kind) {
    case 'wrong-expected-version':
      return `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${refusal.current}`;
    case 'stream-deleted':
      return `Event stream '${stream}' is deleted.`;
    case 'too-large':
      return `Maximum Append Size of ${refusal.maximumBytes} Exceeded.`;
    case 'timed-out':
      return `The deadline of the append to '${stream}' had passed when it arrived.`;
    case 'not-stored':
      return refusal.reason;
  }
}

/** HTTP/2 header values are ASCII: other names are percent-encoded, as there is no agreed spelling for them in a text trailer. */
export function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text);
}
