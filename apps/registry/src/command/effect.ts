// What is to be seen when a station does what it has accepted. A yes is not yet a deed: a remote start is done when its transaction begins,
// a reset when the station boots. Pure: which fact is the effect of which call, in the words of OCPP 2.1.
import type { NeutralCall, StationFact } from '@evenkeel/contracts';

export interface Effect {
  /** How long it may take; then the station has accepted and nothing has happened. */
  readonly withinSeconds: number;
  /** What the fact says of it: seen, failed with the reason, or nothing. */
  observe(fact: StationFact): Observation | undefined;
}
export type Observation = { readonly seen: true; readonly detail?: string } | { readonly seen: false; readonly detail: string };

/** The answers that mean yes. An answer without a status is a yes. */
const YES: ReadonlySet<unknown> = new Set([
  undefined,
  'Accepted',
  'AcceptedCanceled',
  'Scheduled',
  'Unlocked',
  'Unpublished',
  'RebootRequired',
]);

export function isYes(answer: NeutralCall['answer']): boolean {
  return YES.has(answer.status);
}

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** @returns undefined where the answer is all there is to see. */
export function effectOf({ action, request, answer }: NeutralCall): Effect | undefined {
  const asked = request as Asked;
  // What is scheduled waits for the transaction that runs.
  const patience = (seconds: number) => (answer.status === 'Scheduled' ? DAY : seconds);
  switch (action) {
    case 'RequestStartTransaction':
      return { withinSeconds: 3 * MINUTE, observe: (fact) => seenIf(starts(fact, asked, answer)) };
    case 'RequestStopTransaction':
      return { withinSeconds: 2 * MINUTE, observe: (fact) => seenIf(ends(fact, asked.transactionId)) };
    case 'Reset':
      return { withinSeconds: patience(10 * MINUTE), observe: (fact) => seenIf(fact.kind === 'station-booted') };
    case 'ChangeAvailability': {
      const wanted = asked.operationalStatus === 'Operative' ? isOperative : isInoperative;
      return { withinSeconds: patience(MINUTE), observe: (fact) => seenIf(hasStatus(fact, asked.evse?.id, wanted)) };
    }
    case 'ReserveNow':
      // Of a reservation of any EVSE no status tells.
      if (asked.evseId === undefined) return undefined;
      return { withinSeconds: MINUTE, observe: (fact) => seenIf(hasStatus(fact, asked.evseId, (status) => status === 'Reserved')) };
    case 'TriggerMessage':
      return triggered(asked.requestedMessage);
    case 'UpdateFirmware':
      return { withinSeconds: DAY, observe: (fact) => jobEnd(fact, 'FirmwareStatusNotification', asked.requestId, FIRMWARE_ENDS) };
    case 'PublishFirmware':
      return { withinSeconds: DAY, observe: (fact) => jobEnd(fact, 'PublishFirmwareStatusNotification', asked.requestId, PUBLISH_ENDS) };
    case 'GetLog':
      return { withinSeconds: 60 * MINUTE, observe: (fact) => jobEnd(fact, 'LogStatusNotification', asked.requestId, LOG_ENDS) };
    case 'RequestBatterySwap':
      return { withinSeconds: 10 * MINUTE, observe: (fact) => seenIf(noticeOf(fact, 'BatterySwap')?.requestId === asked.requestId) };
    default: {
      const report = REPORTS[action];
      if (report === undefined) return undefined;
      return {
        withinSeconds: 5 * MINUTE,
        observe: (fact) => {
          const part = noticeOf(fact, report);
          return seenIf(part !== undefined && part.requestId === asked.requestId && part.tbc !== true);
        },
      };
    }
  }
}

/** The fields of requests that effects are recognised by. */
interface Asked {
  readonly transactionId?: string;
  readonly remoteStartId?: number;
  readonly requestId?: number;
  readonly evseId?: number;
  readonly evse?: { readonly id?: number };
  readonly operationalStatus?: string;
  readonly requestedMessage?: string;
  /** By then the token's key. */
  readonly idToken?: { readonly idToken?: string };
}

/** The reports in parts that follow an accepted question. */
const REPORTS: Readonly<Record<string, string>> = {
  GetBaseReport: 'NotifyReport',
  GetReport: 'NotifyReport',
  GetMonitoringReport: 'NotifyMonitoringReport',
  GetChargingProfiles: 'ReportChargingProfiles',
  GetDisplayMessages: 'NotifyDisplayMessages',
  GetDERControl: 'ReportDERControl',
};

const FIRMWARE_ENDS: Readonly<Record<string, boolean>> = {
  Installed: true,
  DownloadFailed: false,
  InstallationFailed: false,
  InstallVerificationFailed: false,
  InvalidSignature: false,
};
const PUBLISH_ENDS: Readonly<Record<string, boolean>> = {
  Published: true,
  DownloadFailed: false,
  InvalidChecksum: false,
  PublishFailed: false,
};
const LOG_ENDS: Readonly<Record<string, boolean>> = {
  Uploaded: true,
  UploadFailure: false,
  BadMessage: false,
  NotSupportedOperation: false,
  PermissionDenied: false,
  AcceptedCanceled: false,
};

function seenIf(seen: boolean): Observation | undefined {
  return seen ? { seen: true } : undefined;
}

function noticeOf(fact: StationFact, action: string): Readonly<Record<string, unknown>> | undefined {
  return fact.kind === 'station-notice-reported' && fact.action === action ? fact.payload : undefined;
}

/** OCPP 1.6 numbers no remote start: there the token and the connector must do. */
function starts(fact: StationFact, asked: Asked, answer: NeutralCall['answer']): boolean {
  if (fact.kind !== 'transaction-reported' || fact.phase === 'ended') return false;
  if (fact.remoteStartId !== undefined) return fact.remoteStartId === asked.remoteStartId;
  if (answer.transactionId !== undefined && fact.transactionId === answer.transactionId) return true;
  if (fact.ocppVersion !== '1.6' || fact.phase !== 'started' || fact.token?.key !== asked.idToken?.idToken) return false;
  return asked.evseId === undefined || fact.evseId === asked.evseId;
}

function ends(fact: StationFact, transactionId: string | undefined): boolean {
  return fact.kind === 'transaction-reported' && fact.phase === 'ended' && fact.transactionId === transactionId;
}

/** @param evseId undefined or 0 for the whole station, of which any connector is a witness. */
function hasStatus(fact: StationFact, evseId: number | undefined, wanted: (status: string) => boolean): boolean {
  if (fact.kind !== 'connector-status-reported' || !wanted(fact.status)) return false;
  return evseId === undefined || evseId === 0 || fact.evseId === evseId;
}

function isInoperative(status: string): boolean {
  return status === 'Unavailable';
}

function isOperative(status: string): boolean {
  return status !== 'Unavailable' && status !== 'Faulted';
}

/** OCPP 1.6 numbers neither firmware updates nor diagnostics: the newest job is meant. */
function jobEnd(
  fact: StationFact,
  action: string,
  requestId: number | undefined,
  ends: Readonly<Record<string, boolean>>,
): Observation | undefined {
  const notice = noticeOf(fact, action);
  if (notice === undefined || (notice.requestId !== undefined && notice.requestId !== requestId)) return undefined;
  const status = String(notice.status);
  const good = Object.hasOwn(ends, status) ? ends[status] : undefined;
  return good === undefined ? undefined : { seen: good, detail: status };
}

/** Heartbeats, and readings, are not said to whom it waits here. */
function triggered(message: string | undefined): Effect | undefined {
  const withinSeconds = MINUTE;
  switch (message) {
    case 'BootNotification':
      return { withinSeconds, observe: (fact) => seenIf(fact.kind === 'station-booted') };
    case 'StatusNotification':
      return { withinSeconds, observe: (fact) => seenIf(fact.kind === 'connector-status-reported') };
    case 'FirmwareStatusNotification':
    case 'LogStatusNotification':
    case 'PublishFirmwareStatusNotification':
      return { withinSeconds, observe: (fact) => seenIf(noticeOf(fact, message) !== undefined) };
    default:
      return undefined;
  }
}
