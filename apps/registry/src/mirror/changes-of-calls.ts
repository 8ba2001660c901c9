// What a station's answer to a CALL of ours changes of what is known of it. One entry an action, in the words of OCPP 2.1. Only what the
// station has accepted is so.
import type { CsmsAction, Request, Response } from '@evenkeel/ocpp';
import { isSamePlace } from '../smart-charging/profile-place';
import { jobBegun } from './jobs';
import type { Change, Document, Item, Known } from './known';
import { completeReportBegun } from './reports';
import { variableKey } from './variable-key';

type Action = CsmsAction<'2.1'>;
interface Answered<A extends Action> {
  readonly request: Request<'2.1', A>;
  readonly answer: Response<'2.1', A>;
  readonly at: string;
}
type Reader<A extends Action> = (known: Known, answered: Answered<A>) => readonly Change[];

const READERS: { readonly [A in Action]?: Reader<A> } = {
  GetBaseReport: (_, { request, answer }) =>
    answer.status === 'Accepted' && request.reportBase === 'FullInventory' ? [completeReportBegun('NotifyReport', request.requestId)] : [],
  GetMonitoringReport: (_, { request, answer }) => {
    if (request.componentVariable !== undefined || request.monitoringCriteria !== undefined) return [];
    return answer.status === 'Accepted' ? [completeReportBegun('NotifyMonitoringReport', request.requestId)] : [];
  },
  GetChargingProfiles: (known, { request, answer }) => {
    const { evseId, chargingProfile: wanted } = request;
    // A question for all of ours, which has no criterion but who set them.
    if (evseId !== undefined || wanted.chargingProfileId !== undefined || wanted.stackLevel !== undefined) return [];
    if (answer.status === 'NoProfiles') return [{ kind: 'charging-profile', removed: keysOf(known, 'charging-profile') }];
    return wanted.chargingProfilePurpose === undefined ? [completeReportBegun('ReportChargingProfiles', request.requestId)] : [];
  },
  GetDisplayMessages: (known, { request, answer }) => {
    if (request.id !== undefined || request.priority !== undefined || request.state !== undefined) return [];
    if (answer.status === 'Unknown') return [{ kind: 'display-message', removed: keysOf(known, 'display-message') }];
    return [completeReportBegun('NotifyDisplayMessages', request.requestId)];
  },
  GetVariables: (known, { answer }) => [
    {
      kind: 'variable',
      put: answer.getVariableResult
        .filter(({ attributeStatus }) => attributeStatus === 'Accepted')
        .map((each) => withAttribute(known, each, each.attributeValue ?? '')),
    },
  ],
  SetVariables: (known, { request, answer, at }) => {
    const results = answer.setVariableResult.flatMap(({ attributeStatus }, index) => {
      const asked = request.setVariableData[index];
      return asked === undefined ? [] : [{ attributeStatus, asked }];
    });
    const isTaken = (status: string) => status === 'Accepted' || status === 'RebootRequired';
    const taken = results.filter(({ attributeStatus }) => isTaken(attributeStatus));
    const refused = results.filter(({ attributeStatus }) => !isTaken(attributeStatus));
    return [
      {
        kind: 'variable',
        // It takes effect when the station has booted again (OCPP 2.0.1 B05.FR.09, OCPP 1.6 section 5.3).
        put: taken.map(({ attributeStatus, asked }) =>
          withAttribute(known, asked, asked.attributeValue, attributeStatus === 'RebootRequired' ? { afterReboot: true } : {}),
        ),
      },
      {
        kind: 'refused-setting',
        put: refused.map(({ attributeStatus, asked }) => [
          variableKey(asked),
          { value: asked.attributeValue, status: attributeStatus, at },
        ]),
        removed: taken.map(({ asked }) => variableKey(asked)),
      },
    ];
  },
  SetVariableMonitoring: (_, { request, answer }) => [
    {
      kind: 'monitor',
      put: answer.setMonitoringResult.flatMap((result, index): Item[] => {
        const asked = request.setMonitoringData[index];
        if (result.status !== 'Accepted' || result.id === undefined || asked === undefined) return [];
        return [[String(result.id), { ...asked, id: result.id }]];
      }),
    },
  ],
  ClearVariableMonitoring: (_, { answer }) => {
    // One that is hard-wired stays (OCPP 2.0.1 N06); one that is not found is gone already.
    const cleared = answer.clearMonitoringResult.filter(({ status }) => status !== 'Rejected').map(({ id }) => String(id));
    return [
      { kind: 'monitor', removed: cleared },
      { kind: 'event-stream', removed: cleared },
    ];
  },
  SetMonitoringBase: (_, { request, answer, at }) => accepted(answer, 'monitoring', 'base', { ...request, at }),
  SetMonitoringLevel: (_, { request, answer, at }) => accepted(answer, 'monitoring', 'level', { ...request, at }),
  UpdateFirmware: (known, { request, answer, at }) =>
    jobBegun(known, 'firmware-job', request.requestId, { firmware: request.firmware }, { ...answer }, at),
  PublishFirmware: (known, { request, answer, at }) => {
    const { requestId, location, checksum } = request;
    return jobBegun(known, 'publish-job', requestId, { location, checksum }, { ...answer }, at);
  },
  GetLog: (known, { request, answer, at }) => {
    const { requestId, logType, log } = request;
    return jobBegun(known, 'log-job', requestId, { logType, log }, { ...answer }, at);
  },
  ReserveNow: (_, { request, answer }) => accepted(answer, 'reservation', String(request.id), { ...request, status: 'Active' }),
  CancelReservation: (known, { request: { reservationId }, answer }) => {
    const key = String(reservationId);
    const reservation = known.get('reservation', key);
    // A reservation that the station does not know is not active any more.
    const status = answer.status === 'Accepted' ? 'Cancelled' : 'Unknown';
    return reservation === undefined ? [] : [{ kind: 'reservation', put: [[key, { ...reservation, status }]] }];
  },
  ChangeAvailability: (_, { request: { operationalStatus, evse }, answer, at }) => {
    if (answer.status === 'Rejected') return [];
    const key = evse === undefined ? '0' : [evse.id, evse.connectorId].filter((part) => part !== undefined).join('.');
    return [{ kind: 'availability', put: [[key, { operationalStatus, scheduled: answer.status === 'Scheduled', at }]] }];
  },
  SendLocalList: (known, { request, answer, at }) => {
    const { versionNumber, updateType, localAuthorizationList = [] } = request;
    if (answer.status !== 'Accepted') {
      const before = known.get('local-list', 'list') ?? {};
      return [{ kind: 'local-list', put: [['list', { ...before, lastFailure: answer.status, at }]] }];
    }
    return [{ kind: 'local-list', put: [['list', { versionNumber, updateType, entries: localAuthorizationList.length, at }]] }];
  },
  GetLocalListVersion: (known, { answer: { versionNumber }, at }) => {
    const before = known.get('local-list', 'list') ?? {};
    // OCPP 1.6 section 5.10: 0 is an empty list, -1 says that there is no such thing.
    return [{ kind: 'local-list', put: [['list', { ...before, versionNumber, at }]] }];
  },
  RequestStartTransaction: (known, { request: { remoteStartId, evseId, chargingProfile }, answer }) => {
    if (answer.status !== 'Accepted') return [];
    // What another wish for this EVSE brought, and did not begin, is superseded.
    const older = known.all('starting-profile').filter(([, asked]) => evseId !== undefined && asked.evseId === evseId);
    const put = chargingProfile === undefined ? [] : [[String(remoteStartId), { evseId, chargingProfile }] satisfies Item];
    return [{ kind: 'starting-profile', put, removed: older.map(([key]) => key).filter((key) => key !== String(remoteStartId)) }];
  },
  SetChargingProfile: (known, { request: { evseId, chargingProfile }, answer }) => {
    if (answer.status !== 'Accepted') return [];
    const key = String(chargingProfile.id);
    // OCPP 1.6 section 5.16.2: of two with the same purpose and level the newer one replaces the older. OCPP 2.x refuses the newer one.
    const replaced = known.all('charging-profile').filter(([other, document]) => {
      return other !== key && document.evseId === evseId && isSamePlace(document.chargingProfile ?? {}, chargingProfile);
    });
    const put: Item = [key, { evseId, chargingLimitSource: 'CSO', chargingProfile }];
    return [
      { kind: 'charging-profile', put: [put], removed: replaced.map(([other]) => other) },
      // Rates that were for the profile before.
      { kind: 'dynamic-schedule', removed: [key] },
    ];
  },
  ClearChargingProfile: (known, { request }) => {
    const { chargingProfileId, chargingProfileCriteria: criteria } = request;
    const cleared = known.all('charging-profile').filter(([key, document]) => {
      if (chargingProfileId !== undefined) return key === String(chargingProfileId);
      const { evseId, chargingProfile } = document as { evseId?: number; chargingProfile?: Document };
      return (
        (criteria?.evseId === undefined || criteria.evseId === evseId) &&
        (criteria?.stackLevel === undefined || criteria.stackLevel === chargingProfile?.stackLevel) &&
        (criteria?.chargingProfilePurpose === undefined || criteria.chargingProfilePurpose === chargingProfile?.chargingProfilePurpose)
      );
    });
    // Where the station knows none, ours are wrong.
    const removed = cleared.map(([key]) => key);
    return [
      { kind: 'charging-profile', removed },
      { kind: 'dynamic-schedule', removed },
    ];
  },
  GetCompositeSchedule: (_, { request, answer, at }) =>
    accepted(answer, 'composite-schedule', String(request.evseId), { duration: request.duration, schedule: answer.schedule, at }),
  UpdateDynamicSchedule: (_, { request, answer, at }) =>
    accepted(answer, 'dynamic-schedule', String(request.chargingProfileId), { ...request, at }),
  UsePriorityCharging: (_, { request, answer, at }) =>
    accepted(answer, 'priority-charging', request.transactionId, { transactionId: request.transactionId, activated: request.activate, at }),
  NotifyAllowedEnergyTransfer: (_, { request, answer, at }) =>
    accepted(answer, 'allowed-energy-transfer', request.transactionId, { ...request, at }),
  AFRRSignal: (_, { request, answer, at }) => accepted(answer, 'afrr-signal', 'last', { ...request, at }),
  SetDisplayMessage: (_, { request: { message }, answer }) => accepted(answer, 'display-message', String(message.id), { ...message }),
  ClearDisplayMessage: (_, { request, answer }) =>
    answer.status === 'Rejected' ? [] : [{ kind: 'display-message', removed: [String(request.id)] }],
  GetInstalledCertificateIds: (known, { request, answer }) => {
    const found = (answer.certificateHashDataChain ?? []).map((each): Item => [certificateKey(each.certificateHashData), { ...each }]);
    const there = new Set(found.map(([key]) => key));
    const uses: readonly unknown[] | undefined = request.certificateType;
    const gone = known.all('certificate').filter(([key, { certificateType }]) => {
      return !there.has(key) && (uses === undefined || uses.includes(certificateType));
    });
    return [{ kind: 'certificate', put: found, removed: gone.map(([key]) => key) }];
  },
  DeleteCertificate: (_, { request, answer }) =>
    answer.status === 'Failed' ? [] : [{ kind: 'certificate', removed: [certificateKey(request.certificateHashData)] }],
  SetNetworkProfile: (_, { request, answer, at }) =>
    accepted(answer, 'network-profile', String(request.configurationSlot), { ...request.connectionData, at }),
  CostUpdated: (_, { request, at }) => [{ kind: 'shown-cost', put: [[request.transactionId, { ...request, at }]] }],
  GetTransactionStatus: (_, { request, answer, at }) => [
    { kind: 'transaction-status', put: [[request.transactionId ?? 'station', { ...answer, at }]] },
  ],
  SetDefaultTariff: (_, { request: { evseId, tariff }, answer }) =>
    accepted(answer, 'tariff', `${evseId}/${tariff.tariffId}`, { evseId, tariffKind: 'DefaultTariff', tariff }),
  ClearTariffs: (known, { request, answer }) => {
    const cleared = answer.clearTariffsResult.filter(({ status }) => status !== 'Rejected').map(({ tariffId }) => tariffId);
    const gone = known.all('tariff').filter(([, { evseId, tariff }]) => {
      if (request.evseId !== undefined && request.evseId !== 0 && request.evseId !== evseId) return false;
      return cleared.includes(undefined) || cleared.includes((tariff as { tariffId?: string } | undefined)?.tariffId);
    });
    return [{ kind: 'tariff', removed: gone.map(([key]) => key) }];
  },
  GetTariffs: (known, { request, answer }) => {
    const assigned = (answer.tariffAssignments ?? []).flatMap(({ evseIds = [], ...each }) =>
      (evseIds.length === 0 ? [request.evseId] : evseIds).map((evseId): Item => {
        const key = `${evseId}/${each.tariffId}`;
        return [key, { ...known.get('tariff', key), ...each, evseId }];
      }),
    );
    const there = new Set(assigned.map(([key]) => key));
    const gone = keysOf(known, 'tariff').filter((key) => !there.has(key) && (request.evseId === 0 || key.startsWith(`${request.evseId}/`)));
    return [{ kind: 'tariff', put: assigned, removed: gone }];
  },
  ChangeTransactionTariff: (_, { request, answer, at }) =>
    accepted(answer, 'transaction-tariff', request.transactionId, { ...request, at }),
  SetDERControl: (_, { request, answer, at }) => {
    if (answer.status !== 'Accepted') return [];
    return [{ kind: 'der-control', put: [[request.controlId, { ...request, at }]], removed: answer.supersededIds ?? [] }];
  },
  ClearDERControl: (known, { request, answer }) => {
    if (answer.status !== 'Accepted' && answer.status !== 'NotFound') return [];
    const gone = known.all('der-control').filter(([key, { controlType, isDefault }]) => {
      if (request.controlId !== undefined) return key === request.controlId;
      return isDefault === request.isDefault && (request.controlType === undefined || request.controlType === controlType);
    });
    return [{ kind: 'der-control', removed: gone.map(([key]) => key) }];
  },
  GetPeriodicEventStream: (known, { answer }) => {
    const streams = (answer.constantStreamData ?? []).map((each): Item => {
      return [String(each.id), { ...known.get('event-stream', String(each.id)), ...each }];
    });
    const there = new Set(streams.map(([key]) => key));
    return [{ kind: 'event-stream', put: streams, removed: keysOf(known, 'event-stream').filter((key) => !there.has(key)) }];
  },
  AdjustPeriodicEventStream: (known, { request: { id, params }, answer }) => {
    const stream = known.get('event-stream', String(id));
    return stream === undefined ? [] : accepted(answer, 'event-stream', String(id), { ...stream, params });
  },
  NotifyWebPaymentStarted: (_, { request: { evseId, timeout }, at }) => {
    const until = new Date(Date.parse(at) + timeout * 1_000).toISOString();
    return [{ kind: 'web-payment', put: [[String(evseId), { evseId, until, at }]] }];
  },
  RequestBatterySwap: (_, { request, answer, at }) =>
    accepted(answer, 'battery-swap', String(request.requestId), { ...request, status: 'Requested', at }),
  CustomerInformation: (_, { request: { requestId, report, clear, idToken }, answer, at }) =>
    accepted(answer, 'customer-request', String(requestId), {
      requestId,
      report,
      clear,
      // By then the token's key.
      ...(idToken === undefined ? {} : { tokenKey: idToken.idToken }),
      at,
    }),
};

/** Actions that are not listed change nothing that is kept here. */
export function changesOfCall(
  known: Known,
  { action, request, answer }: { readonly action: string; readonly request: Document; readonly answer: Document },
  at: string,
): readonly Change[] {
  // The payloads have passed their schemas at the gateway.
  const readers: Readonly<Record<string, Reader<never> | undefined>> = READERS;
  return Object.hasOwn(readers, action) ? (readers[action]?.(known, { request, answer, at } as never) ?? []) : [];
}

function accepted(answer: { readonly status: string }, kind: string, key: string, document: Document): Change[] {
  return answer.status === 'Accepted' ? [{ kind, put: [[key, document]] }] : [];
}

function keysOf(known: Known, kind: string): string[] {
  return known.all(kind).map(([key]) => key);
}

function certificateKey({ issuerNameHash, serialNumber }: { readonly issuerNameHash: string; readonly serialNumber: string }): string {
  return `${issuerNameHash}/${serialNumber}`;
}

interface Attribute {
  readonly component: Parameters<typeof variableKey>[0]['component'];
  readonly variable: Parameters<typeof variableKey>[0]['variable'];
  readonly attributeType?: string;
}

/** The variable with one attribute changed; absent means the Actual one (OCPP 2.0.1 AttributeEnumType). */
function withAttribute(
  known: Known,
  { component, variable, attributeType = 'Actual' }: Attribute,
  value: string,
  more: Document = {},
): Item {
  const key = variableKey({ component, variable });
  const before = known.get('variable', key) ?? { component, variable };
  const attributes = (before.variableAttribute as Document[] | undefined) ?? [];
  const others = attributes.filter(({ type = 'Actual' }) => type !== attributeType);
  const { afterReboot: _, ...same } = attributes.find(({ type = 'Actual' }) => type === attributeType) ?? {};
  return [key, { ...before, variableAttribute: [{ ...same, type: attributeType, value, ...more }, ...others] }];
}
