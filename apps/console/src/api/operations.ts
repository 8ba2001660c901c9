// The REST interface, declared once. The routes, the guard, the validation and the OpenAPI document all read this table; a controller that
// carries out an operation gets its types from it (`operate.ts`).
//
// Roles: a viewer reads, an operator registers and commands, an admin also sets prices, brings in partners and
// erases drivers.
import {
  CdrExplanation,
  CdrPage,
  CdrView,
  CommandPage,
  Quote,
  SecurityEventPage,
  SessionPage,
  SessionTimeline,
  SessionView,
  Station,
  StationCertificates,
  StationCommand,
  StationItemPage,
  StationPage,
  StationTrace,
} from '@evenkeel/contracts';
import { Type } from '@sinclair/typebox';
import { booksPaths } from './books-paths';
import { budgetOperations } from './budget-operations';
import { cataloguePaths } from './catalogue-paths';
import { disputePaths } from './dispute-paths';
import * as examples from './examples';
import { fleetPaths } from './fleet-paths';
import type { CallerOf, InputOf, Operation, OutputOf } from './operation';
import { partnerCommandPaths } from './partner-command-paths';
import { partnerPaths } from './partner-paths';
import { paymentPaths } from './payment-paths';
import { retailPaths } from './retail-paths';
import * as schemas from './schemas';
import { callProblems, stationOperationPaths } from './station-operation-paths';

export const operations = {
  index: {
    method: 'GET',
    path: '',
    summary: 'Where everything is',
    tag: 'about',
    access: 'public',
    response: schemas.Index,
  },
  openApi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This interface as an OpenAPI 3.1 document',
    tag: 'about',
    access: 'public',
    response: Type.Unknown(),
  },
  login: {
    method: 'POST',
    path: '/login',
    summary: 'Exchange a password for a bearer token',
    tag: 'access',
    access: 'public',
    body: schemas.Login,
    example: examples.login,
    response: schemas.LoggedIn,
    problems: ['unauthenticated', 'too-many-attempts'],
  },

  listStations: {
    method: 'GET',
    path: '/stations',
    summary: 'Stations in the order of their ids',
    tag: 'stations',
    access: 'viewer',
    query: schemas.StationFilter,
    response: StationPage,
  },
  registerStation: {
    method: 'POST',
    path: '/stations',
    summary: 'Register a station',
    tag: 'stations',
    access: 'operator',
    body: schemas.NewStation,
    example: examples.station,
    response: Station,
    status: 201,
    location: '/stations/{stationId}',
    problems: ['conflict'],
  },
  getStation: {
    method: 'GET',
    path: '/stations/{stationId}',
    summary: 'One station with the state of its connectors',
    tag: 'stations',
    access: 'viewer',
    params: schemas.StationPath,
    response: Station,
    problems: ['not-found'],
  },
  quoteSession: {
    method: 'GET',
    path: '/stations/{stationId}/quote',
    summary: 'What a planned session will cost there, line by line, by the function that prices it when it has been',
    tag: 'stations',
    access: 'viewer',
    params: schemas.StationPath,
    query: schemas.Plan,
    response: Quote,
    problems: ['not-found', 'conflict'],
  },
  changeStation: {
    method: 'PATCH',
    path: '/stations/{stationId}',
    summary: 'Change what is named, leave the rest',
    tag: 'stations',
    access: 'operator',
    params: schemas.StationPath,
    body: schemas.StationChange,
    example: examples.stationChange,
    response: Station,
    problems: ['not-found'],
  },

  lowerSecurityProfile: {
    method: 'POST',
    path: '/stations/{stationId}/lower-security-profile',
    summary: 'Let a station of security profile 3 go back to 2, which is the only way down',
    tag: 'security',
    access: 'admin',
    params: schemas.StationPath,
    body: schemas.WithReason,
    example: examples.lowering,
    response: Station,
    problems: ['not-found', 'conflict'],
  },
  listSecurityEvents: {
    method: 'GET',
    path: '/security-events',
    summary: 'What stations and the back end noted about security, newest first',
    tag: 'security',
    access: 'operator',
    query: schemas.SecurityEventFilter,
    response: SecurityEventPage,
  },
  stationCertificates: {
    method: 'GET',
    path: '/stations/{stationId}/certificates',
    summary: 'Certificates that were signed for a station, and those in its store',
    tag: 'security',
    access: 'operator',
    params: schemas.StationPath,
    response: StationCertificates,
    problems: ['not-found'],
  },
  revokeCertificate: {
    method: 'POST',
    path: '/stations/{stationId}/certificates/{fingerprint}/revoke',
    summary: 'Revoke a certificate of a station; whoever shows it is not let in any more',
    tag: 'security',
    access: 'admin',
    params: schemas.CertificatePath,
    body: schemas.Revocation,
    example: examples.revocation,
    response: StationCertificates,
    problems: ['not-found'],
  },
  traceStation: {
    method: 'GET',
    path: '/stations/{stationId}/trace',
    summary: 'The latest frames of a connected station, without secrets and cards, and what it did that it should not',
    tag: 'stations',
    access: 'operator',
    params: schemas.StationPath,
    query: schemas.TraceFilter,
    response: StationTrace,
    problems: ['not-found', 'offline'],
  },

  callStation: {
    method: 'POST',
    path: '/stations/{stationId}/calls/{action}',
    summary: 'Send any OCPP request and see the answer as the station gave it',
    tag: 'commands',
    access: 'operator',
    params: schemas.CallPath,
    body: schemas.RawPayload,
    example: examples.rawCall,
    response: schemas.StationAnswer,
    problems: callProblems,
  },
  ...stationOperationPaths,
  listCommands: {
    method: 'GET',
    path: '/commands',
    summary: 'What stations were told, newest first, and what became of it',
    tag: 'commands',
    access: 'viewer',
    query: schemas.CommandFilter,
    response: CommandPage,
  },
  getCommand: {
    method: 'GET',
    path: '/commands/{commandId}',
    summary: 'One command: sent, accepted, and whether its effect was seen',
    tag: 'commands',
    access: 'viewer',
    params: schemas.CommandPath,
    response: StationCommand,
    problems: ['not-found'],
  },
  listStationItems: {
    method: 'GET',
    path: '/stations/{stationId}/items/{kind}',
    summary: 'What is known of a station: variables, monitors, reservations, profiles, jobs and so on, in the order of their keys',
    tag: 'stations',
    access: 'viewer',
    params: schemas.ItemsPath,
    query: schemas.ItemFilter,
    response: StationItemPage,
    problems: ['not-found'],
  },
  ...fleetPaths,

  ...budgetOperations,

  ...cataloguePaths,

  listSessions: {
    method: 'GET',
    path: '/sessions',
    summary: 'Charging sessions',
    tag: 'sessions',
    access: 'viewer',
    query: schemas.SessionFilter,
    response: SessionPage,
  },
  getSession: {
    method: 'GET',
    path: '/sessions/{sessionId}',
    summary: 'One session with its terms and charging periods',
    tag: 'sessions',
    access: 'viewer',
    params: schemas.SessionPath,
    response: SessionView,
    problems: ['not-found'],
  },
  sessionTimeline: {
    method: 'GET',
    path: '/sessions/{sessionId}/timeline',
    summary:
      "Every stored event of the session's stream with the frame behind it and the state after it; with `at`, all that was known then",
    tag: 'sessions',
    access: 'viewer',
    params: schemas.SessionPath,
    query: schemas.TimelineFilter,
    response: SessionTimeline,
    problems: ['not-found'],
  },

  releaseSession: {
    method: 'POST',
    path: '/sessions/{sessionId}/release',
    summary: 'Bill a session that is held, or correct one that was billed, with the readings that are right',
    tag: 'sessions',
    access: 'operator',
    params: schemas.SessionPath,
    body: schemas.Release,
    example: examples.release,
    response: schemas.SessionDecided,
    problems: ['not-found', 'conflict'],
  },
  denySession: {
    method: 'POST',
    path: '/sessions/{sessionId}/deny',
    summary: 'Decide that a held or billed session is not billed; a CDR that stands is credited',
    tag: 'sessions',
    access: 'operator',
    params: schemas.SessionPath,
    body: schemas.Denial,
    example: examples.denial,
    response: schemas.SessionDecided,
    problems: ['not-found', 'conflict'],
  },

  listCdrs: {
    method: 'GET',
    path: '/cdrs',
    summary: 'Charge detail records',
    tag: 'cdrs',
    access: 'viewer',
    query: schemas.CdrFilter,
    response: CdrPage,
  },
  getCdr: {
    method: 'GET',
    path: '/cdrs/{cdrId}',
    summary: 'One CDR with everything it snapshots',
    tag: 'cdrs',
    access: 'viewer',
    params: schemas.CdrPath,
    response: CdrView,
    problems: ['not-found'],
  },
  explainCdr: {
    method: 'GET',
    path: '/cdrs/{cdrId}/explanation',
    summary: 'Why it costs what it costs: its lines and the events they rest on',
    tag: 'cdrs',
    access: 'viewer',
    params: schemas.CdrPath,
    query: schemas.ExplanationWords,
    response: CdrExplanation,
    problems: ['not-found'],
  },

  cdrInvoice: {
    method: 'GET',
    path: '/cdrs/{cdrId}/invoice.pdf',
    summary: 'The invoice, or the credit note, for a CDR of a driver of our own: what for, taxes by rate, number and total',
    tag: 'cdrs',
    access: 'viewer',
    params: schemas.CdrPath,
    response: schemas.Pdf,
    mediaType: 'application/pdf',
    problems: ['not-found'],
  },
  ...booksPaths,
  ...disputePaths,
  ...retailPaths,

  ...partnerPaths,
  ...partnerCommandPaths,
  ...paymentPaths,
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
export type Input<N extends OperationName> = InputOf<(typeof operations)[N]>;
export type Output<N extends OperationName> = OutputOf<(typeof operations)[N]>;
export type Caller<N extends OperationName> = CallerOf<(typeof operations)[N]>;

/** For those who read the table row by row. */
export const operationEntries = Object.entries(operations) as readonly [OperationName, Operation][];
