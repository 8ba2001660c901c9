// What stations report, with the OCPP version already forgotten. The gateway says these; a fact is recorded, never refused.
//
// A fact's id derives from its content (station, transaction, sequence number, timestamps, readings), never from the OCPP message id,
// which changes when a station repeats a message (OCPP-J 1.6 errata 2025-04).
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { DecimalText, Instant, TokenReference } from './values';

/** One reading in base units: Wh, W, A, V, percent. Absent location means Outlet, absent phase means the total (OCPP 2.0.1 SampledValueType). */
export const MeterSample = Type.Object({
  at: Instant,
  measurand: Type.String({ maxLength: 64 }),
  value: DecimalText,
  unit: Type.String({ maxLength: 20 }),
  context: Type.Optional(Type.String({ maxLength: 40 })),
  phase: Type.Optional(Type.String({ maxLength: 20 })),
  location: Type.Optional(Type.String({ maxLength: 20 })),
  /** The signed record byte for byte, where the meter signs. */
  signed: Type.Optional(Type.Record(Type.String(), Type.String())),
});
export type MeterSample = Static<typeof MeterSample>;

/** A signed record that stands by itself, byte for byte (OCPP 1.6 format SignedData): its number is inside and is not taken out of it. */
export const SignedRecord = Type.Object({
  at: Instant,
  measurand: Type.String({ maxLength: 64 }),
  context: Type.Optional(Type.String({ maxLength: 40 })),
  phase: Type.Optional(Type.String({ maxLength: 20 })),
  location: Type.Optional(Type.String({ maxLength: 20 })),
  data: Type.String(),
});
export type SignedRecord = Static<typeof SignedRecord>;

/** OCPP 2.0.1 ChargingStateEnumType; 1.6 statuses are mapped to it. */
export const ChargingState = Type.Union([
  Type.Literal('Charging'),
  Type.Literal('EVConnected'),
  Type.Literal('SuspendedEV'),
  Type.Literal('SuspendedEVSE'),
  Type.Literal('Idle'),
]);
export type ChargingState = Static<typeof ChargingState>;

const common = {
  factId: Type.String({ format: 'uuid' }),
  party: PartyKey,
  stationId: Type.String({ minLength: 1, maxLength: 48 }),
  ocppVersion: Type.Union([Type.Literal('1.6'), Type.Literal('2.0.1'), Type.Literal('2.1')]),
  /** When it happened, by the station's clock. */
  at: Instant,
  /** When the gateway read the frame. */
  receivedAt: Instant,
  /** The frame that carried it, for the audit only. */
  messageId: Type.String({ maxLength: 64 }),
  /**
   * The text of that CALL as it was sent, with a token's key in the place of the token. Absent for a fact of another origin, for vendors'
   * messages, and for a frame longer than the gateway keeps.
   */
  frame: Type.Optional(Type.String({ maxLength: 65_536 })),
  /** Codes of what the gateway had to tolerate to read the message. */
  deviations: Type.Optional(Type.Array(Type.String())),
};

export const StationBooted = Type.Object({
  ...common,
  kind: Type.Literal('station-booted'),
  vendor: Type.String(),
  model: Type.String(),
  serialNumber: Type.Optional(Type.String()),
  firmwareVersion: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

export const StationConnectionChanged = Type.Object({
  ...common,
  kind: Type.Literal('station-connection-changed'),
  connected: Type.Boolean(),
  reason: Type.Optional(Type.String()),
});

export const ConnectorStatusReported = Type.Object({
  ...common,
  kind: Type.Literal('connector-status-reported'),
  /** 0 is the station itself (OCPP 1.6 connectorId 0). In 1.6 the connector number is also the EVSE number. */
  evseId: Type.Integer({ minimum: 0 }),
  connectorId: Type.Integer({ minimum: 0 }),
  /** The wire's literal: OCPP 1.6 ChargePointStatus or 2.0.1 ConnectorStatusEnumType. */
  status: Type.String({ maxLength: 40 }),
  /** Set where the 1.6 status says how the charging goes. */
  chargingState: Type.Optional(ChargingState),
  errorCode: Type.Optional(Type.String()),
});

/**
 * What the station says that the transaction costs, where it calculates by itself (OCPP 2.1 CostDetailsType). `durationSeconds` includes
 * the time without charging, as the station counts it.
 */
export const StationCost = Type.Object({
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  beforeTaxes: Type.Optional(DecimalText),
  afterTaxes: Type.Optional(DecimalText),
  durationSeconds: Type.Integer({ minimum: 0 }),
  idleSeconds: Type.Integer({ minimum: 0 }),
});
export type StationCost = Static<typeof StationCost>;

/** StartTransaction, StopTransaction, MeterValues with a transaction id (1.6) and TransactionEvent (2.x). */
export const TransactionReported = Type.Object({
  ...common,
  kind: Type.Literal('transaction-reported'),
  phase: Type.Union([Type.Literal('started'), Type.Literal('updated'), Type.Literal('ended')]),
  transactionId: Type.String({ minLength: 1, maxLength: 64 }),
  evseId: Type.Optional(Type.Integer({ minimum: 0 })),
  connectorId: Type.Optional(Type.Integer({ minimum: 0 })),
  token: Type.Optional(TokenReference),
  /** OCPP 1.6 meterStart and meterStop in Wh; 2.x sends samples instead. */
  meterStartWh: Type.Optional(DecimalText),
  meterStopWh: Type.Optional(DecimalText),
  /** Order of 2.x events; absent in 1.6. */
  sequenceNumber: Type.Optional(Type.Integer({ minimum: 0 })),
  trigger: Type.Optional(Type.String()),
  chargingState: Type.Optional(ChargingState),
  offline: Type.Optional(Type.Boolean()),
  stopReason: Type.Optional(Type.String()),
  /** 2.x: how long the station says that energy was flowing so far. */
  timeSpentChargingSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
  remoteStartId: Type.Optional(Type.Integer()),
  reservationId: Type.Optional(Type.Integer()),
  /** What the station was told about the token, where it was asked in this message. */
  tokenVerdict: Type.Optional(Type.String()),
  /** With the end only, and only where it could calculate. */
  stationCost: Type.Optional(StationCost),
  samples: Type.Array(MeterSample),
  signedRecords: Type.Optional(Type.Array(SignedRecord)),
});
export type TransactionReported = Static<typeof TransactionReported>;

/** Readings that name no transaction: OCPP 1.6 MeterValues without transactionId, 2.x MeterValues. */
export const MeterValuesReported = Type.Object({
  ...common,
  kind: Type.Literal('meter-values-reported'),
  evseId: Type.Integer({ minimum: 0 }),
  connectorId: Type.Optional(Type.Integer({ minimum: 0 })),
  samples: Type.Array(MeterSample),
  signedRecords: Type.Optional(Type.Array(SignedRecord)),
});

/**
 * Everything else that a station reports and nobody has to answer: firmware and log states, reports of its device model, events, limits.
 * Said in the words of OCPP 2.1, the newest version, whatever version the station speaks: `action` is one of its actions and `payload` that
 * action's payload, so that nobody behind the gateway knows the version.
 */
export const StationNoticeReported = Type.Object({
  ...common,
  kind: Type.Literal('station-notice-reported'),
  action: Type.String({ maxLength: 50 }),
  payload: Type.Record(Type.String(), Type.Unknown()),
});

export const StationFact = Type.Union([
  StationBooted,
  StationConnectionChanged,
  ConnectorStatusReported,
  TransactionReported,
  MeterValuesReported,
  StationNoticeReported,
]);
export type StationFact = Static<typeof StationFact>;
export type StationFactOf<K extends StationFact['kind']> = Extract<StationFact, { kind: K }>;

/** Whether a fact belongs into the story of a session. */
export function isSessionFact({ kind }: StationFact): boolean {
  return kind !== 'station-notice-reported';
}

/**
 * Whether a fact says something about the station itself. Of a transaction its beginning, its end, at which EVSE it turns out to be, and that
 * a remote start has taken effect: commands wait for them.
 */
export function isStationSignal(fact: StationFact): boolean {
  switch (fact.kind) {
    case 'meter-values-reported':
      return false;
    case 'transaction-reported':
      return fact.phase !== 'updated' || fact.remoteStartId !== undefined || fact.trigger === 'CablePluggedIn';
    default:
      return true;
  }
}

/**
 * The facts of one tick in one JetStream message: it has the contract of its facts and no identity of its own, because each fact keeps
 * its id and a redelivered batch is therefore harmless. Batching makes the durable answer to a station nearly free.
 */
export const StationFactBatch = Type.Object({ facts: Type.Array(StationFact, { minItems: 1, maxItems: 1000 }) });
export type StationFactBatch = Static<typeof StationFactBatch>;
