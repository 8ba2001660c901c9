// Reads stations back: for operators with their live state, for the gateway with what admits them, for a session with their place.
import { type Connector, type Evse, Problem, type Reply, type Request, type Station } from '@evenkeel/contracts';
import { type Database, Memo } from '@evenkeel/read-model';
import type { RegistryTables, StationRow } from './registry-tables';

const DEFAULT_PAGE = 100;

/** Which of a station's connectors a session uses. */
export interface ConnectorOfStation {
  row: StationRow;
  evse: Evse;
  connector: Connector;
}

export class StationView {
  private readonly rows = new Memo<StationRow | undefined>();

  constructor(private readonly database: Database<RegistryTables>) {}

  find(stationId: string): Promise<StationRow | undefined> {
    const key = stationId.toLowerCase();
    return this.rows.get(key, () => this.database.selectFrom('station').selectAll().where('station_key', '=', key).executeTakeFirst());
  }

  /** The row of this station has changed. */
  refresh(stationKey: string): void {
    this.rows.forget(stationKey);
  }

  refreshAll(): void {
    this.rows.forgetAll();
  }

  async get(stationId: string): Promise<Station> {
    const row = await this.find(stationId);
    if (!row) throw new Problem('not-found', `there is no station ${stationId}`);
    return stationOf(row);
  }

  async list({ limit = DEFAULT_PAGE, after, connected, locationId }: Request<'listStations'>): Promise<Reply<'listStations'>> {
    let rows = this.database
      .selectFrom('station')
      .selectAll()
      .orderBy('station_key')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('station_key', '>', after);
    if (connected !== undefined) rows = rows.where('connected', '=', connected);
    if (locationId !== undefined) rows = rows.where('location_id', '=', locationId);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(stationOf), ...(found.length > limit && last ? { next: last.station_key } : {}) };
  }

  /** Every station of the location. */
  rowsAt(locationId: string): Promise<StationRow[]> {
    return this.database.selectFrom('station').selectAll().where('location_id', '=', locationId).orderBy('station_key').execute();
  }

  connected(): Promise<StationRow[]> {
    return this.database.selectFrom('station').selectAll().where('connected', '=', true).orderBy('station_key').execute();
  }

  /** In the order of their keys. */
  rowsAfter(after: string, limit: number): Promise<StationRow[]> {
    return this.database.selectFrom('station').selectAll().where('station_key', '>', after).orderBy('station_key').limit(limit).execute();
  }

  /** OCPI names of a connector, for asking a partner about a token. */
  async placeOf(stationId: string, evseId: number | undefined): Promise<{ locationId?: string; evseUid?: string }> {
    const row = await this.find(stationId);
    if (!row) return {};
    const evse = row.registered.evses.find((each) => each.evseId === evseId);
    return { locationId: row.location_id, ...(evse ? { evseUid: evse.uid } : {}) };
  }

  /**
   * A session may be over before its station could say where the cable was (OCPP 2.0.1 E03: no cable came in time). Where all EVSEs are sold
   * alike, nothing depends on which it was, and the first stands for them.
   * @throws Problem when the station never said which EVSE, and that makes a difference.
   */
  async connectorOf(stationId: string, evseId: number | undefined, connectorId: number | undefined): Promise<ConnectorOfStation> {
    const row = await this.find(stationId);
    if (!row) throw new Problem('not-found', `there is no station ${stationId}`);
    const { evses } = row.registered;
    const evse = evseId === undefined && areSoldAlike(evses) ? evses[0] : evses.find((each) => each.evseId === evseId);
    // In OCPP 1.6 the connector number is the EVSE number, so it may name no connector of the EVSE: then the EVSE's first one is meant.
    const connector = evse?.connectors.find((each) => each.connectorId === connectorId) ?? evse?.connectors[0];
    if (!evse || !connector) throw new Problem('not-found', `station ${stationId} has no EVSE ${evseId ?? '(not named)'}`);
    return { row, evse, connector };
  }
}

function stationOf(row: StationRow): Station {
  const { boot } = row;
  return {
    ...row.registered,
    hasPassword: row.access.passwordHashes.length > 0,
    securityProfileFloor: row.access.floor,
    ...(row.access.pinnedSerial === undefined ? {} : { pinnedSerial: row.access.pinnedSerial }),
    connected: row.connected,
    ...(row.connection_changed_at === null ? {} : { connectionChangedAt: row.connection_changed_at }),
    ...(row.ocpp_version === null ? {} : { ocppVersion: row.ocpp_version }),
    ...(boot ? { lastBootAt: boot.at } : {}),
    ...(boot?.firmwareVersion === undefined ? {} : { firmwareVersion: boot.firmwareVersion }),
    ...(boot?.serialNumber === undefined ? {} : { serialNumber: boot.serialNumber }),
    connectors: row.connectors,
  };
}

function areSoldAlike(evses: readonly Evse[]): boolean {
  return new Set(evses.flatMap(({ connectors }) => connectors.map(({ tariffId }) => tariffId))).size === 1;
}
