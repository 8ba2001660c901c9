// Smart charging in OCPP 1.6 (section 3.13): profiles in the version's words, and the composite schedule that they come to.
import type { Request } from '@evenkeel/ocpp';
import type { ProfileRefusal } from '../feature/charging-profiles';
import { type ChargingProfile, compositeSchedule } from '../feature/composite-schedule';
import { rfc3339 } from '../station/dialect';
import type { StationHost } from '../station/host';
import { MOST_POWER_W, SUPPLY } from '../station/supply';
import type { Handlers16 } from './handlers';

type Profile16 = Request<'1.6', 'SetChargingProfile'>['csChargingProfiles'];

export function smartChargingCommands(host: StationHost) {
  const { profiles } = host;
  return {
    SetChargingProfile({ connectorId, csChargingProfiles }) {
      if (connectorId !== 0 && !host.connectors.has(connectorId)) return { answer: { status: 'Rejected' } };
      return { answer: { status: installProfile(host, connectorId, csChargingProfiles) === undefined ? 'Accepted' : 'Rejected' } };
    },
    ClearChargingProfile({ id, connectorId, chargingProfilePurpose, stackLevel }) {
      const purpose = chargingProfilePurpose === 'ChargePointMaxProfile' ? 'ChargingStationMaxProfile' : chargingProfilePurpose;
      const cleared = profiles.clear({ ids: id === undefined ? undefined : [id], evseId: connectorId, purpose, stackLevel });
      return { answer: { status: cleared > 0 ? 'Accepted' : 'Unknown' } };
    },
    GetCompositeSchedule({ connectorId, duration, chargingRateUnit = 'W' }) {
      if (connectorId !== 0 && !host.connectors.has(connectorId)) return { answer: { status: 'Rejected' } };
      const now = host.now();
      const session = host.connectors.get(connectorId)?.session;
      const periods = compositeSchedule(profiles.bearingOn(connectorId), now, duration, session, SUPPLY, MOST_POWER_W);
      const wattsAUnit = chargingRateUnit === 'W' ? 1 : SUPPLY.voltage * SUPPLY.phases;
      const [first, ...rest] = periods.map(({ startSeconds, limitW }) => {
        return { startPeriod: startSeconds, limit: Math.round((limitW / wattsAUnit) * 10) / 10 };
      });
      if (first === undefined) return { answer: { status: 'Rejected' } };
      const chargingSchedule = { duration, startSchedule: rfc3339(now), chargingRateUnit, chargingSchedulePeriod: [first, ...rest] };
      return { answer: { status: 'Accepted', connectorId, scheduleStart: rfc3339(now), chargingSchedule } };
    },
  } satisfies Handlers16;
}

export function installProfile(host: StationHost, connectorId: number, profile: Profile16): ProfileRefusal | undefined {
  const { settings } = host;
  const session = host.connectors.get(connectorId)?.session;
  const limits = {
    mostStackLevel: settings.number('ChargeProfileMaxStackLevel', 10),
    mostPeriods: settings.number('ChargingScheduleMaxPeriods', 24),
    mostProfiles: settings.number('MaxChargingProfilesInstalled', 20),
    units: ['A', 'W'],
  };
  const named = profile.transactionId === undefined || String(profile.transactionId) === session?.transactionId;
  return host.profiles.install(neutral(profile, connectorId), limits, session !== undefined && named);
}

function neutral(profile: Profile16, connectorId: number): ChargingProfile {
  const { chargingSchedule: schedule, chargingProfilePurpose: purpose } = profile;
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return {
    id: profile.chargingProfileId,
    evseId: connectorId,
    stackLevel: profile.stackLevel,
    purpose: purpose === 'ChargePointMaxProfile' ? 'ChargingStationMaxProfile' : purpose,
    kind: profile.chargingProfileKind,
    recurrency: profile.recurrencyKind,
    validFrom: time(profile.validFrom),
    validTo: time(profile.validTo),
    transactionId: profile.transactionId === undefined ? undefined : String(profile.transactionId),
    unit: schedule.chargingRateUnit,
    startsAt: time(schedule.startSchedule),
    durationSeconds: schedule.duration,
    periods: schedule.chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases }) => {
      return { startSeconds: startPeriod, limit, phases: numberPhases };
    }),
    source: 'CSO',
    wire: profile,
  };
}
