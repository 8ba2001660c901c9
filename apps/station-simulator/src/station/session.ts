// One charging session at one connector, from plugging in to driving away. It may be stopped early by the driver, by the back end or because
// the token turned out not to be welcome; whatever happened is reported with the times of the session's own timeline. `run` does it all;
// a script may take the steps one by one instead.

import type { StationClock } from '../clock';
import { TokenRefused } from '../failures';
import { type ChargePlan, type ChargeRecord, type EndedByLimit, meterReadings, type StopReason } from './charge-plan';
import { type ConnectorStatus, rfc3339, type TransactionEar, type TransactionLimits, type TransactionReport } from './dialect';

/** What a session needs of its station. */
export interface SessionHost {
  readonly clock: StationClock;
  authorize(token: string, tokenType?: string): Promise<string>;
  beginTransaction(plan: ChargePlan, ear: TransactionEar): TransactionReport;
  postStatus(connectorId: number, status: ConnectorStatus, atMilliseconds: number): void;
  /** Resolves when the back end has confirmed that the connector is free, or what else it is without a car. */
  deliverRest(connectorId: number, atMilliseconds: number): Promise<void>;
  /** Uses up the reservation that this driver has, if any. */
  takeReservation(connectorId: number, token: string): number | undefined;
  /** What the charging profiles let flow between two moments, in Wh; undefined when they say nothing. */
  allowedEnergyWh(session: ChargingSession, from: number, to: number): number | undefined;
  /** What the station itself works out that the session costs (OCPP 2.1). */
  costOf(session: ChargingSession): number | undefined;
  /** What goes with the last message of the transaction. */
  finalDetails(session: ChargingSession): object;
  /** The power that flows now. */
  metered(connectorId: number, powerW: number): void;
  /** The connector is free again. */
  ended(session: ChargingSession): void;
  /** A session's work that nobody waits for. */
  background(work: Promise<unknown>, what: string): void;
}

const DEFAULT_START_SOC = 20;
const DEFAULT_BATTERY_WH = 60_000;

export class ChargingSession {
  startedAt: number;
  registerWh: number;
  hasPriority = false;
  suspendedSeconds = 0;
  private atMilliseconds: number;
  private plannedWh = 0;
  private readonly interruption = new AbortController();
  private interruptedBy: StopReason | undefined;
  private report: TransactionReport | undefined;
  private limits: TransactionLimits = {};
  private toldCost: number | undefined;
  private heldBack = false;
  private hold: { readonly until: Promise<void>; readonly release: () => void } | undefined;
  private finishing: Promise<ChargeRecord> | undefined;
  private isStepwise = false;

  constructor(
    private readonly host: SessionHost,
    readonly plan: ChargePlan,
    readonly meterStartWh: number,
  ) {
    this.startedAt = plan.startedAt ?? host.clock.now();
    this.atMilliseconds = this.startedAt;
    this.registerWh = meterStartWh;
  }

  get transactionId(): string | undefined {
    return this.report?.transactionId;
  }

  get at(): number {
    return this.atMilliseconds;
  }

  get drawnWh(): number {
    return this.registerWh - this.meterStartWh;
  }

  get chargingSeconds(): number {
    return Math.round((this.atMilliseconds - this.startedAt) / 1000) - this.suspendedSeconds;
  }

  /** Percent, by the energy drawn. */
  get stateOfCharge(): number {
    const { startSoC = DEFAULT_START_SOC, batteryWh = DEFAULT_BATTERY_WH } = this.plan;
    return Math.min(100, startSoC + (this.drawnWh / batteryWh) * 100);
  }

  /** Ends the session at the next reading; the first reason counts. A session that a script drives ends at once. */
  stop(reason: StopReason): void {
    this.interruptedBy ??= reason;
    this.interruption.abort();
    this.hold?.release();
    if (this.isStepwise && this.report !== undefined) this.host.background(this.finish(), 'The end of the session');
  }

  /** Until `resume`, nothing flows and nothing is told (OCPP 2.1 Reset ImmediateAndResume). */
  suspend(): void {
    if (this.hold !== undefined) return;
    let release: () => void = () => undefined;
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.hold = { until, release };
  }

  resume(): void {
    this.hold?.release();
    this.hold = undefined;
    this.note('TxResumed');
  }

  note(trigger: string, details?: object): void {
    this.report?.noted(trigger, this.atMilliseconds, details);
  }

  /** A reading that was asked for. */
  sampleNow(): void {
    this.report?.sampled({ atMilliseconds: this.atMilliseconds, registerWh: this.registerWh, powerW: 0 }, 'Trigger');
  }

  /** What the driver, or the driver's credit, allows; said again it changes nothing. */
  limit(limits: TransactionLimits): void {
    if (JSON.stringify(limits) === JSON.stringify(this.limits)) return;
    this.limits = limits;
    this.note('LimitSet', { transactionInfo: { transactionLimit: limits } });
  }

  costs(total: number): void {
    this.toldCost = total;
  }

  async run(): Promise<ChargeRecord> {
    this.plugIn();
    if (this.plan.authorizeFirst !== false) await this.authorize();
    await this.start();
    if (!this.interrupted) await this.chargeAsPlanned();
    return this.finish();
  }

  /** From here a script takes the steps, and a stop from outside ends the session at once. */
  driveByHand(): this {
    this.isStepwise = true;
    return this;
  }

  plugIn(): void {
    this.host.postStatus(this.plan.connectorId, 'Preparing', this.atMilliseconds);
  }

  /** @throws TokenRefused, having freed the connector. */
  async authorize(): Promise<void> {
    const { token, tokenType, connectorId } = this.plan;
    let verdict = 'unknown';
    try {
      verdict = await this.host.authorize(token, tokenType);
    } finally {
      if (verdict !== 'Accepted') this.host.background(this.host.deliverRest(connectorId, this.atMilliseconds), 'The free connector');
    }
    if (verdict !== 'Accepted') throw new TokenRefused(token, verdict);
  }

  async start(): Promise<void> {
    const report = this.host.beginTransaction(this.plan, {
      deauthorized: () => this.stop('DeAuthorized'),
      limited: (limits) => this.limit(limits),
      costs: (total) => this.costs(total),
    });
    this.report = report;
    const reservationId = this.host.takeReservation(this.plan.connectorId, this.plan.token);
    const verdict = await report.started(this.startedAt, this.registerWh, reservationId);
    if (verdict !== 'Accepted') this.stop('DeAuthorized');
    else if (!this.interrupted) report.charging(this.startedAt);
  }

  /** Lets time pass and energy flow, as much of it as profiles and limits allow, and tells the reading. */
  async draw(seconds: number, wantedWh: number): Promise<void> {
    await this.pause(seconds);
    await this.hold?.until;
    if (this.interrupted || this.report === undefined) return;
    const to = this.atMilliseconds + seconds * 1000;
    const allowedWh = Math.floor(this.host.allowedEnergyWh(this, this.atMilliseconds, to) ?? wantedWh);
    const untilLimitWh = (this.limits.maxEnergy ?? Infinity) - this.drawnWh;
    const drawnWh = Math.max(0, Math.min(wantedWh, allowedWh, untilLimitWh));
    this.tellWhetherHeldBack(allowedWh <= 0 && wantedWh > 0);
    this.registerWh += drawnWh;
    this.atMilliseconds = to;
    if (this.heldBack) this.suspendedSeconds += seconds;
    const powerW = Math.round((drawnWh * 3600) / seconds);
    this.host.metered(this.plan.connectorId, powerW);
    this.report.sampled({ atMilliseconds: to, registerWh: this.registerWh, powerW });
    this.stopAtLimit();
  }

  /** Plugged in, but the car takes nothing. */
  async idle(seconds: number): Promise<void> {
    this.report?.suspended(this.atMilliseconds, 'EV');
    this.host.metered(this.plan.connectorId, 0);
    await this.pause(seconds);
    if (this.interrupted) return;
    this.atMilliseconds += seconds * 1000;
    this.suspendedSeconds += seconds;
  }

  /** Ends the transaction, once, and frees the connector. */
  finish(reason: StopReason = this.plan.stopReason ?? 'Local'): Promise<ChargeRecord> {
    this.finishing ??= this.end(this.interruptedBy ?? reason);
    return this.finishing;
  }

  private async end(stopReason: StopReason): Promise<ChargeRecord> {
    const { connectorId, token } = this.plan;
    this.host.metered(connectorId, 0);
    await this.report?.stopped(this.atMilliseconds, this.registerWh, stopReason, this.host.finalDetails(this));
    await this.host.deliverRest(connectorId, this.atMilliseconds);
    this.host.ended(this);
    return {
      connectorId,
      token,
      transactionId: this.report?.transactionId ?? '',
      meterStartWh: this.meterStartWh,
      meterStopWh: this.registerWh,
      startedAt: rfc3339(this.startedAt),
      stoppedAt: rfc3339(this.atMilliseconds),
      stopReason,
    };
  }

  private async chargeAsPlanned(): Promise<void> {
    for (const reading of meterReadings(this.plan, this.startedAt, this.meterStartWh)) {
      const plannedWh = reading.registerWh - this.meterStartWh;
      await this.draw(this.plan.secondsBetweenMeterValues, plannedWh - this.plannedWh);
      if (this.interrupted) return;
      this.plannedWh = plannedWh;
    }
    if (this.plan.idleSeconds) await this.idle(this.plan.idleSeconds);
  }

  private tellWhetherHeldBack(isHeldBack: boolean): void {
    if (isHeldBack === this.heldBack) return;
    this.heldBack = isHeldBack;
    if (isHeldBack) this.report?.suspended(this.atMilliseconds, 'EVSE');
    else this.report?.charging(this.atMilliseconds);
  }

  /** OCPP 2.1 E16: a transaction that reaches its limit says which, and ends. */
  private stopAtLimit(): void {
    const { maxEnergy = Infinity, maxTime = Infinity, maxSoC = Infinity, maxCost = Infinity } = this.limits;
    const reached: ReadonlyArray<readonly [boolean, string, EndedByLimit]> = [
      [this.drawnWh >= maxEnergy, 'EnergyLimitReached', 'EnergyLimitReached'],
      [(this.atMilliseconds - this.startedAt) / 1000 >= maxTime, 'TimeLimitReached', 'TimeLimitReached'],
      [this.stateOfCharge >= maxSoC, 'SoCLimitReached', 'SOCLimitReached'],
      [(this.host.costOf(this) ?? this.toldCost ?? 0) >= maxCost, 'CostLimitReached', 'LocalOutOfCredit'],
    ];
    const first = reached.find(([isReached]) => isReached);
    if (first === undefined) return;
    this.note(first[1]);
    this.stop(first[2]);
  }

  private get interrupted(): boolean {
    return this.interruption.signal.aborted;
  }

  private async pause(seconds: number): Promise<void> {
    try {
      await this.host.clock.pause(seconds, this.interruption.signal);
    } catch (error) {
      // An interruption ends the pause early, which is its purpose.
      if (!this.interrupted) throw error;
    }
  }
}
