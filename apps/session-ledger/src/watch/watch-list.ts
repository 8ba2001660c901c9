// When each session must be looked at next, beside the list of sessions and from the same events. A look is claimed for a minute: of several
// pods one looks, and when it dies another one does.
import type { StoredEvent } from '@evenkeel/event-store';
import { type Database, putRows } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import type { SessionEvent } from '../session/session-events';
import type { LedgerTables } from '../view/session-tables';
import type { Claimed, Looks, Superseded } from './watchdog';

/** A new session is looked at after this; then the session itself says when. */
const FIRST_LOOK_MS = 10 * 60_000;
/** The pod that opened a settle window looks at its end; another one only when that pod is gone. */
const SETTLE_GRACE_MS = 15_000;
/** What follows at once is looked for again after this, in case it failed. */
const FOLLOW_UP_MS = 30_000;
const CLAIMS_AT_ONCE = 200;

export class WatchList implements Looks {
  constructor(private readonly database: Database<LedgerTables>) {}

  async claimDue(): Promise<Claimed[]> {
    const { rows } = await sql<{ session_id: string; look_at: string }>`
      update session_watch set look_at = date_trunc('milliseconds', now()) + interval '60 seconds'
      where session_id in (
        select session_id from session_watch where look_at <= now() order by look_at limit ${CLAIMS_AT_ONCE} for update skip locked
      )
      returning session_id, look_at`.execute(this.database);
    return rows.map(({ session_id, look_at }) => ({ sessionId: session_id, claimedUntil: look_at }));
  }

  async lookedAt(sessionId: string, claimedUntil: string, next: string | undefined): Promise<void> {
    if (next === undefined) {
      await this.database.deleteFrom('session_watch').where('session_id', '=', sessionId).where('look_at', '=', claimedUntil).execute();
      return;
    }
    await this.database
      .updateTable('session_watch')
      .set({ look_at: next })
      .where('session_id', '=', sessionId)
      .where('look_at', '=', claimedUntil)
      .execute();
  }

  async superseded(): Promise<Superseded[]> {
    const { rows } = await sql<{ session_id: string; by: string }>`
      select older.session_id, newer.session_id as by
      from session older
      join lateral (
        select session_id from session newer
        where newer.party = older.party and lower(newer.station_id) = lower(older.station_id) and newer.evse_id = older.evse_id
          and newer.started_at > older.started_at
        order by newer.started_at limit 1
      ) newer on true
      where older.status = 'active' and older.evse_id is not null
      limit 500`.execute(this.database);
    return rows.map(({ session_id, by }) => ({ sessionId: session_id, by }));
  }
}

/** Brings the list up to date with a batch of session events, in their order. */
export async function applyToWatchList(
  transaction: Transaction<LedgerTables>,
  events: readonly { stored: StoredEvent; sessionId: string; event: SessionEvent }[],
): Promise<void> {
  const looks = new Map<string, string | undefined>();
  for (const { stored, sessionId, event } of events) {
    const look = lookAfter(event, stored.recordedAt);
    if (look !== 'unchanged') looks.set(sessionId, look);
  }
  const due = [...looks].flatMap(([session_id, look_at]) => (look_at === undefined ? [] : [{ session_id, look_at }]));
  const over = [...looks].flatMap(([sessionId, lookAt]) => (lookAt === undefined ? [sessionId] : []));
  await putRows(transaction, 'session_watch', due, { key: ['session_id'] });
  if (over.length > 0) await transaction.deleteFrom('session_watch').where('session_id', 'in', over).execute();
}

/** @returns the instant of the next look, undefined when none is needed any more. */
export function lookAfter(event: SessionEvent, recordedAt: string): string | undefined | 'unchanged' {
  switch (event.type) {
    case 'SessionOpened':
    case 'SessionReclaimed':
      return later(recordedAt, FIRST_LOOK_MS);
    case 'SettlementAwaited':
      return later(event.data.settleAt, SETTLE_GRACE_MS);
    case 'SessionStarted':
      // The settle window of a session that has ended already opens behind its terms.
      return event.data.session.endedAt === undefined ? 'unchanged' : later(recordedAt, FOLLOW_UP_MS);
    case 'SessionCompleted':
    case 'SessionAmended':
      // Nobody pays yet: a token that comes late is asked about, and that may fail.
      return event.data.session.terms.payer === undefined ? later(recordedAt, FOLLOW_UP_MS) : undefined;
    case 'SessionQuarantined':
    case 'SessionDenied':
    case 'SessionStrayed':
    case 'SessionMerged':
      return undefined;
    default:
      return 'unchanged';
  }
}

function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
