import streamMessages from '@eventstore/db-client/generated/streams_pb';
import fc from 'fast-check';
import { CommitGroup } from './commit-group';
import { type FrameDraft, FrameKind, FrameView, intactFrameLength } from './frame';

const ID = '6f1b9a5e-7d9e-4b57-8a86-5e2a2f5b0c11';

const drafts = fc.record({
  kind: fc.constant(FrameKind.EVENT),
  position: fc.integer({ min: 1, max: 2 ** 40 }),
  revision: fc.integer({ min: 0, max: 2 ** 31 }),
  createdAtMs: fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 }),
  streamBytes: fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }).map((name) => Buffer.from(name)),
  appendContinues: fc.boolean(),
  event: fc.record({
    id: fc.uuid(),
    type: fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }),
    contentType: fc.constantFrom('application/json', 'application/octet-stream'),
    metadata: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    data: fc.uint8Array({ maxLength: 20_000 }).map((bytes) => Buffer.from(bytes)),
  }),
});

function encode(draft: FrameDraft): Buffer {
  const group = new CommitGroup(false, draft.position, 0);
  group.add(draft);
  return group.buffer.subarray(0, group.length);
}

describe('a frame', () => {
  it('holds a ReadResp that the client decodes to the event that was appended', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const readEvent = streamMessages.ReadResp.deserializeBinary(new FrameView(encode(draft), 0).message).getEvent();
        const recorded = readEvent?.getEvent();
        expect(readEvent?.getCommitPosition()).toBe(String(draft.position));
        expect(recorded?.getId()?.getString()).toBe(draft.event.id);
        expect(Buffer.from(recorded?.getStreamIdentifier()?.getStreamName_asU8() ?? [])).toEqual(draft.streamBytes);
        expect(recorded?.getStreamRevision()).toBe(String(draft.revision));
        expect(recorded?.getPreparePosition()).toBe(String(draft.position));
        expect(recorded?.getMetadataMap().get('type')).toBe(draft.event.type);
        expect(recorded?.getMetadataMap().get('content-type')).toBe(draft.event.contentType);
        expect(recorded?.getMetadataMap().get('created')).toBe(`${draft.createdAtMs}0000`);
        expect(Buffer.from(recorded?.getCustomMetadata_asU8() ?? [])).toEqual(draft.event.metadata);
        expect(Buffer.from(recorded?.getData_asU8() ?? [])).toEqual(draft.event.data);
      }),
    );
  });

  it('tells recovery what the index needs', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const bytes = encode(draft);
        const view = new FrameView(bytes, 0);
        expect(view.length).toBe(bytes.length);
        expect(view).toMatchObject({
          kind: draft.kind,
          position: draft.position,
          revision: draft.revision,
          createdAtMs: draft.createdAtMs,
          appendContinues: draft.appendContinues,
          streamName: draft.streamBytes.toString(),
          type: draft.event.type,
          id: draft.event.id,
        });
      }),
    );
  });

  it('is no longer intact when any one byte of it changes or is missing', () => {
    const event = { id: ID, type: 'SessionStarted', contentType: 'application/json', metadata: Buffer.alloc(0), data: Buffer.from('{}') };
    const streamBytes = Buffer.from('session-1');
    const bytes = encode({ kind: FrameKind.EVENT, position: 7, revision: 3, createdAtMs: 1, streamBytes, event, appendContinues: false });
    expect(intactFrameLength(bytes, 0, bytes.length)).toBe(bytes.length);
    expect(intactFrameLength(bytes, 0, bytes.length - 1)).toBe(0);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
      expect(intactFrameLength(changed, 0, changed.length)).toBe(0);
    }
  });

  it('shows a tombstone at the highest revision there is', () => {
    const event = {
      id: ID,
      type: '$streamDeleted',
      contentType: 'application/octet-stream',
      metadata: Buffer.alloc(0),
      data: Buffer.alloc(0),
    };
    const streamBytes = Buffer.from('session-1');
    const bytes = encode({
      kind: FrameKind.TOMBSTONE,
      position: 7,
      revision: 3,
      createdAtMs: 1,
      streamBytes,
      event,
      appendContinues: false,
    });
    const recorded = streamMessages.ReadResp.deserializeBinary(new FrameView(bytes, 0).message).getEvent()?.getEvent();
    expect(recorded?.getStreamRevision()).toBe('9223372036854775807');
  });
});
