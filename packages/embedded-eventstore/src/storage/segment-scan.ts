// Reads a whole segment frame by frame and decides what its end means: a write that a crash cut short is dropped, anything else that is
// not a valid frame is damage, and damage is never repaired by guessing.
import { readFileSync } from 'node:fs';
import { DamagedStoreError } from '../start-refused-error';
import { FRAME_HEADER_BYTES, FRAME_MARKER, FRAME_MARKER_BYTES, FrameView, frameLengthAt, intactFrameLength } from './frame';
import { SEGMENT_HEADER_BYTES, type Segment } from './segment';

/**
 * Calls `onFrame` for every frame of a complete append, in order, and returns where the last of them ends.
 * Only the last segment of a log may have an incomplete end.
 */
export function scanSegment(segment: Segment, isLastSegment: boolean, onFrame: (frame: FrameView) => void): number {
  const bytes = readFileSync(segment.path);
  let at = SEGMENT_HEADER_BYTES;
  let completeUpTo = at;
  let previousPosition = segment.firstPosition - 1;
  let openAppend: FrameView[] = [];
  while (at < bytes.length) {
    const length = intactFrameLength(bytes, at, bytes.length);
    if (length === 0) break;
    const frame = new FrameView(bytes, at);
    const isNext = segment.isCompacted ? frame.position > previousPosition : frame.position === previousPosition + 1;
    if (!isNext) throw damaged(segment, at, `event ${frame.position} follows event ${previousPosition}`);
    previousPosition = frame.position;
    at += length;
    openAppend.push(frame);
    // A compacted segment was written whole from complete appends, whose other events may be gone.
    if (frame.appendContinues && !segment.isCompacted) continue;
    for (const complete of openAppend) onFrame(complete);
    openAppend = [];
    completeUpTo = at;
  }
  if (at < bytes.length && !isCutShort(bytes, at)) throw damaged(segment, at, 'the frame there does not match its checksum');
  if (completeUpTo < bytes.length && !isLastSegment) throw damaged(segment, completeUpTo, 'the segment ends in the middle of an append');
  return completeUpTo;
}

/**
 * Whether the bytes from `at` on are the beginning of a write that was interrupted. They are not when a valid frame follows, nor when the
 * frame is there up to its last byte, which is never zero: then it had been written whole, perhaps acknowledged, and was changed later.
 */
function isCutShort(bytes: Buffer, at: number): boolean {
  if (bytes.length - at >= FRAME_HEADER_BYTES && bytes.readUInt32LE(at) === FRAME_MARKER) {
    const end = at + frameLengthAt(bytes, at);
    if (end > at && end <= bytes.length && bytes[end - 1] !== 0) return false;
  }
  for (let next = bytes.indexOf(FRAME_MARKER_BYTES, at + 1); next !== -1; next = bytes.indexOf(FRAME_MARKER_BYTES, next + 1)) {
    if (intactFrameLength(bytes, next, bytes.length) > 0) return false;
  }
  return true;
}

function damaged(segment: Segment, offset: number, reason: string): DamagedStoreError {
  return new DamagedStoreError(`${segment.path} is damaged at offset ${offset}: ${reason}. Restore the folder from a backup.`);
}
