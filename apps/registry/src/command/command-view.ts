// Reads commands back: one, a page of them, and those of a station that wait for their effect.
import { Problem, type Reply, type Request, type StationCommand } from '@evenkeel/contracts';
import { type Database, Memo } from '@evenkeel/read-model';
import type { MirrorTables } from '../view/mirror-tables';

const DEFAULT_PAGE = 100;
const OPEN = ['requested', 'accepted'] as const;

export class CommandView {
  private readonly open = new Memo<readonly StationCommand[]>();

  constructor(private readonly database: Database<MirrorTables>) {}

  /** Those of the station that are not settled, oldest first. */
  openOf(stationKey: string): Promise<readonly StationCommand[]> {
    return this.open.get(stationKey, async () => {
      const rows = await this.database
        .selectFrom('command')
        .select('document')
        .where('station_key', '=', stationKey)
        .where('status', 'in', OPEN)
        .orderBy('requested_at')
        .execute();
      return rows.map(({ document }) => document);
    });
  }

  /** All that are not settled and were requested before. */
  async openSince(instant: string): Promise<readonly StationCommand[]> {
    const rows = await this.database
      .selectFrom('command')
      .select('document')
      .where('status', 'in', OPEN)
      .where('requested_at', '<', instant)
      .execute();
    return rows.map(({ document }) => document);
  }

  refresh(stationKey: string): void {
    this.open.forget(stationKey);
  }

  refreshAll(): void {
    this.open.forgetAll();
  }

  async get(commandId: string): Promise<StationCommand> {
    const row = await this.database.selectFrom('command').select('document').where('command_id', '=', commandId).executeTakeFirst();
    if (!row) throw new Problem('not-found', `there is no command ${commandId}`);
    return row.document;
  }

  /** Newest first. */
  async list({ limit = DEFAULT_PAGE, after, stationId, status }: Request<'listCommands'>): Promise<Reply<'listCommands'>> {
    let rows = this.database
      .selectFrom('command')
      .select(['document', 'page_key'])
      .orderBy('page_key', 'desc')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('page_key', '<', after);
    if (stationId !== undefined) rows = rows.where('station_key', '=', stationId.toLowerCase());
    if (status !== undefined) rows = rows.where('status', '=', status);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(({ document }) => document), ...(found.length > limit && last ? { next: last.page_key } : {}) };
  }
}
