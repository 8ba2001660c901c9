// Connectors and transactions of a station in the messages of OCPP 1.6.
import type { Request, Response } from '@evenkeel/ocpp';
import type { ChargePlan, MeterReading, StopReason } from '../station/charge-plan';
import { type ConnectorStatus, type Delivery, type Message, rfc3339, type TransactionReport } from '../station/dialect';

type SampledValue = Request<'1.6', 'MeterValues'>['meterValue'][number]['sampledValue'][number];

export function statusNotification(connectorId: number, status: ConnectorStatus, atMilliseconds: number): Message {
  const payload: Request<'1.6', 'StatusNotification'> = { connectorId, status, errorCode: 'NoError', timestamp: rfc3339(atMilliseconds) };
  return { action: 'StatusNotification', payload };
}

export class Transaction16 implements TransactionReport {
  private id: number | undefined;

  constructor(
    private readonly plan: ChargePlan,
    private readonly delivery: Delivery,
  ) {}

  get transactionId(): string | undefined {
    return this.id === undefined ? undefined : String(this.id);
  }

  async started(atMilliseconds: number, registerWh: number, reservationId?: number): Promise<string> {
    const { connectorId, token } = this.plan;
    const payload: Request<'1.6', 'StartTransaction'> = {
      connectorId,
      idTag: token,
      meterStart: registerWh,
      timestamp: rfc3339(atMilliseconds),
      ...(reservationId === undefined ? {} : { reservationId }),
    };
    const answer = (await this.delivery.deliver('StartTransaction', () => payload)) as Response<'1.6', 'StartTransaction'>;
    this.id = answer.transactionId;
    return answer.idTagInfo.status;
  }

  charging(atMilliseconds: number): void {
    this.postStatus('Charging', atMilliseconds);
  }

  sampled({ atMilliseconds, registerWh, powerW }: MeterReading, context: SampledValue['context'] = 'Sample.Periodic'): void {
    const sampledValue: [SampledValue, ...SampledValue[]] = [
      { value: String(registerWh), context, measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: String(powerW), context, measurand: 'Power.Active.Import', unit: 'W' },
    ];
    this.delivery.post('MeterValues', (): Request<'1.6', 'MeterValues'> => {
      return {
        connectorId: this.plan.connectorId,
        transactionId: this.id,
        meterValue: [{ timestamp: rfc3339(atMilliseconds), sampledValue }],
      };
    });
  }

  suspended(atMilliseconds: number, by: 'EV' | 'EVSE'): void {
    this.postStatus(`Suspended${by}`, atMilliseconds);
  }

  noted(): void {
    // OCPP 1.6 tells of a transaction only its start, its readings and its stop.
  }

  async stopped(atMilliseconds: number, registerWh: number, reason: StopReason): Promise<void> {
    await this.delivery.deliver('StopTransaction', (): Request<'1.6', 'StopTransaction'> => {
      return {
        // The queue is in order, so StartTransaction has been answered by the time this is sent.
        transactionId: this.id ?? -1,
        idTag: this.plan.token,
        meterStop: registerWh,
        timestamp: rfc3339(atMilliseconds),
        reason: STOP_REASONS[reason] ?? 'Other',
      };
    });
    this.postStatus('Finishing', atMilliseconds);
  }

  private postStatus(status: ConnectorStatus, atMilliseconds: number): void {
    const { action, payload } = statusNotification(this.plan.connectorId, status, atMilliseconds);
    this.delivery.post(action, () => payload);
  }
}

/** The reasons that OCPP 1.6 knows; the limits of OCPP 2.x come to Other. */
const STOP_REASONS: Partial<Record<StopReason, NonNullable<Request<'1.6', 'StopTransaction'>['reason']>>> = {
  Local: 'Local',
  Remote: 'Remote',
  EVDisconnected: 'EVDisconnected',
  DeAuthorized: 'DeAuthorized',
  EmergencyStop: 'EmergencyStop',
  SoftReset: 'SoftReset',
  HardReset: 'HardReset',
  UnlockCommand: 'UnlockCommand',
  PowerLoss: 'PowerLoss',
};
