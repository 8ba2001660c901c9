// What is said to a live station, in two layers. A call is one OCPP CALL, carried out by the gateway pod that holds the station's socket. A
// command is what somebody wants of a station, followed by the registry from the wish to the effect that the station shows.
//
// The language of commands is OCPP 2.1, the newest version: the gateway says them in the words of the version that the station speaks.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { Instant, PageRequest, pageOf } from './values';

const StationId = Type.String({ minLength: 1, maxLength: 48 });
const Action = Type.String({ pattern: '^[A-Za-z0-9]{1,50}$' });
const Payload = Type.Record(Type.String(), Type.Unknown());

export const StationCallRequest = Type.Object({
  party: PartyKey,
  stationId: StationId,
  call: Type.Union([
    /** An action and payload of the station's own version. */
    Type.Object({ kind: Type.Literal('raw'), action: Action, payload: Payload }),
    /** An action and payload of OCPP 2.1, to be said in the station's version. */
    Type.Object({ kind: Type.Literal('neutral'), action: Action, payload: Payload }),
  ]),
});
export type StationCallRequest = Static<typeof StationCallRequest>;

/** A call and its answer in the words of OCPP 2.1; what was said to an OCPP 1.6 station has a translation where 2.1 has the same thing. */
export const NeutralCall = Type.Object({ action: Action, request: Payload, answer: Payload });
export type NeutralCall = Static<typeof NeutralCall>;

export const StationCallOutcome = Type.Union([
  Type.Object({
    outcome: Type.Literal('answered'),
    /** As it was on the wire. */
    action: Action,
    payload: Payload,
    neutral: Type.Optional(NeutralCall),
  }),
  /** The station answered with a CALLERROR. */
  Type.Object({ outcome: Type.Literal('refused'), errorCode: Type.String(), description: Type.String() }),
  /** The station may have obeyed: what became of it is unknown. */
  Type.Object({ outcome: Type.Literal('timeout') }),
]);
export type StationCallOutcome = Static<typeof StationCallOutcome>;

/** A CALL of a station that the registry has to answer, in the words of OCPP 2.1. */
export const StationQuestion = Type.Object({
  party: PartyKey,
  stationId: StationId,
  ocppVersion: Type.String(),
  /** Of the CALL: a repetition has the same payload, and gets the same answer. */
  messageId: Type.String({ maxLength: 64 }),
  receivedAt: Instant,
  action: Action,
  payload: Payload,
});
export type StationQuestion = Static<typeof StationQuestion>;
export const StationAnswer = Type.Object({ payload: Payload });

/**
 * Where a command is. `accepted`: the station has said yes and the effect is still to be seen; `done`: the effect was seen, or the answer
 * itself was the effect; `no-effect`: accepted, and nothing happened in time; `unknown`: no answer in time, the station may have obeyed.
 */
export const CommandStatus = Type.Union([
  Type.Literal('requested'),
  Type.Literal('accepted'),
  Type.Literal('done'),
  Type.Literal('rejected'),
  Type.Literal('refused'),
  Type.Literal('no-effect'),
  Type.Literal('unknown'),
  Type.Literal('not-sent'),
]);
export type CommandStatus = Static<typeof CommandStatus>;

/** One CALL of a command, without secrets and tokens. */
export const CommandCall = Type.Object({
  action: Type.String(),
  request: Payload,
  /** What it means in the words of OCPP 2.1, where those are others. */
  means: Type.Optional(Type.Object({ action: Type.String(), request: Payload })),
  answer: Type.Optional(Payload),
});
export type CommandCall = Static<typeof CommandCall>;

export const StationCommand = Type.Object({
  commandId: Type.String(),
  party: PartyKey,
  stationId: Type.String(),
  /** Version-neutral name; absent for a raw call. */
  operation: Type.Optional(Type.String()),
  /** In the order in which they are made: in the words of OCPP 2.1 for an operation, in the station's own for a raw call. */
  calls: Type.Array(CommandCall, { minItems: 1 }),
  requestedAt: Instant,
  /** The operator; absent for what the system does by itself. */
  requestedBy: Type.Optional(Type.String()),
  status: CommandStatus,
  /** Of the station's CALLERROR. */
  errorCode: Type.Optional(Type.String()),
  /** Why it is as it is, for a person. */
  detail: Type.Optional(Type.String()),
  settledAt: Type.Optional(Instant),
});
export type StationCommand = Static<typeof StationCommand>;

/** What a station has told about a customer: in no message and no stream, because it is about a person. */
export const CustomerInformation = Type.Object({
  stationId: Type.String(),
  requestId: Type.Integer(),
  generatedAt: Type.String(),
  /** Whether every part is there. */
  complete: Type.Boolean(),
  text: Type.String(),
});
export type CustomerInformation = Static<typeof CustomerInformation>;

export const CommandQuery = Type.Object({
  ...PageRequest,
  stationId: Type.Optional(StationId),
  status: Type.Optional(CommandStatus),
});
export const CommandPage = pageOf(StationCommand);

/** One thing that is known of a station: a variable, a reservation, a charging profile, a job. Its document has the shape of OCPP 2.1. */
export const StationItem = Type.Object({
  key: Type.String(),
  document: Payload,
  updatedAt: Instant,
});
export const StationItemQuery = Type.Object({
  ...PageRequest,
  stationId: StationId,
  /** e.g. variable, monitor, reservation, charging-profile, job. */
  kind: Type.String({ maxLength: 40 }),
  /** Only keys that begin so, e.g. `OCPPCommCtrlr/`. */
  prefix: Type.Optional(Type.String({ maxLength: 200 })),
});
export const StationItemPage = pageOf(StationItem);
