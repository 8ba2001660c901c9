// From the tokens that a station is to accept by itself to the messages that bring it there. Pure.
//
// Tokens are in clear here and in the message, nowhere else; what is kept of a part are keys and versions.
import type { LocalListPlan, PartyKey, TokenRecord } from '@evenkeel/contracts';
import type { Request } from '@evenkeel/ocpp';
import type { Entry, SentPart, StationListState } from './station-list';

/** A token and its key, as the tables have them. */
export interface Listed {
  readonly key: string;
  readonly token: TokenRecord;
}

export type ListMessage = Request<'2.1', 'SendLocalList'>;
type ListEntry = NonNullable<ListMessage['localAuthorizationList']>[number];
export interface ListPart {
  readonly kept: SentPart;
  readonly message: ListMessage;
}

export interface ListLimits {
  readonly version: string;
  /** OCPP 2.1 LocalAuthListCtrlr.ItemsPerMessage, OCPP 1.6 SendLocalListMaxLength. */
  readonly entriesAtOnce: number;
  /** How many it can keep; undefined where it has not said. */
  readonly entriesAtMost?: number | undefined;
}

const LONGEST_ID_TAG = 20;
const LONGEST_ID_TOKEN_IN_201 = 36;

/** Our own tokens that may be accepted without asking (OCPI 2.2.1 mod_tokens, WhitelistType), and that a station can be shown. */
export function isListable({ valid, whitelist, party, type, expiresAt }: TokenRecord, ownParty: PartyKey, at: string): boolean {
  const isInTime = expiresAt === undefined || expiresAt > at;
  return party === ownParty && type === 'RFID' && valid && whitelist !== 'NEVER' && isInTime;
}

export function isOn(plan: LocalListPlan, { groupId }: TokenRecord): boolean {
  return plan.tokenGroups === undefined || (groupId !== undefined && plan.tokenGroups.includes(groupId));
}

/** @param wanted by key; those that the station cannot keep, or be told, are left out. */
export function fitting(wanted: readonly Listed[], { version, entriesAtMost = Number.POSITIVE_INFINITY }: ListLimits): Listed[] {
  const longest = version === '1.6' ? LONGEST_ID_TAG : LONGEST_ID_TOKEN_IN_201;
  return wanted.filter(({ token }) => token.uid.length <= longest).slice(0, entriesAtMost);
}

/**
 * @param wanted by key, fitting.
 * @param uidOf of a token that is to leave; undefined where nobody may know it any more.
 * @returns nothing where the station has what it is to have.
 */
export function partsFor(
  state: StationListState,
  wanted: readonly Listed[],
  limits: ListLimits,
  uidOf: (key: string) => string | undefined,
): ListPart[] {
  const stay = new Set(wanted.map(({ key }) => key));
  const removed = [...state.entries.keys()].filter((key) => !stay.has(key));
  const gone = removed.map((key) => ({ key, uid: uidOf(key) }));
  // Without its number a token cannot be taken off: a list without it replaces the list.
  const isFull = state.needsFull || gone.some(({ uid }) => uid === undefined);
  const changes: Change[] = isFull
    ? wanted.map(putOf)
    : [
        ...gone.map(({ key, uid = '' }): Change => ({ removed: key, entry: { idToken: idTokenOf(uid) } })),
        ...wanted.filter(({ key, token }) => state.entries.get(key) !== versionOf(token)).map(putOf),
      ];
  if (changes.length === 0 && !isFull) return [];
  return chunked(changes, limits.entriesAtOnce, isFull).map((chunk, index) => {
    const full = isFull && index === 0;
    const version = state.highest + 1 + index;
    return {
      kept: {
        version,
        full,
        put: chunk.flatMap((change) => ('put' in change ? [change.put] : [])),
        removed: chunk.flatMap((change) => ('removed' in change ? [change.removed] : [])),
      },
      message: {
        versionNumber: version,
        updateType: full ? 'Full' : 'Differential',
        // An absent list clears the station's (OCPP 2.0.1 D01.FR.04).
        ...(chunk.length === 0 ? {} : { localAuthorizationList: chunk.map(({ entry }) => entry) as [ListEntry, ...ListEntry[]] }),
      },
    };
  });
}

type Change = { readonly put: Entry; readonly entry: ListEntry } | { readonly removed: string; readonly entry: ListEntry };

function putOf({ key, token }: Listed): Change {
  const { uid, groupId, expiresAt } = token;
  return {
    put: [key, versionOf(token)],
    entry: {
      idToken: idTokenOf(uid),
      idTokenInfo: {
        status: 'Accepted',
        ...(expiresAt === undefined ? {} : { cacheExpiryDateTime: expiresAt }),
        ...(groupId === undefined ? {} : { groupIdToken: { idToken: groupId, type: 'Central' } }),
      },
    },
  };
}

function versionOf({ lastUpdated }: TokenRecord): string {
  return lastUpdated;
}

function idTokenOf(uid: string): ListEntry['idToken'] {
  return { idToken: uid, type: 'ISO14443' };
}

/** A full list without entries is a message all the same. */
function chunked(changes: readonly Change[], size: number, isFull: boolean): Change[][] {
  const chunks: Change[][] = [];
  for (let at = 0; at < changes.length; at += size) chunks.push(changes.slice(at, at + size));
  return chunks.length === 0 && isFull ? [[]] : chunks;
}
