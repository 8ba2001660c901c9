// Commands (OCPI 2.1.1 mod_commands): no connector to start at, no reference, a number for a reservation that cannot be taken back, and one
// word for what will be tried and for what became of it, which does not say how long that may take.
import { Type } from '@sinclair/typebox';
import { type CommandObjects, withToken } from '../command-objects';
import {
  COMMAND_TIMEOUT_SECONDS,
  type CommandResponse,
  type CommandResult,
  ReserveNow,
  StartSession,
  StopSession,
  UnlockConnector,
} from '../v230/commands';
import { translated, unchanged } from '../version';
import { openEnum } from '../wire-schema';
import { token } from './token';

const { response_url, location_id, evse_uid } = StartSession.properties;
const { expiry_date } = ReserveNow.properties;
const StartSession211 = Type.Object({ response_url, location_id, evse_uid });
const ReserveNow211 = Type.Object({ response_url, expiry_date, reservation_id: Type.Integer(), location_id, evse_uid });

const words = ['ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TIMEOUT', 'UNKNOWN_SESSION'];
const CommandResponse211 = Type.Object({ result: openEnum(...words) });

/** What every OCPP integer can hold. */
const LARGEST_NUMBER = 2 ** 31 - 1;

export const commands: CommandObjects = {
  START_SESSION: withToken(
    StartSession211,
    token,
    (wire): Omit<StartSession, 'token'> => wire,
    ({ connector_id, authorization_reference, ...wire }) => ({
      wire,
      losses: [...unsaid('the connector', connector_id), ...unsaid('the authorization reference', authorization_reference)],
    }),
  ),
  STOP_SESSION: unchanged(StopSession),
  RESERVE_NOW: withToken(
    ReserveNow211,
    token,
    ({ reservation_id, ...wire }): Omit<ReserveNow, 'token'> => ({ ...wire, reservation_id: String(reservation_id) }),
    ({ reservation_id, authorization_reference, ...wire }) => {
      const number = /^\d{1,10}$/.test(reservation_id) ? Number(reservation_id) : Number.NaN;
      if (!(number <= LARGEST_NUMBER)) return { reason: `a reservation has a number in this version, not ${reservation_id}` };
      return { wire: { ...wire, reservation_id: number }, losses: unsaid('the authorization reference', authorization_reference) };
    },
  ),
  UNLOCK_CONNECTOR: unchanged(UnlockConnector),
  response: translated(
    CommandResponse211,
    ({ result }): CommandResponse => ({ result, timeout: COMMAND_TIMEOUT_SECONDS }),
    ({ result, message, timeout }) => ({
      wire: { result },
      losses: [...unsaid('the message', message), ...(timeout === COMMAND_TIMEOUT_SECONDS ? [] : ['the timeout is not said'])],
    }),
  ),
  result: translated(
    CommandResponse211,
    ({ result }): CommandResult => ({ result }),
    ({ result, message }) => ({
      wire: { result: words.includes(result) ? result : 'REJECTED' },
      losses: [...(words.includes(result) ? [] : [`the result ${result} is said as REJECTED`]), ...unsaid('the message', message)],
    }),
  ),
};

function unsaid(what: string, value: unknown): string[] {
  return value === undefined ? [] : [`${what} is not said`];
}
