// The rows of the table of operations about what is done at partners' chargers, and how fast sessions charge there.
import {
  DriverPreferences,
  PartnerCommand,
  PartnerCommandId,
  PartnerProfile,
  PartyKey,
  partnerCommandParameters as parameters,
} from '@evenkeel/contracts';
import { Type } from '@sinclair/typebox';
import type { Operation } from './operation';
import * as schemas from './schemas';

const party = Type.String({ pattern: PartyKey.pattern, description: 'The CPO, e.g. NL-MYU' });
const common = {
  method: 'POST',
  tag: 'partners',
  access: 'operator',
  params: schemas.pathOf({ party }),
  query: Type.Object({ commandId: Type.Optional(PartnerCommandId) }),
  response: PartnerCommand,
  status: 201,
  location: '/partner-commands/{commandId}',
  problems: ['not-found', 'conflict', 'not-supported'],
} as const;
const session = '/partners/{party}/sessions/{sessionId}';
const aboutSession = { ...common, params: schemas.pathOf({ party, sessionId: Type.String({ maxLength: 36 }) }) } as const;
const token = { uid: '04A1B2C3D4', type: 'RFID' };
const place = { locationId: 'LOC-7', evseUid: 'LOC-7-1' };

export const partnerCommandPaths = {
  startPartnerSession: {
    ...common,
    path: '/partners/{party}/start-session',
    summary: "Have a session of a token of ours started at a partner's charger",
    body: parameters.START_SESSION,
    example: { token, ...place },
  },
  stopPartnerSession: {
    ...common,
    path: '/partners/{party}/stop-session',
    summary: "Have a session stopped that one of our tokens has at a partner's charger",
    body: parameters.STOP_SESSION,
    example: { sessionId: '5b8e3f0e-6a2b-5a35-9d0c-8f1f6e3c2a10' },
  },
  reserveAtPartner: {
    ...common,
    path: '/partners/{party}/reserve-now',
    summary: "Have a partner's charger kept for a token of ours",
    body: parameters.RESERVE_NOW,
    example: { token, ...place, expiresAt: '2026-12-01T10:00:00.000Z' },
  },
  cancelPartnerReservation: {
    ...common,
    path: '/partners/{party}/cancel-reservation',
    summary: 'Give such a reservation free',
    body: parameters.CANCEL_RESERVATION,
    example: { reservationId: '1042' },
  },
  unlockPartnerConnector: {
    ...common,
    path: '/partners/{party}/unlock-connector',
    summary: "Have the cable of a partner's connector released",
    body: parameters.UNLOCK_CONNECTOR,
    example: { ...place, connectorId: '1' },
  },
  setPartnerProfile: {
    ...aboutSession,
    method: 'PUT',
    path: `${session}/profile`,
    summary: "Limit how fast a session of one of our tokens charges at a partner's charger",
    body: parameters.SET_PROFILE.properties.limits,
    example: { unit: 'A', periods: [{ startSeconds: 0, limit: 10 }] },
  },
  clearPartnerProfile: { ...aboutSession, method: 'DELETE', path: `${session}/profile`, summary: 'Take such a limit back' },
  readPartnerProfile: {
    ...aboutSession,
    path: `${session}/read-profile`,
    summary: 'Ask the charger what follows for the session from everything that limits it',
    body: Type.Omit(parameters.READ_PROFILE, ['sessionId']),
    example: { durationSeconds: 1800 },
  },
  getPartnerProfile: {
    method: 'GET',
    path: `${session}/profile`,
    summary: 'What holds for the session by the newest word of the partner: asked for, or told when something else has changed it',
    tag: 'partners',
    access: 'viewer',
    params: aboutSession.params,
    response: PartnerProfile,
    problems: ['not-found'],
  },
  setPartnerPreferences: {
    ...aboutSession,
    method: 'PUT',
    path: `${session}/preferences`,
    summary: 'Say what the driver of the session wants: how much energy, and until when',
    body: DriverPreferences,
    example: { profileType: 'REGULAR', departureAt: '2026-12-01T18:00:00.000Z', energyWh: '20000' },
  },
  getPartnerCommand: {
    method: 'GET',
    path: '/partner-commands/{commandId}',
    summary: "What became of a command at a partner's charger",
    tag: 'partners',
    access: 'viewer',
    params: schemas.pathOf({ commandId: Type.String({ maxLength: 36 }) }),
    response: PartnerCommand,
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
