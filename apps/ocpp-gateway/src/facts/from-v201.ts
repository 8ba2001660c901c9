// OCPP 2.0.1 messages as version-neutral facts: from here on nobody knows the version. Pure; the id of a fact derives from what the message
// says, without the offline flag, which a station sets when it repeats an event after an outage (OCPP 2.0.1 E04.FR.03).
// Next: apps/ocpp-gateway/src/announce/say-fact.ts
import type { MeterSample, PresentedToken, StationFactOf } from '@evenkeel/contracts';
import type { Request, StationRequest } from '@evenkeel/ocpp';
import { foldIdentity } from '@evenkeel/ocpp';
import { commonFields, type FactOrigin, factIdOf, instantOf, numberOrNone, referenceTo } from './fact-origin';
import { meterSample } from './meter-sample';

type MeterValue = Request<'2.0.1', 'MeterValues'>['meterValue'][number];
type IdToken = Request<'2.0.1', 'Authorize'>['idToken'];
type TransactionEvent = StationRequest<'2.0.1', 'TransactionEvent'>;

const LONGEST_UID = 36;
const LONGEST_TRANSACTION_ID = 64;
const PHASES = { Started: 'started', Updated: 'updated', Ended: 'ended' } as const;

export function bootFrom201(
  origin: FactOrigin,
  { chargingStation, reason }: Request<'2.0.1', 'BootNotification'>,
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

export function statusFrom201(
  origin: FactOrigin,
  { timestamp, connectorStatus, evseId, connectorId }: Request<'2.0.1', 'StatusNotification'>,
): StationFactOf<'connector-status-reported'> {
  const at = instantOf(timestamp, origin);
  return {
    kind: 'connector-status-reported',
    evseId: numberOrNone(evseId) ?? 0,
    connectorId: numberOrNone(connectorId) ?? 0,
    status: connectorStatus,
    ...commonFields(origin, factIdOf(origin, 'connector-status-reported', evseId, connectorId, connectorStatus, at), at),
  };
}

export function transactionEventFrom201(
  origin: FactOrigin,
  event: TransactionEvent,
  verdict: string | undefined,
): StationFactOf<'transaction-reported'> {
  const { eventType, seqNo, triggerReason, evse, idToken, transactionInfo } = event;
  const { chargingState, stoppedReason, remoteStartId, timeSpentCharging } = transactionInfo;
  const at = instantOf(event.timestamp, origin);
  const samples = samplesFrom201(origin, event.meterValue ?? []);
  const transactionId = transactionInfo.transactionId.slice(0, LONGEST_TRANSACTION_ID);
  // Two events that share a number and differ in what they say are two facts; a repetition says the same.
  const shown = idToken && origin.identity.of('id-token', JSON.stringify(idToken));
  const said = JSON.stringify([triggerReason, chargingState, evse, shown, stoppedReason, remoteStartId, event.reservationId, samples]);
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
    token: idToken && referenceTo(tokenFrom201(idToken), origin),
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
    samples,
  };
}

/** EVSE 0 is the main meter of the station (OCPP 2.0.1 J01.FR.22). */
export function meterValuesFrom201(
  origin: FactOrigin,
  { evseId, meterValue }: Request<'2.0.1', 'MeterValues'>,
): StationFactOf<'meter-values-reported'> {
  const samples = samplesFrom201(origin, meterValue);
  const at = samples[0]?.at ?? instantOf(meterValue[0]?.timestamp, origin);
  const factId = factIdOf(origin, 'meter-values', evseId, JSON.stringify(samples), at);
  return { kind: 'meter-values-reported', evseId: numberOrNone(evseId) ?? 0, samples, ...commonFields(origin, factId, at) };
}

/** What a variable holds is kept, but for the token reader's: its last token is a person's card (OCPP 2.0.1 appendix 3, TokenReader.Token). */
export function notifyEventFrom201(origin: FactOrigin, request: Request<'2.0.1', 'NotifyEvent'>): StationFactOf<'station-notice-reported'> {
  const at = instantOf(request.generatedAt, origin);
  const factId = factIdOf(origin, 'notify-event', request.seqNo, origin.identity.of('notify-event', JSON.stringify(request)));
  const eventData = request.eventData.map((event) => (event.component.name === 'TokenReader' ? { ...event, actualValue: '' } : event));
  const payload = { ...request, eventData };
  return { kind: 'station-notice-reported', action: 'NotifyEvent', payload, ...commonFields(origin, factId, at) };
}

/** A DataTransfer has neither time nor number: each one is its own fact. What it says is the vendor's affair and may name a card: it is not kept. */
export function dataTransferFrom201(
  origin: FactOrigin,
  request: Request<'2.0.1', 'DataTransfer'>,
): StationFactOf<'station-notice-reported'> {
  const { vendorId, messageId } = request;
  const factId = factIdOf(origin, 'data-transfer', origin.identity.of('data-transfer', JSON.stringify(request)), origin.receivedAt);
  const payload = { vendorId, messageId };
  return { kind: 'station-notice-reported', action: 'DataTransfer', payload, ...commonFields(origin, factId, origin.receivedAt) };
}

/** Undefined for a start button, which stands for no token (OCPP 2.0.1 C02), and for what is longer than any token. */
export function tokenFrom201({ idToken, type }: IdToken): PresentedToken | undefined {
  if (type === 'NoAuthorization' || idToken === '' || idToken.length > LONGEST_UID) return undefined;
  return { uid: idToken, type: type === 'ISO14443' || type === 'ISO15693' ? 'RFID' : 'OTHER' };
}

function samplesFrom201(origin: FactOrigin, meterValues: readonly MeterValue[]): MeterSample[] {
  const samples: MeterSample[] = [];
  for (const { timestamp, sampledValue } of meterValues) {
    const at = instantOf(timestamp, origin);
    for (const { value, measurand, context, phase, location, unitOfMeasure, signedMeterValue } of sampledValue) {
      const reading = { value, measurand, context, phase, location, unit: unitOfMeasure?.unit, multiplier: unitOfMeasure?.multiplier };
      const sample = meterSample(at, signedMeterValue ? { ...reading, signed: signedFrom201(signedMeterValue) } : reading, origin);
      if (sample) samples.push(sample);
    }
  }
  return samples;
}

/** Byte for byte as the meter signed it; customData is not part of that. */
function signedFrom201({ signedMeterData, signingMethod, encodingMethod, publicKey }: SignedMeterValue): Record<string, string> {
  return { signedMeterData, signingMethod, encodingMethod, publicKey };
}

type SignedMeterValue = NonNullable<MeterValue['sampledValue'][number]['signedMeterValue']>;
