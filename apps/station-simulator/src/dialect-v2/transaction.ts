// Transactions of a station in the messages of OCPP 2.0.1 and 2.1.
import { randomUUID } from 'node:crypto';
import type { Request, Response } from '@evenkeel/ocpp';
import type { ChargePlan, MeterReading, StopReason } from '../station/charge-plan';
import { type ConnectorStatus, type Delivery, rfc3339, type TransactionEar, type TransactionReport } from '../station/dialect';

type TransactionEvent = Request<'2.1', 'TransactionEvent'>;
type MeterValue = NonNullable<TransactionEvent['meterValue']>[number];
type ReadingContext = MeterValue['sampledValue'][number]['context'];
type TransactionInfo = TransactionEvent['transactionInfo'];
type IdToken = Request<'2.0.1', 'Authorize'>['idToken'];

/** How the charging goes is told by transaction events; a connector is only free, taken or out of order. */
export const CONNECTOR_STATUS: Readonly<Record<ConnectorStatus, Request<'2.0.1', 'StatusNotification'>['connectorStatus']>> = {
  Available: 'Available',
  Preparing: 'Occupied',
  Charging: 'Occupied',
  SuspendedEV: 'Occupied',
  SuspendedEVSE: 'Occupied',
  Finishing: 'Occupied',
  Reserved: 'Reserved',
  Unavailable: 'Unavailable',
  Faulted: 'Faulted',
};

/** Why the event is sent, and the reason it carries, for each way a session can end. */
const ENDINGS: Readonly<
  Record<StopReason, Pick<TransactionEvent, 'triggerReason'> & Required<Pick<TransactionEvent['transactionInfo'], 'stoppedReason'>>>
> = {
  Local: { triggerReason: 'StopAuthorized', stoppedReason: 'Local' },
  Remote: { triggerReason: 'RemoteStop', stoppedReason: 'Remote' },
  EVDisconnected: { triggerReason: 'EVDeparted', stoppedReason: 'EVDisconnected' },
  DeAuthorized: { triggerReason: 'Deauthorized', stoppedReason: 'DeAuthorized' },
  SoftReset: { triggerReason: 'ResetCommand', stoppedReason: 'ImmediateReset' },
  HardReset: { triggerReason: 'ResetCommand', stoppedReason: 'ImmediateReset' },
  UnlockCommand: { triggerReason: 'UnlockCommand', stoppedReason: 'Remote' },
  EmergencyStop: { triggerReason: 'AbnormalCondition', stoppedReason: 'EmergencyStop' },
  PowerLoss: { triggerReason: 'AbnormalCondition', stoppedReason: 'PowerLoss' },
  EnergyLimitReached: { triggerReason: 'EnergyLimitReached', stoppedReason: 'EnergyLimitReached' },
  TimeLimitReached: { triggerReason: 'TimeLimitReached', stoppedReason: 'TimeLimitReached' },
  SOCLimitReached: { triggerReason: 'SoCLimitReached', stoppedReason: 'SOCLimitReached' },
  LocalOutOfCredit: { triggerReason: 'CostLimitReached', stoppedReason: 'LocalOutOfCredit' },
};

const SAMPLE_TRIGGERS = {
  'Sample.Periodic': 'MeterValuePeriodic',
  'Sample.Clock': 'MeterValueClock',
  Trigger: 'Trigger',
} as const satisfies Partial<Record<NonNullable<ReadingContext>, TransactionEvent['triggerReason']>>;

export class Transaction2 implements TransactionReport {
  readonly transactionId = randomUUID();
  private nextSequenceNumber = 0;
  private chargingState: TransactionInfo['chargingState'] = 'EVConnected';

  constructor(
    private readonly plan: ChargePlan,
    private readonly delivery: Delivery,
    private readonly ear: TransactionEar,
  ) {}

  async started(atMilliseconds: number, registerWh: number, reservationId?: number): Promise<string> {
    const { token, tokenType = 'ISO14443', remoteStartId } = this.plan;
    const event = this.event('Started', remoteStartId === undefined ? 'Authorized' : 'RemoteStart', atMilliseconds, {
      ...(remoteStartId === undefined ? {} : { remoteStartId }),
    });
    const payload: TransactionEvent = {
      ...event,
      ...(reservationId === undefined ? {} : { reservationId }),
      idToken: idToken(token, tokenType),
      meterValue: [meterValue('Transaction.Begin', atMilliseconds, registerWh)],
    };
    const answer = (await this.delivery.deliver('TransactionEvent', () => payload)) as Response<'2.1', 'TransactionEvent'>;
    const verdict = answer.idTokenInfo?.status ?? 'Accepted';
    this.hear(answer);
    return verdict;
  }

  charging(atMilliseconds: number): void {
    this.changeState('Charging', atMilliseconds);
  }

  sampled({ atMilliseconds, registerWh, powerW }: MeterReading, context: keyof typeof SAMPLE_TRIGGERS = 'Sample.Periodic'): void {
    const event = this.event('Updated', SAMPLE_TRIGGERS[context], atMilliseconds);
    this.post({ ...event, meterValue: [meterValue(context, atMilliseconds, registerWh, powerW)] });
  }

  suspended(atMilliseconds: number, by: 'EV' | 'EVSE'): void {
    this.changeState(`Suspended${by}`, atMilliseconds);
  }

  noted(trigger: TransactionEvent['triggerReason'], atMilliseconds: number, details: Partial<TransactionEvent> = {}): void {
    const event = this.event('Updated', trigger, atMilliseconds);
    this.post({ ...event, ...details, transactionInfo: { ...event.transactionInfo, ...details.transactionInfo } });
  }

  async stopped(atMilliseconds: number, registerWh: number, reason: StopReason, details: Partial<TransactionEvent> = {}): Promise<void> {
    const { triggerReason, stoppedReason } = ENDINGS[reason];
    this.chargingState = 'EVConnected';
    const event = this.event('Ended', triggerReason, atMilliseconds, { stoppedReason });
    const payload = { ...event, ...details, meterValue: [meterValue('Transaction.End', atMilliseconds, registerWh)] };
    await this.delivery.deliver('TransactionEvent', () => payload);
  }

  private changeState(chargingState: TransactionInfo['chargingState'], atMilliseconds: number): void {
    this.chargingState = chargingState;
    this.post(this.event('Updated', 'ChargingStateChanged', atMilliseconds));
  }

  /** Numbered when it happens, not when it is sent: a repeated event keeps its number (OCPP 2.0.1 E01.FR.07). */
  private event(
    eventType: TransactionEvent['eventType'],
    triggerReason: TransactionEvent['triggerReason'],
    atMilliseconds: number,
    info: Omit<TransactionInfo, 'transactionId'> = {},
  ): TransactionEvent {
    const seqNo = this.nextSequenceNumber;
    this.nextSequenceNumber += 1;
    return {
      eventType,
      timestamp: rfc3339(atMilliseconds),
      triggerReason,
      seqNo,
      ...(this.delivery.offline ? { offline: true } : {}),
      transactionInfo: { transactionId: this.transactionId, chargingState: this.chargingState, ...info },
      evse: { id: this.plan.connectorId, connectorId: 1 },
    };
  }

  private post(event: TransactionEvent): void {
    this.delivery.post(
      'TransactionEvent',
      () => event,
      (answer) => {
        const heard = answer as Response<'2.1', 'TransactionEvent'>;
        this.hear(heard);
        // OCPP 2.0.1 E05: a token that is no longer welcome ends the transaction.
        if (heard.idTokenInfo !== undefined && heard.idTokenInfo.status !== 'Accepted') this.ear.deauthorized();
      },
    );
  }

  private hear({ transactionLimit, totalCost }: Response<'2.1', 'TransactionEvent'>): void {
    if (transactionLimit !== undefined) this.ear.limited(transactionLimit);
    if (totalCost !== undefined) this.ear.costs(totalCost);
  }
}

export function idToken(token: string, type: string): IdToken {
  return { idToken: token, type: type as IdToken['type'] };
}

function meterValue(context: ReadingContext, atMilliseconds: number, registerWh: number, powerW?: number): MeterValue {
  const register = { value: registerWh, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } } as const;
  const power = { value: powerW ?? 0, context, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } } as const;
  return { timestamp: rfc3339(atMilliseconds), sampledValue: powerW === undefined ? [register] : [register, power] };
}
