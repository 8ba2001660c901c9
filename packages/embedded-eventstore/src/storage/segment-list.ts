// The segments of the log in order, and which of them holds a position.
import type { Segment } from './segment';

export class SegmentList {
  private segments: Segment[];

  constructor(segments: Segment[]) {
    this.segments = segments;
  }

  get active(): Segment {
    return this.segments[this.segments.length - 1] as Segment;
  }

  /** Everything but the active segment. */
  get sealed(): readonly Segment[] {
    return this.segments.slice(0, -1);
  }

  add(segment: Segment): void {
    this.segments.push(segment);
  }

  /** The last position that can belong to the segment, given the last of the log. */
  lastPositionOf(segment: Segment, lastOfLog: number): number {
    const next = this.segments[this.segments.indexOf(segment) + 1];
    return next ? next.firstPosition - 1 : lastOfLog;
  }

  replace(old: Segment, replacement: Segment): void {
    this.segments = this.segments.map((segment) => (segment === old ? replacement : segment));
  }

  containing(position: number): Segment {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.segments[middle] as Segment).firstPosition <= position) low = middle;
      else high = middle - 1;
    }
    return this.segments[low] as Segment;
  }

  close(): void {
    for (const segment of this.segments) segment.close();
  }
}
