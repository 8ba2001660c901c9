// The envelope of every OCPI answer, and what an answer to our own request means (OCPI 2.2.1 transport_and_format, Response format).
import { type Static, Type } from '@sinclair/typebox';
import { statusCodes } from './status';
import { dateTime } from './wire-schema';

export const Envelope = Type.Object({
  data: Type.Optional(Type.Unknown()),
  status_code: Type.Integer({ minimum: 1000, maximum: 4999 }),
  status_message: Type.Optional(Type.String()),
  timestamp: dateTime,
});
export type Envelope = Static<typeof Envelope>;

export function success(data: unknown, at: Date): Envelope {
  return { ...(data === undefined ? {} : { data }), status_code: statusCodes.success, timestamp: at.toISOString() };
}

export function failure(statusCode: number, message: string, at: Date): Envelope {
  return { status_code: statusCode, status_message: message, timestamp: at.toISOString() };
}

/**
 * What an answer means for the sender of a request:
 * `acknowledged` it is done; `refused` the same request will never be granted; `unauthorized` no request will, until the credentials are
 * mended; `transient` it may be granted later.
 */
export type Outcome =
  | { kind: 'acknowledged'; data: unknown }
  | { kind: 'refused'; statusCode: number; message: string }
  | { kind: 'unauthorized' }
  /** `isBehindHub`: a hub answered, for a party behind it that did not. */
  | { kind: 'transient'; reason: string; retryAfterSeconds?: number; isBehindHub?: true };

/**
 * Looks at the envelope first and at HTTP second, because many platforms answer their 2xxx and 3xxx with an HTTP error.
 * @param body the parsed body, undefined where it was empty or no JSON.
 */
export function outcomeOf(httpStatus: number, body: unknown, retryAfter?: string): Outcome {
  if (httpStatus === 401) return { kind: 'unauthorized' };
  const statusCode = statusCodeOf(body);
  if (statusCode !== undefined && httpStatus !== 429) {
    if (statusCode >= 1000 && statusCode < 2000 && httpStatus < 300) return { kind: 'acknowledged', data: dataOf(body) };
    const message = messageOf(body);
    const isRefused = (statusCode >= 2000 && statusCode < 3000) || statusCode === statusCodes.unknownReceiver;
    if (isRefused) return { kind: 'refused', statusCode, message };
    const reason = `HTTP ${httpStatus}, OCPI ${statusCode} ${message}`.trim();
    return { kind: 'transient', reason, ...(statusCode >= statusCodes.hubError ? { isBehindHub: true } : {}) };
  }
  const seconds = Number(retryAfter);
  return {
    kind: 'transient',
    reason: `HTTP ${httpStatus} without an OCPI answer`,
    ...(retryAfter !== undefined && Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}),
  };
}

/** The object that an answer is about: some platforms put every one into a list. */
export function soleOf(data: unknown): unknown {
  return Array.isArray(data) && data.length === 1 ? data[0] : data;
}

/** What an answer says of itself, whatever it means. */
export function statusOf(body: unknown): { code?: number; message?: string } {
  const [code, message] = [statusCodeOf(body), messageOf(body)];
  return { ...(code === undefined ? {} : { code }), ...(message === '' ? {} : { message }) };
}

/** Some platforms write the code as text. */
function statusCodeOf(body: unknown): number | undefined {
  if (body === null || typeof body !== 'object' || !('status_code' in body)) return undefined;
  const code = Number(body.status_code);
  return Number.isInteger(code) ? code : undefined;
}

function dataOf(body: unknown): unknown {
  return body !== null && typeof body === 'object' && 'data' in body && body.data !== null ? body.data : undefined;
}

function messageOf(body: unknown): string {
  return body !== null && typeof body === 'object' && 'status_message' in body ? String(body.status_message ?? '') : '';
}
