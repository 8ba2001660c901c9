// Reads the security log back, the newest arrival first.
import type { Reply, Request } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import type { RegistryTables } from '../view/registry-tables';

const DEFAULT_PAGE = 100;

export class SecurityView {
  constructor(private readonly database: Database<RegistryTables>) {}

  async list({ limit = DEFAULT_PAGE, after, stationId, critical }: Request<'listSecurityEvents'>): Promise<Reply<'listSecurityEvents'>> {
    let rows = this.database
      .selectFrom('security_event')
      .selectAll()
      .orderBy('event_key', 'desc')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('event_key', '<', after);
    if (stationId !== undefined) rows = rows.where('station_key', '=', stationId.toLowerCase());
    if (critical !== undefined) rows = rows.where('critical', '=', critical);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(({ document }) => document), ...(found.length > limit && last ? { next: last.event_key } : {}) };
  }
}
