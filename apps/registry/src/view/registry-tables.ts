// The registry's tables: what is asked while a station waits, and what operators and partners list.
import type { ConnectorState, Driver, IssuedToken, Location, Role, SecurityEvent, Tariff, TokenRecord } from '@evenkeel/contracts';
import type { Static } from '@sinclair/typebox';
import { sql, type Transaction } from 'kysely';
import type { RegisteredStation, StationState } from '../station/station';

export interface StationRow {
  /** Folded: station ids are case-insensitive. */
  station_key: string;
  location_id: string;
  registered: RegisteredStation;
  access: StationState['access'];
  boot: StationState['boot'] | null;
  connected: boolean;
  connection_changed_at: string | null;
  ocpp_version: string | null;
  connectors: ConnectorStateDocument[];
  created_at: string;
  updated_at: string;
}

export type ConnectorStateDocument = Static<typeof ConnectorState>;

export interface RegistryTables {
  station: StationRow;
  location: { location_key: string; location_id: string; party: string; document: Location; created_at: string; updated_at: string };
  /** Every version that ever was: a session is priced by the one that was in force when it started. */
  tariff: { tariff_key: string; valid_from: string; party: string; document: Tariff; created_at: string };
  /** `document` is null once nobody may know any more whose the token is. */
  token: { token_key: string; key: string; party: string; document: TokenRecord | null; created_at: string; updated_at: string };
  driver: { stream: string; driver_id: string; document: Driver };
  station_certificate: {
    fingerprint: string;
    station_id: string;
    not_after: string;
    used: boolean;
    revoked: boolean;
    expiry_noted: boolean;
  };
  signing_job: {
    station_key: string;
    certificate_type: string;
    job_id: string;
    station_id: string;
    phase: 'waiting' | 'issued' | 'delivered' | 'failed';
  };
  /** `event_key` grows with the arrival. */
  security_event: { event_key: string; station_key: string; critical: boolean; document: SecurityEvent };
  operator: { username: string; role: Role; password_hash: string | null; key_hash: string | null };
}

export async function createRegistryTables(database: Transaction<RegistryTables>): Promise<void> {
  await sql`
    create table station (
      station_key text primary key, location_id text not null, registered jsonb not null, access jsonb not null, boot jsonb,
      connected boolean not null, connection_changed_at timestamptz, ocpp_version text, connectors jsonb not null,
      created_at timestamptz not null, updated_at timestamptz not null
    )`.execute(database);
  await sql`create index station_by_location on station (location_id)`.execute(database);
  await sql`
    create table location (
      location_key text primary key, location_id text not null, party text not null, document jsonb not null,
      created_at timestamptz not null, updated_at timestamptz not null
    )`.execute(database);
  await sql`
    create table tariff (
      tariff_key text not null, valid_from timestamptz not null, party text not null, document jsonb not null,
      created_at timestamptz not null, primary key (tariff_key, valid_from)
    )`.execute(database);
  await sql`
    create table token (
      token_key text primary key, key text not null, party text not null, document jsonb,
      created_at timestamptz not null, updated_at timestamptz not null
    )`.execute(database);
  await sql`create index token_by_key on token (key)`.execute(database);
  await sql`create index token_by_contract on token (party, lower(document ->> 'contractId'))`.execute(database);
  await sql`create table driver (stream text primary key, driver_id text not null, document jsonb not null)`.execute(database);
  await sql`
    create table station_certificate (
      fingerprint text primary key, station_id text not null, not_after timestamptz not null, used boolean not null, revoked boolean not null,
      expiry_noted boolean not null
    )`.execute(database);
  await sql`create index station_certificate_by_end on station_certificate (not_after) where not revoked`.execute(database);
  await sql`
    create table signing_job (
      station_key text not null, certificate_type text not null, job_id text not null, station_id text not null, phase text not null,
      primary key (station_key, certificate_type)
    )`.execute(database);
  await sql`create index signing_job_by_id on signing_job (job_id)`.execute(database);
  await sql`create index signing_job_unfinished on signing_job (phase) where phase in ('waiting', 'issued')`.execute(database);
  await sql`
    create table security_event (
      event_key text collate "C" primary key, station_key text not null, critical boolean not null, document jsonb not null
    )`.execute(database);
  await sql`create index security_event_by_station on security_event (station_key, event_key)`.execute(database);
  await sql`create table operator (username text primary key, role text not null, password_hash text, key_hash text unique)`.execute(
    database,
  );
}

export function tokenRowKey({ party, key, type }: IssuedToken): string {
  return `${party}/${type}/${key}`;
}
