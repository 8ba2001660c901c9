// The decider of the local list of one station: what it has accepted, by keys and versions of tokens, and whether the next message must be a
// full list. A difference is only ever taken against what the station has accepted.
import { idOf } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

/** Of a token, and what was said of it: a token that has changed has another version. */
export type Entry = readonly [key: string, version: string];

export interface SentPart {
  readonly version: number;
  readonly full: boolean;
  readonly put: readonly Entry[];
  readonly removed: readonly string[];
}

type Of = { readonly stationId: string; readonly at: string };
export type StationListEvent =
  /** `entries`: how many are on the list by then. */
  | { type: 'ListPartAccepted'; data: SentPart & Of & { readonly entries: number } }
  /** `Unanswered`: nobody knows whether the station has taken it. */
  | { type: 'ListPartRefused'; data: Pick<SentPart, 'version' | 'full'> & Of & { readonly status: string } }
  /** What the station has said when it was asked for its version. */
  | { type: 'ListVersionTold'; data: Of & { readonly version: number } };

export type StationListCommand =
  | { readonly kind: 'accepted'; readonly part: SentPart; readonly at: string; readonly stationId: string }
  | { readonly kind: 'refused'; readonly part: SentPart; readonly status: string; readonly at: string; readonly stationId: string }
  | { readonly kind: 'told'; readonly version: number; readonly at: string; readonly stationId: string };

export interface StationListState {
  readonly version: number;
  /** No version is used twice: the highest that was sent or heard of. */
  readonly highest: number;
  readonly entries: ReadonlyMap<string, string>;
  readonly needsFull: boolean;
  /** Refusals since the last yes; each attempt is a command of its own. */
  readonly refusals: number;
  readonly attempts: number;
  readonly refused?: { readonly status: string; readonly full: boolean; readonly at: string };
  readonly toldAt?: string;
}

export const stationListCodec: Codec<StationListEvent> = codecOf<StationListEvent>({
  ListPartAccepted: [],
  ListPartRefused: [],
  ListVersionTold: [],
});
export const stationListStreamPrefix = 'stationlist-';

export function stationListStream(stationId: string): string {
  return `${stationListStreamPrefix}${idOf('station', stationId.toLowerCase())}`;
}

export const stationList: Decider<StationListState, StationListCommand, StationListEvent> = {
  initial: () => ({ version: 0, highest: 0, entries: new Map(), needsFull: true, refusals: 0, attempts: 0 }),
  evolve: (state, event) => {
    const { at } = event.data;
    switch (event.type) {
      case 'ListPartAccepted': {
        const { version } = event.data;
        const entries = entriesAfter(state, event.data);
        const { refused: _, ...rest } = state;
        const attempts = state.attempts + 1;
        return { ...rest, version, highest: Math.max(state.highest, version), entries, needsFull: false, refusals: 0, attempts };
      }
      case 'ListPartRefused': {
        const { version, full, status } = event.data;
        return {
          ...state,
          highest: Math.max(state.highest, version),
          needsFull: true,
          refusals: state.refusals + 1,
          attempts: state.attempts + 1,
          refused: { status, full, at },
        };
      }
      case 'ListVersionTold': {
        const { version } = event.data;
        const needsFull = state.needsFull || version !== state.version;
        return { ...state, highest: Math.max(state.highest, version), needsFull, toldAt: at };
      }
    }
  },
  decide: (state, command) => {
    const { stationId, at } = command;
    switch (command.kind) {
      case 'accepted': {
        const entries = entriesAfter(state, command.part).size;
        return accept<StationListEvent>({ type: 'ListPartAccepted', data: { ...command.part, entries, stationId, at } });
      }
      case 'refused': {
        const { version, full } = command.part;
        return accept<StationListEvent>({ type: 'ListPartRefused', data: { version, full, status: command.status, stationId, at } });
      }
      case 'told':
        return accept<StationListEvent>({ type: 'ListVersionTold', data: { version: command.version, stationId, at } });
    }
  },
};

function entriesAfter(state: StationListState, { full, put, removed }: SentPart): Map<string, string> {
  const entries = new Map(full ? put : [...state.entries, ...put]);
  for (const key of removed) entries.delete(key);
  return entries;
}

const MINUTE_MS = 60_000;
const UNANSWERED_AGAIN_MS = MINUTE_MS;
const REFUSED_AGAIN_MS = 15 * MINUTE_MS;
const UNSUPPORTED_AGAIN_MS = 24 * 60 * MINUTE_MS;

/** A station that has refused is not asked again at once: but a full list follows a difference that did not fit (OCPP 2.0.1 D01.FR.03). */
export function mayBeSent({ refused }: StationListState, connectedAt: string | null, at: string): boolean {
  if (refused === undefined) return true;
  const sinceMs = Date.parse(at) - Date.parse(refused.at);
  if (refused.status === 'Unanswered') return sinceMs >= UNANSWERED_AGAIN_MS || Date.parse(connectedAt ?? '') > Date.parse(refused.at);
  if (refused.status === 'VersionMismatch' || refused.status === 'Failed') return !refused.full || sinceMs >= REFUSED_AGAIN_MS;
  return sinceMs >= UNSUPPORTED_AGAIN_MS;
}
