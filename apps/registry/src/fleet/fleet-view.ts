// Reads plans back, and what stations have taken of them.
import { Problem, type Reply, type Request, type StationLocalList } from '@evenkeel/contracts';
import { type Database, Memo } from '@evenkeel/read-model';
import type { FleetTables } from './fleet-tables';
import type { PlanKind, Plans } from './plan';

const DEFAULT_PAGE = 100;

export class FleetView {
  private readonly plans = new Memo<readonly Plans[PlanKind][]>();

  constructor(private readonly database: Database<FleetTables>) {}

  /** The tables have changed. */
  refresh(): void {
    this.plans.forgetAll();
  }

  async all<K extends PlanKind>(kind: K): Promise<readonly Plans[K][]> {
    const found = await this.plans.get(kind, async () => {
      const rows = await this.database.selectFrom('plan').select('document').where('kind', '=', kind).orderBy('plan_key').execute();
      return rows.map(({ document }) => document);
    });
    return found as readonly Plans[K][];
  }

  async get<K extends PlanKind>(kind: K, planId: string): Promise<Plans[K]> {
    const key = planId.toLowerCase();
    const row = await this.database
      .selectFrom('plan')
      .select('document')
      .where('kind', '=', kind)
      .where('plan_key', '=', key)
      .executeTakeFirst();
    if (!row) throw new Problem('not-found', `there is no ${kind} ${planId}`);
    return row.document as Plans[K];
  }

  async list<K extends PlanKind>(
    kind: K,
    { limit = DEFAULT_PAGE, after }: { readonly limit?: number; readonly after?: string },
  ): Promise<{ items: Plans[K][]; next?: string }> {
    let rows = this.database
      .selectFrom('plan')
      .select(['plan_key', 'document'])
      .where('kind', '=', kind)
      .orderBy('plan_key')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('plan_key', '>', after);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(({ document }) => document as Plans[K]), ...(found.length > limit && last ? { next: last.plan_key } : {}) };
  }

  /** Of stations that have been sent one. */
  async stationLists({
    limit = DEFAULT_PAGE,
    after,
    stationId,
    status,
  }: Request<'listStationLocalLists'>): Promise<Reply<'listStationLocalLists'>> {
    let rows = this.database
      .selectFrom('station_list')
      .selectAll()
      .orderBy('station_key')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('station_key', '>', after);
    if (stationId !== undefined) rows = rows.where('station_key', '=', stationId.toLowerCase());
    if (status !== undefined) rows = rows.where('status', '=', status);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const items = page.map(
      ({ station_id, version, entries, status: is, detail, at }): StationLocalList => ({
        stationId: station_id,
        version,
        entries,
        status: is,
        ...(detail === null ? {} : { detail }),
        at,
      }),
    );
    return { items, ...(found.length > limit && last ? { next: last.station_key } : {}) };
  }

  /** Stations whose list is not empty, or was not taken. */
  async stationsWithLists(): Promise<ReadonlySet<string>> {
    const rows = await this.database
      .selectFrom('station_list')
      .select('station_key')
      .where((where) => where.or([where('entries', '>', 0), where('status', '<>', 'accepted')]))
      .execute();
    return new Set(rows.map(({ station_key: key }) => key));
  }
}
