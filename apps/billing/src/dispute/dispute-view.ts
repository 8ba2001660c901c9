// The list of disputes, projected from their streams; the ids are the order of the pages.
import type { DisputeStatus, Reply, Request } from '@evenkeel/contracts';
import { type Database, type Projection, putRows } from '@evenkeel/read-model';
import { type DisputeState, dispute, disputeCodec, disputeStreamPrefix } from './dispute';
import { shownAs } from './dispute-desk';

interface DisputeRow {
  dispute_id: string;
  status: DisputeStatus;
  state: DisputeState;
}

export interface DisputeTables {
  dispute: DisputeRow;
}

export const disputeProjection: Projection<DisputeTables> = {
  name: 'disputes',
  version: 1,
  streamPrefixes: [disputeStreamPrefix],
  async create(database) {
    await database.schema
      .createTable('dispute')
      .addColumn('dispute_id', 'text', (column) => column.primaryKey())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('state', 'jsonb', (column) => column.notNull())
      .execute();
  },
  async apply(transaction, events) {
    const ids = [...new Set(events.map(({ stream }) => stream.slice(disputeStreamPrefix.length)))];
    const known = await transaction.selectFrom('dispute').selectAll().where('dispute_id', 'in', ids).execute();
    const states = new Map(known.map(({ dispute_id, state }) => [dispute_id, state]));
    for (const stored of events) {
      const id = stored.stream.slice(disputeStreamPrefix.length);
      states.set(id, dispute.evolve(states.get(id) ?? dispute.initial(), disputeCodec.decode(stored), stored.revision));
    }
    const rows = [...states].flatMap(([dispute_id, state]): DisputeRow[] =>
      state.status === undefined ? [] : [{ dispute_id, status: state.status, state }],
    );
    await putRows(transaction, 'dispute', rows, { key: ['dispute_id'] });
  },
};

const DEFAULT_PAGE = 100;

export class DisputeView {
  constructor(private readonly database: Database<DisputeTables>) {}

  async list({ status, after, limit = DEFAULT_PAGE }: Request<'listDisputes'>): Promise<Reply<'listDisputes'>> {
    let rows = this.database
      .selectFrom('dispute')
      .selectAll()
      .orderBy('dispute_id')
      .limit(limit + 1);
    if (status !== undefined) rows = rows.where('status', '=', status);
    if (after !== undefined) rows = rows.where('dispute_id', '>', after);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const items = page.flatMap(({ dispute_id, state }) => shownAs(dispute_id, state) ?? []);
    return { items, ...(found.length > limit && last ? { next: last.dispute_id } : {}) };
  }
}
