// The port to the event store: what a service may do with streams, whatever server is behind it. `EventStoreDb` is the adapter over the
// database's client, `InMemoryEventStore` its twin for specs; one contract suite holds for both.

/** Where an event stands in the order of the whole store. Opaque text; compare with `comparePositions`. Not portable between stores. */
export type Position = string & { readonly __position: unique symbol };

/** Why an event was written; never holds personal data. */
export interface EventMetadata {
  /** Schema version of `data`; upcasters bring older ones to the present (absent: 1). */
  version?: number;
  /** Id of the message, fact or request that caused the event. */
  causedBy?: string;
  /** The operator behind a command. */
  operator?: string;
  /** Of a chained event: SHA-256, in hexadecimal digits, over the event and the hash before it. See chain.ts. */
  hash?: string;
}

/** An event to be written. The id makes a repeated append recognisable; derive it from the cause. */
export interface NewEvent {
  id: string;
  type: string;
  data: unknown;
  /** `data` as JSON, where it has been made already: stored as it is. */
  dataJson?: string;
  metadata?: EventMetadata;
}

export interface StoredEvent {
  id: string;
  type: string;
  data: unknown;
  metadata: EventMetadata;
  stream: string;
  revision: number;
  position: Position;
  /** When the store wrote it. RFC 3339 UTC. */
  recordedAt: string;
}

/** The revision of the last event that the writer has read. There is no "any": without a revision an append is not idempotent. */
export type ExpectedRevision = number | 'no-stream';

export interface Appended {
  /** Revision of the last event written. */
  revision: number;
  position: Position;
}

export interface SubscribeOptions {
  /** Events of streams whose name starts with one of these. Prefixes work on every server, category projections do not. */
  streamPrefixes: readonly string[];
  /** Only events of these types. The server then filters by type, which spares everything else its way here. */
  eventTypes?: readonly string[];
  /** Exclusive start; absent means from the beginning, `end` only what comes from now on. */
  after?: Position | 'end';
  /** At most so many events at once to the handler. */
  maxBatch?: number;
  /** Told about each failure; the subscription resumes by itself after the last handled event, with growing pauses. */
  onFailure: (error: unknown) => void;
}

/** Handles events in order. `reached` is the position to continue after; with a filter it may lie beyond the last event. */
export type BatchHandler = (events: readonly StoredEvent[], reached: Position) => Promise<void>;

export interface Subscription {
  /** Ends the subscription after the batch in hand. */
  stop(): Promise<void>;
  /** Resolves when everything that was stored before the subscription began has been handled (EventStoreDB 23.10 and newer tell it). */
  caughtUp(): Promise<void>;
  /** Resolves when the event at this position, which must match the prefixes, has been handled. */
  reached(position: Position): Promise<void>;
}

/**
 * @throws WrongExpectedRevision when another writer was faster; read and decide again.
 * @throws StoreUnavailable when the store is silent or refuses for now; nothing is known about the outcome, repeat with the same ids.
 */
export interface EventStore {
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>;
  /** Oldest first, from the revision on. A stream that does not exist has no events. */
  read(stream: string, from?: number): Promise<StoredEvent[]>;
  /**
   * Oldest first, from the newest event of this type on, or from the beginning where there is none: what a stream that carries its state
   * forward needs, at a cost that does not depend on its history.
   */
  readSince(stream: string, type: string): Promise<StoredEvent[]>;
  /** The newest event of the stream. */
  readLast(stream: string): Promise<StoredEvent | undefined>;
  /** Follows all streams with these prefixes: first what is stored, then what comes. */
  subscribe(options: SubscribeOptions, handle: BatchHandler): Subscription;
  /** Reads everything stored under the prefixes up to now, in order, and ends. */
  readAll(streamPrefixes: readonly string[], handle: BatchHandler): Promise<void>;
  /** Where the newest event of the whole store stands; undefined while there is none. */
  lastPosition(): Promise<Position | undefined>;
  /** The server may forget all but the newest events of the stream (checkpoints). */
  keepOnly(stream: string, maxCount: number): Promise<void>;
  close(): Promise<void>;
}

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';

  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
  ) {
    super(`stream ${stream} is not at revision ${expected}`);
  }
}

/** The store cannot answer now: an operational error, to be retried. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** A stored event that no codec of this version understands. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** Whether a subscription with these options is about the event. */
export function isWanted(
  event: StoredEvent,
  { streamPrefixes, eventTypes }: Pick<SubscribeOptions, 'streamPrefixes' | 'eventTypes'>,
): boolean {
  return streamPrefixes.some((prefix) => event.stream.startsWith(prefix)) && (eventTypes === undefined || eventTypes.includes(event.type));
}

/** @returns a negative number, 0 or a positive number, as `Array.sort` wants it. */
export function comparePositions(a: Position, b: Position): number {
  const [left, right] = [commitOf(a), commitOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How far `a` is before `b`, in the store's own measure: events in the embedded store, bytes of its log in EventStoreDB. */
export function distanceBetween(a: Position | undefined, b: Position): number {
  return Number(commitOf(b) - (a === undefined ? 0n : commitOf(a)));
}

/** @param text what was stored of a position earlier. */
export function parsePosition(text: string): Position {
  if (!/^\d+\/\d+$/.test(text)) throw new UnreadableEvent(`"${text}" is not a position of the event store`);
  return text as Position;
}

export function positionOf(commit: bigint, prepare: bigint): Position {
  return `${commit}/${prepare}` as Position;
}

export function splitPosition(position: Position): { commit: bigint; prepare: bigint } {
  const [commit = '0', prepare = '0'] = position.split('/');
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}

function commitOf(position: Position): bigint {
  return BigInt(position.slice(0, position.indexOf('/')));
}
