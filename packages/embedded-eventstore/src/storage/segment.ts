// One append-only file of the log: a header, then frames. Reads and writes are synchronous: they meet the page cache, where a trip
// through the thread pool costs more than the call itself. Only the wait for the disk (fdatasync) is asynchronous.
import { closeSync, fdatasync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { StartRefusedError } from '../start-refused-error';

export const SEGMENT_HEADER_BYTES = 64;
const MAGIC = 'EVENKEEL';
const FORMAT_VERSION = 1;
const VERSION_AT = 8;
const FLAGS_AT = 12;
const FIRST_POSITION_AT = 16;
const CRC_AT = 60;
const COMPACTED = 1;

export class Segment {
  private constructor(
    readonly path: string,
    private readonly fd: number,
    readonly firstPosition: number,
    /** Compaction leaves gaps between the positions. */
    readonly isCompacted: boolean,
    /** How much of the file is known to be on the disk; what lies behind is not part of the log. */
    public durableBytes: number,
  ) {}

  static create(folder: string, firstPosition: number): Segment {
    const path = join(folder, segmentFileName(firstPosition));
    const segment = Segment.createAt(path, firstPosition, false);
    syncFolder(folder);
    return segment;
  }

  /** Creates a segment under another name, to be renamed once it is complete. */
  static createAt(path: string, firstPosition: number, isCompacted: boolean): Segment {
    const fd = openSync(path, 'w+');
    const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
    header.write(MAGIC, 0, 'latin1');
    header.writeUInt32LE(FORMAT_VERSION, VERSION_AT);
    header.writeUInt32LE(isCompacted ? COMPACTED : 0, FLAGS_AT);
    header.writeDoubleLE(firstPosition, FIRST_POSITION_AT);
    header.writeUInt32LE(crc32(header.subarray(0, CRC_AT)), CRC_AT);
    const segment = new Segment(path, fd, firstPosition, isCompacted, SEGMENT_HEADER_BYTES);
    try {
      segment.write(header, header.length, 0);
      fdatasyncSync(fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return segment;
  }

  /** Opens a segment whose header is whole; its size is settled by recovery. */
  static open(path: string): Segment {
    const fd = openSync(path, 'r+');
    const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
    readSync(fd, header, 0, header.length, 0);
    const version = header.readUInt32LE(VERSION_AT);
    let refusal: string | undefined;
    if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) refusal = `${path} is not a segment of an embedded event store.`;
    else if (version > FORMAT_VERSION) {
      refusal = `${path} was written in format version ${version}; this server reads version ${FORMAT_VERSION}. Start a newer server on this folder.`;
    } else if (crc32(header.subarray(0, CRC_AT)) !== header.readUInt32LE(CRC_AT)) refusal = `The header of ${path} is damaged at offset 0.`;
    if (refusal) {
      closeSync(fd);
      throw new StartRefusedError(refusal);
    }
    const isCompacted = (header.readUInt32LE(FLAGS_AT) & COMPACTED) !== 0;
    return new Segment(path, fd, header.readDoubleLE(FIRST_POSITION_AT), isCompacted, SEGMENT_HEADER_BYTES);
  }

  /** Returns how many of the wanted bytes the file has. */
  read(target: Buffer, wantedBytes: number, offset: number): number {
    let done = 0;
    while (done < wantedBytes) {
      const bytes = readSync(this.fd, target, done, wantedBytes - done, offset + done);
      if (bytes === 0) break;
      done += bytes;
    }
    return done;
  }

  write(source: Buffer, bytes: number, offset: number): void {
    let done = 0;
    while (done < bytes) done += writeSync(this.fd, source, done, bytes - done, offset + done);
  }

  sync(onSynced: (error: Error | null) => void): void {
    fdatasync(this.fd, onSynced);
  }

  /** Drops what lies behind the durable part: the rest of a write that failed, or of one that a crash interrupted. */
  cutToDurable(): void {
    ftruncateSync(this.fd, this.durableBytes);
    fdatasyncSync(this.fd);
  }

  close(): void {
    closeSync(this.fd);
  }
}

export function segmentFileName(firstPosition: number): string {
  return `segment-${String(firstPosition).padStart(16, '0')}.log`;
}

export function isSegmentFileName(name: string): boolean {
  return /^segment-\d{16}\.log$/.test(name);
}

/** Makes created, renamed and deleted files of the folder survive a power failure. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

export function folderOf(segment: Segment): string {
  return dirname(segment.path);
}
