// What an operator of an eMSP wants done at a partner's charger, and what became of it (OCPI 2.3.0 mod_commands, mod_charging_profiles and
// mod_sessions, from the sender's side).
import { type Static, Type } from '@sinclair/typebox';
import { request, write } from './flow-declarations';
import { ActiveLimits, DriverPreferences, ProfileLimits } from './partner-charging';
import { PartyKey } from './party';
import { AskedInstant, Instant, PresentedToken, Text } from './values';

const sessionId = Text(36);
const locationId = Text(36);
const evseUid = Text(36);
const connectorId = Text(36);
const token = PresentedToken;
/** Made by us when the reservation was: digits, because OCPI 2.1.1 numbers reservations. */
const reservationId = Text(36);

const orders = {
  START_SESSION: { token, locationId, evseUid: Type.Optional(evseUid), connectorId: Type.Optional(connectorId) },
  STOP_SESSION: { sessionId },
  RESERVE_NOW: { token, locationId, evseUid: Type.Optional(evseUid), expiresAt: AskedInstant },
  CANCEL_RESERVATION: { reservationId },
  UNLOCK_CONNECTOR: { locationId, evseUid, connectorId },
  SET_PROFILE: { sessionId, limits: ProfileLimits },
  CLEAR_PROFILE: { sessionId },
  READ_PROFILE: { sessionId, durationSeconds: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) },
  SET_PREFERENCES: { sessionId, preferences: DriverPreferences },
} as const;

/** The parameters of each command, for whoever asks for it by name. */
export const partnerCommandParameters = {
  START_SESSION: Type.Object(orders.START_SESSION, { additionalProperties: false }),
  STOP_SESSION: Type.Object(orders.STOP_SESSION, { additionalProperties: false }),
  RESERVE_NOW: Type.Object(orders.RESERVE_NOW, { additionalProperties: false }),
  CANCEL_RESERVATION: Type.Object(orders.CANCEL_RESERVATION, { additionalProperties: false }),
  UNLOCK_CONNECTOR: Type.Object(orders.UNLOCK_CONNECTOR, { additionalProperties: false }),
  SET_PROFILE: Type.Object(orders.SET_PROFILE, { additionalProperties: false }),
  CLEAR_PROFILE: Type.Object(orders.CLEAR_PROFILE, { additionalProperties: false }),
  READ_PROFILE: Type.Object(orders.READ_PROFILE, { additionalProperties: false }),
  SET_PREFERENCES: Type.Object(orders.SET_PREFERENCES, { additionalProperties: false }),
} as const;

export const PartnerCommandOrder = Type.Union([
  Type.Object({ command: Type.Literal('START_SESSION'), ...orders.START_SESSION }),
  Type.Object({ command: Type.Literal('STOP_SESSION'), ...orders.STOP_SESSION }),
  Type.Object({ command: Type.Literal('RESERVE_NOW'), ...orders.RESERVE_NOW }),
  Type.Object({ command: Type.Literal('CANCEL_RESERVATION'), ...orders.CANCEL_RESERVATION }),
  Type.Object({ command: Type.Literal('UNLOCK_CONNECTOR'), ...orders.UNLOCK_CONNECTOR }),
  Type.Object({ command: Type.Literal('SET_PROFILE'), ...orders.SET_PROFILE }),
  Type.Object({ command: Type.Literal('CLEAR_PROFILE'), ...orders.CLEAR_PROFILE }),
  Type.Object({ command: Type.Literal('READ_PROFILE'), ...orders.READ_PROFILE }),
  Type.Object({ command: Type.Literal('SET_PREFERENCES'), ...orders.SET_PREFERENCES }),
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

export const PartnerCommandId = Type.String({
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'A UUID of your own: the command is sent once however often you ask for it, and found by it',
});

export const PartnerCommand = Type.Object({
  /** Also the reference under which the session that begins by it is recognised. */
  commandId: Type.String(),
  partner: PartyKey,
  command: Type.String(),
  status: PartnerCommandStatus,
  /** The newest word of the partner, as it said it: whether it will try, then what became of it. */
  result: Type.Optional(Type.String()),
  /** In words. */
  reason: Type.Optional(Type.String()),
  sentAt: Instant,
  /** Until then the result is waited for. */
  awaitedUntil: Instant,
  concludedAt: Type.Optional(Instant),
  reservationId: Type.Optional(Type.String()),
  /** Of the partner: the session that began by the command, or that it is about. */
  sessionId: Type.Optional(Type.String()),
  /** What READ_PROFILE has found. */
  active: Type.Optional(ActiveLimits),
});
export type PartnerCommand = Static<typeof PartnerCommand>;

export const PartnerProfile = Type.Object({ partner: PartyKey, sessionId, active: ActiveLimits, toldAt: Instant });
export type PartnerProfile = Static<typeof PartnerProfile>;

export const partnerCommandRequests = {
  /** Answered when the partner has said whether it will try. A command is never sent twice. */
  sendPartnerCommand: request({
    subject: 'bridge.send-partner-command',
    answeredBy: 'ocpi-bridge',
    askedBy: ['console'],
    request: write({ partner: PartyKey, order: PartnerCommandOrder, commandId: Type.Optional(PartnerCommandId) }),
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
  /** What holds for a session by the newest word of its CPO: an answer to READ_PROFILE, or told by itself. */
  getPartnerProfile: request({
    subject: 'bridge.get-partner-profile',
    answeredBy: 'ocpi-bridge',
    askedBy: ['console'],
    request: Type.Object({ partner: PartyKey, sessionId }),
    reply: PartnerProfile,
    deadlineMs: 5_000,
  }),
};
