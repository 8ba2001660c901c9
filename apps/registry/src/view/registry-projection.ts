// Projects the registry's streams into its tables: a batch loads the rows it touches, folds its events over them and writes them back, each
// in one statement.
import type { StoredEvent } from '@evenkeel/event-store';
import { type Projection, type ProjectionVersion, putRows } from '@evenkeel/read-model';
import type { Transaction } from 'kysely';
import {
  type AnyDocumentEvent,
  type DocumentEvent,
  type Documents,
  documentCodec,
  documentStreamPrefixes,
  type Kind,
} from '../catalogue/catalogue';
import { certificateStreamPrefix } from '../certificate/certificate';
import { applyCertificates } from '../certificate/certificate-projection';
import { driverStreamPrefix, tokenStreamPrefix } from '../identity/identity';
import type { IdentityVault } from '../identity/identity-vault';
import { operatorCodec, operatorStreamPrefix } from '../operator/operator';
import { securityCodec, securityStreamPrefix } from '../security/security-event';
import { type LiveStationEvent, liveStationCodec, liveStationStreamPrefix } from '../station/live-station';
import { type StationEvent, station, stationCodec, stationStreamPrefix } from '../station/station';
import type { CatalogueView } from './catalogue-view';
import { applyIdentities } from './identity-projection';
import { createRegistryTables, type RegistryTables, type StationRow } from './registry-tables';
import type { StationView } from './station-view';

type Tables = Transaction<RegistryTables>;

export const registryVersion: ProjectionVersion = { name: 'registry', version: 3 };

export function registryProjection(vault: IdentityVault): Projection<RegistryTables> {
  const identityPrefixes = [tokenStreamPrefix, driverStreamPrefix];
  return {
    ...registryVersion,
    create: createRegistryTables,
    streamPrefixes: [
      ...documentStreamPrefixes,
      ...identityPrefixes,
      stationStreamPrefix,
      liveStationStreamPrefix,
      securityStreamPrefix,
      certificateStreamPrefix,
      operatorStreamPrefix,
    ],
    async apply(tables, events) {
      const of = (prefix: string) => events.filter((event) => event.stream.startsWith(prefix));
      await applyStations(tables, of(stationStreamPrefix), of(liveStationStreamPrefix));
      await applyDocuments(tables, documentStreamPrefixes.flatMap(of));
      await applyIdentities(tables, vault, identityPrefixes.flatMap(of));
      await applyCertificates(tables, of(certificateStreamPrefix));
      await applySecurityEvents(tables, of(securityStreamPrefix));
      await applyOperators(tables, of(operatorStreamPrefix));
    },
  };
}

const notInCatalogue = [securityStreamPrefix, certificateStreamPrefix];

/** Makes the views forget what these events have changed. */
export function refreshViews(
  events: readonly StoredEvent[],
  stations: StationView,
  catalogue: CatalogueView,
  roster: { changed(): void },
): void {
  for (const stored of events) {
    if (stored.stream.startsWith(stationStreamPrefix)) stations.refresh(stationKeyOf(stationCodec.decode(stored)));
    else if (stored.stream.startsWith(liveStationStreamPrefix)) stations.refresh(keyOf(liveStationCodec.decode(stored).data.stationId));
    else if (!notInCatalogue.some((prefix) => stored.stream.startsWith(prefix))) catalogue.refresh();
    if (stored.stream.startsWith(tokenStreamPrefix)) roster.changed();
  }
}

async function applyStations(tables: Tables, stored: readonly StoredEvent[], live: readonly StoredEvent[]): Promise<void> {
  if (stored.length + live.length === 0) return;
  const changes = stored.map((each) => ({ event: stationCodec.decode(each), at: each.recordedAt }));
  const reports = live.map((each) => ({ event: liveStationCodec.decode(each), at: each.recordedAt }));
  const keys = new Set([...changes.map(({ event }) => stationKeyOf(event)), ...reports.map(({ event }) => keyOf(event.data.stationId))]);
  const known = await tables
    .selectFrom('station')
    .selectAll()
    .where('station_key', 'in', [...keys])
    .execute();
  const rows = new Map<string, StationRow>(known.map((row) => [row.station_key, row]));
  for (const { event, at } of changes) foldStation(rows, event, at);
  for (const { event, at } of reports) foldReport(rows, event, at);
  await putRows(tables, 'station', [...rows.values()], { key: ['station_key'], keep: ['created_at'] });
}

function foldStation(rows: Map<string, StationRow>, event: StationEvent, at: string): void {
  const key = stationKeyOf(event);
  const row = rows.get(key);
  const known = row ? { station: row.registered, access: row.access, ...(row.boot ? { boot: row.boot } : {}) } : station.initial();
  const { station: registered, access, boot } = station.evolve(known, event, 0);
  if (!registered) return;
  const live = row ?? { connected: false, connection_changed_at: null, ocpp_version: null, connectors: [], created_at: at, updated_at: at };
  // What the station shows by connecting is no change that partners would want to hear of.
  const isChange = event.type === 'StationRegistered' || event.type === 'StationChanged';
  rows.set(key, {
    ...live,
    station_key: key,
    location_id: registered.locationId,
    registered,
    access,
    boot: boot ?? null,
    updated_at: isChange ? at : live.updated_at,
  });
}

function foldReport(rows: Map<string, StationRow>, event: LiveStationEvent, recordedAt: string): void {
  const row = rows.get(keyOf(event.data.stationId));
  if (!row) return;
  row.updated_at = recordedAt;
  if (event.type === 'ConnectionChanged') {
    row.connected = event.data.connected;
    row.connection_changed_at = event.data.at;
    row.ocpp_version = event.data.ocppVersion;
    return;
  }
  const { evseId, connectorId, status, errorCode, at } = event.data;
  const others = row.connectors.filter((each) => each.evseId !== evseId || each.connectorId !== connectorId);
  row.connectors = [...others, { evseId, connectorId, status, ...(errorCode ? { errorCode } : {}), since: at }];
}

function stationKeyOf(event: StationEvent): string {
  return keyOf(event.type === 'StationRegistered' ? event.data.station.stationId : event.data.stationId);
}

function keyOf(stationId: string): string {
  return stationId.toLowerCase();
}

async function applyDocuments(tables: Tables, stored: readonly StoredEvent[]): Promise<void> {
  const events = stored.map((each) => ({ event: documentCodec.decode(each), at: each.recordedAt }));
  // Of several events about one document in a batch, the last one holds it all.
  const latest = <K extends Kind>(kind: K) => {
    const documents = new Map<string, LatestDocument<K>>();
    for (const { event, at } of events) {
      if (!isOf(event, kind)) continue;
      const key = documentKey(event);
      documents.set(key, { document: event.data.document, at, createdAt: documents.get(key)?.createdAt ?? at });
    }
    return [...documents];
  };
  await putLocations(tables, latest('location'));
  await putTariffs(
    tables,
    events.flatMap(({ event, at }) => (isOf(event, 'tariff') ? [{ document: event.data.document, at }] : [])),
  );
}

/** `createdAt` is when the first event of the batch came, which is the first ever where the row is new. */
interface LatestDocument<K extends Kind> {
  document: Documents[K];
  at: string;
  createdAt: string;
}
type Latest<K extends Kind> = readonly (readonly [string, LatestDocument<K>])[];

async function putLocations(tables: Tables, locations: Latest<'location'>): Promise<void> {
  const rows = locations.map(([location_key, { document, at, createdAt }]) => {
    const { locationId: location_id, party } = document;
    return { location_key, location_id, party, document, created_at: createdAt, updated_at: at };
  });
  await putRows(tables, 'location', rows, { key: ['location_key'], keep: ['created_at'] });
}

/** Tariffs are never overwritten: each version is a row of its own. */
async function putTariffs(tables: Tables, tariffs: readonly { document: Documents['tariff']; at: string }[]): Promise<void> {
  if (tariffs.length === 0) return;
  const rows = tariffs.map(({ document, at }) => {
    const party = `${document.countryCode}-${document.partyId}`;
    return { tariff_key: `${party}/${document.id.toLowerCase()}`, valid_from: document.lastUpdated, party, document, created_at: at };
  });
  await putRows(tables, 'tariff', rows, { key: ['tariff_key', 'valid_from'], keep: 'all' });
}

async function applySecurityEvents(tables: Tables, stored: readonly StoredEvent[]): Promise<void> {
  if (stored.length === 0) return;
  const rows = stored.map((each) => {
    const { data } = securityCodec.decode(each);
    const event_key = `${data.receivedAt}/${each.id}`;
    return { event_key, station_key: keyOf(data.stationId), critical: data.critical, document: data };
  });
  await putRows(tables, 'security_event', rows, { key: ['event_key'], keep: 'all' });
}

async function applyOperators(tables: Tables, stored: readonly StoredEvent[]): Promise<void> {
  if (stored.length === 0) return;
  const rows = stored.map((each) => {
    const event = operatorCodec.decode(each);
    const { username, role } = event.data;
    return event.type === 'OperatorRegistered'
      ? { username, role, password_hash: event.data.passwordHash, key_hash: null }
      : { username, role, password_hash: null, key_hash: event.data.keyHash };
  });
  await putRows(tables, 'operator', rows, { key: ['username'], keep: 'all' });
}

function isOf<K extends Kind>(event: AnyDocumentEvent, kind: K): event is Extract<AnyDocumentEvent, DocumentEvent<K>> {
  return event.data.kind === kind;
}

function documentKey({ data }: AnyDocumentEvent): string {
  switch (data.kind) {
    case 'location':
      return `${data.document.party}/${data.document.locationId.toLowerCase()}`;
    case 'tariff':
      return `${data.document.countryCode}-${data.document.partyId}/${data.document.id.toLowerCase()}`;
  }
}
