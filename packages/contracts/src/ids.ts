// Ids that derive from content. A crash, a retry or a second pod derives the same id again, which is what makes every step repeatable:
// the event store and JetStream recognise the repetition by the id alone.
import { createHash } from 'node:crypto';
import type { PartyKey } from './party';

// The root of all Evenkeel ids: a random UUID chosen once. Changing it changes every id ever derived, so it never changes.
const NAMESPACE = Buffer.from('8c3f0a8e5d1b4c6f9a270d6e41b9c3a5', 'hex');
const SEPARATOR = '\u001f';

/** RFC 9562 UUID version 5 (SHA-1) of the parts, joined by a character that no protocol field can hold. */
export function idOf(...parts: (string | number)[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(parts.join(SEPARATOR)).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The session that a station's transaction becomes. Station and transaction ids are case-insensitive (OCPP 2.0.1 identifierString). */
export function sessionIdOf(party: PartyKey, stationId: string, transactionId: string): string {
  return idOf('session', party, stationId.toLowerCase(), transactionId.toLowerCase());
}

/** The id of the index-th event that a cause (a fact, message or request id) produced. */
export function eventIdOf(cause: string, index: number): string {
  return idOf('event', cause, index);
}
