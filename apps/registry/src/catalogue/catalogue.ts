// Locations, tariffs, tokens and drivers are documents: registered, and changed as a whole. One decider serves all four; each kind has its
// own streams and its own event names.
import { isDeepStrictEqual } from 'node:util';
import { type Driver, idOf, type Location, type PartyKey, type Tariff, type TokenRecord } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export interface Documents {
  location: Location;
  tariff: Tariff;
  token: TokenRecord;
  driver: Driver;
}
export type Kind = keyof Documents;

export type DocumentEvent<K extends Kind> = { type: 'DocumentRegistered' | 'DocumentChanged'; data: { kind: K; document: Documents[K] } };
/** An event of any kind, told apart by `data.kind`. */
export type AnyDocumentEvent = { [K in Kind]: DocumentEvent<K> }[Kind];
export type PutDocument = { [K in Kind]: { kind: K; document: Documents[K] } }[Kind];

/** Fields that move at every write and alone are no change. */
const CLOCK_FIELDS = ['lastUpdated'];

export const catalogue: Decider<{ document?: Documents[Kind] }, PutDocument, AnyDocumentEvent> = {
  initial: () => ({}),
  evolve: (_, event) => ({ document: event.data.document }),
  decide: (state, put) => {
    if (state.document === undefined) return accept<AnyDocumentEvent>({ type: 'DocumentRegistered', data: put } as AnyDocumentEvent);
    if (isDeepStrictEqual(timeless(state.document), timeless(put.document))) return accept();
    return accept<AnyDocumentEvent>({ type: 'DocumentChanged', data: put } as AnyDocumentEvent);
  },
};

export const documentCodec: Codec<AnyDocumentEvent> = codecOf<AnyDocumentEvent>({ DocumentRegistered: [], DocumentChanged: [] });

export const documentStreamPrefixes = ['location-', 'tariff-', 'token-', 'driver-'] as const;

export function documentStream(kind: Kind, party: PartyKey, ...key: string[]): string {
  return `${kind}-${idOf(kind, party, ...key.map((part) => part.toLowerCase()))}`;
}

/** A token is known by issuer, uid and type (OCPI 2.2.1 mod_tokens). */
export function tokenStream({ party, uid, type }: Pick<TokenRecord, 'party' | 'uid' | 'type'>): string {
  return documentStream('token', party, uid, type);
}

function timeless(document: object): object {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !CLOCK_FIELDS.includes(name)));
}
