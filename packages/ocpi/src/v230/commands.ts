// Commands (OCPI 2.3.0 mod_commands): what an eMSP wants done at a CPO's charger. The answer to the request says only whether it will be tried;
// what became of it is posted later, once, to the address that the request named.
import { type Static, Type } from '@sinclair/typebox';
import { ciString, dateTime, openEnum, text, url } from '../wire-schema';
import { WireToken } from './token';

export const commandNames = ['START_SESSION', 'STOP_SESSION', 'RESERVE_NOW', 'CANCEL_RESERVATION', 'UNLOCK_CONNECTOR'] as const;
export type CommandName = (typeof commandNames)[number];

/** How long a result is waited for where nobody says it: OCPI 2.1.1 has no word for it, and some platforms leave it out. */
export const COMMAND_TIMEOUT_SECONDS = 60;

const response_url = url;

export const StartSession = Type.Object({
  response_url,
  token: WireToken,
  location_id: ciString(36),
  evse_uid: Type.Optional(ciString(36)),
  connector_id: Type.Optional(ciString(36)),
  authorization_reference: Type.Optional(ciString(36)),
});
export type StartSession = Static<typeof StartSession>;

export const StopSession = Type.Object({ response_url, session_id: ciString(36) });
export type StopSession = Static<typeof StopSession>;

export const ReserveNow = Type.Object({
  response_url,
  token: WireToken,
  expiry_date: dateTime,
  reservation_id: ciString(36),
  location_id: ciString(36),
  evse_uid: Type.Optional(ciString(36)),
  authorization_reference: Type.Optional(ciString(36)),
});
export type ReserveNow = Static<typeof ReserveNow>;

export const CancelReservation = Type.Object({ response_url, reservation_id: ciString(36) });
export type CancelReservation = Static<typeof CancelReservation>;

export const UnlockConnector = Type.Object({
  response_url,
  location_id: ciString(36),
  evse_uid: ciString(36),
  connector_id: ciString(36),
});
export type UnlockConnector = Static<typeof UnlockConnector>;

const message = Type.Optional(Type.Array(Type.Object({ language: text(2), text: text(512) })));

/** Whether the command will be tried. */
export const CommandResponse = Type.Object(
  {
    result: openEnum('ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'UNKNOWN_SESSION'),
    /** In seconds: without a result by then, none will come. Whether it is tried is understood without it. */
    timeout: Type.Optional(Type.Number({ minimum: 0, strictly: { type: 'integer' } })),
    message,
  },
  { strictly: { required: ['result', 'timeout'] } },
);
export type CommandResponse = Static<typeof CommandResponse>;

/** What became of it at the charger. */
export const CommandResult = Type.Object({
  result: openEnum(
    ...['ACCEPTED', 'CANCELED_RESERVATION', 'EVSE_OCCUPIED', 'EVSE_INOPERATIVE', 'FAILED', 'NOT_SUPPORTED', 'REJECTED', 'TIMEOUT'],
    'UNKNOWN_RESERVATION',
  ),
  message,
});
export type CommandResult = Static<typeof CommandResult>;
