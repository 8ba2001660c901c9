// Projects the ledger's decisions onto the list of sessions. The facts themselves stay in the streams; the timeline reads them there.
import type { AttentionCode, SessionSnapshot } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { type Projection, putRows } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import { type SessionEvent, type SessionEventType, sessionCodec, sessionStreamPrefix } from '../session/session-events';
import { applyToWatchList } from '../watch/watch-list';
import { createLedgerTables, type LedgerTables, type SessionRow } from './session-tables';

const projected: SessionEventType[] = [
  'SessionOpened',
  'SessionStarted',
  'SessionProgressed',
  'SettlementAwaited',
  'SettlementKept',
  'SessionCompleted',
  'SessionAmended',
  'SessionQuarantined',
  'SessionDenied',
  'SessionClosed',
  'SessionStalled',
  'SessionRecovered',
  'SessionStrayed',
  'SessionReclaimed',
  'SessionMerged',
];

export const sessionProjection: Projection<LedgerTables> = {
  name: 'sessions',
  version: 1,
  create: createLedgerTables,
  streamPrefixes: [sessionStreamPrefix],
  eventTypes: projected,
  async apply(transaction, storedEvents) {
    const events = storedEvents.map((stored) => ({
      stored,
      sessionId: stored.stream.slice(sessionStreamPrefix.length),
      event: sessionCodec.decode(stored),
    }));
    const batch = new SessionBatch();
    for (const { stored, sessionId, event } of events) batch.take(sessionId, event, stored);
    await batch.write(transaction);
    await applyToWatchList(transaction, events);
  },
};

type Patch = Pick<SessionRow, 'status'> & { ended_at: string | null };

/** What a batch of events makes of the rows: of several events of a session the last one holds all that the others said. */
class SessionBatch {
  private readonly rows = new Map<string, SessionRow>();
  private readonly patches = new Map<string, Patch>();
  private readonly attention = new Map<
    string,
    { session_id: string; why: AttentionCode; since: string } | { session_id: string; why: AttentionCode }
  >();
  private readonly calmed = new Set<string>();

  take(sessionId: string, event: SessionEvent, stored: StoredEvent): void {
    const row = rowOf(event, stored);
    if (row) {
      this.rows.set(sessionId, row);
      this.patches.delete(sessionId);
    }
    const patch = patchOf(event);
    if (patch) this.patch(sessionId, patch);
    if (event.type === 'SessionStalled') this.attention.set(`${sessionId} ${event.data.why}`, { session_id: sessionId, ...event.data });
    if (event.type === 'SessionRecovered') this.attention.set(`${sessionId} ${event.data.why}`, { session_id: sessionId, ...event.data });
    if (row?.status === 'completed' || row?.status === 'denied' || patch?.status === 'merged') this.calm(sessionId);
  }

  /** One statement for each kind of change, however many sessions the batch is about. */
  async write(transaction: Transaction<LedgerTables>): Promise<void> {
    await putRows(transaction, 'session', [...this.rows.values()], { key: ['session_id'] });
    await applyPatches(transaction, this.patches);
    if (this.calmed.size > 0)
      await transaction
        .deleteFrom('session_attention')
        .where('session_id', 'in', [...this.calmed])
        .execute();
    const changes = [...this.attention.values()];
    const over = changes.filter((change) => !('since' in change));
    const present = changes.flatMap((change) => ('since' in change ? [change] : []));
    if (over.length > 0) {
      await sql`delete from session_attention where (session_id, why) in (${sql.join(over.map(({ session_id, why }) => sql`(${session_id}, ${why})`))})`.execute(
        transaction,
      );
    }
    if (present.length > 0) {
      await transaction
        .insertInto('session_attention')
        .values(present)
        .onConflict((conflict) => conflict.columns(['session_id', 'why']).doNothing())
        .execute();
    }
  }

  private patch(sessionId: string, patch: Patch): void {
    const row = this.rows.get(sessionId);
    if (row) this.rows.set(sessionId, patched(row, patch));
    else this.patches.set(sessionId, patch);
  }

  private calm(sessionId: string): void {
    this.calmed.add(sessionId);
    for (const key of [...this.attention.keys()]) if (key.startsWith(sessionId)) this.attention.delete(key);
  }
}

async function applyPatches(transaction: Transaction<LedgerTables>, patches: ReadonlyMap<string, Patch>): Promise<void> {
  if (patches.size === 0) return;
  const ids = [...patches.keys()];
  const values = [...patches.values()];
  await sql`
    update session set status = patch.status, ended_at = coalesce(patch.ended_at, session.ended_at)
    from unnest(${ids}::text[], ${values.map(({ status }) => status)}::text[], ${values.map(({ ended_at }) => ended_at)}::timestamptz[])
      as patch (session_id, status, ended_at)
    where session.session_id = patch.session_id and (patch.status <> 'ended' or session.status in ('pending', 'active'))`.execute(
    transaction,
  );
}

/** What an event makes of its session's row. */
export function rowAfter(before: SessionRow | undefined, event: SessionEvent, stored: StoredEvent): SessionRow | undefined {
  const row = rowOf(event, stored) ?? before;
  const patch = patchOf(event);
  return row && patch ? patched(row, patch) : row;
}

/** That a completed session waits for stragglers does not make it less completed. */
function patched(row: SessionRow, patch: Patch): SessionRow {
  const mayChange = patch.status !== 'ended' || row.status === 'pending' || row.status === 'active';
  return mayChange ? { ...row, ...patch, ended_at: patch.ended_at ?? row.ended_at } : row;
}

function patchOf(event: SessionEvent): Patch | undefined {
  switch (event.type) {
    case 'SettlementAwaited':
    case 'SessionClosed':
      return { status: 'ended', ended_at: event.data.endedAt };
    case 'SessionStrayed':
      return { status: 'stray', ended_at: null };
    case 'SessionReclaimed':
      return { status: 'pending', ended_at: null };
    case 'SessionMerged':
      return { status: 'merged', ended_at: null };
    default:
      return undefined;
  }
}

function rowOf(event: SessionEvent, stored: StoredEvent): SessionRow | undefined {
  switch (event.type) {
    case 'SessionOpened': {
      const { sessionId, party, stationId, transactionId } = event.data;
      const identity = { session_id: sessionId, party, station_id: stationId, transaction_id: transactionId };
      const unknown = { evse_id: null, started_at: null, ended_at: null, energy_wh: '0', token_key: null, flags: '', snapshot: null };
      return { ...identity, ...unknown, status: 'pending', updated_at: stored.recordedAt, revision: stored.revision };
    }
    case 'SessionStarted':
    case 'SessionProgressed':
      return snapshotRow(event.data.session, event.data.session.status === 'completed' ? 'ended' : 'active', stored);
    case 'SessionCompleted':
    case 'SessionAmended':
      return snapshotRow(event.data.session, 'completed', stored);
    case 'SessionQuarantined':
      return snapshotRow(event.data.session, 'quarantined', stored);
    case 'SessionDenied':
      return snapshotRow(event.data.session, 'denied', stored);
    default:
      return undefined;
  }
}

function snapshotRow(session: SessionSnapshot, status: SessionRow['status'], { revision }: StoredEvent): SessionRow {
  return {
    session_id: session.sessionId,
    party: session.party,
    station_id: session.stationId,
    transaction_id: session.transactionId,
    status,
    evse_id: session.evseId ?? null,
    started_at: session.startedAt,
    ended_at: session.endedAt ?? null,
    energy_wh: session.energyWh,
    token_key: session.terms.payer?.key ?? null,
    flags: session.flags.join(' '),
    updated_at: session.updatedAt,
    revision,
    snapshot: session,
  };
}
