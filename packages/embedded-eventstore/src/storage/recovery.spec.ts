import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ProposedEvent } from '../protocol/append-request';
import { ANY, type StreamRequest } from '../protocol/stream-request';
import { newFolder } from '../server-under-test';
import { DamagedStoreError } from '../start-refused-error';
import type { AppendResult } from '../store/append-outcome';
import { EventStore } from '../store/event-store';
import { FRAME_MARKER_BYTES } from './frame';

const SEGMENT_HEADER_BYTES = 64;
const LARGE_SEGMENTS = 1024 * 1024;

let nextId = 0;

function event(): ProposedEvent {
  const id = `00000000-0000-4000-8000-${String(nextId++).padStart(12, '0')}`;
  return { id, type: 'MeterValueRecorded', contentType: 'application/json', metadata: Buffer.alloc(0), data: Buffer.from('{"wh":12000}') };
}

function append(store: EventStore, count: number, stream = 'session-1'): Promise<AppendResult> {
  const request: StreamRequest = { stream, streamBytes: Buffer.from(stream), expected: ANY, deadlineMs: Infinity };
  const events = Array.from({ length: count }, event);
  return new Promise((resolve, reject) =>
    store.append(request, events, (outcome) => (outcome.kind === 'appended' ? resolve(outcome) : reject(new Error(outcome.kind)))),
  );
}

describe('recovery', () => {
  let folder: string;
  let reports: string[];
  beforeEach(() => {
    folder = newFolder();
    reports = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (segmentBytes = LARGE_SEGMENTS) => EventStore.open({ folder, segmentBytes, report: (message) => reports.push(message) });
  const files = (ending: string) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => join(folder, name));
  const segmentFile = () => files('.log')[0] as string;

  async function fill(appends: number, eventsPerAppend = 1, segmentBytes = LARGE_SEGMENTS): Promise<void> {
    const store = await open(segmentBytes);
    for (let number = 0; number < appends; number++) await append(store, eventsPerAppend, `session-${number % 3}`);
    await store.close();
  }

  async function lastPosition(segmentBytes?: number): Promise<number> {
    const store = await open(segmentBytes);
    const { lastPosition: last } = store.index;
    for (let position = 1; position <= last; position++) expect(store.newReader().read(position).position).toBe(position);
    await store.close();
    return last;
  }

  it('finds everything again', async () => {
    await fill(20);
    expect(await lastPosition()).toBe(20);
    expect(reports).toEqual([]);
  });

  it('cuts a last frame that is incomplete, at whatever byte it breaks off, and goes on from there', async () => {
    await fill(3);
    const whole = readFileSync(segmentFile());
    const lastFrameAt = whole.lastIndexOf(FRAME_MARKER_BYTES);
    for (let end = lastFrameAt + 1; end < whole.length; end += 7) {
      writeFileSync(segmentFile(), whole.subarray(0, end));
      expect(await lastPosition()).toBe(2);
      expect(statSync(segmentFile()).size).toBe(lastFrameAt);
    }
    expect(reports[0]).toContain(`cut at offset ${lastFrameAt}`);
    const store = await open();
    expect((await append(store, 1)).position).toBe(3);
    await store.close();
  });

  it('cuts all of an append of which only the first events arrived', async () => {
    await fill(2, 3);
    truncateSync(segmentFile(), statSync(segmentFile()).size - 10);
    expect(await lastPosition()).toBe(3);
  });

  it('cuts zeros and rubbish behind the last frame', async () => {
    await fill(3);
    appendFileSync(segmentFile(), Buffer.alloc(5000));
    expect(await lastPosition()).toBe(3);
    appendFileSync(segmentFile(), 'neither a frame nor a part of one');
    expect(await lastPosition()).toBe(3);
  });

  it('refuses to start on a bad frame before a valid one, naming file and offset', async () => {
    await fill(5);
    const bytes = readFileSync(segmentFile());
    const second = bytes.indexOf(FRAME_MARKER_BYTES, SEGMENT_HEADER_BYTES + 1);
    bytes.writeUInt8(bytes.readUInt8(second + 100) ^ 0xff, second + 100);
    writeFileSync(segmentFile(), bytes);
    await expect(open()).rejects.toThrow(`${segmentFile()} is damaged at offset ${second}`);
    expect(readFileSync(segmentFile())).toEqual(bytes);
  });

  it('refuses to start on a last frame that had been written whole and was changed later', async () => {
    await fill(3);
    const bytes = readFileSync(segmentFile());
    const last = bytes.lastIndexOf(FRAME_MARKER_BYTES);
    bytes.writeUInt8(bytes.readUInt8(last + 100) ^ 0xff, last + 100);
    writeFileSync(segmentFile(), bytes);
    await expect(open()).rejects.toThrow(`is damaged at offset ${last}`);
  });

  it('refuses a segment of a newer version', async () => {
    await fill(1);
    const bytes = readFileSync(segmentFile());
    bytes.writeUInt32LE(2, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
    writeFileSync(segmentFile(), bytes);
    await expect(open()).rejects.toThrow('was written in format version 2; this server reads version 1');
  });

  it('refuses a file that is no segment', async () => {
    writeFileSync(join(folder, 'segment-0000000000000001.log'), Buffer.alloc(200, 'x'));
    await expect(open()).rejects.toThrow('is not a segment of an embedded event store');
  });

  it('starts from the index files of sealed segments and builds those again that are missing or torn', async () => {
    await fill(60, 1, 2000);
    expect(files('.log').length).toBeGreaterThan(3);
    expect(files('.index').length).toBe(files('.log').length - 1);
    expect(await lastPosition(2000)).toBe(60);
    expect(reports).toEqual([]);
    const [first, second] = files('.index') as [string, string];
    const original = readFileSync(first);
    rmSync(first);
    writeFileSync(second, readFileSync(second).subarray(0, 60));
    expect(await lastPosition(2000)).toBe(60);
    expect(reports).toHaveLength(2);
    expect(readFileSync(first)).toEqual(original);
  });

  it('refuses to start without one of its segments', async () => {
    await fill(60, 1, 2000);
    rmSync(files('.log')[1] as string);
    await expect(open(2000)).rejects.toThrow('a segment is missing');
  });

  it('forgets a segment that a crash left without a whole header', async () => {
    await fill(5);
    writeFileSync(join(folder, 'segment-0000000000000006.log'), 'EVENK');
    expect(await lastPosition()).toBe(5);
  });

  it('never hands out a frame that was changed on the disk', async () => {
    await fill(60, 1, 2000);
    const store = await open(2000);
    const bytes = readFileSync(segmentFile());
    bytes.writeUInt8(bytes.readUInt8(SEGMENT_HEADER_BYTES + 100) ^ 0xff, SEGMENT_HEADER_BYTES + 100);
    writeFileSync(segmentFile(), bytes);
    expect(() => store.newReader().read(1)).toThrow(`${segmentFile()} is damaged at offset ${SEGMENT_HEADER_BYTES}`);
    await store.close();
    await expect(open(2000)).rejects.toThrow(DamagedStoreError);
  });
});
