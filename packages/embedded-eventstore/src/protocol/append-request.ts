// Decodes AppendReq and BatchAppendReq of event_store.client.streams.
import { GrpcError, GrpcStatus } from '../grpc/grpc-error';
import { readStreamRequest, type StreamRequest } from './stream-request';
import { readUuid } from './uuid';
import { WireReader } from './wire-reader';

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  /** The client's own metadata, usually JSON; may be empty. */
  readonly metadata: Buffer;
  readonly data: Buffer;
}

export interface AppendRequestPart {
  readonly options?: StreamRequest;
  readonly event?: ProposedEvent;
}

export interface BatchAppendRequestPart {
  /** The UUID message as it came: it is echoed, never looked into, but for keeping the parts of one append together. */
  readonly correlationId: Buffer;
  /** Only the first part of an append carries options. */
  readonly options?: StreamRequest;
  readonly events: ProposedEvent[];
  readonly isFinal: boolean;
}

const NOTHING: Buffer = Buffer.alloc(0);
const LONGEST_TYPE_BYTES = 4096;

export function readAppendRequestPart(request: Buffer): AppendRequestPart {
  const reader = new WireReader(request);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) return { options: readStreamRequest(reader.message()) };
    if (field === 2) return { event: readProposedMessage(reader.message()) };
    reader.skip();
  }
  throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'An append request carries neither options nor an event.');
}

export function readBatchAppendRequestPart(request: Buffer): BatchAppendRequestPart {
  const reader = new WireReader(request);
  let correlationId = NOTHING;
  let options: StreamRequest | undefined;
  const events: ProposedEvent[] = [];
  let isFinal = false;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) correlationId = reader.bytes();
    else if (field === 2) options = readStreamRequest(reader.message());
    else if (field === 3) events.push(readProposedMessage(reader.message()));
    else if (field === 4) isFinal = reader.varint() !== 0;
    else reader.skip();
  }
  return { correlationId, options, events, isFinal };
}

function readProposedMessage(reader: WireReader): ProposedEvent {
  let id = '';
  let type = '';
  let contentType = '';
  let metadata = NOTHING;
  let data = NOTHING;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) id = readUuid(reader.message());
    else if (field === 2) {
      const [key, value] = readMapEntry(reader.message());
      if (key === 'type') type = value;
      else if (key === 'content-type') contentType = value;
    } else if (field === 3) metadata = reader.bytes();
    else if (field === 4) data = reader.bytes();
    else reader.skip();
  }
  if (type === '' || contentType === '') {
    throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'An event needs the metadata properties type and content-type.', {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    });
  }
  if (Buffer.byteLength(type) > LONGEST_TYPE_BYTES) {
    throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, `An event type is over the limit of ${LONGEST_TYPE_BYTES} bytes.`);
  }
  if (id === '') throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'An event needs an id.');
  return { id, type, contentType, metadata, data };
}

function readMapEntry(entry: WireReader): [key: string, value: string] {
  let key = '';
  let value = '';
  for (let field = entry.nextField(); field !== 0; field = entry.nextField()) {
    if (field === 1) key = entry.string();
    else if (field === 2) value = entry.string();
    else entry.skip();
  }
  return [key, value];
}
