// A simulated station with its meters, its cars and its faults. It says what a real one says: statuses at once or late, transaction messages in
// their own order, everything again until it is answered, hours later when it was offline. What its meters really moved is the truth that
// every CDR is held against.
import { callText } from '@evenkeel/ocpp';
import type { Chance } from '@evenkeel/testkit';
import type { FaultCounts } from './fault-counts';

export type Version = '1.6' | '2.0.1';

/** How a session ends, or does not. */
export type Ending = 'stopped' | 'power-lost' | 'stop-without-id';

export interface Plan {
  connector: number;
  uid: string;
  startMs: number;
  minutes: number;
  /** Minutes after charging in which the full car stays. */
  idleMinutes: number;
  watts: number;
  ending: Ending;
  /** What the meter does wrong in what it reports; the car gets its energy all the same. */
  meterFault?: 'dropout' | 'reset' | 'zero-baseline';
}

/** What really happened in one session. */
export interface Truth {
  stationId: string;
  /** Register at the start and at the end, in Wh, of a meter that does nothing wrong. */
  startWh: number;
  endWh: number;
  startMs: number;
  endMs: number;
  /** How far the station's clock is off. */
  skewMs: number;
  plan: Plan;
  /** Transaction id as the back end knows it. */
  transactionId: string;
}

interface Outgoing {
  /** When the station wants to send it, by real time. */
  atMs: number;
  isTransaction: boolean;
  text: (transactionId: string) => string;
  truth: Truth | undefined;
  learnsId: boolean;
}

const MINUTE_MS = 60_000;
const MINUTES_BETWEEN_READINGS = 5;

export class SimulatedStation {
  readonly truths: Truth[] = [];
  private readonly statuses: Outgoing[] = [];
  /** Transaction messages leave one after the other. */
  private readonly transactions: Outgoing[] = [];
  private readonly registers: number[];
  private sent = 0;

  constructor(
    readonly stationId: string,
    readonly version: Version,
    connectors: number,
    /** How far its clock is off. */
    private readonly skewMs: number,
    /** Real times without a connection, ascending. */
    private readonly outages: readonly { fromMs: number; toMs: number }[],
    private readonly chance: Chance,
    private readonly counts: FaultCounts,
  ) {
    this.registers = Array.from({ length: connectors + 1 }, () => chance.integer(1_000, 5_000_000));
  }

  /** Plans follow each other at a connector. */
  add(plan: Plan): void {
    const startWh = this.registers[plan.connector] ?? 0;
    const chargedWh = Math.round((plan.watts * plan.minutes) / 60);
    const endMs = plan.startMs + (plan.minutes + (plan.ending === 'power-lost' ? 0 : plan.idleMinutes)) * MINUTE_MS;
    const truth: Truth = {
      ...{ stationId: this.stationId, startWh, endWh: startWh + chargedWh, startMs: plan.startMs, endMs, skewMs: this.skewMs, plan },
      transactionId: this.version === '1.6' ? '' : `${this.stationId}-${this.truths.length}`,
    };
    this.registers[plan.connector] = truth.endWh;
    this.truths.push(truth);
    if (this.version === '1.6') this.say16(truth);
    else this.say201(truth);
    this.transactions.sort((a, b) => a.atMs - b.atMs);
  }

  /** When there is something to send next; undefined when all is said. */
  get nextMs(): number | undefined {
    const [status, transaction] = [this.statuses[0], this.transactions[0]];
    if (status === undefined) return transaction && this.online(transaction.atMs);
    return transaction === undefined ? this.online(status.atMs) : Math.min(this.online(status.atMs), this.online(transaction.atMs));
  }

  /**
   * Sends what is due. The answer may get lost on its way; then the message comes again under another id.
   * @param call resolves with the answer's payload, or undefined when the back end gave none.
   */
  async send(nowMs: number, call: (text: string) => Promise<Record<string, unknown> | undefined>, lost: number): Promise<void> {
    for (const queue of [this.statuses, this.transactions]) {
      const first = queue[0];
      if (first === undefined || this.online(first.atMs) > nowMs) continue;
      const answer = await call(first.text(first.truth?.transactionId ?? ''));
      if (answer === undefined) continue;
      if (first.learnsId && first.truth) first.truth.transactionId = String(answer.transactionId);
      if (this.chance.happens(lost)) {
        this.counts.add('answer lost, message repeated');
        continue;
      }
      queue.shift();
    }
  }

  private say16(truth: Truth): void {
    const { plan, startMs, endMs, startWh, endWh } = truth;
    const { connector, uid } = plan;
    this.status16(connector, 'Preparing', startMs - 20_000);
    this.transaction(truth, startMs, true, () =>
      this.frame('StartTransaction', {
        connectorId: connector,
        idTag: uid,
        meterStart: this.shown(truth, startWh, 0),
        timestamp: this.time(startMs),
      }),
    );
    this.status16(connector, 'Charging', startMs);
    const forgetsId = plan.ending === 'stop-without-id';
    for (const [index, { ms, wh }] of this.readings(truth).entries()) {
      const meterValue = [
        { timestamp: this.time(ms), sampledValue: [{ value: String(this.shown(truth, wh, index + 1)), context: 'Sample.Periodic' }] },
      ];
      this.transaction(truth, ms, false, (id) =>
        this.frame('MeterValues', { connectorId: connector, ...(forgetsId ? {} : { transactionId: Number(id) }), meterValue }),
      );
    }
    if (plan.ending === 'power-lost') {
      this.status16(connector, 'Available', endMs + 30 * MINUTE_MS);
      return;
    }
    if (plan.idleMinutes > 0) this.status16(connector, 'SuspendedEV', startMs + plan.minutes * MINUTE_MS);
    this.transaction(truth, endMs, false, (id) =>
      this.frame('StopTransaction', {
        transactionId: forgetsId ? -1 : Number(id),
        idTag: uid,
        meterStop: this.shown(truth, endWh, 1_000),
        timestamp: this.time(endMs),
        reason: 'Local',
      }),
    );
    this.status16(connector, 'Available', endMs + 60_000);
  }

  private say201(truth: Truth): void {
    const { plan, startMs, endMs, startWh, endWh, transactionId } = truth;
    let seqNo = 0;
    const event = (ms: number, eventType: string, triggerReason: string, info: object, rest: object = {}) => {
      const number = seqNo++;
      this.transaction(truth, ms, false, () =>
        this.frame('TransactionEvent', {
          ...{ eventType, triggerReason, timestamp: this.time(ms), seqNo: number },
          transactionInfo: { transactionId, ...info },
          ...rest,
        }),
      );
    };
    const idToken = { idToken: { idToken: plan.uid, type: 'ISO14443' } };
    const register = (ms: number, wh: number, context: string, index: number) => ({
      meterValue: [{ timestamp: this.time(ms), sampledValue: [{ value: this.shown(truth, wh, index), context }] }],
    });
    const begin = { evse: { id: plan.connector, connectorId: 1 }, ...idToken, ...register(startMs, startWh, 'Transaction.Begin', 0) };
    event(startMs, 'Started', 'Authorized', { chargingState: 'Charging' }, begin);
    for (const [index, { ms, wh }] of this.readings(truth).entries()) {
      event(ms, 'Updated', 'MeterValuePeriodic', { chargingState: 'Charging' }, register(ms, wh, 'Sample.Periodic', index + 1));
    }
    if (plan.ending === 'power-lost') {
      this.status201(plan.connector, 'Available', endMs + 30 * MINUTE_MS);
      return;
    }
    if (plan.idleMinutes > 0)
      event(startMs + plan.minutes * MINUTE_MS, 'Updated', 'ChargingStateChanged', { chargingState: 'SuspendedEV' });
    event(
      endMs,
      'Ended',
      'StopAuthorized',
      { stoppedReason: 'Local' },
      { ...idToken, ...register(endMs, endWh, 'Transaction.End', 1_000) },
    );
    this.status201(plan.connector, 'Available', endMs + 60_000);
  }

  /** Readings while charging, the last one at its end. */
  private readings({ plan, startMs, startWh, endWh }: Truth): { ms: number; wh: number }[] {
    const readings = [];
    for (let minute = MINUTES_BETWEEN_READINGS; minute < plan.minutes; minute += MINUTES_BETWEEN_READINGS) {
      readings.push({ ms: startMs + minute * MINUTE_MS, wh: Math.floor(startWh + (plan.watts * minute) / 60) });
    }
    return [...readings, { ms: startMs + plan.minutes * MINUTE_MS, wh: endWh }];
  }

  /** What a meter with a fault shows instead of what it moved. */
  private shown({ plan, startWh }: Truth, wh: number, index: number): number {
    switch (plan.meterFault) {
      case 'dropout':
        return index === 1 ? 0 : wh;
      case 'reset':
        return index >= 2 ? Math.max(0, wh - startWh - 100) : wh;
      case 'zero-baseline':
        return index === 0 ? 0 : wh;
      default:
        return wh;
    }
  }

  private status16(connectorId: number, status: string, ms: number): void {
    const text = () => this.frame('StatusNotification', { connectorId, errorCode: 'NoError', status, timestamp: this.time(ms) });
    this.status(ms, text);
  }

  private status201(evseId: number, connectorStatus: string, ms: number): void {
    this.status(ms, () => this.frame('StatusNotification', { timestamp: this.time(ms), connectorStatus, evseId, connectorId: 1 }));
  }

  /** Statuses may come late; they may also overtake transaction messages that wait (TX-52). */
  private status(ms: number, text: () => string): void {
    const late = this.chance.happens(0.1) ? this.chance.integer(1, 20) * MINUTE_MS : 0;
    if (late > 0) this.counts.add('status told late');
    this.statuses.push({ atMs: ms + late, isTransaction: false, text, truth: undefined, learnsId: false });
    this.statuses.sort((a, b) => a.atMs - b.atMs);
  }

  private transaction(truth: Truth, atMs: number, learnsId: boolean, text: (transactionId: string) => string): void {
    this.transactions.push({ atMs, isTransaction: true, text, truth, learnsId });
  }

  private online(ms: number): number {
    return this.outages.find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs)?.toMs ?? ms;
  }

  private time(ms: number): string {
    return new Date(ms + this.skewMs).toISOString();
  }

  private frame(action: string, payload: object): string {
    this.sent += 1;
    return callText(`${this.stationId}-${this.sent}`, action, payload);
  }
}
