// Everything the services say to each other, declared once. Subjects, streams, consumers, NATS permissions, the README's diagram and the
// types of publishers and handlers are derived from these two tables: a service cannot say another's message, and cannot miss one that is
// addressed to it (see `flow-roles.ts`).
// Next: apps/session-ledger/src/intake/session-intake.ts

import { type Static, type TSchema, Type } from '@sinclair/typebox';
import * as authorization from './authorization';
import { SettlementStatement, StatementRequest, TrialBalance, TrialBalanceRequest } from './books';
import { CdrExplanation, CdrMessage, CdrPage, CdrQuery, CdrView, ClaimMessage, ExplanationLanguage, PartnerCdrMessage } from './cdrs';
import { CdrDelivered, CdrDeliveryParked } from './deliveries';
import { Dispute, DisputeAcceptance, DisputeId, DisputePage, DisputeQuery } from './disputes';
import { fleetRequests } from './fleet-requests';
import { message, query, registryRequest, request, write } from './flow-declarations';
import { ledgerRequests } from './ledger-requests';
import { operatorRequests } from './operator-requests';
import { ChargingProfilesChanged, preferenceRequests } from './partner-charging';
import { partnerCommandRequests } from './partner-commands';
import { paymentRequests } from './partner-payments';
import { partnerRequests } from './partner-requests';
import { PartyKey } from './party';
import { LocationChanged, TariffChanged } from './published';
import { publishedRequests } from './published-requests';
import * as registry from './registry';
import { retailRequests } from './retail-requests';
import { PartnerAuthorization, PartnerAuthorizationRequest } from './roaming';
import { CostToShow, SessionDeniedMessage, SessionMessage } from './sessions';
import { StationAnswer, StationCallOutcome, StationCallRequest, StationQuestion } from './station-calls';
import { StationFactBatch } from './station-facts';
import { StationTrace, StationTraceRequest } from './station-trace';
import { Tariff } from './tariff';
import { Instant, PresentedToken, TokenKey } from './values';

export const appNames = ['ocpp-gateway', 'session-ledger', 'billing', 'ocpi-bridge', 'registry', 'console'] as const;
export type AppName = (typeof appNames)[number];

/** A durable JetStream message: said by exactly one service, heard by each listed one through a durable consumer of its own. */
export interface MessageDeclaration {
  stream: StreamName;
  /** First tokens of the subject; the party key follows: `session.completed.us-chg`. */
  subject: string;
  saidBy: AppName;
  heardBy: readonly AppName[];
  schema: TSchema;
}

/** A request with one reply over core NATS. "No responders" means that the answering service, or the station, is not there. */
export interface RequestDeclaration {
  subject: string;
  answeredBy: AppName;
  askedBy: readonly AppName[];
  request: TSchema;
  reply: TSchema;
  deadlineMs: number;
}

/** JetStream streams and how long they keep what everybody may have read already. The event store keeps the truth for ever. */
export const streams = {
  FACTS: { maxAgeDays: 14 },
  // A stream of its own: a consumer that filters makes the broker search, and FACTS is the busiest stream.
  SIGNALS: { maxAgeDays: 14 },
  SESSIONS: { maxAgeDays: 14 },
  CDRS: { maxAgeDays: 30 },
  REGISTRY: { maxAgeDays: 14 },
  ROAMING: { maxAgeDays: 30 },
} as const;
export type StreamName = keyof typeof streams;

/** Where a message goes that a service cannot read: with its reason, for a person to look at. */
export const parkedStream = { name: 'PARKED', subject: 'parked', maxAgeDays: 90 } as const;

/** Natural key of an OCPP 1.6 StartTransaction -> the revision that becomes its transactionId. Never purged: ids must not repeat. */
export const transactionIdsBucket = { name: 'transaction-ids', usedBy: 'ocpp-gateway' } as const;

/**
 * Station -> the newest connection of it. The entry's revision is the connection's generation: of two processes that hold a socket of the
 * same station, the one with the higher generation may call it.
 */
export const stationClaimsBucket = { name: 'station-claims', usedBy: 'ocpp-gateway' } as const;

/** Station -> its latest answers, for a station that did not get one and repeats its message elsewhere. */
export const recentAnswersBucket = { name: 'recent-answers', usedBy: 'ocpp-gateway', maxAgeHours: 24 } as const;

/** Key-value buckets in the broker. */
export const buckets = [transactionIdsBucket, stationClaimsBucket, recentAnswersBucket] as const;

/** Told by a process when it has claimed a station, to all processes of the same service; whoever misses it finds out from the bucket. */
export const claimNotice = { subject: 'gateway.station-claimed', usedBy: 'ocpp-gateway' } as const;

export const messages = {
  /** The facts of sessions. */
  stationFacts: message({
    stream: 'FACTS',
    subject: 'fact',
    saidBy: 'ocpp-gateway',
    heardBy: ['session-ledger'],
    schema: StationFactBatch,
  }),
  /** The facts about the station itself, so that the registry need not read every meter value. */
  stationSignals: message({
    stream: 'SIGNALS',
    subject: 'signal',
    saidBy: 'ocpp-gateway',
    heardBy: ['registry'],
    schema: StationFactBatch,
  }),
  sessionStarted: message({
    stream: 'SESSIONS',
    subject: 'session.started',
    saidBy: 'session-ledger',
    heardBy: ['ocpi-bridge'],
    schema: SessionMessage,
  }),
  sessionUpdated: message({
    stream: 'SESSIONS',
    subject: 'session.updated',
    saidBy: 'session-ledger',
    heardBy: ['ocpi-bridge'],
    schema: SessionMessage,
  }),
  sessionCompleted: message({
    stream: 'SESSIONS',
    subject: 'session.completed',
    saidBy: 'session-ledger',
    heardBy: ['billing', 'ocpi-bridge'],
    schema: SessionMessage,
  }),
  sessionAmended: message({
    stream: 'SESSIONS',
    subject: 'session.amended',
    saidBy: 'session-ledger',
    heardBy: ['billing', 'ocpi-bridge'],
    schema: SessionMessage,
  }),
  sessionDenied: message({
    stream: 'SESSIONS',
    subject: 'session.denied',
    saidBy: 'session-ledger',
    heardBy: ['billing', 'ocpi-bridge'],
    schema: SessionDeniedMessage,
  }),
  cdrIssued: message({
    stream: 'CDRS',
    subject: 'cdr.issued',
    saidBy: 'billing',
    heardBy: ['ocpi-bridge', 'registry'],
    schema: CdrMessage,
  }),
  /** A corrected bill is lower: the difference is the payer's. Nobody pays it out yet; whoever handles payments will hear it. */
  refundOwed: message({ stream: 'CDRS', subject: 'claim.refund', saidBy: 'billing', heardBy: [], schema: ClaimMessage }),
  /** A corrected bill is higher. */
  additionalClaimOwed: message({ stream: 'CDRS', subject: 'claim.additional', saidBy: 'billing', heardBy: [], schema: ClaimMessage }),
  tokenChanged: message({
    stream: 'REGISTRY',
    subject: 'registry.token-changed',
    saidBy: 'registry',
    heardBy: ['ocpi-bridge'],
    schema: registry.TokenChanged,
  }),
  /** What a roaming partner may see has changed: also the state of an EVSE. */
  locationChanged: message({
    stream: 'REGISTRY',
    subject: 'registry.location-changed',
    saidBy: 'registry',
    heardBy: ['ocpi-bridge'],
    schema: LocationChanged,
  }),
  tariffChanged: message({
    stream: 'REGISTRY',
    subject: 'registry.tariff-changed',
    saidBy: 'registry',
    heardBy: ['ocpi-bridge'],
    schema: TariffChanged,
  }),
  /** How fast something at a station may charge has changed: a profile that was set or taken back, a limit from outside. */
  chargingProfilesChanged: message({
    stream: 'REGISTRY',
    subject: 'registry.charging-profiles-changed',
    saidBy: 'registry',
    heardBy: ['ocpi-bridge'],
    schema: ChargingProfilesChanged,
  }),
  partnerCdrReceived: message({
    stream: 'ROAMING',
    subject: 'roaming.cdr-received',
    saidBy: 'ocpi-bridge',
    heardBy: ['billing'],
    schema: PartnerCdrMessage,
  }),
  cdrDelivered: message({
    stream: 'ROAMING',
    subject: 'roaming.cdr-delivered',
    saidBy: 'ocpi-bridge',
    heardBy: ['billing'],
    schema: CdrDelivered,
  }),
  cdrDeliveryParked: message({
    stream: 'ROAMING',
    subject: 'roaming.cdr-delivery-parked',
    saidBy: 'ocpi-bridge',
    heardBy: ['billing'],
    schema: CdrDeliveryParked,
  }),
};

const stationKey = { party: PartyKey, stationId: Type.String({ minLength: 1, maxLength: 48 }) };

export const requests = {
  // Asked while a station or a session waits.
  admitStation: registryRequest('admit-station', ['ocpp-gateway'], registry.AdmitStationRequest, registry.StationAdmission),
  authorizeToken: registryRequest(
    'authorize-token',
    ['ocpp-gateway', 'ocpi-bridge'],
    authorization.AuthorizeTokenRequest,
    authorization.TokenAuthorization,
    8_000,
  ),
  chargingTerms: registryRequest('charging-terms', ['session-ledger'], registry.ChargingTermsRequest, registry.ChargingTerms),
  /** What a station says of one of its transactions; answered when the station has answered. A station that does not know the question says nothing. */
  transactionStatus: registryRequest(
    'transaction-status',
    ['session-ledger'],
    Type.Object({ ...stationKey, transactionId: Type.String({ maxLength: 64 }), cause: Type.String() }),
    Type.Object({ ongoing: Type.Optional(Type.Boolean()), messagesInQueue: Type.Optional(Type.Boolean()) }),
    40_000,
  ),
  /** Has a station stop a transaction that reached a limit; the same cause asks it once. */
  stopTransaction: registryRequest(
    'stop-transaction',
    ['session-ledger'],
    Type.Object({ ...stationKey, transactionId: Type.String({ maxLength: 64 }), cause: Type.String() }),
    Type.Object({ stopped: Type.Boolean({ description: 'Whether the station has said that it will' }) }),
    40_000,
  ),
  /** Tells a station what a transaction costs, in the way that it understands; a station that shows no costs is left alone. */
  showCost: registryRequest('show-cost', ['session-ledger'], CostToShow, Type.Object({ shown: Type.Boolean() }), 40_000),
  tariffInForce: registryRequest(
    'tariff-in-force',
    ['session-ledger', 'billing'],
    Type.Object({ party: PartyKey, tariffId: Tariff.properties.id, at: Instant }),
    Tariff,
  ),
  authorizeWithPartner: request({
    subject: 'bridge.authorize-with-partner',
    answeredBy: 'ocpi-bridge',
    askedBy: ['registry'],
    request: PartnerAuthorizationRequest,
    reply: PartnerAuthorization,
    deadlineMs: 6_000,
  }),
  /** Tells partners at once that tokens are void, while it can still be said which: nothing of it is stored. */
  withdrawTokens: request({
    subject: 'bridge.withdraw-tokens',
    answeredBy: 'ocpi-bridge',
    askedBy: ['registry'],
    request: Type.Object({ tokens: Type.Array(registry.TokenRecord, { minItems: 1 }) }),
    reply: Type.Object({ notTold: Type.Array(Type.String()) }),
    deadlineMs: 10_000,
  }),
  /** Its subject is completed by the party and the station: only the pod that holds the socket listens there. */
  callStation: request({
    subject: 'call',
    answeredBy: 'ocpp-gateway',
    askedBy: ['registry'],
    request: StationCallRequest,
    reply: StationCallOutcome,
    deadlineMs: 35_000,
  }),
  /** A station waits for the answer, which only the registry can give. */
  answerStation: registryRequest('answer-station', ['ocpp-gateway'], StationQuestion, StationAnswer, 8_000),
  /** Every gateway process hears it, and only the one that holds the station's socket answers. */
  traceStation: request({
    subject: 'trace-station',
    answeredBy: 'ocpp-gateway',
    askedBy: ['console'],
    request: StationTraceRequest,
    reply: StationTrace,
    deadlineMs: 2_000,
  }),

  // Who is behind a reference. Requests are not stored, so they may say what no message may.
  resolveTokens: registryRequest(
    'resolve-tokens',
    ['ocpi-bridge'],
    Type.Object({ tokens: Type.Array(registry.IssuedToken, { minItems: 1, maxItems: 1000 }) }),
    /** In the order in which they were asked for. */
    Type.Object({ tokens: Type.Array(registry.ResolvedToken) }),
  ),
  tokenKey: registryRequest('token-key', ['console'], Type.Object({ uid: PresentedToken.properties.uid }), Type.Object({ key: TokenKey })),
  /** What a partner pushed to us or we pulled from it: kept when it is answered. */
  keepPartnerTokens: registryRequest(
    'keep-partner-tokens',
    ['ocpi-bridge'],
    Type.Object({ cause: Type.String(), tokens: Type.Array(registry.PartnerToken, { minItems: 1, maxItems: 500 }) }),
    Type.Object({ created: Type.Integer() }),
    20_000,
  ),
  /** Of our own, by the contract that OCPI 2.1.1 names a driver by. */
  tokenOfContract: registryRequest(
    'token-of-contract',
    ['ocpi-bridge'],
    Type.Object({ party: PartyKey, contractId: registry.Token.properties.contractId }),
    Type.Object({ token: Type.Optional(registry.TokenRecord) }),
  ),
  findPartnerToken: registryRequest(
    'find-partner-token',
    ['ocpi-bridge'],
    Type.Object({ party: PartyKey, token: PresentedToken }),
    Type.Object({ asSent: Type.Optional(Type.Unknown()) }),
  ),

  ...publishedRequests,
  ...ledgerRequests,
  ...operatorRequests,
  ...fleetRequests,
  ...partnerCommandRequests,
  ...paymentRequests,
  ...preferenceRequests,

  listCdrs: query('billing', 'billing.list-cdrs', CdrQuery, CdrPage),
  getCdr: query('billing', 'billing.get-cdr', Type.Object({ cdrId: Type.String() }), CdrView),
  explainCdr: query(
    'billing',
    'billing.explain-cdr',
    Type.Object({ cdrId: Type.String(), language: Type.Optional(ExplanationLanguage) }),
    CdrExplanation,
  ),
  listDisputes: query('billing', 'billing.list-disputes', DisputeQuery, DisputePage),
  /** We pay what the partner claims after all. */
  acceptDispute: request({
    subject: 'billing.accept-dispute',
    answeredBy: 'billing',
    askedBy: ['console'],
    request: write({ disputeId: DisputeId, acceptance: DisputeAcceptance }),
    reply: Dispute,
    deadlineMs: 5_000,
  }),
  trialBalance: query('billing', 'billing.trial-balance', TrialBalanceRequest, TrialBalance),
  settlementStatement: query('billing', 'billing.settlement-statement', StatementRequest, SettlementStatement),
  ...retailRequests,

  ...partnerRequests,
};

/** Answered by whoever holds the station's socket, not by any process of the service. */
export const heldRequests = ['callStation', 'traceStation'] as const;
export type HeldRequest = (typeof heldRequests)[number];

export function isHeldRequest(name: RequestName): name is HeldRequest {
  return heldRequests.some((held) => held === name);
}

export type MessageName = keyof typeof messages;
export type RequestName = keyof typeof requests;
export type Message<M extends MessageName> = Static<(typeof messages)[M]['schema']>;
export type Request<R extends RequestName> = Static<(typeof requests)[R]['request']>;
export type Reply<R extends RequestName> = Static<(typeof requests)[R]['reply']>;
