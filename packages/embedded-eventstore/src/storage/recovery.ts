// Opens the segments of a folder and fills the index from them: sealed ones from their index files, the last one frame by frame.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefusedError } from '../start-refused-error';
import type { EventIndex } from './event-index';
import type { FrameView } from './frame';
import { isSegmentFileName, SEGMENT_HEADER_BYTES, Segment } from './segment';
import { readSegmentIndex, writeSegmentIndex } from './segment-index-file';
import { SegmentList } from './segment-list';
import { scanSegment } from './segment-scan';

export const COMPACTING_SUFFIX = '.compacting';

/** Calls `report` for what an operator should know of: an interrupted write that was cut, an index that had to be built again. */
export async function recoverSegments(folder: string, index: EventIndex, report: (message: string) => void): Promise<SegmentList> {
  const files = segmentFiles(folder);
  const segments: Segment[] = [];
  try {
    for (const [number, file] of files.entries()) {
      const segment = Segment.open(file);
      segments.push(segment);
      requireNoneMissing(segments, index);
      index.skipTo(segment.firstPosition - 1);
      if (number < files.length - 1) await recoverSealed(segment, index, report);
      else recoverLast(segment, index, report);
    }
    if (segments.length === 0) segments.push(Segment.create(folder, 1));
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }
  return new SegmentList(segments);
}

function segmentFiles(folder: string): string[] {
  const names = readdirSync(folder);
  // A compaction that was interrupted: the segment it was to replace is still there.
  for (const name of names.filter((name) => name.endsWith(COMPACTING_SUFFIX))) rmSync(join(folder, name));
  const files = names
    .filter(isSegmentFileName)
    .sort()
    .map((name) => join(folder, name));
  const last = files.at(-1);
  // A crash while the log moved on to a new segment: nothing can have been stored behind an incomplete header.
  if (last && statSync(last).size < SEGMENT_HEADER_BYTES) {
    rmSync(last);
    files.pop();
  }
  return files;
}

function requireNoneMissing(segments: readonly Segment[], index: EventIndex): void {
  const segment = segments[segments.length - 1] as Segment;
  const previous = segments[segments.length - 2];
  const follows = previous?.isCompacted ? segment.firstPosition > index.lastPosition : segment.firstPosition === index.lastPosition + 1;
  if (!follows) {
    throw new StartRefusedError(
      `${segment.path} begins with event ${segment.firstPosition}, but the log ends at ${index.lastPosition}: a segment is missing.`,
    );
  }
}

async function recoverSealed(segment: Segment, index: EventIndex, report: (message: string) => void): Promise<void> {
  segment.durableBytes = statSync(segment.path).size;
  if (readSegmentIndex(segment, segment.durableBytes, (event) => index.add(event))) return;
  report(`The index of ${segment.path} is missing or outdated and is built again.`);
  scanSegment(segment, false, (frame) => addFrame(index, frame));
  try {
    await writeSegmentIndex(segment, index, index.lastPosition);
  } catch (error) {
    // On a full disk the store is read all the same.
    report(`The index of ${segment.path} was not written; the next start builds it: ${(error as Error).message}`);
  }
}

function recoverLast(segment: Segment, index: EventIndex, report: (message: string) => void): void {
  segment.durableBytes = scanSegment(segment, true, (frame) => addFrame(index, frame));
  const cutBytes = statSync(segment.path).size - segment.durableBytes;
  if (cutBytes === 0) return;
  segment.cutToDurable();
  report(
    `${segment.path} ended in an interrupted write: ${cutBytes} bytes that were never acknowledged were cut at offset ${segment.durableBytes}.`,
  );
}

function addFrame(index: EventIndex, frame: FrameView): void {
  index.add({
    position: frame.position,
    offset: frame.start,
    stream: frame.streamName,
    type: frame.type,
    kind: frame.kind,
    revision: frame.revision,
  });
}
