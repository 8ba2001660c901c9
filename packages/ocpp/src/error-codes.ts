// The error codes of CALLERROR. Code inside the back end uses the spelling of OCPP 2.x; a connection sends the spelling of its own version,
// because two typing errors of OCPP 1.6 are normative there (OCPP-J 1.6 section 4.2.3, OCPP 2.0.1 Part 4 section 4.3).
import type { OcppVersion } from './version';

export const ERROR_CODES = [
  'FormatViolation',
  'GenericError',
  'InternalError',
  'MessageTypeNotSupported',
  'NotImplemented',
  'NotSupported',
  'OccurrenceConstraintViolation',
  'PropertyConstraintViolation',
  'ProtocolError',
  'RpcFrameworkError',
  'SecurityError',
  'TypeConstraintViolation',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What OCPP 1.6 calls a code; it knows neither RpcFrameworkError nor MessageTypeNotSupported and has the nearest code instead. */
const SPELLED_IN_16: Readonly<Partial<Record<ErrorCode, string>>> = {
  FormatViolation: 'FormationViolation',
  OccurrenceConstraintViolation: 'OccurenceConstraintViolation',
  RpcFrameworkError: 'FormationViolation',
  MessageTypeNotSupported: 'NotSupported',
};

const KNOWN: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ...ERROR_CODES.map((code) => [code, code] as const),
  ['FormationViolation', 'FormatViolation'],
  ['OccurenceConstraintViolation', 'OccurrenceConstraintViolation'],
]);

export function spellErrorCode(version: OcppVersion, code: ErrorCode): string {
  return version === '1.6' ? (SPELLED_IN_16[code] ?? code) : code;
}

/** Reads a received code in either spelling, whatever the version; stations mix them up. An unknown one is a GenericError. */
export function readErrorCode(received: unknown): ErrorCode {
  return (typeof received === 'string' ? KNOWN.get(received) : undefined) ?? 'GenericError';
}
