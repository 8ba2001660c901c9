// OCPP 2.0.1 and 2.1 messages as version-neutral facts: from here on nobody knows the version. The payloads of 2.0.1 are payloads of 2.1. Pure; the id of a fact derives from what the message
// says, without the offline flag, which a station sets when it repeats an event after an outage (OCPP 2.0.1 E04.FR.03).
// Next: apps/ocpp-gateway/src/announce/say-fact.ts
import type { MeterSample, PresentedToken, StationFactOf } from '@evenkeel/contracts';
import type { Request, StationRequest } from '@evenkeel/ocpp';
import { foldIdentity } from '@evenkeel/ocpp';
import { commonFields, type FactOrigin, factIdOf, instantOf, numberOrNone, referenceTo } from './fact-origin';
import { meterSample } from './meter-sample';
import { stationCostOf } from './station-cost';

type MeterValue = Request<'2.1', 'MeterValues'>['meterValue'][number];
type IdToken = Request<'2.1', 'Authorize'>['idToken'];
type TransactionEvent = StationRequest<'2.1', 'TransactionEvent'>;

const LONGEST_UID = 36;
const LONGEST_STATUS = 40;
const LONGEST_TRANSACTION_ID = 64;
const PHASES = { Started: 'started', Updated: 'updated', Ended: 'ended' } as const;

export function bootFromV2(
  origin: FactOrigin,
  { chargingStation, reason }: Request<'2.1', 'BootNotification'>,
): StationFactOf<'station-booted'> {
  return {
    kind: 'station-booted',
    vendor: chargingStation.vendorName,
    model: chargingStation.model,
    serialNumber: chargingStation.serialNumber,
    firmwareVersion: chargingStation.firmwareVersion,
    reason,
    // The message carries no time of its own.
    ...commonFields(origin, factIdOf(origin, 'station-booted', origin.receivedAt), origin.receivedAt),
  };
}

/** A status of an event may be any text. */
export type ReportedStatus = Omit<Request<'2.1', 'StatusNotification'>, 'connectorStatus'> & { readonly connectorStatus: string };

export function statusFromV2(
  origin: FactOrigin,
  { timestamp, connectorStatus, evseId, connectorId }: ReportedStatus,
): StationFactOf<'connector-status-reported'> {
  const at = instantOf(timestamp, origin);
  return {
    kind: 'connector-status-reported',
    evseId: numberOrNone(evseId) ?? 0,
    connectorId: numberOrNone(connectorId) ?? 0,
    status: connectorStatus.slice(0, LONGEST_STATUS),
    ...commonFields(origin, factIdOf(origin, 'connector-status-reported', evseId, connectorId, connectorStatus, at), at),
  };
}

export function transactionEventFromV2(
  origin: FactOrigin,
  event: TransactionEvent,
  verdict: string | undefined,
): StationFactOf<'transaction-reported'> {
  const { eventType, seqNo, triggerReason, evse, idToken, transactionInfo, costDetails } = event;
  const { chargingState, stoppedReason, remoteStartId, timeSpentCharging } = transactionInfo;
  const at = instantOf(event.timestamp, origin);
  const samples = samplesFromV2(origin, event.meterValue ?? []);
  const transactionId = transactionInfo.transactionId.slice(0, LONGEST_TRANSACTION_ID);
  // Two events that share a number and differ in what they say are two facts; a repetition says the same.
  const shown = idToken && origin.identity.of('id-token', JSON.stringify(idToken));
  const stationCost = eventType === 'Ended' && costDetails ? stationCostOf(costDetails) : undefined;
  const said = JSON.stringify([
    triggerReason,
    chargingState,
    evse,
    shown,
    stoppedReason,
    remoteStartId,
    event.reservationId,
    samples,
    ...(stationCost ? [stationCost] : []),
  ]);
  return {
    ...commonFields(
      origin,
      factIdOf(origin, 'transaction-event', foldIdentity(transactionId), seqNo, eventType, event.timestamp, said),
      at,
    ),
    kind: 'transaction-reported',
    phase: PHASES[eventType],
    transactionId,
    evseId: numberOrNone(evse?.id),
    connectorId: numberOrNone(evse?.connectorId),
    token: idToken && referenceTo(tokenFromV2(idToken), origin),
    sequenceNumber: numberOrNone(seqNo),
    trigger: triggerReason,
    chargingState,
    offline: event.offline,
    // OCPP 2.0.1 TransactionType: an absent reason of an ended transaction means Local.
    stopReason: stoppedReason ?? (eventType === 'Ended' ? 'Local' : undefined),
    timeSpentChargingSeconds: numberOrNone(timeSpentCharging),
    remoteStartId,
    reservationId: event.reservationId,
    tokenVerdict: verdict,
    stationCost,
    samples,
  };
}

/** EVSE 0 is the main meter of the station (OCPP 2.0.1 J01.FR.22). */
export function meterValuesFromV2(
  origin: FactOrigin,
  { evseId, meterValue }: Request<'2.1', 'MeterValues'>,
): StationFactOf<'meter-values-reported'> {
  const samples = samplesFromV2(origin, meterValue);
  const at = samples[0]?.at ?? instantOf(meterValue[0]?.timestamp, origin);
  const factId = factIdOf(origin, 'meter-values', evseId, JSON.stringify(samples), at);
  return { kind: 'meter-values-reported', evseId: numberOrNone(evseId) ?? 0, samples, ...commonFields(origin, factId, at) };
}

/**
 * What a 2.x station says of the availability of a connector, an EVSE or itself in NotifyEvent, which OCPP 2.1 prefers to StatusNotification
 * (OCPP 2.0.1 G01.FR.08; component Connector, EVSE or ChargingStation, variable AvailabilityState).
 */
export function statusesFromEvents(
  origin: FactOrigin,
  { eventData }: Request<'2.1', 'NotifyEvent'>,
): StationFactOf<'connector-status-reported'>[] {
  return eventData
    .filter(({ component, variable }) => variable.name === 'AvailabilityState' && AVAILABLE_COMPONENTS.has(component.name))
    .map(({ timestamp, actualValue, component: { evse } }) =>
      statusFromV2(origin, { timestamp, connectorStatus: actualValue, evseId: evse?.id ?? 0, connectorId: evse?.connectorId ?? 0 }),
    );
}

const AVAILABLE_COMPONENTS: ReadonlySet<string> = new Set(['Connector', 'EVSE', 'ChargingStation']);

/** Undefined for a start button, which stands for no token (OCPP 2.0.1 C02), and for what is longer than any token. */
export function tokenFromV2({ idToken, type }: IdToken): PresentedToken | undefined {
  if (type === 'NoAuthorization' || idToken === '' || idToken.length > LONGEST_UID) return undefined;
  return { uid: idToken, type: type === 'ISO14443' || type === 'ISO15693' ? 'RFID' : 'OTHER' };
}

function samplesFromV2(origin: FactOrigin, meterValues: readonly MeterValue[]): MeterSample[] {
  const samples: MeterSample[] = [];
  for (const { timestamp, sampledValue } of meterValues) {
    const at = instantOf(timestamp, origin);
    for (const { value, measurand, context, phase, location, unitOfMeasure, signedMeterValue } of sampledValue) {
      const reading = { value, measurand, context, phase, location, unit: unitOfMeasure?.unit, multiplier: unitOfMeasure?.multiplier };
      const sample = meterSample(at, signedMeterValue ? { ...reading, signed: signedFromV2(signedMeterValue) } : reading, origin);
      if (sample) samples.push(sample);
    }
  }
  return samples;
}

/** Byte for byte as the meter signed it; customData is not part of that. */
function signedFromV2({ signedMeterData, signingMethod, encodingMethod, publicKey }: SignedMeterValue): Record<string, string> {
  const record = { signedMeterData, signingMethod, encodingMethod, publicKey };
  return Object.fromEntries(Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

type SignedMeterValue = NonNullable<MeterValue['sampledValue'][number]['signedMeterValue']>;
