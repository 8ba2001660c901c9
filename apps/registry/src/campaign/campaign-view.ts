// Reads campaigns back, and how far each station of one is.
import { type Campaign, type CampaignStation, Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import type { FleetTables } from '../fleet/fleet-tables';

const DEFAULT_PAGE = 100;

export class CampaignView {
  constructor(private readonly database: Database<FleetTables>) {}

  /** Those that have not ended. */
  async openIds(): Promise<string[]> {
    const rows = await this.database.selectFrom('campaign').select('document').where('is_open', '=', true).execute();
    return rows.map(({ document }) => document.campaignId);
  }

  async get(campaignId: string): Promise<Campaign> {
    const key = campaignId.toLowerCase();
    const row = await this.database.selectFrom('campaign').select('document').where('campaign_key', '=', key).executeTakeFirst();
    if (!row) throw new Problem('not-found', `there is no campaign ${campaignId}`);
    return row.document;
  }

  async list({ limit = DEFAULT_PAGE, after }: Request<'listCampaigns'>): Promise<Reply<'listCampaigns'>> {
    let rows = this.database
      .selectFrom('campaign')
      .select(['campaign_key', 'document'])
      .orderBy('campaign_key')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('campaign_key', '>', after);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(({ document }) => document), ...(found.length > limit && last ? { next: last.campaign_key } : {}) };
  }

  async stations({ campaignId, limit = DEFAULT_PAGE, after, status }: Request<'campaignStations'>): Promise<Reply<'campaignStations'>> {
    await this.get(campaignId);
    let rows = this.database
      .selectFrom('campaign_station')
      .select(['station_key', 'document'])
      .where('campaign_key', '=', campaignId.toLowerCase())
      .orderBy('station_key')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('station_key', '>', after);
    if (status !== undefined) rows = rows.where('status', '=', status);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const items: CampaignStation[] = page.map(({ document }) => document);
    return { items, ...(found.length > limit && last ? { next: last.station_key } : {}) };
  }
}
