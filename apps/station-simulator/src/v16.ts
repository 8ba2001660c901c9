// A station that speaks OCPP 1.6J.
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

type SampledValue = Request<'1.6', 'MeterValues'>['meterValue'][number]['sampledValue'][number];

export const dialect16: Dialect = {
  subprotocol: 'ocpp1.6',

  boot(identity) {
    const payload: Request<'1.6', 'BootNotification'> = {
      chargePointVendor: 'Evenkeel',
      chargePointModel: 'Simulator',
      chargePointSerialNumber: identity.slice(0, 25),
      firmwareVersion: '1.0.0',
    };
    return { action: 'BootNotification', payload };
  },

  readBoot(answer) {
    const { status, interval } = answer as Response<'1.6', 'BootNotification'>;
    return { status, intervalSeconds: interval };
  },

  status: statusNotification,

  authorize(token) {
    const payload: Request<'1.6', 'Authorize'> = { idTag: token };
    return { action: 'Authorize', payload };
  },

  readAuthorize: (answer) => (answer as Response<'1.6', 'Authorize'>).idTagInfo.status,

  transaction: (plan, delivery) => new Transaction16(plan, delivery),

  commands,
};

function statusNotification(connectorId: number, status: ConnectorStatus, atMilliseconds: number): Message {
  const payload: Request<'1.6', 'StatusNotification'> = { connectorId, status, errorCode: 'NoError', timestamp: rfc3339(atMilliseconds) };
  return { action: 'StatusNotification', payload };
}

class Transaction16 implements TransactionReport {
  private id: number | undefined;

  constructor(
    private readonly plan: ChargePlan,
    private readonly delivery: Delivery,
  ) {}

  get transactionId(): string | undefined {
    return this.id === undefined ? undefined : String(this.id);
  }

  async started(atMilliseconds: number, registerWh: number): Promise<string> {
    const { connectorId, token } = this.plan;
    const payload: Request<'1.6', 'StartTransaction'> = {
      connectorId,
      idTag: token,
      meterStart: registerWh,
      timestamp: rfc3339(atMilliseconds),
    };
    const answer = (await this.delivery.deliver('StartTransaction', () => payload)) as Response<'1.6', 'StartTransaction'>;
    this.id = answer.transactionId;
    return answer.idTagInfo.status;
  }

  charging(atMilliseconds: number): void {
    this.postStatus('Charging', atMilliseconds);
  }

  sampled({ atMilliseconds, registerWh, powerW }: MeterReading): void {
    const sampledValue: [SampledValue, ...SampledValue[]] = [
      { value: String(registerWh), context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: String(powerW), context: 'Sample.Periodic', measurand: 'Power.Active.Import', unit: 'W' },
    ];
    this.delivery.post('MeterValues', (): Request<'1.6', 'MeterValues'> => {
      return {
        connectorId: this.plan.connectorId,
        transactionId: this.id,
        meterValue: [{ timestamp: rfc3339(atMilliseconds), sampledValue }],
      };
    });
  }

  suspended(atMilliseconds: number): void {
    this.postStatus('SuspendedEV', atMilliseconds);
  }

  async stopped(atMilliseconds: number, registerWh: number, reason: StopReason): Promise<void> {
    await this.delivery.deliver('StopTransaction', (): Request<'1.6', 'StopTransaction'> => {
      return {
        // The queue is in order, so StartTransaction has been answered by the time this is sent.
        transactionId: this.id ?? -1,
        idTag: this.plan.token,
        meterStop: registerWh,
        timestamp: rfc3339(atMilliseconds),
        reason,
      };
    });
    this.postStatus('Finishing', atMilliseconds);
  }

  private postStatus(status: ConnectorStatus, atMilliseconds: number): void {
    const { action, payload } = statusNotification(this.plan.connectorId, status, atMilliseconds);
    this.delivery.post(action, () => payload);
  }
}

/** What GetConfiguration tells; the station has nothing to change. */
const CONFIGURATION: Readonly<Record<string, string>> = {
  ConnectorPhaseRotation: 'NotApplicable',
  HeartbeatInterval: '300',
  NumberOfConnectors: '2',
  StopTransactionOnInvalidId: 'true',
  SupportedFeatureProfiles: 'Core,RemoteTrigger',
};

type Asked<A extends CsmsAction<'1.6'>> = Request<'1.6', A>;

function commands(target: CommandTarget): Commands {
  return {
    RemoteStartTransaction(payload) {
      const { idTag, connectorId } = payload as Asked<'RemoteStartTransaction'>;
      const started = target.remoteStart(connectorId === undefined ? { token: idTag } : { token: idTag, connectorId });
      return { answer: { status: started ? 'Accepted' : 'Rejected' } };
    },
    RemoteStopTransaction(payload) {
      const { transactionId } = payload as Asked<'RemoteStopTransaction'>;
      return { answer: { status: target.remoteStop(String(transactionId)) ? 'Accepted' : 'Rejected' } };
    },
    Reset(payload) {
      const { type } = payload as Asked<'Reset'>;
      return { answer: { status: 'Accepted' }, afterwards: () => target.reset(type === 'Hard' ? 'HardReset' : 'SoftReset') };
    },
    TriggerMessage(payload) {
      const { requestedMessage, connectorId } = payload as Asked<'TriggerMessage'>;
      const triggers: Partial<Record<typeof requestedMessage, () => void>> = {
        BootNotification: () => target.bootAgain(),
        Heartbeat: () => target.sendHeartbeat(),
        StatusNotification: () => target.reportStatus(connectorId),
      };
      const afterwards = triggers[requestedMessage];
      return afterwards === undefined ? { answer: { status: 'NotImplemented' } } : { answer: { status: 'Accepted' }, afterwards };
    },
    GetConfiguration(payload) {
      const { key: asked } = payload as Asked<'GetConfiguration'>;
      const keys = asked === undefined || asked.length === 0 ? Object.keys(CONFIGURATION) : asked;
      const configurationKey = keys.flatMap((key) => {
        const value = CONFIGURATION[key];
        return value === undefined ? [] : [{ key, readonly: true, value }];
      });
      const unknownKey = keys.filter((key) => CONFIGURATION[key] === undefined);
      return { answer: unknownKey.length === 0 ? { configurationKey } : { configurationKey, unknownKey } };
    },
  };
}
