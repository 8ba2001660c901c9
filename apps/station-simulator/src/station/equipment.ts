// What a station consists of and does by itself: connectors and their sessions, settings, lists, profiles. Features are made when they
// are first needed, so that a fleet of thousands stays small.

import type { StationClock } from '../clock';
import { messageOf } from '../failures';
import { Certificates } from '../feature/certificates';
import { ChargingProfiles } from '../feature/charging-profiles';
import { LocalList } from '../feature/local-list';
import { Reservations } from '../feature/reservations';
import { Settings } from '../feature/settings';
import type { Alarm } from '../timers';
import type { CommandReply, StationConnection } from '../wire/connection';
import type { Line } from '../wire/dial';
import type { Outbox } from '../wire/outbox';
import type { ChargePlan, ChargeRecord, StopReason } from './charge-plan';
import { Connector } from './connector';
import { type Commands, type ConnectorStatus, type Dialect, rfc3339, type SimulatedVersion } from './dialect';
import type { BootReason, Costing, StationHost } from './host';
import type { Outcomes } from './outcomes';
import { PowerCycle } from './power-cycle';
import type { ChargingSession } from './session';
import { SessionDesk } from './session-desk';

export interface EquipmentOptions {
  readonly identity: string;
  readonly version: SimulatedVersion;
  readonly dialect: Dialect;
  readonly clock: StationClock;
  readonly connectors: number;
  readonly serialNumber: string;
  readonly remotePlan: Omit<ChargePlan, 'connectorId' | 'token'>;
  readonly onSession?: (record: ChargeRecord) => void;
  readonly log: (line: string) => void;
}

export class Equipment implements StationHost {
  readonly outcomes: Outcomes = {};
  readonly connectors: ReadonlyMap<number, Connector>;
  readonly identity: string;
  readonly version: SimulatedVersion;
  readonly closing = new AbortController();
  readonly power: PowerCycle;
  private madeCommands: Commands | undefined;
  private madeSettings: Settings | undefined;
  private madeLocalList: LocalList | undefined;
  private madeReservations: Reservations | undefined;
  private madeProfiles: ChargingProfiles | undefined;
  private madeCertificates: Certificates | undefined;
  costing: Costing | undefined;
  private readonly desk: SessionDesk;

  constructor(
    private readonly options: EquipmentOptions,
    private readonly connection: StationConnection,
    private readonly outbox: Outbox,
    readonly call: (action: string, payload: object) => Promise<unknown>,
  ) {
    this.identity = options.identity;
    this.version = options.version;
    this.desk = new SessionDesk(this, options, connection, outbox);
    this.power = new PowerCycle(this, options, connection);
    const numbers = Array.from({ length: options.connectors }, (_, index) => index + 1);
    this.connectors = new Map(numbers.map((number) => [number, new Connector(number)]));
  }

  get settings(): Settings {
    if (this.madeSettings === undefined) {
      this.madeSettings = new Settings(this.options.dialect.settings(this.options.connectors));
      for (const connector of this.connectors.values()) this.showInSettings(connector);
      this.madeSettings.onChange((name, value) => {
        if (name.toLowerCase() === this.options.dialect.settingNames.pingInterval.toLowerCase()) this.connection.pingEvery(Number(value));
      });
    }
    return this.madeSettings;
  }

  /** What has been needed so far; asks nothing of a station that was never configured. */
  get made() {
    return {
      settings: this.madeSettings,
      localList: this.madeLocalList,
      reservations: this.madeReservations,
      profiles: this.madeProfiles,
    };
  }

  get localList(): LocalList {
    this.madeLocalList ??= new LocalList();
    return this.madeLocalList;
  }

  get reservations(): Reservations {
    this.madeReservations ??= new Reservations();
    return this.madeReservations;
  }

  get profiles(): ChargingProfiles {
    this.madeProfiles ??= new ChargingProfiles();
    return this.madeProfiles;
  }

  get certificates(): Certificates {
    this.madeCertificates ??= new Certificates();
    return this.madeCertificates;
  }

  get busy(): boolean {
    return [...this.connectors.values()].some(({ session }) => session !== undefined);
  }

  get unconfirmedMessages(): number {
    return this.outbox.size;
  }

  now(): number {
    return this.options.clock.now();
  }

  later(seconds: number, work: () => void): Alarm {
    const cancelling = new AbortController();
    const signal = AbortSignal.any([cancelling.signal, this.closing.signal]);
    this.options.clock.pause(Math.max(seconds, 0), signal).then(work, (error: unknown) => {
      if (!signal.aborted) this.options.log(`an alarm failed: ${messageOf(error)}`);
    });
    return { cancel: () => cancelling.abort() };
  }

  async say(action: string, payload: object): Promise<void> {
    try {
      await this.call(action, payload);
    } catch (error) {
      this.options.log(`${action} failed: ${messageOf(error)}`);
    }
  }

  send(action: string, payload: object): void {
    this.background(this.connection.send(action, payload), action);
  }

  post(action: string, payload: object): void {
    this.outbox.post(action, () => payload);
  }

  obey(action: string, payload: unknown): CommandReply {
    const { errorCodes = {}, answers = {} } = this.outcomes;
    const errorCode = Object.hasOwn(errorCodes, action) ? errorCodes[action] : undefined;
    if (errorCode !== undefined) return { errorCode };
    const answer = Object.hasOwn(answers, action) ? answers[action] : undefined;
    if (answer !== undefined) return { answer };
    this.madeCommands ??= this.options.dialect.commands(this);
    const command = Object.hasOwn(this.madeCommands, action) ? this.madeCommands[action] : undefined;
    return command === undefined ? { errorCode: 'NotImplemented' } : command(payload);
  }

  boot(reason: BootReason = 'Triggered'): void {
    this.background(this.power.bootOnce(reason), 'BootNotification');
  }

  reboot(reason: BootReason): Promise<void> {
    return this.power.reboot(reason);
  }

  reset(how: StopReason | 'whenIdle', reason: BootReason): void {
    this.power.reset(how, reason);
  }

  resetAndResume(reason: BootReason): void {
    this.power.resetAndResume(reason);
  }

  get firmwareVersion(): string {
    return this.power.firmwareVersion;
  }

  setFirmwareVersion(version: string): void {
    this.power.firmwareVersion = version;
  }

  get url(): string {
    return this.connection.currentLine.url;
  }

  redirect(line: Partial<Line>, arrived: () => void): void {
    this.power.moveAtNextBoot(line, arrived);
  }

  sendHeartbeat(): void {
    void this.say('Heartbeat', {});
  }

  reportStatus(only?: number): void {
    for (const [connectorId, { status }] of this.connectors) {
      if (only !== undefined && only !== 0 && only !== connectorId) continue;
      const { action, payload } = this.options.dialect.status(connectorId, status, this.now());
      this.post(action, payload);
    }
  }

  restConnector(connector: Connector): void {
    if (connector.session === undefined && connector.status !== connector.restStatus) this.setStatus(connector.id, connector.restStatus);
  }

  setStatus(connectorId: number, status: ConnectorStatus): void {
    const { action, payload } = this.noteStatus(connectorId, status, this.now());
    this.post(action, payload);
  }

  async deliverStatus(connectorId: number, status: ConnectorStatus, atMilliseconds: number): Promise<void> {
    const { action, payload } = this.noteStatus(connectorId, status, atMilliseconds);
    await this.outbox.deliver(action, () => payload);
  }

  sessionOf(transactionId: string): ChargingSession | undefined {
    return [...this.connectors.values()].find(({ session }) => session?.transactionId === transactionId)?.session;
  }

  /** @throws ConnectorBusy */
  makeSession(plan: ChargePlan): ChargingSession {
    return this.desk.make(plan);
  }

  /** The session is over, whatever came of it: what waited for that may happen now. */
  release(session: ChargingSession): void {
    const connector = this.connectors.get(session.plan.connectorId);
    if (connector?.session !== session) return;
    connector.registerWh = session.registerWh;
    connector.session = undefined;
    this.madeProfiles?.endTransaction(connector.id);
    if (connector.scheduledOperative !== undefined) {
      connector.isOperative = connector.scheduledOperative;
      connector.scheduledOperative = undefined;
      this.restConnector(connector);
    }
    this.power.sessionEnded();
  }

  async charge(plan: ChargePlan): Promise<ChargeRecord> {
    const session = this.makeSession(plan);
    try {
      const record = await session.run();
      this.options.onSession?.(record);
      return record;
    } finally {
      this.release(session);
    }
  }

  remoteStart(asked: Partial<ChargePlan> & { readonly token: string }): ChargingSession | undefined {
    const free = [...this.connectors.values()].find((connector) => {
      return connector.id === (asked.connectorId ?? connector.id) && this.desk.mayUse(connector, asked.token, 'remotely');
    });
    if (free === undefined) return undefined;
    free.heldUntil = 0;
    const plan = { ...this.options.remotePlan, authorizeFirst: false, ...asked, connectorId: free.id };
    this.background(this.charge(plan), 'The remotely started session');
    return free.session;
  }

  changePassword(password: string | Buffer): void {
    this.connection.retarget({ password });
    this.connection.drop();
  }

  useClientCertificate(cert: string, key: string): void {
    this.connection.retarget({ tls: { ...this.connection.currentLine.tls, cert, key } });
  }

  authorize(token: string, tokenType?: string): Promise<string> {
    return this.desk.authorize(token, tokenType);
  }

  /** For what a command sets off: nobody waits for it, so its failure goes to the log. */
  background(work: Promise<unknown>, what: string): void {
    work.catch((error: unknown) => this.options.log(`${what} failed: ${messageOf(error)}`));
  }

  /** The power that flows at a connector now. */
  metered(connectorId: number, powerW: number): void {
    const connector = this.connectors.get(connectorId);
    if (connector === undefined) return;
    connector.powerW = powerW;
    this.showInSettings(connector);
  }

  /** What can be read of a connector, and what monitors watch, follows its state. */
  private showInSettings(connector: Connector): void {
    if (this.madeSettings === undefined) return;
    for (const [name, value] of this.options.dialect.live(connector)) this.madeSettings.measure(name, value);
  }

  noteStatus(connectorId: number, status: ConnectorStatus, atMilliseconds: number) {
    const connector = this.connectors.get(connectorId);
    if (connector !== undefined) {
      connector.status = status;
      this.showInSettings(connector);
    }
    return this.options.dialect.status(connectorId, status, atMilliseconds);
  }

  useCosting(costing: Costing): void {
    this.costing = costing;
  }

  /** RFC 3339 of the station's clock. */
  timestamp(): string {
    return rfc3339(this.now());
  }
}
