// What a station that is not accepted yet may send all the same: the message that our TriggerMessage asked for, and the parts of a report that
// we asked for (OCPP 2.0.1 B02). Time is passed in.
import { isJsonObject, type JsonObject } from './frame';

interface Expectation {
  readonly action: string;
  /** Of a report: its parts name it. */
  readonly requestId?: number;
  /** Of our CALL, by which its refusal withdraws the expectation. */
  readonly callId: string;
  until: number;
}

/** For how long a station may take to begin, and between two parts. A trigger may mean several messages, one for each connector. */
export const EXPECTED_FOR_MS = 120_000;
const MOST_EXPECTATIONS = 20;

/** Requests for a certificate are triggered by the certificate's name. */
const CERTIFICATE_TRIGGERS: ReadonlySet<string> = new Set([
  'SignChargePointCertificate',
  'SignChargingStationCertificate',
  'SignV2GCertificate',
  'SignV2G20Certificate',
  'SignCombinedCertificate',
]);

export class ExpectedMessages {
  private expectations: Expectation[] = [];

  /** One of our CALLs leaves. */
  asked(callId: string, action: string, payload: object, now: number): void {
    const wanted = wantedBy(action, payload);
    if (wanted === undefined) return;
    this.expectations = [...this.expectations.filter(({ until }) => until > now), { ...wanted, callId, until: now + EXPECTED_FOR_MS }];
    if (this.expectations.length > MOST_EXPECTATIONS) this.expectations.shift();
  }

  /** The station has answered; anything but Accepted means that nothing will come. */
  answered(callId: string, answer: unknown): void {
    if (isJsonObject(answer) && answer.status === 'Accepted') return;
    this.expectations = this.expectations.filter((expectation) => expectation.callId !== callId);
  }

  allows(action: string, payload: JsonObject, now: number): boolean {
    const found = this.expectations.find(
      (each) => each.action === action && each.until > now && (each.requestId === undefined || each.requestId === payload.requestId),
    );
    if (found === undefined) return false;
    if (found.requestId !== undefined) found.until = payload.tbc === true ? now + EXPECTED_FOR_MS : now;
    return true;
  }
}

/** Whether a CALL of ours makes a station send something. */
export function isWantedAfter(action: string): boolean {
  return action === 'TriggerMessage' || action === 'ExtendedTriggerMessage' || action === 'GetBaseReport' || action === 'GetReport';
}

function wantedBy(action: string, payload: object): { action: string; requestId?: number } | undefined {
  if (!isWantedAfter(action)) return undefined;
  if ('requestId' in payload && typeof payload.requestId === 'number') return { action: 'NotifyReport', requestId: payload.requestId };
  if (!('requestedMessage' in payload) || typeof payload.requestedMessage !== 'string') return undefined;
  return { action: CERTIFICATE_TRIGGERS.has(payload.requestedMessage) ? 'SignCertificate' : payload.requestedMessage };
}
