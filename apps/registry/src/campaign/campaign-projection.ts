// Projects campaigns and their stations into their tables.
import type { Campaign, CampaignStation, CampaignStatus } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { putRows } from '@evenkeel/read-model';
import type { Transaction } from 'kysely';
import type { FleetTables } from '../fleet/fleet-tables';
import { type CampaignEvent, campaignCodec, hasEnded } from './campaign';

type Tables = Transaction<FleetTables>;

const STATUS_AFTER: { readonly [T in CampaignEvent['type']]?: CampaignStatus } = {
  CampaignPaused: 'paused',
  CampaignResumed: 'running',
  CampaignHalted: 'halted',
  CampaignAborted: 'aborted',
  CampaignDone: 'done',
};

/** One event after another: each change of a station changes the counts. */
export async function applyCampaigns(tables: Tables, stored: readonly StoredEvent[]): Promise<void> {
  for (const event of stored.map((each) => campaignCodec.decode(each))) {
    if (event.type === 'CampaignBegun') await begin(tables, event);
    else await change(tables, event);
  }
}

async function begin(tables: Tables, { data }: Extract<CampaignEvent, { type: 'CampaignBegun' }>): Promise<void> {
  const { plan, stations, at, campaignId } = data;
  const stepPercent = plan.canaries.length === 0 ? (plan.steps[0] ?? 100) : 0;
  const counts = { total: stations.length, updating: 0, updated: 0, failed: 0 };
  await putCampaign(tables, { ...plan, status: 'running', begunAt: at, stepPercent, ...counts });
  const rows = stations.map((stationId) => stationRow(campaignId, { stationId, status: 'waiting', at }));
  await putRows(tables, 'campaign_station', rows, { key: ['campaign_key', 'station_key'] });
}

async function change(tables: Tables, event: Exclude<CampaignEvent, { type: 'CampaignBegun' }>): Promise<void> {
  const { campaignId } = event.data;
  const key = campaignId.toLowerCase();
  const row = await tables.selectFrom('campaign').select('document').where('campaign_key', '=', key).executeTakeFirst();
  if (!row) throw new Error(`campaign ${campaignId} has no beginning`);
  const { document } = row;
  switch (event.type) {
    case 'StationTold':
    case 'StationUpdated':
    case 'StationFailed': {
      const before = await tables
        .selectFrom('campaign_station')
        .select('document')
        .where('campaign_key', '=', key)
        .where('station_key', '=', event.data.stationId.toLowerCase())
        .executeTakeFirst();
      const after = stationAfter(before?.document, event);
      await putRows(tables, 'campaign_station', [stationRow(campaignId, after)], { key: ['campaign_key', 'station_key'] });
      await putCampaign(tables, counted(counted(document, before?.document.status, -1), after.status, 1));
      return;
    }
    case 'StationMissed':
      return;
    case 'StepBegun':
      await putCampaign(tables, { ...document, stepPercent: event.data.percent });
      return;
    default:
      await putCampaign(tables, { ...document, status: STATUS_AFTER[event.type] ?? document.status });
  }
}

function stationAfter(
  known: CampaignStation | undefined,
  { type, data }: Extract<CampaignEvent, { type: 'StationTold' | 'StationUpdated' | 'StationFailed' }>,
): CampaignStation {
  const { commandId } = type === 'StationTold' ? data : { commandId: known?.commandId };
  const same = { stationId: data.stationId, at: data.at, ...(commandId === undefined ? {} : { commandId }) };
  switch (type) {
    case 'StationTold':
      return { ...same, status: 'updating' };
    case 'StationUpdated':
      return { ...same, status: 'updated' };
    case 'StationFailed':
      return { ...same, status: 'failed', detail: data.reason };
  }
}

function counted(document: Campaign, status: CampaignStation['status'] | undefined, by: 1 | -1): Campaign {
  return status === undefined || status === 'waiting' ? document : { ...document, [status]: document[status] + by };
}

function stationRow(campaignId: string, document: CampaignStation): FleetTables['campaign_station'] {
  return {
    campaign_key: campaignId.toLowerCase(),
    station_key: document.stationId.toLowerCase(),
    status: document.status,
    document,
  };
}

function putCampaign(tables: Tables, document: Campaign): Promise<void> {
  const row = { campaign_key: document.campaignId.toLowerCase(), is_open: !hasEnded(document), document };
  return putRows(tables, 'campaign', [row], { key: ['campaign_key'] });
}
