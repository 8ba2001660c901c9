// Locations and tariffs are documents: registered, and changed as a whole. One decider serves both; each kind has its own streams.
import { isDeepStrictEqual } from 'node:util';
import { idOf, type Location, type PartyKey, type Tariff } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export interface Documents {
  location: Location;
  tariff: Tariff;
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

export const documentStreamPrefixes = ['location-', 'tariff-'] as const;

export function documentStream(kind: Kind, party: PartyKey, ...key: string[]): string {
  return `${kind}-${idOf(kind, party, ...key.map((part) => part.toLowerCase()))}`;
}

function timeless(document: object): object {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !CLOCK_FIELDS.includes(name)));
}
