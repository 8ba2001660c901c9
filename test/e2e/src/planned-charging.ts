// A session that goes as it was planned, as an OCPP 2.0.1 station reports it: even power while the car charges, none after it.
import { type AnswerFrame, BareStation } from './bare-station';

export interface Plan {
  startsAt: string;
  energyWh: number;
  chargingSeconds: number;
  parkingSeconds?: number;
}

export type TransactionEvent = Record<string, unknown> & { eventType: 'Started' | 'Updated' | 'Ended'; seqNo: number };

export function plannedEvents({ startsAt, energyWh, chargingSeconds, parkingSeconds = 0 }: Plan): TransactionEvent[] {
  const at = (seconds: number) => new Date(Date.parse(startsAt) + seconds * 1_000).toISOString();
  const powerW = (energyWh * 3_600) / chargingSeconds;
  const meter = (seconds: number, wh: number, context: string, watts = powerW) => ({
    timestamp: at(seconds),
    meterValue: [
      {
        timestamp: at(seconds),
        sampledValue: [
          { value: wh, context, measurand: 'Energy.Active.Import.Register' },
          { value: watts, context, measurand: 'Power.Active.Import' },
        ],
      },
    ],
  });
  const endsAt = chargingSeconds + parkingSeconds;
  const started: TransactionEvent = {
    ...{ eventType: 'Started', seqNo: 0, triggerReason: 'Authorized', chargingState: 'Charging' },
    ...meter(0, 0, 'Transaction.Begin'),
  };
  const full: TransactionEvent = {
    ...{ eventType: 'Updated', seqNo: 1, triggerReason: 'ChargingStateChanged', chargingState: 'SuspendedEV' },
    ...meter(chargingSeconds, energyWh, 'Sample.Periodic', 0),
  };
  const ended: TransactionEvent = {
    ...{ eventType: 'Ended', seqNo: parkingSeconds > 0 ? 2 : 1, triggerReason: 'StopAuthorized', chargingState: 'EVConnected' },
    ...meter(endsAt, energyWh, 'Transaction.End', parkingSeconds > 0 ? 0 : powerW),
  };
  return parkingSeconds > 0 ? [started, full, ended] : [started, ended];
}

export class V2Transactions {
  private constructor(
    readonly stationId: string,
    private readonly station: BareStation,
    private readonly token: string,
  ) {}

  static async connect(url: string, stationId: string, password: string, token: string): Promise<V2Transactions> {
    const station = await BareStation.connect(url, { path: stationId, credentials: `${stationId}:${password}`, protocols: ['ocpp2.0.1'] });
    if (!(station instanceof BareStation)) throw new Error(`refused with ${station.status}`);
    const chargingStation = { model: 'M', vendorName: 'V' };
    await station.call('boot', 'BootNotification', { reason: 'PowerUp', chargingStation });
    return new V2Transactions(stationId, station, token);
  }

  /** @returns what the driver was told at the end that it costs. */
  async charge(transactionId: string, evseId: number, events: readonly TransactionEvent[]): Promise<number | undefined> {
    let answer: Record<string, unknown> = {};
    for (const event of events) answer = await this.say(transactionId, evseId, event);
    // Said again, as after an answer that was lost, until the answer has it: it is the same for ever.
    const last = events.at(-1);
    for (let round = 0; last && answer.totalCost === undefined && round < 40; round++) answer = await this.say(transactionId, evseId, last);
    return answer.totalCost as number | undefined;
  }

  async say(transactionId: string, evseId: number, { chargingState, ...event }: TransactionEvent): Promise<Record<string, unknown>> {
    const call: Record<string, unknown> = {
      ...event,
      transactionInfo: { transactionId, chargingState, ...(event.eventType === 'Ended' ? { stoppedReason: 'Local' } : {}) },
      evse: { id: evseId, connectorId: 1 },
      ...(event.eventType === 'Started' ? { idToken: { idToken: this.token, type: 'ISO14443' } } : {}),
    };
    const [type, , answer]: AnswerFrame = await this.station.call(crypto.randomUUID(), 'TransactionEvent', call);
    if (type !== 3) throw new Error(`the answer to ${event.eventType} of ${transactionId} is ${JSON.stringify(answer)}`);
    return answer as Record<string, unknown>;
  }

  close(): Promise<void> {
    return this.station.close();
  }
}
