// One charging session at one connector, from plugging in to driving away. It may be stopped early by the driver, by the back end or because
// the token turned out not to be welcome; whatever happened is reported with the times of the session's own timeline.
import { type ChargePlan, type ChargeRecord, meterReadings, type StopReason } from './charge-plan';
import type { StationClock } from './clock';
import { type ConnectorStatus, rfc3339, type TransactionReport } from './dialect';
import { TokenRefused } from './failures';

/** What a session needs of its station. */
export interface SessionHost {
  readonly clock: StationClock;
  authorize(token: string, tokenType?: string): Promise<string>;
  beginTransaction(plan: ChargePlan): TransactionReport;
  postStatus(connectorId: number, status: ConnectorStatus, atMilliseconds: number): void;
  /** Resolves when the back end has confirmed it. */
  deliverStatus(connectorId: number, status: ConnectorStatus, atMilliseconds: number): Promise<void>;
}

export class ChargingSession {
  private readonly interruption = new AbortController();
  private interruptedBy: StopReason | undefined;
  private report: TransactionReport | undefined;

  constructor(
    private readonly host: SessionHost,
    private readonly plan: ChargePlan,
    private readonly meterStartWh: number,
  ) {}

  get transactionId(): string | undefined {
    return this.report?.transactionId;
  }

  /** Ends the session at the next reading; the first reason counts. */
  stop(reason: StopReason): void {
    this.interruptedBy ??= reason;
    this.interruption.abort();
  }

  async run(): Promise<ChargeRecord> {
    const { connectorId } = this.plan;
    const startedAt = this.plan.startedAt ?? this.host.clock.now();
    this.host.postStatus(connectorId, 'Preparing', startedAt);
    if (this.plan.authorizeFirst !== false) await this.authorizeOrLeave(startedAt);

    const report = this.host.beginTransaction(this.plan);
    this.report = report;
    const verdict = await report.started(startedAt, this.meterStartWh);
    if (verdict !== 'Accepted') this.stop('DeAuthorized');
    const { atMilliseconds, registerWh } = await this.charge(report, startedAt);

    const stopReason = this.interruptedBy ?? this.plan.stopReason ?? 'Local';
    await report.stopped(atMilliseconds, registerWh, stopReason);
    await this.host.deliverStatus(connectorId, 'Available', atMilliseconds);
    return {
      connectorId,
      token: this.plan.token,
      transactionId: report.transactionId ?? '',
      meterStartWh: this.meterStartWh,
      meterStopWh: registerWh,
      startedAt: rfc3339(startedAt),
      stoppedAt: rfc3339(atMilliseconds),
      stopReason,
    };
  }

  private async authorizeOrLeave(atMilliseconds: number): Promise<void> {
    const { token, tokenType, connectorId } = this.plan;
    let verdict = 'unknown';
    try {
      verdict = await this.host.authorize(token, tokenType);
    } finally {
      if (verdict !== 'Accepted') this.host.postStatus(connectorId, 'Available', atMilliseconds);
    }
    if (verdict !== 'Accepted') throw new TokenRefused(token, verdict);
  }

  /** Draws the energy, then idles; returns when and at which register it was over. */
  private async charge(report: TransactionReport, startedAt: number): Promise<{ atMilliseconds: number; registerWh: number }> {
    const idleSeconds = this.plan.idleSeconds ?? 0;
    let end = { atMilliseconds: startedAt, registerWh: this.meterStartWh };
    if (this.interrupted) return end;
    report.charging(startedAt);
    for (const reading of meterReadings(this.plan, startedAt, this.meterStartWh)) {
      await this.pause(this.plan.secondsBetweenMeterValues);
      if (this.interrupted) return end;
      report.sampled(reading);
      end = reading;
    }
    if (idleSeconds === 0) return end;
    report.suspended(end.atMilliseconds);
    await this.pause(idleSeconds);
    return this.interrupted ? end : { ...end, atMilliseconds: end.atMilliseconds + idleSeconds * 1000 };
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
