// What a station of OCPP 2.x tells or asks of its own accord, one method a family. Sessions, boots and connector states are told by
// themselves; any other message goes through `SimulatedStation.call`.
import type { Request, Response } from '@evenkeel/ocpp';
import type { ChargingProfile } from '../feature/composite-schedule';
import type { StationHost } from '../station/host';
import { askForCertificate } from './certificates';
import { type ComponentName, type VariableName, variableText } from './variable-names';

type Ask<A extends keyof Asked> = Promise<Asked[A]>;
interface Asked {
  NotifyEVChargingNeeds: Response<'2.1', 'NotifyEVChargingNeeds'>;
  NotifyEVChargingSchedule: Response<'2.1', 'NotifyEVChargingSchedule'>;
  GetCertificateStatus: Response<'2.1', 'GetCertificateStatus'>;
  GetCertificateChainStatus: Response<'2.1', 'GetCertificateChainStatus'>;
  Get15118EVCertificate: Response<'2.1', 'Get15118EVCertificate'>;
  NotifySettlement: Response<'2.1', 'NotifySettlement'>;
  VatNumberValidation: Response<'2.1', 'VatNumberValidation'>;
}

const EXTERNAL_LIMIT_ID = -1;

export class Reports2 {
  private nextEventId = 1_000;

  constructor(private readonly host: StationHost) {}

  /** A04: something that touches security happened. */
  securityEvent(type: string, techInfo?: string): Promise<void> {
    const event = { type, timestamp: this.host.timestamp() };
    return this.host.say('SecurityEventNotification', techInfo === undefined ? event : { ...event, techInfo });
  }

  /** A02: asks for a certificate of this use. */
  signCertificate(certificateType = 'ChargingStationCertificate'): void {
    askForCertificate(this.host, certificateType);
  }

  /** N07: a variable has this value now; the hard-wired notification of it, and what monitors there are. */
  async event(component: ComponentName, variable: VariableName, actualValue: string): Promise<void> {
    this.host.settings.measure(variableText(component, variable), actualValue);
    const timestamp = this.host.timestamp();
    const payload: Request<'2.1', 'NotifyEvent'> = {
      generatedAt: timestamp,
      seqNo: 0,
      eventData: [
        {
          eventId: this.nextEventId,
          timestamp,
          trigger: 'Delta',
          actualValue,
          component,
          variable,
          eventNotificationType: 'HardWiredNotification',
        },
      ],
    };
    this.nextEventId += 1;
    await this.host.say('NotifyEvent', payload);
  }

  /** K12: a limit from outside, which holds from now on; undefined lifts it (K13). */
  async externalLimit(evseId: number, limitW: number | undefined, chargingLimitSource = 'EMS'): Promise<void> {
    if (limitW === undefined) {
      this.host.profiles.dropExternal(evseId);
      await this.host.say('ClearedChargingLimit', { chargingLimitSource, evseId });
      return;
    }
    const chargingSchedule = [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: limitW }] }];
    this.host.profiles.putExternal(externalProfile(evseId, limitW, chargingLimitSource));
    await this.host.say('NotifyChargingLimit', { evseId, chargingLimit: { chargingLimitSource, isGridCritical: false }, chargingSchedule });
  }

  /** K15: what the car wants. */
  chargingNeeds(payload: Request<'2.1', 'NotifyEVChargingNeeds'>): Ask<'NotifyEVChargingNeeds'> {
    return this.ask('NotifyEVChargingNeeds', payload);
  }

  /** K15: what the car has made of the schedules it got. */
  chargingSchedule(payload: Request<'2.1', 'NotifyEVChargingSchedule'>): Ask<'NotifyEVChargingSchedule'> {
    return this.ask('NotifyEVChargingSchedule', payload);
  }

  /** K22: the driver has pressed the button for priority. */
  async priorityCharging(connectorId: number, activated: boolean): Promise<void> {
    const session = this.host.connectors.get(connectorId)?.session;
    if (session === undefined) return;
    session.hasPriority = activated;
    await this.host.say('NotifyPriorityCharging', { transactionId: session.transactionId, activated });
  }

  /** M06 */
  certificateStatus(payload: Request<'2.1', 'GetCertificateStatus'>): Ask<'GetCertificateStatus'> {
    return this.ask('GetCertificateStatus', payload);
  }

  certificateChainStatus(payload: Request<'2.1', 'GetCertificateChainStatus'>): Ask<'GetCertificateChainStatus'> {
    return this.ask('GetCertificateChainStatus', payload);
  }

  /** M01, M02: the car wants a contract certificate. */
  evCertificate(payload: Request<'2.1', 'Get15118EVCertificate'>): Ask<'Get15118EVCertificate'> {
    return this.ask('Get15118EVCertificate', payload);
  }

  /** C20: what a payment terminal has settled. */
  settlement(payload: Request<'2.1', 'NotifySettlement'>): Ask<'NotifySettlement'> {
    return this.ask('NotifySettlement', payload);
  }

  vatNumber(payload: Request<'2.1', 'VatNumberValidation'>): Ask<'VatNumberValidation'> {
    return this.ask('VatNumberValidation', payload);
  }

  /** R04: the grid trips a protection, or recovers. */
  derAlarm(payload: Omit<Request<'2.1', 'NotifyDERAlarm'>, 'timestamp'>): Promise<void> {
    return this.host.say('NotifyDERAlarm', { ...payload, timestamp: this.host.timestamp() });
  }

  /** S01, S03: a driver swaps batteries without being asked. */
  batterySwap(payload: Request<'2.1', 'BatterySwap'>): Promise<void> {
    return this.host.say('BatterySwap', payload);
  }

  private async ask<A extends keyof Asked & string>(action: A, payload: object): Ask<A> {
    return (await this.host.call(action, payload)) as Asked[A];
  }
}

function externalProfile(evseId: number, limit: number, source: string): ChargingProfile {
  const wire: Request<'2.1', 'SetChargingProfile'>['chargingProfile'] = {
    id: EXTERNAL_LIMIT_ID,
    stackLevel: 0,
    chargingProfilePurpose: 'ChargingStationExternalConstraints',
    chargingProfileKind: 'Absolute',
    chargingSchedule: [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] }],
  };
  return {
    id: EXTERNAL_LIMIT_ID,
    evseId,
    stackLevel: 0,
    purpose: 'ChargingStationExternalConstraints',
    kind: 'Absolute',
    recurrency: undefined,
    validFrom: undefined,
    validTo: undefined,
    transactionId: undefined,
    unit: 'W',
    startsAt: undefined,
    durationSeconds: undefined,
    periods: [{ startSeconds: 0, limit, phases: undefined }],
    source,
    wire,
  };
}
