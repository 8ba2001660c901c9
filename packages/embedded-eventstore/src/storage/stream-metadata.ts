// The part of a stream's metadata that changes what a read returns, and EventStoreDB's spelling of it in `$$<stream>` events.

export interface StreamMetadata {
  /** The stored text: what a deletion must preserve of it. */
  readonly json: string;
  readonly maxCount: number;
  readonly maxAgeSeconds: number;
  /** Revisions before this one are gone; DELETED for a stream that was deleted softly. */
  readonly truncateBefore: number;
}

export const METADATA_EVENT_TYPE = '$metadata';
export const NO_METADATA: StreamMetadata = { json: '{}', maxCount: Infinity, maxAgeSeconds: Infinity, truncateBefore: 0 };
// EventStoreDB keeps only the newest metadata of a stream.
export const METASTREAM_METADATA: StreamMetadata = { ...NO_METADATA, maxCount: 1 };

// A soft deletion is `$tb` at EventNumber.DeletedStream, 2^63 - 1, which JSON.parse rounds up to 2^63.
const DELETED = 2 ** 63;
const DELETED_LITERAL = '9223372036854775807';
const METASTREAM_PREFIX = '$$';

export function isMetastream(stream: string): boolean {
  return stream.startsWith(METASTREAM_PREFIX);
}

export function originalStreamOf(metastream: string): string {
  return metastream.slice(METASTREAM_PREFIX.length);
}

export function metastreamOf(stream: string): string {
  return METASTREAM_PREFIX + stream;
}

export function isSoftDeleted(metadata: StreamMetadata): boolean {
  return metadata.truncateBefore >= DELETED;
}

/** Metadata that is no JSON object has no effect, as in EventStoreDB. */
export function parseStreamMetadata(json: string): StreamMetadata {
  const fields = parseObject(json);
  if (!fields) return NO_METADATA;
  return {
    json,
    maxCount: limit(fields.$maxCount, Infinity),
    maxAgeSeconds: limit(fields.$maxAge, Infinity),
    truncateBefore: limit(fields.$tb, 0),
  };
}

/** The metadata that deletes a stream softly, everything else kept. */
export function deletedMetadataJson(metadata: StreamMetadata): string {
  const { $tb: _, ...kept } = parseObject(metadata.json) ?? {};
  const rest = JSON.stringify(kept).slice(1, -1);
  return `{"$tb":${DELETED_LITERAL}${rest === '' ? '' : `,${rest}`}}`;
}

/** The metadata of a deleted stream that is written to again: its old events stay out of sight. */
export function recreatedMetadataJson(metadata: StreamMetadata, nextRevision: number): string {
  return JSON.stringify({ ...parseObject(metadata.json), $tb: nextRevision });
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function limit(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value > 0 ? value : otherwise;
}
