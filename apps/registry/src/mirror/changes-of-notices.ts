// What a station's reports change of what is known of it. One entry an action, in the words of OCPP 2.1.
import type { Request, StationAction } from '@evenkeel/ocpp';
import { jobReported } from './jobs';
import type { Change, Document, Item, Known } from './known';
import { reportPart } from './reports';
import { variableKey } from './variable-key';

type Reader<A extends StationAction<'2.1'>> = (known: Known, payload: Request<'2.1', A>, at: string) => readonly Change[];

const READERS: { readonly [A in StationAction<'2.1'>]?: Reader<A> } = {
  NotifyReport: (known, { reportData = [], ...part }) => {
    const put = reportData.map((each): Item => [variableKey(each), { ...each }]);
    return reportPart(known, 'NotifyReport', 'variable', part, put);
  },
  NotifyMonitoringReport: (known, { monitor = [], ...part }) => {
    const put = monitor.flatMap(({ component, variable, variableMonitoring }) =>
      variableMonitoring.map((each): Item => [String(each.id), { component, variable, ...each }]),
    );
    return reportPart(known, 'NotifyMonitoringReport', 'monitor', part, put);
  },
  // The newest event of each variable; older ones may come late, from an offline queue.
  NotifyEvent: (known, { eventData }) => {
    const newer = eventData.filter((event) => {
      const last = known.get('event', variableKey(event));
      return last === undefined || String(last.timestamp) <= event.timestamp;
    });
    return [{ kind: 'event', put: newer.map((event) => [variableKey(event), { ...event }]) }];
  },
  FirmwareStatusNotification: (known, payload, at) => jobReported(known, 'firmware-job', payload, at),
  LogStatusNotification: (known, payload, at) => jobReported(known, 'log-job', payload, at),
  PublishFirmwareStatusNotification: (known, payload, at) => jobReported(known, 'publish-job', payload, at),
  NotifyChargingLimit: (_, { evseId = 0, ...limit }) => [
    { kind: 'charging-limit', put: [[`${evseId}/${limit.chargingLimit.chargingLimitSource}`, { evseId, ...limit }]] },
  ],
  ClearedChargingLimit: (_, { evseId = 0, chargingLimitSource }) => [
    { kind: 'charging-limit', removed: [`${evseId}/${chargingLimitSource}`] },
  ],
  NotifyEVChargingNeeds: (known, needs) => {
    const key = String(needs.evseId);
    // What the vehicle was offered stands until it is offered something else.
    const { offered } = known.get('charging-needs', key) ?? {};
    return [{ kind: 'charging-needs', put: [[key, { ...needs, ...(offered === undefined ? {} : { offered }) }]] }];
  },
  NotifyEVChargingSchedule: (known, schedule) => {
    const key = String(schedule.evseId);
    // How often the vehicle was asked again belongs to its transaction, which may have several schedules.
    const { renegotiations } = known.get('ev-schedule', key) ?? {};
    return [{ kind: 'ev-schedule', put: [[key, { ...schedule, ...(renegotiations === undefined ? {} : { renegotiations }) }]] }];
  },
  ReportChargingProfiles: (known, { chargingProfile, evseId, chargingLimitSource, ...part }) => {
    const put = chargingProfile.map((each): Item => [String(each.id), { evseId, chargingLimitSource, chargingProfile: each }]);
    return reportPart(known, 'ReportChargingProfiles', 'charging-profile', part, put);
  },
  ReservationStatusUpdate: (known, { reservationId, reservationUpdateStatus }) => {
    const key = String(reservationId);
    const reservation = known.get('reservation', key) ?? { id: reservationId };
    return [{ kind: 'reservation', put: [[key, { ...reservation, status: reservationUpdateStatus }]] }];
  },
  NotifyDisplayMessages: (known, { messageInfo = [], ...part }) => {
    const put = messageInfo.map((each): Item => [String(each.id), { ...each }]);
    return reportPart(known, 'NotifyDisplayMessages', 'display-message', part, put);
  },
  BatterySwap: (known, { requestId, eventType, batteryData, idToken }, at) => {
    const key = String(requestId);
    const swap = known.get('battery-swap', key) ?? { requestId, idToken };
    return [{ kind: 'battery-swap', put: [[key, { ...swap, status: eventType, [eventType]: { at, batteryData } }]] }];
  },
  OpenPeriodicEventStream: (_, { constantStreamData }) => [
    { kind: 'event-stream', put: [[String(constantStreamData.id), { ...constantStreamData }]] },
  ],
  ClosePeriodicEventStream: (_, { id }) => [{ kind: 'event-stream', removed: [String(id)] }],
  NotifyPeriodicEventStream: (known, { id, pending, basetime, data }) => {
    const key = String(id);
    const last = data.at(-1);
    const stream = known.get('event-stream', key);
    if (stream !== undefined) {
      // OCPP 2.1: the time of a value is the base time plus its offset in seconds.
      const valueAt = last && new Date(Date.parse(basetime) + last.t * 1_000).toISOString();
      return [{ kind: 'event-stream', put: [[key, { ...stream, pending, value: last?.v, valueAt }]] }];
    }
    const { dropped = 0 } = (known.get('unknown-stream', key) ?? {}) as { dropped?: number };
    return [{ kind: 'unknown-stream', put: [[key, { id, dropped: dropped + data.length }]] }];
  },
  NotifyDERAlarm: (_, alarm) => [
    alarm.alarmEnded === true
      ? { kind: 'grid-alarm', removed: [alarm.controlType] }
      : { kind: 'grid-alarm', put: [[alarm.controlType, { ...alarm }]] },
  ],
  NotifyDERStartStop: (known, { controlId, started, timestamp, supersededIds = [] }) => {
    const control = known.get('der-control', controlId) ?? { controlId };
    return [{ kind: 'der-control', put: [[controlId, { ...control, started, timestamp }]], removed: supersededIds }];
  },
  ReportDERControl: (known, reported) => {
    // One list for each type of control, of controls with an id of their own.
    const controls = Object.values(reported).flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
    const put = controls.filter(isControl).map((control): Item => [control.id, { controlId: control.id, ...control }]);
    return reportPart(known, 'ReportDERControl', 'der-control', reported, put);
  },
  NotifyPriorityCharging: (_, { transactionId, activated }, at) => [
    { kind: 'priority-charging', put: [[transactionId, { transactionId, activated, at }]] },
  ],
  // A repetition says the same of the same payment: it is booked once.
  NotifySettlement: (_, settlement) => [{ kind: 'settlement', put: [[settlement.pspRef, { ...settlement }]] }],
  VatNumberValidation: (_, asked, at) => [{ kind: 'vat-validation', put: [[asked.vatNumber, { ...asked, at }]] }],
  PullDynamicScheduleUpdate: (known, { chargingProfileId }, at) => {
    const key = String(chargingProfileId);
    const handedOut = known.get('dynamic-schedule', key);
    return handedOut === undefined ? [] : [{ kind: 'dynamic-schedule', put: [[key, { ...handedOut, pulledAt: at }]] }];
  },
};

/** Actions that are not listed change nothing that is kept here. */
export function changesOfNotice(known: Known, action: string, payload: Document, at: string): readonly Change[] {
  // The payloads have passed their schemas at the gateway.
  const readers: Readonly<Record<string, Reader<never> | undefined>> = READERS;
  return Object.hasOwn(readers, action) ? (readers[action]?.(known, payload as never, at) ?? []) : [];
}

function isControl(value: unknown): value is Document & { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
