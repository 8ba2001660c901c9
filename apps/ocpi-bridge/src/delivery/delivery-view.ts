// What is due to whom, and since when: the push worker's queue, and the source of the Sender lists of sessions and CDRs.
import type { DeliveryModule, PartyKey } from '@evenkeel/contracts';
import { HUB, type PageQuery } from '@evenkeel/ocpi';
import { type Database, type Projection, putRows } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import type { HubTables } from '../hub/hub-clients';
import type { PartnerTables } from '../partner/partner-view';
import { CONNECTED, routes } from '../partner/routes';
import { type CdrHourRow, cdrPage, countCdrs, createCdrHours } from './cdr-list';
import { type Deliverable, type DeliveryState, delivery, deliveryCodec, deliveryStreamPrefix } from './delivery';

interface DeliveryRow {
  stream: string;
  module: DeliveryModule;
  recipient: string;
  object_id: string;
  /** The session that a CDR belongs to: it goes first. */
  session_id: string | null;
  status: DeliveryState['status'];
  revision: string;
  attempt: number;
  refusals: number;
  round: number;
  request_id: string | null;
  reason: string | null;
  due_at: string;
  first_due_at: string;
  retry_at: string;
  delivered_at: string | null;
  last_updated: string;
  object: Deliverable;
}

export interface DeliveryTables {
  delivery: DeliveryRow;
  cdr_hour: CdrHourRow;
}

async function createTables(database: Transaction<DeliveryTables>): Promise<void> {
  await database.schema
    .createTable('delivery')
    .addColumn('stream', 'text', (column) => column.primaryKey())
    .addColumn('module', 'text', (column) => column.notNull())
    .addColumn('recipient', 'text', (column) => column.notNull())
    .addColumn('object_id', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('refusals', 'integer', (column) => column.notNull())
    .addColumn('round', 'integer', (column) => column.notNull())
    .addColumn('request_id', 'text')
    .addColumn('reason', 'text')
    .addColumn('due_at', 'timestamptz', (column) => column.notNull())
    .addColumn('first_due_at', 'timestamptz', (column) => column.notNull())
    .addColumn('retry_at', 'timestamptz', (column) => column.notNull())
    .addColumn('delivered_at', 'timestamptz')
    .addColumn('last_updated', 'timestamptz', (column) => column.notNull())
    .addColumn('object', 'jsonb', (column) => column.notNull())
    .execute();
  await sql`create index delivery_queue on delivery (recipient, retry_at) where status = 'due'`.execute(database);
  // For the CDRs that wait for one: without it each of them is compared with everything that is due.
  await sql`create index delivery_session on delivery (recipient, object_id) where module = 'sessions' and status = 'due'`.execute(
    database,
  );
  await sql`create index delivery_unfinished on delivery (recipient, status) where status in ('due', 'parked')`.execute(database);
  await sql`create index delivery_list on delivery (recipient, module, first_due_at, stream)`.execute(database);
  await sql`create index delivery_newest on delivery (recipient, due_at, stream)`.execute(database);
  await sql`create index delivery_object on delivery (module, object_id)`.execute(database);
  await createCdrHours(database);
}

export const deliveryProjection: Projection<DeliveryTables> = {
  name: 'deliveries',
  version: 5,
  create: createTables,
  streamPrefixes: [deliveryStreamPrefix],
  async apply(transaction, events) {
    const streams = [...new Set(events.map(({ stream }) => stream))];
    const stored = await transaction.selectFrom('delivery').selectAll().where('stream', 'in', streams).execute();
    const states = new Map(stored.map((row) => [row.stream, stateOf(row)]));
    for (const event of events) {
      states.set(
        event.stream,
        delivery.evolve(states.get(event.stream) ?? delivery.initial(), deliveryCodec.decode(event), event.revision),
      );
    }
    const rows = [...states].flatMap(([stream, state]) => rowsOf(stream, state));
    const keep = ['module', 'recipient', 'object_id', 'session_id', 'first_due_at'];
    await putRows(transaction, 'delivery', rows, { key: ['stream'], keep });
    const known = new Set(stored.map(({ stream }) => stream));
    await countCdrs(
      transaction,
      rows.filter(({ stream, module }) => module === 'cdrs' && !known.has(stream)),
    );
  },
};

export interface UnsettledDelivery {
  stream: string;
  module: DeliveryModule;
  revision: number;
  round: number;
  /** Attempts so far, and those of them that were answered. */
  attempt: number;
  refusals: number;
}

export interface DueDelivery extends UnsettledDelivery {
  recipient: PartyKey;
  partnerId: string;
  objectId: string;
  object: Deliverable;
}

/** A session that its partner refuses again and again holds its CDR back for so many attempts, then the CDR goes alone. */
const SESSION_REFUSALS = 3;
/** A few times what travels to a partner at once: whole objects are read, and what is not sent soon is read anew. */
const READY_OF_A_PARTY = 32;
const READY_AT_ONCE = 1_000;

export class DeliveryView {
  constructor(private readonly database: Database<DeliveryTables & PartnerTables & HubTables>) {}

  /**
   * Ready to be sent now to whom it can be: of each party what has waited longest, so that a long list for one hides nobody. A CDR waits for
   * its session (OCPI 2.2.1 mod_cdrs: a CDR follows its session).
   */
  async due(recipientRole: string, busy: { streams: readonly string[]; partnerIds: readonly string[] }): Promise<DueDelivery[]> {
    let ready = this.database
      .selectFrom(routes)
      .innerJoinLateral(
        ({ selectFrom }) => {
          const waiting = selectFrom('delivery')
            .select(['stream', 'module', 'recipient', 'revision', 'round', 'attempt', 'refusals', 'object_id as objectId', 'object'])
            .select('retry_at')
            .whereRef('recipient', '=', 'route.party')
            .where('status', '=', 'due')
            .where('retry_at', '<=', sql<string>`now()`)
            .where(({ not, exists, selectFrom: among }) =>
              not(
                exists(
                  among('delivery as session')
                    .select('session.stream')
                    .where('session.module', '=', 'sessions')
                    .whereRef('session.object_id', '=', 'delivery.session_id')
                    .whereRef('session.recipient', '=', 'delivery.recipient')
                    .where('session.status', '=', 'due')
                    .where('session.refusals', '<', SESSION_REFUSALS),
                ),
              ),
            )
            .orderBy('retry_at')
            .limit(READY_OF_A_PARTY);
          return (busy.streams.length > 0 ? waiting.where('stream', 'not in', busy.streams) : waiting).as('ready');
        },
        (join) => join.onTrue(),
      )
      .selectAll('ready')
      .select('route.partner_id as partnerId')
      .where('route.role', 'in', [recipientRole, HUB])
      .where('route.status', '=', CONNECTED)
      .orderBy('ready.retry_at')
      .limit(READY_AT_ONCE);
    if (busy.partnerIds.length > 0) ready = ready.where('route.partner_id', 'not in', busy.partnerIds);
    return (await ready.execute()).map(({ retry_at: _, ...row }) => ({ ...row, revision: Number(row.revision) }));
  }

  /** Due for longer than anybody should wait, reachable or not. */
  async overdue(since: string, limit: number): Promise<UnsettledDelivery[]> {
    const rows = await this.database
      .selectFrom('delivery')
      .select(['stream', 'module', 'revision', 'round', 'attempt', 'refusals'])
      .where('status', '=', 'due')
      .where('due_at', '<', since)
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, revision: Number(row.revision) }));
  }

  /** One page of the CDRs that these parties were or will be sent, in the order of their issue. */
  cdrs(recipients: readonly PartyKey[], query: PageQuery): Promise<{ items: Deliverable[]; total: number }> {
    return cdrPage(this.database, recipients, query);
  }

  /** One page of the sessions that these parties were or will be sent, the earliest begun first. */
  async sessions(recipients: readonly PartyKey[], query: PageQuery): Promise<{ items: Deliverable[]; total: number }> {
    if (recipients.length === 0) return { items: [], total: 0 };
    let matching = this.database.selectFrom('delivery').where('module', '=', 'sessions').where('recipient', 'in', recipients);
    if (query.from !== undefined) matching = matching.where('last_updated', '>=', query.from);
    if (query.to !== undefined) matching = matching.where('last_updated', '<', query.to);
    const { total } = await matching.select((all) => all.fn.countAll<string>().as('total')).executeTakeFirstOrThrow();
    const rows = await matching
      .select('object')
      .orderBy('first_due_at')
      .orderBy('stream')
      .offset(query.offset)
      .limit(query.limit)
      .execute();
    return { items: rows.map(({ object }) => object), total: Number(total) };
  }

  /** By party: how much waits, how much is parked, and what the last failure said. */
  async unfinished(): Promise<Map<PartyKey, { due: number; parked: number; reason: string | null }>> {
    const rows = await this.database
      .selectFrom('delivery')
      .select(({ fn }) => [
        'recipient',
        fn.countAll<string>().filterWhere('status', '=', 'due').as('due'),
        fn.countAll<string>().filterWhere('status', '=', 'parked').as('parked'),
        sql<string | null>`(array_agg(reason order by retry_at desc) filter (where reason is not null))[1]`.as('reason'),
      ])
      .where('status', 'in', ['due', 'parked'])
      .groupBy('recipient')
      .execute();
    return new Map(rows.map(({ recipient, due, parked, reason }) => [recipient, { due: Number(due), parked: Number(parked), reason }]));
  }
}

function rowsOf(stream: string, state: DeliveryState): DeliveryRow[] {
  const { object } = state;
  if (!object) return [];
  return [
    {
      stream,
      module: object.module,
      recipient: state.recipient,
      object_id: state.objectId,
      session_id: object.module === 'cdrs' ? object.cdr.sessionId : null,
      status: state.status,
      revision: String(state.revision),
      attempt: state.attempt,
      refusals: state.refusals,
      round: state.round,
      request_id: state.requestId ?? null,
      reason: state.reason ?? null,
      due_at: state.dueAt,
      first_due_at: state.firstDueAt,
      retry_at: state.retryAt,
      delivered_at: state.deliveredAt ?? null,
      last_updated: lastUpdatedOf(object),
      object,
    },
  ];
}

function stateOf(row: DeliveryRow): DeliveryState {
  return {
    status: row.status,
    recipient: row.recipient,
    objectId: row.object_id,
    revision: Number(row.revision),
    object: row.object,
    dueAt: row.due_at,
    firstDueAt: row.first_due_at,
    retryAt: row.retry_at,
    attempt: row.attempt,
    refusals: row.refusals,
    round: row.round,
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at }),
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}

function lastUpdatedOf(object: Deliverable): string {
  switch (object.module) {
    case 'sessions':
      return object.session.updatedAt;
    case 'cdrs':
      return object.cdr.issuedAt;
    case 'tokens':
    case 'locations':
    case 'tariffs':
      return object.lastUpdated;
  }
}
