// The operator's list of CDRs: those we issued and those that partners sent us, projected from the streams.
import { type Cdr, type CdrExplanation, type CdrSummary, type PartnerCdr, Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { type Database, type Projection, putRows } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import { cdrCodec, cdrStreamPrefix } from '../cdr/cdr-events';
import { cdrBookStreamPrefix } from '../numbering/cdr-book';
import { numbersIn } from '../numbering/numbered';
import { purchaseCodec, purchaseStreamPrefix } from '../purchase/purchase';
import { explainedAs } from './explained-as';
import { giveNumbers } from './given-numbers';

interface CdrRow {
  cdr_id: string;
  direction: CdrSummary['direction'];
  session_id: string | null;
  station_id: string | null;
  started_at: string;
  issued_at: string;
  /** Null until the party's book has it, and for CDRs of partners. */
  number: number | null;
  summary: CdrSummary;
  cdr: Cdr | null;
  partner_cdr: PartnerCdr | null;
}

export interface BillingTables {
  cdr: CdrRow;
}

async function createTables(database: Transaction<BillingTables>): Promise<void> {
  await database.schema
    .createTable('cdr')
    .addColumn('cdr_id', 'text', (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text')
    .addColumn('station_id', 'text')
    .addColumn('started_at', 'timestamptz', (column) => column.notNull())
    .addColumn('issued_at', 'timestamptz', (column) => column.notNull())
    .addColumn('number', 'integer')
    .addColumn('summary', 'jsonb', (column) => column.notNull())
    .addColumn('cdr', 'jsonb')
    .addColumn('partner_cdr', 'jsonb')
    .addPrimaryKeyConstraint('cdr_key', ['cdr_id', 'direction'])
    .execute();
  await sql`create index cdr_by_session on cdr (session_id)`.execute(database);
  await sql`create index cdr_by_station on cdr (lower(station_id), cdr_id)`.execute(database);
  await sql`create index cdr_by_start on cdr (started_at)`.execute(database);
}

export const cdrProjection: Projection<BillingTables> = {
  name: 'cdrs',
  version: 2,
  create: createTables,
  streamPrefixes: [cdrStreamPrefix, purchaseStreamPrefix, cdrBookStreamPrefix],
  async apply(transaction, events) {
    const rows = new Map<string, CdrRow>();
    for (const row of events.flatMap((event) => rowOf(event) ?? [])) rows.set(`${row.direction} ${row.cdr_id}`, row);
    await putRows(transaction, 'cdr', [...rows.values()], { key: ['cdr_id', 'direction'], keep: ['number'] });
    const issued = { table: 'cdr', key: 'cdr_id', only: sql<boolean>`cdr.direction = 'issued'` };
    await giveNumbers(
      transaction,
      issued,
      events.flatMap((stored) => numbersIn(stored, cdrBookStreamPrefix)),
    );
  },
};

const DEFAULT_PAGE = 100;

export class CdrView {
  constructor(private readonly database: Database<BillingTables>) {}

  async list(query: Request<'listCdrs'>): Promise<Reply<'listCdrs'>> {
    const limit = query.limit ?? DEFAULT_PAGE;
    let rows = this.database
      .selectFrom('cdr')
      .select(['cdr_id', 'number', 'summary'])
      .orderBy('cdr_id')
      .limit(limit + 1);
    if (query.after !== undefined) rows = rows.where('cdr_id', '>', query.after);
    if (query.sessionId !== undefined) rows = rows.where('session_id', '=', query.sessionId);
    if (query.stationId !== undefined) rows = rows.where(sql`lower(station_id)`, '=', query.stationId.toLowerCase());
    if (query.from !== undefined) rows = rows.where('started_at', '>=', query.from);
    if (query.to !== undefined) rows = rows.where('started_at', '<', query.to);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(summaryIn), ...(found.length > limit && last ? { next: last.cdr_id } : {}) };
  }

  async get(cdrId: string): Promise<Reply<'getCdr'>> {
    const row = await this.database.selectFrom('cdr').selectAll().where('cdr_id', '=', cdrId).executeTakeFirst();
    if (!row) throw new Problem('not-found', `there is no CDR ${cdrId}`);
    return { ...summaryIn(row), ...(row.cdr ? { cdr: row.cdr } : {}), ...(row.partner_cdr ? { partnerCdr: row.partner_cdr } : {}) };
  }

  async explain({ cdrId, language = 'en' }: Request<'explainCdr'>): Promise<CdrExplanation> {
    const { cdr } = await this.get(cdrId);
    if (!cdr) throw new Problem('not-found', `CDR ${cdrId} was issued by a partner; only its issuer can explain it`);
    return { cdrId, ...explainedAs({ ...cdr, timeZone: cdr.place.timeZone }, language) };
  }
}

function summaryIn({ summary, number }: Pick<CdrRow, 'summary' | 'number'>): CdrSummary {
  return number === null ? summary : { ...summary, number };
}

function rowOf(stored: StoredEvent): CdrRow | undefined {
  if (stored.stream.startsWith(cdrBookStreamPrefix)) return undefined;
  return stored.stream.startsWith(purchaseStreamPrefix) ? receivedRow(stored) : issuedRow(stored);
}

function issuedRow(stored: StoredEvent): CdrRow | undefined {
  const event = cdrCodec.decode(stored);
  if (event.type === 'SessionNotBilled' || event.type === 'ClaimAdjusted') return undefined;
  const { cdr } = event.data;
  const summary: CdrSummary = {
    cdrId: cdr.cdrId,
    direction: 'issued',
    party: cdr.party,
    sessionId: cdr.sessionId,
    stationId: cdr.stationId,
    startedAt: cdr.startedAt,
    endedAt: cdr.endedAt,
    energyWh: cdr.energyWh,
    currency: cdr.currency,
    totalBeforeTaxes: cdr.total.beforeTaxes,
    ...(cdr.total.afterTaxes === undefined ? {} : { totalAfterTaxes: cdr.total.afterTaxes }),
    credit: cdr.credit,
    issuedAt: cdr.issuedAt,
  };
  return { ...columnsOf(summary), cdr, partner_cdr: null };
}

function receivedRow(stored: StoredEvent): CdrRow {
  const { cdr, checkedBeforeTaxes, bookedAt } = purchaseCodec.decode(stored).data;
  const summary: CdrSummary = {
    cdrId: cdr.cdrId,
    direction: 'received',
    party: cdr.party,
    partnerId: cdr.partnerId,
    ...(cdr.sessionId === undefined ? {} : { sessionId: cdr.sessionId }),
    startedAt: cdr.startedAt,
    endedAt: cdr.endedAt,
    energyWh: cdr.energyWh,
    currency: cdr.currency,
    totalBeforeTaxes: cdr.total.beforeTaxes,
    ...(cdr.total.afterTaxes === undefined ? {} : { totalAfterTaxes: cdr.total.afterTaxes }),
    credit: cdr.credit,
    ...(checkedBeforeTaxes === undefined ? {} : { checkedBeforeTaxes }),
    issuedAt: bookedAt,
  };
  return { ...columnsOf(summary), cdr: null, partner_cdr: cdr };
}

function columnsOf(summary: CdrSummary) {
  return {
    cdr_id: summary.cdrId,
    direction: summary.direction,
    session_id: summary.sessionId ?? null,
    station_id: summary.stationId ?? null,
    started_at: summary.startedAt,
    issued_at: summary.issuedAt,
    number: null,
    summary,
  };
}
