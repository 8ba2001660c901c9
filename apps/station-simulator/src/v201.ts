// A station that speaks OCPP 2.0.1. Each EVSE has one connector, number 1.
import { randomUUID } from 'node:crypto';
import type { CsmsAction, Request, Response } from '@evenkeel/ocpp';
import type { ChargePlan, MeterReading, StopReason } from './charge-plan';
import {
  type Commands,
  type CommandTarget,
  type ConnectorStatus,
  type Delivery,
  type Dialect,
  type Message,
  rfc3339,
  type TransactionReport,
} from './dialect';

type TransactionEvent = Request<'2.0.1', 'TransactionEvent'>;
type MeterValue = NonNullable<TransactionEvent['meterValue']>[number];
type ReadingContext = MeterValue['sampledValue'][number]['context'];
type IdToken = Request<'2.0.1', 'Authorize'>['idToken'];

export const dialect201: Dialect = {
  subprotocol: 'ocpp2.0.1',

  boot(identity, afterReset) {
    const payload: Request<'2.0.1', 'BootNotification'> = {
      reason: afterReset ? 'RemoteReset' : 'PowerUp',
      chargingStation: { vendorName: 'Evenkeel', model: 'Simulator', serialNumber: identity.slice(0, 25), firmwareVersion: '1.0.0' },
    };
    return { action: 'BootNotification', payload };
  },

  readBoot(answer) {
    const { status, interval } = answer as Response<'2.0.1', 'BootNotification'>;
    return { status, intervalSeconds: interval };
  },

  status(evseId, status, atMilliseconds): Message {
    const payload: Request<'2.0.1', 'StatusNotification'> = {
      timestamp: rfc3339(atMilliseconds),
      connectorStatus: CONNECTOR_STATUS[status],
      evseId,
      connectorId: 1,
    };
    return { action: 'StatusNotification', payload };
  },

  authorize(token, tokenType) {
    const payload: Request<'2.0.1', 'Authorize'> = { idToken: idToken(token, tokenType) };
    return { action: 'Authorize', payload };
  },

  readAuthorize: (answer) => (answer as Response<'2.0.1', 'Authorize'>).idTokenInfo.status,

  transaction: (plan, delivery) => new Transaction201(plan, delivery),

  commands,
};

/** How the charging goes is told by transaction events; a connector is only free, taken or out of order. */
const CONNECTOR_STATUS: Readonly<Record<ConnectorStatus, Request<'2.0.1', 'StatusNotification'>['connectorStatus']>> = {
  Available: 'Available',
  Preparing: 'Occupied',
  Charging: 'Occupied',
  SuspendedEV: 'Occupied',
  Finishing: 'Occupied',
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
  PowerLoss: { triggerReason: 'AbnormalCondition', stoppedReason: 'PowerLoss' },
};

class Transaction201 implements TransactionReport {
  readonly transactionId = randomUUID();
  private nextSequenceNumber = 0;

  constructor(
    private readonly plan: ChargePlan,
    private readonly delivery: Delivery,
  ) {}

  async started(atMilliseconds: number, registerWh: number): Promise<string> {
    const { token, tokenType = 'ISO14443', remoteStartId } = this.plan;
    const event = this.event('Started', remoteStartId === undefined ? 'Authorized' : 'RemoteStart', atMilliseconds, {
      chargingState: 'EVConnected',
      ...(remoteStartId === undefined ? {} : { remoteStartId }),
    });
    const answer = await this.delivery.deliver('TransactionEvent', () => ({
      ...event,
      idToken: idToken(token, tokenType),
      meterValue: [meterValue('Transaction.Begin', atMilliseconds, registerWh)],
    }));
    return (answer as Response<'2.0.1', 'TransactionEvent'>).idTokenInfo?.status ?? 'Accepted';
  }

  charging(atMilliseconds: number): void {
    this.post(this.event('Updated', 'ChargingStateChanged', atMilliseconds, { chargingState: 'Charging' }));
  }

  sampled({ atMilliseconds, registerWh, powerW }: MeterReading): void {
    const event = this.event('Updated', 'MeterValuePeriodic', atMilliseconds, { chargingState: 'Charging' });
    this.post({ ...event, meterValue: [meterValue('Sample.Periodic', atMilliseconds, registerWh, powerW)] });
  }

  suspended(atMilliseconds: number): void {
    this.post(this.event('Updated', 'ChargingStateChanged', atMilliseconds, { chargingState: 'SuspendedEV' }));
  }

  async stopped(atMilliseconds: number, registerWh: number, reason: StopReason): Promise<void> {
    const { triggerReason, stoppedReason } = ENDINGS[reason];
    const event = this.event('Ended', triggerReason, atMilliseconds, { chargingState: 'EVConnected', stoppedReason });
    await this.delivery.deliver('TransactionEvent', () => ({
      ...event,
      meterValue: [meterValue('Transaction.End', atMilliseconds, registerWh)],
    }));
  }

  /** Numbered when it happens, not when it is sent: a repeated event keeps its number (OCPP 2.0.1 E01.FR.07). */
  private event(
    eventType: TransactionEvent['eventType'],
    triggerReason: TransactionEvent['triggerReason'],
    atMilliseconds: number,
    info: Omit<TransactionEvent['transactionInfo'], 'transactionId'>,
  ): TransactionEvent {
    const seqNo = this.nextSequenceNumber;
    this.nextSequenceNumber += 1;
    return {
      eventType,
      timestamp: rfc3339(atMilliseconds),
      triggerReason,
      seqNo,
      ...(this.delivery.offline ? { offline: true } : {}),
      transactionInfo: { transactionId: this.transactionId, ...info },
      evse: { id: this.plan.connectorId, connectorId: 1 },
    };
  }

  private post(event: TransactionEvent): void {
    this.delivery.post('TransactionEvent', () => event);
  }
}

function idToken(token: string, type: string): IdToken {
  return { idToken: token, type: type as IdToken['type'] };
}

function meterValue(context: ReadingContext, atMilliseconds: number, registerWh: number, powerW?: number): MeterValue {
  const register = { value: registerWh, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } } as const;
  const power = { value: powerW ?? 0, context, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } } as const;
  return { timestamp: rfc3339(atMilliseconds), sampledValue: powerW === undefined ? [register] : [register, power] };
}

/** What GetVariables tells, by component and variable. */
const VARIABLES: Readonly<Record<string, string>> = {
  'ChargingStation.Model': 'Simulator',
  'ChargingStation.VendorName': 'Evenkeel',
  'OCPPCommCtrlr.HeartbeatInterval': '300',
  'TxCtrlr.StopTxOnInvalidId': 'true',
};

type Asked<A extends CsmsAction<'2.0.1'>> = Request<'2.0.1', A>;

function commands(target: CommandTarget): Commands {
  return {
    RequestStartTransaction(payload) {
      const { idToken: token, evseId, remoteStartId } = payload as Asked<'RequestStartTransaction'>;
      const plan = { token: token.idToken, tokenType: token.type, remoteStartId };
      const started = target.remoteStart(evseId === undefined ? plan : { ...plan, connectorId: evseId });
      return { answer: { status: started ? 'Accepted' : 'Rejected' } };
    },
    RequestStopTransaction(payload) {
      const { transactionId } = payload as Asked<'RequestStopTransaction'>;
      return { answer: { status: target.remoteStop(transactionId) ? 'Accepted' : 'Rejected' } };
    },
    Reset(payload) {
      const { type } = payload as Asked<'Reset'>;
      if (type === 'OnIdle' && target.busy) return { answer: { status: 'Scheduled' }, afterwards: () => target.reset('whenIdle') };
      return { answer: { status: 'Accepted' }, afterwards: () => target.reset('HardReset') };
    },
    TriggerMessage(payload) {
      const { requestedMessage, evse } = payload as Asked<'TriggerMessage'>;
      const triggers: Partial<Record<typeof requestedMessage, () => void>> = {
        BootNotification: () => target.bootAgain(),
        Heartbeat: () => target.sendHeartbeat(),
        StatusNotification: () => target.reportStatus(evse?.id),
      };
      const afterwards = triggers[requestedMessage];
      return afterwards === undefined ? { answer: { status: 'NotImplemented' } } : { answer: { status: 'Accepted' }, afterwards };
    },
    GetVariables(payload) {
      const { getVariableData } = payload as Asked<'GetVariables'>;
      const getVariableResult = getVariableData.map(({ component, variable }) => {
        const attributeValue = VARIABLES[`${component.name}.${variable.name}`];
        return attributeValue === undefined
          ? { attributeStatus: 'UnknownVariable', component, variable }
          : { attributeStatus: 'Accepted', attributeValue, component, variable };
      });
      return { answer: { getVariableResult } };
    },
  };
}
