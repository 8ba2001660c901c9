// What every fact carries: where it comes from, when it happened, and an id that a repetition of the message derives again.
import { type IdentityHash, idOf, type PartyKey, type PresentedToken, type TokenReference } from '@evenkeel/contracts';
import { foldIdentity, type OcppVersion, printTimestamp, readTimestamp } from '@evenkeel/ocpp';

export interface FactOrigin {
  readonly party: PartyKey;
  readonly stationId: string;
  readonly ocppVersion: OcppVersion;
  /** The frame's message id, for the audit only. */
  readonly messageId: string;
  /** Its text, as the fact keeps it; undefined where it keeps none. */
  readonly frame?: string | undefined;
  /** When the gateway read the frame. */
  readonly receivedAt: string;
  /** Codes of what had to be tolerated; mappers add theirs. */
  readonly deviations: string[];
  /** A fact names a token by its keyed hash, and a natural key holds no token in clear either: what is hashed without a key can be tried out. */
  readonly identity: IdentityHash;
}

/**
 * The fields common to all facts, to be spread last: it takes the deviations that the mapping has found, and V8 copies properties onto the
 * end of a literal fifty times faster than it extends a copy.
 */
export function commonFields(origin: FactOrigin, factId: string, at: string) {
  const { party, stationId, ocppVersion, messageId, receivedAt, frame } = origin;
  const deviations = origin.deviations.length === 0 ? undefined : [...new Set(origin.deviations)];
  return { factId, party, stationId, ocppVersion, at, receivedAt, messageId, frame, deviations };
}

/** The id of a fact by its natural key. Station ids are case-insensitive (OCPP 2.0.1 Part 4 section 3). */
export function factIdOf({ party, stationId }: FactOrigin, kind: string, ...naturalKey: (string | number)[]): string {
  return idOf('fact', party, foldIdentity(stationId), kind, ...naturalKey);
}

export function referenceTo(token: PresentedToken | undefined, { identity }: FactOrigin): TokenReference | undefined {
  return token && identity.referenceTo(token);
}

/** A wire timestamp as an instant in UTC. One that is absent or unreadable is never a reason to refuse: the time of receipt stands in. */
export function instantOf(timestamp: string | undefined, origin: FactOrigin): string {
  if (timestamp === undefined) return origin.receivedAt;
  const read = readTimestamp(timestamp);
  if (read === undefined) {
    origin.deviations.push('unreadableTimestamp');
    return origin.receivedAt;
  }
  if (read.zoneAssumed) origin.deviations.push('zoneAssumed');
  return printTimestamp(read.epochMilliseconds);
}

/** An EVSE or connector number. A negative one names nothing. */
export function numberOrNone(number: number | undefined): number | undefined {
  return number !== undefined && number >= 0 ? number : undefined;
}
