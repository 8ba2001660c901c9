// The running system as the cases of one file see it: stations over WebSockets, and the operator's REST interface.
import { randomBytes } from 'node:crypto';
import type { CdrView, SessionSummary, SessionView, Station, StationCommand } from '@evenkeel/contracts';
import { loginToConsole, type NetworkAddresses, type RestClient } from '@evenkeel/local';
import { eventually } from '@evenkeel/testkit';
import { acceptanceNetwork, type Door } from './acceptance-network';
import { type Manners, MinimalStation, type Payload, type Refused, type StationOptions, type Version } from './minimal-station';

export interface Registered {
  readonly versions?: readonly Version[];
  readonly registration?: 'accepted' | 'pending' | 'rejected';
  readonly securityProfile?: number;
  readonly tariffId?: string;
  readonly strictInbound?: boolean;
  readonly unnamedVersion?: Version;
  readonly expectedSerial?: string;
  readonly password?: string;
}

export interface Connecting {
  readonly door?: Door;
  readonly version?: Version;
  readonly user?: string;
  readonly password?: string | Buffer;
  readonly path?: string;
  readonly credentials?: StationOptions['credentials'];
  readonly protocols?: readonly string[];
  readonly manners?: Manners;
  readonly boots?: boolean;
}

export class SystemUnderTest {
  private readonly stations: MinimalStation[] = [];
  /** The files share the network, so each has names of its own. */
  private readonly file = randomBytes(3).toString('hex');
  private names = 0;

  private constructor(
    readonly network: NetworkAddresses,
    readonly rest: RestClient,
    private readonly doorUrls: Readonly<Record<Door, string>>,
  ) {}

  static async find(): Promise<SystemUnderTest> {
    const { network, doorUrls } = acceptanceNetwork();
    return new SystemUnderTest(network, await loginToConsole(network, 'chargem'), doorUrls);
  }

  /** A name that no other case uses. */
  newName(prefix: string): string {
    this.names += 1;
    return `${prefix}-${this.file}-${this.names}`;
  }

  async register(stationId: string, { tariffId = 'PER-KWH', ...registered }: Registered = {}): Promise<string> {
    const connector = { standard: 'IEC_62196_T2', format: 'SOCKET', powerType: 'AC_3_PHASE', maxVoltageV: 400, maxCurrentA: 32, tariffId };
    const evses = [1, 2].map((evseId) => ({
      evseId,
      uid: `${stationId.replaceAll(/[^A-Za-z0-9]/g, '-')}-${evseId}`,
      connectors: [{ connectorId: 1, ...connector }],
    }));
    await this.rest.post('/stations', {
      stationId,
      locationId: 'LOC-OAK',
      versions: ['1.6', '2.0.1', '2.1'],
      password: passwordOf(stationId),
      evses,
      ...registered,
    });
    return stationId;
  }

  /** A connection, or the HTTP status of its refusal. */
  async tryConnect(stationId: string, connecting: Connecting = {}): Promise<MinimalStation | Refused> {
    const { version = '1.6', user = stationId, password = passwordOf(stationId), path = encodeURIComponent(stationId) } = connecting;
    const { credentials = { user, password }, protocols = [`ocpp${version}`], door = 'usual', manners } = connecting;
    const station = await MinimalStation.connect({ url: this.doorUrls[door], path, credentials, protocols }, manners);
    if (station instanceof MinimalStation) this.stations.push(station);
    return station;
  }

  /** A connected station, booted and accepted unless told otherwise, that was registered before. */
  async connect(stationId: string, connecting: Connecting = {}): Promise<MinimalStation> {
    const station = await this.tryConnect(stationId, { manners: modest, ...connecting });
    if (!(station instanceof MinimalStation)) throw new Error(`${stationId} was refused with ${station.status}`);
    if (connecting.boots !== false) await boot(station);
    return station;
  }

  async newStation(
    version: Version,
    registered: Registered = {},
    connecting: Connecting = {},
  ): Promise<MinimalStation & { stationId: string }> {
    const stationId = await this.register(this.newName(`A${version.replaceAll('.', '')}`), registered);
    return Object.assign(await this.connect(stationId, { version, ...connecting }), { stationId });
  }

  station(stationId: string): Promise<Station> {
    return this.rest.get(`/stations/${encodeURIComponent(stationId)}`);
  }

  /** What is known of a station, by key. */
  async items(stationId: string, kind: string): Promise<Record<string, Payload>> {
    const path = `/stations/${encodeURIComponent(stationId)}/items/${kind}?limit=1000`;
    const { items } = await this.rest.get<{ items: { key: string; document: Payload }[] }>(path);
    return Object.fromEntries(items.map(({ key, document }) => [key, document]));
  }

  /** Tells a station what an operator wants, whatever comes of it. */
  operate(stationId: string, operation: string, parameters: Payload = {}): Promise<StationCommand> {
    return this.rest.post(`/stations/${encodeURIComponent(stationId)}/${operation}`, parameters);
  }

  callRaw(stationId: string, action: string, payload: Payload = {}): Promise<{ payload: Payload; commandId: string }> {
    return this.rest.post(`/stations/${encodeURIComponent(stationId)}/calls/${action}`, payload);
  }

  command(commandId: string): Promise<StationCommand> {
    return this.rest.get(`/commands/${commandId}`);
  }

  commandThat(commandId: string, status: StationCommand['status']): Promise<StationCommand> {
    return eventually(async () => {
      const command = await this.command(commandId);
      return command.status === status && command;
    });
  }

  session(stationId: string, transactionId: string | number): Promise<SessionView> {
    return eventually(async () => {
      const found = await this.rest.sessionOf(stationId, String(transactionId));
      return found && this.rest.session(found.sessionId);
    });
  }

  sessionThat(stationId: string, transactionId: string | number, is: (session: SessionView) => boolean): Promise<SessionView> {
    return eventually(async () => {
      const session = await this.session(stationId, transactionId);
      return is(session) && session;
    });
  }

  sessionsOf(stationId: string): Promise<SessionSummary[]> {
    return this.rest.get<{ items: SessionSummary[] }>(`/sessions?stationId=${encodeURIComponent(stationId)}`).then(({ items }) => items);
  }

  /** The CDR of a session, once it is there. */
  cdr(stationId: string, transactionId: string | number): Promise<CdrView> {
    return eventually(async () => {
      const session = await this.rest.sessionOf(stationId, String(transactionId));
      const [cdr] = session ? await this.rest.cdrsOf(session.sessionId) : [];
      return cdr && this.rest.cdr(cdr.cdrId);
    }, 20_000);
  }

  /** What was wrong with the frames of this case; afterwards its stations are gone. */
  async endCase(): Promise<string[]> {
    const ended = this.stations.splice(0);
    await Promise.all(ended.map((station) => station.close()));
    return ended.flatMap(({ violations }) => violations);
  }
}

export function passwordOf(stationId: string): string {
  return `pw-${stationId}-0123456789`;
}

export const BOOTS: Readonly<Record<Version, Payload>> = {
  '1.6': { chargePointVendor: 'Case', chargePointModel: 'One', firmwareVersion: '1.0' },
  '2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Case', model: 'One', firmwareVersion: '1.0' } },
  '2.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Case', model: 'One', firmwareVersion: '1.0' } },
};

export async function boot(station: MinimalStation, more: Payload = {}): Promise<Payload> {
  return station.ask('BootNotification', { ...BOOTS[station.version], ...more });
}

/** Answers what a back end asks of a station that it does not know yet, so that scripts need not. */
export const modest: Manners = ({ action, payload }) => {
  switch (action) {
    case 'GetConfiguration':
      return Object.keys(payload).length === 0 ? { configurationKey: [] } : undefined;
    case 'GetBaseReport':
    case 'GetMonitoringReport':
      return { status: 'EmptyResultSet' };
    default:
      return undefined;
  }
};

export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}
