// Decoded here, encoded by the client's own generated code.
import sharedMessages from '@eventstore/db-client/generated/shared_pb';
import streamMessages from '@eventstore/db-client/generated/streams_pb';
import { GrpcError } from '../grpc/grpc-error';
import { readBatchAppendRequestPart } from './append-request';
import { NO_STREAM, STREAM_EXISTS } from './stream-request';

const { BatchAppendReq } = streamMessages;
const EVENT_ID = '6f1b9a5e-7d9e-4b57-8a86-5e2a2f5b0c11';

function request(configure: (options: InstanceType<typeof BatchAppendReq.Options>) => void, properties: Record<string, string>): Buffer {
  const message = new BatchAppendReq();
  const options = new BatchAppendReq.Options();
  const identifier = new sharedMessages.StreamIdentifier();
  identifier.setStreamName(Buffer.from('session-größe').toString('base64'));
  options.setStreamIdentifier(identifier);
  configure(options);
  message.setOptions(options);
  const event = new BatchAppendReq.ProposedMessage();
  const id = new sharedMessages.UUID();
  id.setString(EVENT_ID.toUpperCase());
  event.setId(id);
  for (const [key, value] of Object.entries(properties)) event.getMetadataMap().set(key, value);
  event.setData(Buffer.from('{"a":1}').toString('base64'));
  event.setCustomMetadata(Buffer.from('{"b":2}').toString('base64'));
  message.addProposedMessages(event);
  message.setIsFinal(true);
  return Buffer.from(message.serializeBinary());
}

const JSON_EVENT = { type: 'SessionStarted', 'content-type': 'application/json' };

describe('a BatchAppend request', () => {
  it('carries the stream, the events and their properties', () => {
    const part = readBatchAppendRequestPart(
      request((options) => {
        options.setNoStream(new sharedMessages.Empty());
      }, JSON_EVENT),
    );
    expect(part.options).toMatchObject({ stream: 'session-größe', expected: NO_STREAM, deadlineMs: Infinity });
    expect(part.isFinal).toBe(true);
    expect(part.events).toEqual([
      {
        id: EVENT_ID,
        type: 'SessionStarted',
        contentType: 'application/json',
        data: Buffer.from('{"a":1}'),
        metadata: Buffer.from('{"b":2}'),
      },
    ]);
  });

  it('carries the expected revision', () => {
    const exact = readBatchAppendRequestPart(request((options) => options.setStreamPosition('4294967299'), JSON_EVENT));
    expect(exact.options?.expected).toBe(4294967299);
    const exists = readBatchAppendRequestPart(request((options) => options.setStreamExists(new sharedMessages.Empty()), JSON_EVENT));
    expect(exists.options?.expected).toBe(STREAM_EXISTS);
  });

  it('is refused without a type', () => {
    const untyped = request((options) => options.setAny(new sharedMessages.Empty()), { 'content-type': 'application/json' });
    expect(() => readBatchAppendRequestPart(untyped)).toThrow(GrpcError);
  });
});
