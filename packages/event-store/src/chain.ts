// Chains the events of a stream: each carries a hash over itself and the hash before it, so that nothing in the stream can be changed, left
// out, added or moved without breaking a link. The links themselves are kept honest by the seals (sealer.ts).
//
// The id of a chained event is the beginning of its hash. The store takes an append with known ids for a repetition and answers as if it had
// stored it; a writer must therefore never send other content under the ids of an earlier attempt, or it would continue from a link that is
// not in the store.
import { hash } from 'node:crypto';
import type { EventMetadata, NewEvent, StoredEvent } from './event-store';

/**
 * @param previous hash of the stream's last event; undefined where the chain begins.
 * @returns the events to append, with their data as JSON already, because that is what was hashed.
 */
export function chain(
  stream: string,
  previous: string | undefined,
  firstRevision: number,
  events: readonly Omit<NewEvent, 'id'>[],
): NewEvent[] {
  let before = previous;
  return events.map(({ type, data, metadata = {} }, index) => {
    const dataJson = JSON.stringify(data);
    before = linkOf(before, { stream, revision: firstRevision + index, type, metadata, dataJson });
    return { id: idOfHash(before), type, data, dataJson, metadata: { ...metadata, hash: before } };
  });
}

/**
 * The hash that the event must carry behind `previous`, had it been written at `revision`. What was stored as JSON gives the same JSON again:
 * it has been through `JSON.stringify`, and `JSON.parse` keeps the order of properties.
 */
export function hashOf(event: StoredEvent, previous: string | undefined, revision: number = event.revision): string {
  const { hash: _, ...metadata } = event.metadata;
  return linkOf(previous, { stream: event.stream, revision, type: event.type, metadata, dataJson: JSON.stringify(event.data) });
}

/** RFC 9562 UUID version 8: the first bits of the hash. */
export function idOfHash(hex: string): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

interface Linked {
  stream: string;
  revision: number;
  type: string;
  metadata: EventMetadata;
  dataJson: string;
}

/** JSON has no line feed outside of escapes: nothing of one part can pass for another. */
function linkOf(previous: string | undefined, { stream, revision, type, metadata, dataJson }: Linked): string {
  return hash('sha256', `${JSON.stringify([previous ?? '', stream, revision, type])}\n${JSON.stringify(metadata)}\n${dataJson}`, 'hex');
}
