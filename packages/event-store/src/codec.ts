// Joins the events of a decider to what is stored: one version a type, and upcasters that bring older versions to the present on reading.
import { type NewEvent, type StoredEvent, UnreadableEvent } from './event-store';

/** A domain event: past tense, with its data. */
export interface DomainEvent {
  readonly type: string;
  readonly data: unknown;
}

/** Turns the data of one version into the data of the next. */
export type Upcaster = (data: unknown) => unknown;

/** For each event type, its upcasters in order: an empty list is version 1, one upcaster makes it version 2. */
export type EventVersions<E extends DomainEvent> = { readonly [T in E['type']]: readonly Upcaster[] };

export interface Codec<E extends DomainEvent> {
  encode(event: E, id: string, metadata?: NewEvent['metadata']): NewEvent;
  /** @throws UnreadableEvent for an unknown type or a version newer than this code. */
  decode(stored: StoredEvent): E;
}

export function codecOf<E extends DomainEvent>(versions: EventVersions<E>): Codec<E> {
  const upcastersOf = versions as Readonly<Record<string, readonly Upcaster[]>>;
  return {
    encode(event, id, metadata) {
      const version = (upcastersOf[event.type]?.length ?? 0) + 1;
      return { id, type: event.type, data: event.data, metadata: version === 1 ? metadata : { ...metadata, version } };
    },
    decode(stored) {
      const upcasters = upcastersOf[stored.type];
      if (!upcasters) throw new UnreadableEvent(`${stored.stream}@${stored.revision}: no event is called ${stored.type} here`);
      const version = stored.metadata.version ?? 1;
      if (version > upcasters.length + 1) {
        throw new UnreadableEvent(`${stored.stream}@${stored.revision}: ${stored.type} has version ${version}, newer than this program`);
      }
      const data = upcasters.slice(version - 1).reduce((older, upcast) => upcast(older), stored.data);
      return { type: stored.type, data } as E;
    },
  };
}
