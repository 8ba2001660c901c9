// What the session ledger answers: sessions, what they cost, will cost and would have cost, and an operator's word on them.
import { Type } from '@sinclair/typebox';
import { query, request, sessionCommand, write } from './flow-declarations';
import { Quote, QuoteRequest } from './quote';
import {
  RunningSession,
  SessionCostAnswer,
  SessionCostRequest,
  SessionDenial,
  SessionPage,
  SessionQuery,
  SessionRelease,
  SessionTimeline,
  SessionView,
  SignedReading,
  TimelineQuery,
} from './sessions';
import { Rerating, ReratingRequest, TariffSimulation, TariffSimulationRequest } from './tariff-simulation';
import { TokenKey } from './values';

export const ledgerRequests = {
  /** Asked while a station waits for the answer to its event: what is not known by then is told later. */
  sessionCost: request({
    subject: 'ledger.session-cost',
    answeredBy: 'session-ledger',
    askedBy: ['ocpp-gateway'],
    request: SessionCostRequest,
    reply: SessionCostAnswer,
    deadlineMs: 800,
  }),
  /** Reads the streams of all these sessions. */
  simulateTariff: request({
    subject: 'ledger.simulate-tariff',
    answeredBy: 'session-ledger',
    askedBy: ['console'],
    request: TariffSimulationRequest,
    reply: TariffSimulation,
    deadlineMs: 60_000,
  }),
  /** Bills are taken back and written anew; asked again, it goes on where it was interrupted. */
  rerateSessions: request({
    subject: 'ledger.rerate-sessions',
    answeredBy: 'session-ledger',
    askedBy: ['console'],
    request: write(ReratingRequest.properties),
    reply: Rerating,
    deadlineMs: 60_000,
  }),
  quoteSession: query('session-ledger', 'ledger.quote-session', QuoteRequest, Quote),
  /** Sessions that a token pays for at this moment. */
  sessionsOfToken: request({
    subject: 'ledger.sessions-of-token',
    answeredBy: 'session-ledger',
    askedBy: ['registry'],
    request: Type.Object({ key: TokenKey }),
    reply: Type.Object({ sessions: Type.Array(RunningSession) }),
    deadlineMs: 1_000,
  }),
  /** The signed readings that CDRs name as evidence, for their partners. In the order asked. */
  signedReadings: request({
    subject: 'ledger.signed-readings',
    answeredBy: 'session-ledger',
    askedBy: ['ocpi-bridge'],
    request: Type.Object({
      sessions: Type.Array(Type.Object({ sessionId: Type.String(), evidence: Type.Array(Type.String()) }), { maxItems: 50 }),
    }),
    reply: Type.Object({ sessions: Type.Array(Type.Array(SignedReading)) }),
    deadlineMs: 5_000,
  }),
  listSessions: query('session-ledger', 'ledger.list-sessions', SessionQuery, SessionPage),
  getSession: query('session-ledger', 'ledger.get-session', Type.Object({ sessionId: Type.String() }), SessionView),
  sessionTimeline: query(
    'session-ledger',
    'ledger.session-timeline',
    Type.Object({ sessionId: Type.String(), ...TimelineQuery.properties }),
    SessionTimeline,
  ),
  releaseSession: sessionCommand('ledger.release-session', SessionRelease),
  denySession: sessionCommand('ledger.deny-session', SessionDenial),
};
