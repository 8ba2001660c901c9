// Smart charging in OCPP 2.x (K01 to K10): profiles in the version's words, reports of them, and the composite schedule they come to.
import type { Request } from '@evenkeel/ocpp';
import type { ProfileRefusal } from '../feature/charging-profiles';
import { type ChargingProfile, compositeSchedule } from '../feature/composite-schedule';
import { rfc3339 } from '../station/dialect';
import type { StationHost } from '../station/host';
import { MOST_POWER_W, SUPPLY } from '../station/supply';
import type { Handlers2 } from './handlers';

export type Profile2 = Request<'2.1', 'SetChargingProfile'>['chargingProfile'];

export function smartChargingCommands(host: StationHost) {
  const { profiles } = host;
  return {
    SetChargingProfile({ evseId, chargingProfile }) {
      if (evseId !== 0 && !host.connectors.has(evseId)) return rejected('InvalidValue');
      const refusal = installProfile(host, evseId, chargingProfile);
      return refusal === undefined ? { answer: { status: 'Accepted' } } : rejected(refusal);
    },
    ClearChargingProfile({ chargingProfileId, chargingProfileCriteria: criteria }) {
      const ids = chargingProfileId === undefined ? undefined : [chargingProfileId];
      const { evseId, chargingProfilePurpose: purpose, stackLevel } = criteria ?? {};
      return { answer: { status: profiles.clear({ ids, evseId, purpose, stackLevel }) > 0 ? 'Accepted' : 'Unknown' } };
    },
    GetChargingProfiles({ requestId, evseId, chargingProfile: criteria }) {
      const found = profiles.find({
        ids: criteria.chargingProfileId,
        evseId,
        purpose: criteria.chargingProfilePurpose,
        stackLevel: criteria.stackLevel,
        sources: criteria.chargingLimitSource,
      });
      if (found.length === 0) return { answer: { status: 'NoProfiles' } };
      return { answer: { status: 'Accepted' }, afterwards: () => reportProfiles(host, requestId, found) };
    },
    GetCompositeSchedule({ evseId, duration, chargingRateUnit = 'W' }) {
      if (evseId !== 0 && !host.connectors.has(evseId)) return rejected('InvalidValue');
      const now = host.now();
      const session = host.connectors.get(evseId)?.session;
      const periods = compositeSchedule(profiles.bearingOn(evseId), now, duration, session, SUPPLY, MOST_POWER_W);
      const wattsAUnit = chargingRateUnit === 'W' ? 1 : SUPPLY.voltage * SUPPLY.phases;
      const chargingSchedulePeriod = periods.map(({ startSeconds, limitW }) => {
        return { startPeriod: startSeconds, limit: Math.round((limitW / wattsAUnit) * 10) / 10 };
      });
      const schedule = { evseId, duration, scheduleStart: rfc3339(now), chargingRateUnit, chargingSchedulePeriod };
      return { answer: { status: 'Accepted', schedule } };
    },
  } satisfies Handlers2;
}

export function installProfile(host: StationHost, evseId: number, profile: Profile2): ProfileRefusal | undefined {
  const { settings } = host;
  const session = host.connectors.get(evseId)?.session;
  const limits = {
    mostStackLevel: settings.number('SmartChargingCtrlr/ProfileStackLevel', 10),
    mostPeriods: settings.number('SmartChargingCtrlr/PeriodsPerSchedule', 24),
    mostProfiles: settings.definitionOf('SmartChargingCtrlr/Entries#ChargingProfiles')?.most ?? 20,
    units: (settings.get('SmartChargingCtrlr/RateUnit') ?? 'A,W').split(','),
  };
  const named = profile.transactionId === undefined || profile.transactionId === session?.transactionId;
  const refusal = host.profiles.install(neutral(profile, evseId), limits, session !== undefined && named);
  settings.measure('SmartChargingCtrlr/Entries#ChargingProfiles', String(host.profiles.size));
  if (refusal === undefined && profile.dynUpdateInterval !== undefined) pullUpdates(host, profile.id, profile.dynUpdateInterval);
  return refusal;
}

/** OCPP 2.1 K28: a dynamic profile with an interval is asked about for as long as it is installed. */
function pullUpdates(host: StationHost, chargingProfileId: number, intervalSeconds: number): void {
  if (intervalSeconds <= 0) return;
  const pull = async () => {
    const answer = await host.call('PullDynamicScheduleUpdate', { chargingProfileId });
    const { scheduleUpdate } = answer as { scheduleUpdate?: { limit?: number } };
    if (scheduleUpdate !== undefined) host.profiles.adjust(chargingProfileId, scheduleUpdate.limit);
  };
  host.later(intervalSeconds, () => {
    if (host.profiles.find({ ids: [chargingProfileId] }).length === 0) return;
    host.background(pull(), 'PullDynamicScheduleUpdate');
    pullUpdates(host, chargingProfileId, intervalSeconds);
  });
}

/** One message for what belongs to one EVSE and comes from one source. */
function reportProfiles(host: StationHost, requestId: number, found: readonly ChargingProfile[]): void {
  const places = [...new Set(found.map(placeOf))];
  const groups = places.map((place) => found.filter((profile) => placeOf(profile) === place));
  for (const [index, group] of groups.entries()) {
    const payload: Request<'2.1', 'ReportChargingProfiles'> = {
      requestId,
      chargingLimitSource: group[0]?.source ?? 'CSO',
      evseId: group[0]?.evseId ?? 0,
      chargingProfile: group.map(({ wire }) => wire as Profile2),
      tbc: index < groups.length - 1,
    };
    host.say('ReportChargingProfiles', payload);
  }
}

const placeOf = ({ evseId, source }: ChargingProfile): string => `${evseId} ${source}`;

function neutral(profile: Profile2, evseId: number): ChargingProfile {
  const [schedule] = profile.chargingSchedule;
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return {
    id: profile.id,
    evseId,
    stackLevel: profile.stackLevel,
    purpose: profile.chargingProfilePurpose,
    kind: profile.chargingProfileKind,
    recurrency: profile.recurrencyKind,
    validFrom: time(profile.validFrom),
    validTo: time(profile.validTo),
    transactionId: profile.transactionId,
    unit: schedule?.chargingRateUnit ?? 'W',
    startsAt: time(schedule?.startSchedule),
    durationSeconds: schedule?.duration,
    periods: (schedule?.chargingSchedulePeriod ?? []).map(({ startPeriod, limit, numberPhases }) => {
      return { startSeconds: startPeriod, limit, phases: numberPhases };
    }),
    source: 'CSO',
    wire: profile,
  };
}

function rejected(reasonCode: string) {
  return { answer: { status: 'Rejected' as const, statusInfo: { reasonCode } } };
}
