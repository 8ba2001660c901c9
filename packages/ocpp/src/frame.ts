// The OCPP-J envelope: one JSON array a WebSocket message. Parsing never throws; whatever a station sends becomes a frame, a malformed
// frame with the id to answer, or a frame to ignore. Sources: OCPP-J 1.6 section 4, OCPP 2.0.1 and 2.1 Part 4 section 4.
import { type ErrorCode, readErrorCode, spellErrorCode } from './error-codes';
import type { OcppVersion } from './version';

export type JsonObject = { readonly [key: string]: unknown };

/** An action with a payload that is an object but not validated yet. */
export interface CallFrame {
  readonly kind: 'call';
  readonly id: string;
  readonly action: string;
  readonly payload: JsonObject;
}

/** The answer to a CALL of ours. The payload may be anything, absent included; only its schema tells whether it is usable. */
export interface CallResultFrame {
  readonly kind: 'callResult';
  readonly id: string;
  readonly payload: unknown;
}

/** A refusal of a CALL (`callError`) or, in OCPP 2.1, of our CALLRESULT (`callResultError`), which is never answered. */
export interface ErrorFrame {
  readonly kind: 'callError' | 'callResultError';
  readonly id: string;
  readonly code: ErrorCode;
  readonly description: string;
  readonly details: JsonObject;
}

/** OCPP 2.1: an unconfirmed message; it gets no answer of any kind, not even for a schema violation. */
export interface SendFrame {
  readonly kind: 'send';
  readonly id: string;
  readonly action: string;
  readonly payload: JsonObject;
}

/** A frame that is to be answered with CALLERROR. The id is `-1` where none could be read (OCPP 2.0.1 Part 4). */
export interface MalformedFrame {
  readonly kind: 'malformed';
  readonly id: string;
  readonly code: ErrorCode;
  readonly description: string;
}

/** A frame that must not be answered: an unknown message type, or an answer that is itself broken. */
export interface IgnoredFrame {
  readonly kind: 'ignored';
  readonly reason: string;
}

export type Frame = CallFrame | CallResultFrame | ErrorFrame | SendFrame | MalformedFrame | IgnoredFrame;

/** The specified bound of a message id, kept by certification runs. */
export const STRICT_ID_LENGTH = 36;
/** What is tolerated: some stations prefix a UUID. */
export const TOLERATED_ID_LENGTH = 64;

const UNREADABLE_ID = '-1';
const DESCRIPTION_LENGTH = 255;
const NO_DETAILS: JsonObject = Object.freeze({});

export function parseFrame(text: string, version: OcppVersion, maxIdLength = TOLERATED_ID_LENGTH): Frame {
  let elements: unknown;
  try {
    elements = JSON.parse(text);
  } catch {
    // The broken text is not echoed: it could be anything, and the answer ends up in logs on both sides.
    return malformed(UNREADABLE_ID, framing(version, 'FormatViolation'), 'The message is not JSON.');
  }
  if (!Array.isArray(elements)) return malformed(UNREADABLE_ID, framing(version, 'FormatViolation'), 'The message is not an array.');
  switch (elements[0]) {
    case 2:
      return parseCall(elements, version, maxIdLength);
    case 3:
      return typeof elements[1] === 'string'
        ? { kind: 'callResult', id: elements[1], payload: elements[2] }
        : ignored('A CALLRESULT without a readable id.');
    case 4:
      return parseError('callError', elements);
    case 5:
      return version === '2.1' ? parseError('callResultError', elements) : unknownType(elements, version, maxIdLength);
    case 6:
      return version === '2.1' ? parseSend(elements) : unknownType(elements, version, maxIdLength);
    default:
      return unknownType(elements, version, maxIdLength);
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function callText(id: string, action: string, payload: object): string {
  return JSON.stringify([2, id, action, payload]);
}

export function callResultText(id: string, payload: object): string {
  return JSON.stringify([3, id, payload]);
}

export function callErrorText(version: OcppVersion, id: string, code: ErrorCode, description = '', details: object = NO_DETAILS): string {
  return JSON.stringify([4, id, spellErrorCode(version, code), description.slice(0, DESCRIPTION_LENGTH), details]);
}

/** OCPP 2.1 only: tells the station that its CALLRESULT could not be used. */
export function callResultErrorText(id: string, code: ErrorCode, description = '', details: object = NO_DETAILS): string {
  return JSON.stringify([5, id, code, description.slice(0, DESCRIPTION_LENGTH), details]);
}

/** OCPP 2.1 only. */
export function sendText(id: string, action: string, payload: object): string {
  return JSON.stringify([6, id, action, payload]);
}

function parseCall(elements: readonly unknown[], version: OcppVersion, maxIdLength: number): Frame {
  const [, id, action, payload] = elements;
  if (!isMessageId(id, maxIdLength)) {
    return malformed(
      UNREADABLE_ID,
      framing(version, 'ProtocolError'),
      `The message id is not a string of at most ${maxIdLength} characters.`,
    );
  }
  if (elements.length !== 4) return malformed(id, framing(version, 'ProtocolError'), `A CALL has 4 elements, not ${elements.length}.`);
  if (typeof action !== 'string') return malformed(id, framing(version, 'FormatViolation'), 'The action is not a string.');
  if (!isJsonObject(payload)) return malformed(id, 'FormatViolation', 'The payload is not an object.');
  return { kind: 'call', id, action, payload };
}

function parseSend(elements: readonly unknown[]): Frame {
  const [, id, action, payload] = elements;
  if (elements.length !== 4 || typeof id !== 'string' || typeof action !== 'string' || !isJsonObject(payload)) {
    return ignored('A malformed SEND.');
  }
  return { kind: 'send', id, action, payload };
}

/** Stations leave out description or details; an error that can be matched to its CALL is worth more than one that is not answered. */
function parseError(kind: ErrorFrame['kind'], elements: readonly unknown[]): Frame {
  const [, id, code, description, details] = elements;
  if (typeof id !== 'string') return ignored('An error answer without a readable id.');
  return {
    kind,
    id,
    code: readErrorCode(code),
    description: typeof description === 'string' ? description : '',
    details: isJsonObject(details) ? details : NO_DETAILS,
  };
}

/**
 * OCPP-J 1.6 section 4.1.3 and 2.1 Part 4 say to ignore an unknown message type. OCPP 2.0.1 Part 4 says both that (4.1.3) and
 * MessageTypeNotSupported (4.3): there the station is told, if its id can be read. A first element that is no number is no message type.
 */
function unknownType(elements: readonly unknown[], version: OcppVersion, maxIdLength: number): Frame {
  const [type, id] = elements;
  const readableId = isMessageId(id, maxIdLength) ? id : undefined;
  if (typeof type !== 'number') {
    const code = framing(version, elements.length === 0 ? 'ProtocolError' : 'FormatViolation');
    return malformed(readableId ?? UNREADABLE_ID, code, 'The message has no message type.');
  }
  if (version === '2.0.1' && readableId !== undefined) {
    return malformed(readableId, 'MessageTypeNotSupported', 'The message type is unknown.');
  }
  return ignored('An unknown message type.');
}

function isMessageId(id: unknown, maxLength: number): id is string {
  return typeof id === 'string' && id.length <= maxLength;
}

/** OCPP 2.x has one code for a frame that is no RPC; OCPP 1.6 says what is wrong with it. */
function framing(version: OcppVersion, codeIn16: ErrorCode): ErrorCode {
  return version === '1.6' ? codeIn16 : 'RpcFrameworkError';
}

function malformed(id: string, code: ErrorCode, description: string): MalformedFrame {
  return { kind: 'malformed', id, code, description };
}

function ignored(reason: string): IgnoredFrame {
  return { kind: 'ignored', reason };
}
