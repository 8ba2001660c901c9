// A simulated charging station: connectors with meters, sessions, and obedience to the back end's commands.
import type { ClientOptions } from 'ws';
import type { ChargePlan, ChargeRecord, StopReason } from './charge-plan';
import { acceleratedClock, type StationClock } from './clock';
import { type CommandReply, type Log, StationConnection } from './connection';
import type { BootAnswer, Commands, CommandTarget, ConnectorStatus, Dialect } from './dialect';
import { ConnectionLost, ConnectorBusy } from './failures';
import { Outbox } from './outbox';
import { ChargingSession } from './session';
import { dialect16 } from './v16';
import { dialect201 } from './v201';

export type SimulatedVersion = '1.6' | '2.0.1';

export interface StationOptions {
  /** The back end's base URL, for example ws://127.0.0.1:9220/ocpp. */
  readonly url: string;
  readonly identity: string;
  readonly password?: string | Buffer;
  readonly version: SimulatedVersion;
  readonly connectors?: number;
  readonly clock?: StationClock;
  readonly log?: Log;
  readonly tls?: Pick<ClientOptions, 'ca' | 'cert' | 'key'>;
  /** What a car does that the back end starts a session for. */
  readonly remotePlan?: Omit<ChargePlan, 'connectorId' | 'token'>;
  /** Called at the end of every session, however it was started. */
  readonly onSession?: (record: ChargeRecord) => void;
  readonly callTimeoutMilliseconds?: number;
  readonly firstReconnectMilliseconds?: number;
  /** The first wait before a transaction message is repeated. */
  readonly retryMilliseconds?: number;
}

const DIALECTS: Readonly<Record<SimulatedVersion, Dialect>> = { '1.6': dialect16, '2.0.1': dialect201 };
const DEFAULT_REMOTE_PLAN = { energyWh: 20_000, meterValues: 10, secondsBetweenMeterValues: 270 };

interface Connector {
  registerWh: number;
  status: ConnectorStatus;
  session: ChargingSession | undefined;
}

export class SimulatedStation {
  private readonly connection: StationConnection;
  private readonly outbox: Outbox;
  private readonly dialect: Dialect;
  private readonly commands: Commands;
  private readonly clock: StationClock;
  private readonly connectors: ReadonlyMap<number, Connector>;
  private readonly closing = new AbortController();
  private resetWhenIdle = false;

  /** Connects; rejects with HandshakeRefused when the back end does not want this station. */
  static async connect(options: StationOptions): Promise<SimulatedStation> {
    const station = new SimulatedStation(options);
    await station.connection.open();
    return station;
  }

  private constructor(private readonly options: StationOptions) {
    this.dialect = DIALECTS[options.version];
    this.commands = this.dialect.commands(this.commandTarget());
    this.clock = options.clock ?? acceleratedClock(1);
    const numbers = Array.from({ length: options.connectors ?? 2 }, (_, index) => index + 1);
    this.connectors = new Map(numbers.map((number) => [number, { registerWh: 0, status: 'Available', session: undefined }]));
    this.connection = new StationConnection({
      ...options,
      subprotocol: this.dialect.subprotocol,
      onCommand: (action, payload) => this.obey(action, payload),
    });
    this.outbox = new Outbox(this.connection, options.retryMilliseconds ?? 1_000, (line) => this.log(line));
  }

  get identity(): string {
    return this.options.identity;
  }

  get connected(): boolean {
    return this.connection.connected;
  }

  /** Transaction messages and connector states that the back end has not confirmed yet. */
  get unconfirmedMessages(): number {
    return this.outbox.size;
  }

  /** One BootNotification. Accepted or not is for the caller to act on; see bootUntilAccepted. */
  async boot(afterReset = false): Promise<BootAnswer> {
    const { action, payload } = this.dialect.boot(this.identity, afterReset);
    return this.dialect.readBoot(await this.connection.call(action, payload));
  }

  /** Boots, and boots again after the interval the back end names, until it is accepted; then reports every connector. */
  async bootUntilAccepted(): Promise<BootAnswer> {
    let answer = await this.boot();
    while (answer.status !== 'Accepted') {
      await this.clock.pause(Math.max(answer.intervalSeconds, 1), this.closing.signal);
      answer = await this.boot();
    }
    this.reportStatus();
    return answer;
  }

  async heartbeat(): Promise<void> {
    await this.connection.call('Heartbeat', {});
  }

  /** Resolves when the back end has confirmed the connector's state. */
  async status(connectorId: number, status: ConnectorStatus): Promise<void> {
    await this.deliverStatus(connectorId, status, this.clock.now());
  }

  /** The back end's verdict on a token: `Accepted`, or why not. A driver waits out a lost connection, so the question is asked again. */
  async authorize(token: string, tokenType = 'ISO14443'): Promise<string> {
    const { action, payload } = this.dialect.authorize(token, tokenType);
    for (;;) {
      try {
        return this.dialect.readAuthorize(await this.connection.call(action, payload));
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        this.log(error.message);
      }
    }
  }

  /**
   * A whole session, every message of it confirmed. Rejects with TokenRefused when Authorize says no; a token refused only at the start gives
   * a session that ends at once with reason DeAuthorized.
   */
  async charge(plan: ChargePlan): Promise<ChargeRecord> {
    const connector = this.connectors.get(plan.connectorId);
    if (connector === undefined || connector.session !== undefined) throw new ConnectorBusy(plan.connectorId);
    const session = new ChargingSession(this.sessionHost(), plan, plan.startMeterWh ?? connector.registerWh);
    connector.session = session;
    try {
      const record = await session.run();
      connector.registerWh = record.meterStopWh;
      this.options.onSession?.(record);
      return record;
    } finally {
      connector.session = undefined;
      if (this.resetWhenIdle && !this.busy) this.background(this.restart(), 'Reset');
    }
  }

  /** Ends a running session as the driver would; false when there is none at this connector. */
  stopCharging(connectorId: number, reason: StopReason = 'Local'): boolean {
    const session = this.connectors.get(connectorId)?.session;
    session?.stop(reason);
    return session !== undefined;
  }

  /** Any CALL, for scripts that test what no session does. */
  call(action: string, payload: object): Promise<unknown> {
    return this.connection.call(action, payload);
  }

  /** Cuts the line as a dying modem does. The station dials again and loses nothing. */
  dropConnection(): void {
    this.connection.drop();
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.outbox.close();
    for (const { session } of this.connectors.values()) session?.stop('PowerLoss');
    await this.connection.close();
  }

  private get busy(): boolean {
    return [...this.connectors.values()].some(({ session }) => session !== undefined);
  }

  private sessionHost() {
    const { outbox, connection } = this;
    const delivery = {
      deliver: outbox.deliver.bind(outbox),
      post: outbox.post.bind(outbox),
      get offline() {
        return !connection.connected;
      },
    };
    return {
      clock: this.clock,
      authorize: (token: string, tokenType?: string) => this.authorize(token, tokenType),
      beginTransaction: (plan: ChargePlan) => this.dialect.transaction(plan, delivery),
      postStatus: (connectorId: number, status: ConnectorStatus, atMilliseconds: number) => {
        const { action, payload } = this.noteStatus(connectorId, status, atMilliseconds);
        outbox.post(action, () => payload);
      },
      deliverStatus: this.deliverStatus.bind(this),
    };
  }

  private async deliverStatus(connectorId: number, status: ConnectorStatus, atMilliseconds: number): Promise<void> {
    const { action, payload } = this.noteStatus(connectorId, status, atMilliseconds);
    await this.outbox.deliver(action, () => payload);
  }

  private noteStatus(connectorId: number, status: ConnectorStatus, atMilliseconds: number) {
    const connector = this.connectors.get(connectorId);
    if (connector !== undefined) connector.status = status;
    return this.dialect.status(connectorId, status, atMilliseconds);
  }

  private reportStatus(only?: number): void {
    for (const [connectorId, { status }] of this.connectors) {
      if (only !== undefined && only !== 0 && only !== connectorId) continue;
      const { action, payload } = this.dialect.status(connectorId, status, this.clock.now());
      this.outbox.post(action, () => payload);
    }
  }

  private obey(action: string, payload: unknown): CommandReply {
    const command = Object.hasOwn(this.commands, action) ? this.commands[action] : undefined;
    return command === undefined ? { errorCode: 'NotImplemented' } : command(payload);
  }

  private commandTarget(): CommandTarget {
    const station = this;
    return {
      get busy() {
        return station.busy;
      },
      remoteStart: (plan) => this.remoteStart(plan),
      remoteStop: (transactionId) => this.remoteStop(transactionId),
      reset: (reason) => this.reset(reason),
      bootAgain: () => this.background(this.boot(), 'BootNotification'),
      sendHeartbeat: () => this.background(this.heartbeat(), 'Heartbeat'),
      reportStatus: (connectorId) => this.reportStatus(connectorId),
    };
  }

  private remoteStart(asked: Partial<ChargePlan> & { readonly token: string }): boolean {
    const free = [...this.connectors].find(([number, { session }]) => session === undefined && number === (asked.connectorId ?? number));
    if (free === undefined) return false;
    const plan = { ...DEFAULT_REMOTE_PLAN, ...this.options.remotePlan, authorizeFirst: false, ...asked, connectorId: free[0] };
    this.background(this.charge(plan), 'The remotely started session');
    return true;
  }

  private remoteStop(transactionId: string): boolean {
    for (const { session } of this.connectors.values()) {
      if (session?.transactionId !== transactionId) continue;
      session.stop('Remote');
      return true;
    }
    return false;
  }

  private reset(reason: StopReason | 'whenIdle'): void {
    this.resetWhenIdle = true;
    if (!this.busy) this.background(this.restart(), 'Reset');
    else if (reason !== 'whenIdle') for (const { session } of this.connectors.values()) session?.stop(reason);
  }

  /** Sessions are over: the line goes down, comes back, and the station boots. */
  private async restart(): Promise<void> {
    this.resetWhenIdle = false;
    this.connection.drop();
    await this.boot(true);
    this.reportStatus();
  }

  /** For what a command sets off: nobody waits for it, so its failure goes to the log. */
  private background(work: Promise<unknown>, what: string): void {
    work.catch((error: unknown) => this.log(`${what} failed: ${error instanceof Error ? error.message : String(error)}`));
  }

  private log(line: string): void {
    this.options.log?.(`${this.identity} ${line}`);
  }
}
