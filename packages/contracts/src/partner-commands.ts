// What an operator of an eMSP wants done at a partner's charger, and what became of it (OCPI 2.3.0 mod_commands, from the sender's side).
import { type Static, Type } from '@sinclair/typebox';
import { request, write } from './flow-declarations';
import { PartyKey } from './party';
import { AskedInstant, Instant, PresentedToken, Text } from './values';

const locationId = Text(36);
const evseUid = Text(36);
const connectorId = Text(36);
const token = PresentedToken;
/** Made by us when the reservation was: digits, because OCPI 2.1.1 numbers reservations. */
const reservationId = Text(36);

const orders = {
  START_SESSION: { token, locationId, evseUid: Type.Optional(evseUid), connectorId: Type.Optional(connectorId) },
  STOP_SESSION: { sessionId: Text(36) },
  RESERVE_NOW: { token, locationId, evseUid: Type.Optional(evseUid), expiresAt: AskedInstant },
  CANCEL_RESERVATION: { reservationId },
  UNLOCK_CONNECTOR: { locationId, evseUid, connectorId },
} as const;

/** The parameters of each command, for whoever asks for it by name. */
export const partnerCommandParameters = {
  START_SESSION: Type.Object(orders.START_SESSION, { additionalProperties: false }),
  STOP_SESSION: Type.Object(orders.STOP_SESSION, { additionalProperties: false }),
  RESERVE_NOW: Type.Object(orders.RESERVE_NOW, { additionalProperties: false }),
  CANCEL_RESERVATION: Type.Object(orders.CANCEL_RESERVATION, { additionalProperties: false }),
  UNLOCK_CONNECTOR: Type.Object(orders.UNLOCK_CONNECTOR, { additionalProperties: false }),
} as const;

export const PartnerCommandOrder = Type.Union([
  Type.Object({ command: Type.Literal('START_SESSION'), ...orders.START_SESSION }),
  Type.Object({ command: Type.Literal('STOP_SESSION'), ...orders.STOP_SESSION }),
  Type.Object({ command: Type.Literal('RESERVE_NOW'), ...orders.RESERVE_NOW }),
  Type.Object({ command: Type.Literal('CANCEL_RESERVATION'), ...orders.CANCEL_RESERVATION }),
  Type.Object({ command: Type.Literal('UNLOCK_CONNECTOR'), ...orders.UNLOCK_CONNECTOR }),
]);
export type PartnerCommandOrder = Static<typeof PartnerCommandOrder>;

/**
 * `sent`: the partner has not answered; `accepted`: it tries, and the result is waited for; `refused`: it does not try; `done`, `failed`: by its
 * result; `timeout`: no result came while it was waited for, and a session may still begin.
 */
export const PartnerCommandStatus = Type.Union([
  Type.Literal('sent'),
  Type.Literal('accepted'),
  Type.Literal('refused'),
  Type.Literal('done'),
  Type.Literal('failed'),
  Type.Literal('timeout'),
]);

export const PartnerCommand = Type.Object({
  /** Also the reference under which the session that begins by it is recognised. */
  commandId: Type.String(),
  partner: PartyKey,
  command: Type.String(),
  status: PartnerCommandStatus,
  /** The newest word of the partner, as it said it: a CommandResponseType, then a CommandResultType. */
  result: Type.Optional(Type.String()),
  /** In words. */
  reason: Type.Optional(Type.String()),
  sentAt: Instant,
  /** Until then the result is waited for. */
  awaitedUntil: Instant,
  concludedAt: Type.Optional(Instant),
  reservationId: Type.Optional(Type.String()),
  /** Of the partner: the session that began by the command. */
  sessionId: Type.Optional(Type.String()),
});
export type PartnerCommand = Static<typeof PartnerCommand>;

export const partnerCommandRequests = {
  /** Answered when the partner has said whether it will try. A command is never sent twice. */
  sendPartnerCommand: request({
    subject: 'bridge.send-partner-command',
    answeredBy: 'ocpi-bridge',
    askedBy: ['console'],
    request: write({ partner: PartyKey, order: PartnerCommandOrder }),
    reply: PartnerCommand,
    deadlineMs: 25_000,
  }),
  getPartnerCommand: request({
    subject: 'bridge.get-partner-command',
    answeredBy: 'ocpi-bridge',
    askedBy: ['console'],
    request: Type.Object({ commandId: Type.String({ maxLength: 36 }) }),
    reply: PartnerCommand,
    deadlineMs: 5_000,
  }),
};
