// Frames as a station would send them, said by local clock time and meter reading. Each has a message id of its own, as every repetition has.
import { callText } from '@evenkeel/ocpp';

let sent = 0;

/** A frame with a fresh message id. */
export function call(action: string, payload: object): string {
  sent += 1;
  return callText(`m${sent}`, action, payload);
}

/** The same message once more, as a station repeats one whose answer it missed. */
export function repeated(frame: string): string {
  const [, , action, payload] = JSON.parse(frame) as [number, string, string, object];
  return call(action, payload);
}

/** A day in California: what its clocks show, and how far they are from UTC. */
export interface Day {
  date: string;
  offset: string;
}

export const winterDay: Day = { date: '2026-03-02', offset: '-08:00' };
export const summerDay: Day = { date: '2026-07-06', offset: '-07:00' };

/** "10:05" or "10:05:30" of the day. */
export function instant({ date, offset }: Day, time: string): string {
  return `${date}T${time.length === 5 ? `${time}:00` : time}${offset}`;
}

/** The messages of one OCPP 1.6 transaction at connector 1. */
export class Transaction16 {
  constructor(
    private readonly idTag: string,
    /** The station learns it from the answer to its start; the first one that the back end issues is 1. */
    private readonly transactionId = 1,
    private readonly day = winterDay,
  ) {}

  status(time: string, status: string): string {
    return call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status, timestamp: this.at(time) });
  }

  start(time: string, meterStart: number): string {
    return call('StartTransaction', { connectorId: 1, idTag: this.idTag, meterStart, timestamp: this.at(time) });
  }

  reading(time: string, wh: number): string {
    const sampledValue = [{ value: String(wh), context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
    const meterValue = [{ timestamp: this.at(time), sampledValue }];
    return call('MeterValues', { connectorId: 1, transactionId: this.transactionId, meterValue });
  }

  stop(time: string, meterStop: number): string {
    const { transactionId, idTag } = this;
    return call('StopTransaction', { transactionId, idTag, meterStop, timestamp: this.at(time), reason: 'Local' });
  }

  private at(time: string): string {
    return instant(this.day, time);
  }
}

/** The events of one OCPP 2.0.1 transaction at EVSE 1. Registers are in kWh. */
export class Transaction201 {
  private seqNo = 0;

  constructor(
    private readonly idToken: string,
    private readonly day: Day,
  ) {}

  started(time: string, kWh: number): string {
    return this.event(
      'Started',
      'Authorized',
      time,
      { chargingState: 'Charging' },
      { ...evse, ...this.token(), ...register(kWh, 'Transaction.Begin') },
    );
  }

  /** The cable comes first, the card later. */
  pluggedIn(time: string, kWh: number): string {
    return this.event(
      'Started',
      'CablePluggedIn',
      time,
      { chargingState: 'EVConnected' },
      { ...evse, ...register(kWh, 'Transaction.Begin') },
    );
  }

  authorized(time: string): string {
    return this.event('Updated', 'Authorized', time, { chargingState: 'Charging' }, this.token());
  }

  reading(time: string, kWh: number): string {
    return this.event('Updated', 'MeterValuePeriodic', time, { chargingState: 'Charging' }, register(kWh, 'Sample.Periodic'));
  }

  ended(time: string, kWh: number): string {
    return this.event('Ended', 'StopAuthorized', time, { stoppedReason: 'Local' }, register(kWh, 'Transaction.End'));
  }

  private token() {
    return { idToken: { idToken: this.idToken, type: 'ISO14443' } };
  }

  private event(eventType: string, triggerReason: string, time: string, info: object, { sampledValue, ...rest }: Said): string {
    const timestamp = instant(this.day, time);
    const seqNo = this.seqNo;
    this.seqNo += 1;
    return call('TransactionEvent', {
      eventType,
      triggerReason,
      timestamp,
      seqNo,
      transactionInfo: { transactionId: 'tx-201', ...info },
      ...(sampledValue ? { meterValue: [{ timestamp, sampledValue }] } : {}),
      ...rest,
    });
  }
}

interface Said {
  readonly sampledValue?: readonly object[];
  readonly idToken?: object;
  readonly evse?: object;
}

const evse = { evse: { id: 1, connectorId: 1 } };

function register(kWh: number, context: string) {
  return { sampledValue: [{ value: kWh, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'kWh' } }] };
}
