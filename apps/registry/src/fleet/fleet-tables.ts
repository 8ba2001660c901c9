// Tables of what is wanted of many stations, and of how far each station is.
import type { Campaign, CampaignStation } from '@evenkeel/contracts';
import { sql, type Transaction } from 'kysely';
import type { AnyPlan, PlanKind } from './plan';

export interface FleetTables {
  plan: { kind: PlanKind; plan_key: string; document: AnyPlan['document'] };
  /** Its list as the station has accepted it. */
  station_list: {
    station_key: string;
    station_id: string;
    version: number;
    entries: number;
    status: 'accepted' | 'behind' | 'refused';
    detail: string | null;
    at: string;
  };
  campaign: { campaign_key: string; is_open: boolean; document: Campaign };
  campaign_station: { campaign_key: string; station_key: string; status: CampaignStation['status']; document: CampaignStation };
}

export async function createFleetTables(database: Transaction<FleetTables>): Promise<void> {
  await sql`
    create table plan (kind text not null, plan_key text collate "C" not null, document jsonb not null, primary key (kind, plan_key))`.execute(
    database,
  );
  await sql`
    create table station_list (
      station_key text primary key, station_id text not null, version integer not null, entries integer not null, status text not null,
      detail text, at timestamptz not null
    )`.execute(database);
  await sql`create table campaign (campaign_key text collate "C" primary key, is_open boolean not null, document jsonb not null)`.execute(
    database,
  );
  await sql`
    create table campaign_station (
      campaign_key text not null, station_key text not null, status text not null, document jsonb not null,
      primary key (campaign_key, station_key)
    )`.execute(database);
}
