// Ids that derive from content. A crash, a retry or a second pod derives the same id again, which is what makes every step repeatable:
// the event store and JetStream recognise the repetition by the id alone.
import { hash } from 'node:crypto';
import type { PartyKey } from './party';

// The root of all Evenkeel ids: a random UUID chosen once. Changing it changes every id ever derived, so it never changes.
const NAMESPACE = Buffer.from('8c3f0a8e5d1b4c6f9a270d6e41b9c3a5', 'hex');
const SEPARATOR = '\u001f';

/** RFC 9562 UUID version 5 (SHA-1) of the parts, joined by a character that no protocol field can hold. */
export function idOf(...parts: (string | number)[]): string {
  const name = parts.join(SEPARATOR);
  const bytes = Buffer.allocUnsafe(NAMESPACE.length + Buffer.byteLength(name));
  NAMESPACE.copy(bytes);
  bytes.write(name, NAMESPACE.length);
  // One call instead of a hash object: every fact and event has an id, and this costs less than half.
  const hex = hash('sha1', bytes, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The session that a station's transaction becomes. Station and transaction ids are case-insensitive (OCPP 2.0.1 identifierString). */
export function sessionIdOf(party: PartyKey, stationId: string, transactionId: string): string {
  return idOf('session', party, stationId.toLowerCase(), transactionId.toLowerCase());
}

/** The id of the index-th event that a cause (a fact, message or request id) produced. */
export function eventIdOf(cause: string, index: number): string {
  return idOf('event', cause, index);
}
