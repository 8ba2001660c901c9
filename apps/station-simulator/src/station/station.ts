// A simulated charging station, as a script, a test or a fleet holds it: the public face over the line and the equipment.
import type { ClientOptions } from 'ws';
import { Chance } from '../chance';
import { acceleratedClock, type StationClock, skewedClock } from '../clock';
import { dialect21, dialect201 } from '../dialect-v2/dialect';
import { Reports2 } from '../dialect-v2/reports';
import { dialect16 } from '../dialect-v16/dialect';
import { ownTimers, type Timers } from '../timers';
import type { BackOff } from '../wire/back-off';
import { type Log, StationConnection } from '../wire/connection';
import type { LineFaults } from '../wire/faults';
import { Outbox } from '../wire/outbox';
import { type Quirks, withQuirks } from '../wire/quirks';
import type { ChargePlan, ChargeRecord, StopReason } from './charge-plan';
import { CommandLog, type Expectation } from './command-log';
import type { BootAnswer, ConnectorStatus, Dialect, SimulatedVersion } from './dialect';
import { Equipment } from './equipment';
import type { BootReason } from './host';
import type { Outcomes } from './outcomes';
import type { ChargingSession } from './session';

export interface StationOptions {
  /** The back end's base URL, for example ws://127.0.0.1:9220/ocpp. */
  readonly url: string;
  readonly identity: string;
  readonly password?: string | Buffer;
  readonly version: SimulatedVersion;
  readonly connectors?: number;
  readonly clock?: StationClock;
  readonly log?: Log;
  /** For wss: the authority to trust and, in security profile 3, the station's own certificate. */
  readonly tls?: Pick<ClientOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
  /** By default the identity's first 25 characters. */
  readonly serialNumber?: string;
  /** What a car does that the back end starts a session for. */
  readonly remotePlan?: Omit<ChargePlan, 'connectorId' | 'token'>;
  /** Called at the end of every session, however it was started. */
  readonly onSession?: (record: ChargeRecord) => void;
  readonly callTimeoutMilliseconds?: number;
  /** The longest first wait before dialling again; see `backOff` for the rule of the specification. */
  readonly firstReconnectMilliseconds?: number;
  readonly backOff?: BackOff;
  /** The first wait before a transaction message is repeated. */
  readonly retryMilliseconds?: number;
  /** Everything that happens by chance follows from it. */
  readonly seed?: number;
  /** A fleet shares one wheel. */
  readonly timers?: Timers;
  readonly outcomes?: Outcomes;
  readonly quirks?: Quirks;
  readonly faults?: LineFaults;
  /** How wrong the station's clock is. */
  readonly clockSkewSeconds?: number;
}

const DIALECTS: Readonly<Record<SimulatedVersion, Dialect>> = { '1.6': dialect16, '2.0.1': dialect201, '2.1': dialect21 };
const DEFAULT_REMOTE_PLAN = { energyWh: 20_000, meterValues: 10, secondsBetweenMeterValues: 270 };
const LONGEST_SERIAL_NUMBER = 25;
const DEFAULT_FIRST_RECONNECT_MILLISECONDS = 500;
/** Doublings that take the default from half a second to at most ten. */
const DEFAULT_RECONNECT_DOUBLINGS = 4;

export class SimulatedStation {
  private readonly connection: StationConnection;
  private readonly outbox: Outbox;
  private readonly equipment: Equipment;
  private readonly dialect: Dialect;
  private readonly commands = new CommandLog();
  private madeReports: Reports2 | undefined;

  /** Connects; rejects with HandshakeRefused when the back end does not want this station. */
  static async connect(options: StationOptions): Promise<SimulatedStation> {
    const station = new SimulatedStation(options);
    await station.connection.open();
    return station;
  }

  /** A station that is not connected yet; see `goOnline`. */
  static offline(options: StationOptions): SimulatedStation {
    const station = new SimulatedStation(options);
    station.connection.hangUp();
    return station;
  }

  private constructor(private readonly options: StationOptions) {
    const { identity, quirks = {}, clockSkewSeconds = 0 } = options;
    const clock = options.clock ?? acceleratedClock(1);
    this.dialect = DIALECTS[options.version];
    this.connection = this.makeConnection();
    this.connection.setFaults(options.faults);
    this.outbox = new Outbox(this, options.retryMilliseconds ?? 1_000, (line) => this.log(line));
    const remotePlan = { ...DEFAULT_REMOTE_PLAN, ...options.remotePlan };
    this.equipment = new Equipment(
      {
        identity,
        version: options.version,
        dialect: this.dialect,
        clock: clockSkewSeconds === 0 ? clock : skewedClock(clock, clockSkewSeconds),
        connectors: options.connectors ?? 2,
        serialNumber: options.serialNumber ?? identity.slice(0, LONGEST_SERIAL_NUMBER),
        remotePlan,
        ...(options.onSession === undefined ? {} : { onSession: options.onSession }),
        log: (line) => this.log(line),
      },
      this.connection,
      this.outbox,
      (action, payload) => this.call(action, payload),
    );
    this.behave(options.outcomes ?? {});
    if (quirks.hexadecimalPassword) this.connection.retarget({ password: Buffer.from(options.password ?? '').toString('hex') });
  }

  get identity(): string {
    return this.options.identity;
  }

  get version(): SimulatedVersion {
    return this.options.version;
  }

  get connected(): boolean {
    return this.connection.connected;
  }

  /** Transaction messages and connector states that the back end has not confirmed yet. */
  get unconfirmedMessages(): number {
    return this.outbox.size;
  }

  get firmwareVersion(): string {
    return this.equipment.firmwareVersion;
  }

  /** One BootNotification. Accepted or not is for the caller to act on; see bootUntilAccepted. */
  boot(reason: BootReason = 'PowerUp'): Promise<BootAnswer> {
    return this.equipment.power.bootOnce(reason);
  }

  /** Boots, and boots again after the interval the back end names, until it is accepted; then reports every connector. */
  bootUntilAccepted(): Promise<BootAnswer> {
    return this.equipment.power.bootUntilAccepted();
  }

  /** Resolves when the back end has confirmed everything that may not be lost. */
  confirmed(): Promise<void> {
    return this.outbox.emptied();
  }

  async heartbeat(): Promise<void> {
    await this.call('Heartbeat', {});
  }

  /** Resolves when the back end has confirmed the connector's state. */
  async status(connectorId: number, status: ConnectorStatus): Promise<void> {
    await this.equipment.deliverStatus(connectorId, status, this.equipment.now());
  }

  /** The connector breaks, or is mended. */
  async fault(connectorId: number, isFaulted = true): Promise<void> {
    const connector = this.equipment.connectors.get(connectorId);
    if (connector === undefined) return;
    connector.isFaulted = isFaulted;
    await this.status(connectorId, connector.restStatus);
  }

  /** The back end's verdict on a token: `Accepted`, or why not. A driver waits out a lost connection, so the question is asked again. */
  authorize(token: string, tokenType?: string): Promise<string> {
    return this.equipment.authorize(token, tokenType);
  }

  /**
   * A whole session, every message of it confirmed. Rejects with TokenRefused when Authorize says no; a token refused only at the start gives
   * a session that ends at once with reason DeAuthorized.
   */
  charge(plan: ChargePlan): Promise<ChargeRecord> {
    return this.equipment.charge(plan);
  }

  /** A session whose steps the caller takes: plugIn, authorize, start, draw, idle, finish. The energy of the plan is not drawn by itself. */
  session(plan: Pick<ChargePlan, 'connectorId' | 'token'> & Partial<ChargePlan>): ChargingSession {
    return this.equipment.makeSession({ energyWh: 0, meterValues: 0, secondsBetweenMeterValues: 60, ...plan }).driveByHand();
  }

  /** The session at a connector, however it began. */
  sessionAt(connectorId: number): ChargingSession | undefined {
    return this.equipment.connectors.get(connectorId)?.session;
  }

  /** Ends a session begun with `session`, unless the back end has ended it already. */
  async finish(session: ChargingSession, reason?: StopReason): Promise<ChargeRecord> {
    try {
      const record = await session.finish(reason);
      this.options.onSession?.(record);
      return record;
    } finally {
      this.equipment.release(session);
    }
  }

  /** Ends a running session as the driver would; false when there is none at this connector. */
  stopCharging(connectorId: number, reason: StopReason = 'Local'): boolean {
    const session = this.sessionAt(connectorId);
    session?.stop(reason);
    return session !== undefined;
  }

  /** Any CALL, for scripts that test what no session does. */
  call(action: string, payload: object): Promise<unknown> {
    return this.connection.call(action, withQuirks(action, payload, this.options.quirks ?? {}));
  }

  /** What a station of OCPP 2.x tells of its own accord, one method a family. */
  get reports(): Reports2 {
    this.madeReports ??= new Reports2(this.equipment);
    return this.madeReports;
  }

  /** OCPP 2.1 SEND: nobody answers it. */
  send(action: string, payload: object): Promise<void> {
    return this.connection.send(action, withQuirks(action, payload, this.options.quirks ?? {}));
  }

  /** What the station's work comes to from now on. */
  behave(outcomes: Outcomes): void {
    Object.assign(this.equipment.outcomes, outcomes);
  }

  /** Resolves with the payload of the next CALL of the back end that fits, or of one that came since the last expectation. */
  expectCommand(expectation: Expectation): Promise<unknown> {
    return this.commands.expect(expectation);
  }

  /** The station itself measures or changes this: a variable of OCPP 2.x, or a key of OCPP 1.6. Monitors see it. */
  measure(name: string, value: string): void {
    this.equipment.settings.measure(name, value);
  }

  /** From now on the line is bad; undefined mends it. */
  setFaults(faults: LineFaults | undefined): void {
    this.connection.setFaults(faults);
  }

  /** The next answer to this action is taken for unusable: OCPP 2.1 says so with a CALLRESULTERROR. */
  refuseNextAnswer(action: string): void {
    this.connection.refuseNextAnswer(action);
  }

  /** Half open: the socket stays, but nothing is read or sent any more, until `thaw`. */
  freeze(): void {
    this.connection.freeze();
  }

  thaw(): void {
    this.connection.thaw();
  }

  /** Cuts the line as a dying modem does. The station dials again and loses nothing. */
  dropConnection(): void {
    this.connection.drop();
  }

  /** Cuts the line and stays away; sessions go on and are reported later. */
  goOffline(): void {
    this.connection.hangUp();
  }

  async goOnline(): Promise<void> {
    await this.connection.resume();
  }

  async close(): Promise<void> {
    this.equipment.closing.abort();
    this.outbox.close();
    for (const { session } of this.equipment.connectors.values()) session?.stop('PowerLoss');
    await this.connection.close();
  }

  private makeConnection(): StationConnection {
    const { options } = this;
    return new StationConnection({
      line: options,
      subprotocol: this.dialect.subprotocol,
      timers: options.timers ?? ownTimers,
      chance: new Chance(options.seed ?? Math.floor(Math.random() * 0x7fffffff)).for(options.identity),
      backOff: () => this.backOff(),
      callTimeoutMilliseconds: options.callTimeoutMilliseconds ?? 30_000,
      hasUnconfirmedMessages: this.dialect.hasUnconfirmedMessages,
      countsIds: options.quirks?.countingMessageIds ?? false,
      log: (line) => this.log(line),
      onCommand: (action, payload) => this.commands.take(action, payload) ?? this.equipment.obey(action, payload),
    });
  }

  /** As the back end has set it, as the options say, or half to all of the first reconnect wait. */
  private backOff(): BackOff {
    const { waitMinimum, randomRange, repeatTimes } = this.dialect.settingNames;
    const settings = this.equipment.made.settings;
    if (settings?.isChanged(waitMinimum) || settings?.isChanged(randomRange) || settings?.isChanged(repeatTimes)) {
      return {
        waitMinimumMilliseconds: settings.number(waitMinimum, 0) * 1000,
        randomRangeMilliseconds: settings.number(randomRange, 0) * 1000,
        repeatTimes: settings.number(repeatTimes, 0),
      };
    }
    const half = (this.options.firstReconnectMilliseconds ?? DEFAULT_FIRST_RECONNECT_MILLISECONDS) / 2;
    const standard = { waitMinimumMilliseconds: half, randomRangeMilliseconds: half, repeatTimes: DEFAULT_RECONNECT_DOUBLINGS };
    return this.options.backOff ?? standard;
  }

  private log(line: string): void {
    this.options.log?.(`${this.options.identity} ${line}`);
  }
}
