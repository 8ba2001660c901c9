// OCPP 1.6 messages as version-neutral facts: from here on nobody knows the version. Pure; the id of a fact derives from what the message
// says, because a repetition may come with another message id (OCPP-J 1.6 errata 2025-04).
// Next: apps/ocpp-gateway/src/announce/say-fact.ts
import {
  type ChargingState,
  idOf,
  type MeterSample,
  type PresentedToken,
  type SignedRecord,
  type StationFactOf,
} from '@evenkeel/contracts';
import { foldIdentity, type Request, readTimestamp } from '@evenkeel/ocpp';
import { decimalText } from './decimal-text';
import { commonFields, type FactOrigin, factIdOf, instantOf, numberOrNone, referenceTo } from './fact-origin';
import { DEFAULT_MEASURAND, meterSample } from './meter-sample';

type MeterValues = Request<'1.6', 'MeterValues'>;
type StartTransaction = Request<'1.6', 'StartTransaction'>;
type StopTransaction = Request<'1.6', 'StopTransaction'>;
type Status = Request<'1.6', 'StatusNotification'>['status'];

/** idTag is a CiString20 (OCPP 1.6 section 7.28); a longer one is answered Invalid and names no token. */
export const ID_TAG_LENGTH = 20;

/** What a 1.6 status says about the charging; the others say nothing about it. */
const CHARGING_STATES: Readonly<Partial<Record<Status, ChargingState>>> = {
  Available: 'Idle',
  Preparing: 'EVConnected',
  Charging: 'Charging',
  SuspendedEV: 'SuspendedEV',
  SuspendedEVSE: 'SuspendedEVSE',
  Finishing: 'EVConnected',
};

export function bootFrom16(origin: FactOrigin, request: Request<'1.6', 'BootNotification'>): StationFactOf<'station-booted'> {
  return {
    kind: 'station-booted',
    vendor: request.chargePointVendor,
    model: request.chargePointModel,
    serialNumber: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber,
    firmwareVersion: request.firmwareVersion,
    // The message carries no time of its own.
    ...commonFields(origin, factIdOf(origin, 'station-booted', origin.receivedAt), origin.receivedAt),
  };
}

export function statusFrom16(
  origin: FactOrigin,
  { connectorId, status, errorCode, timestamp }: Request<'1.6', 'StatusNotification'>,
): StationFactOf<'connector-status-reported'> {
  const at = instantOf(timestamp, origin);
  // In OCPP 1.6 the connector number is also the EVSE number.
  const connector = numberOrNone(connectorId) ?? 0;
  return {
    kind: 'connector-status-reported',
    evseId: connector,
    connectorId: connector,
    status,
    chargingState: connector === 0 ? undefined : CHARGING_STATES[status],
    errorCode: errorCode === 'NoError' ? undefined : errorCode,
    ...commonFields(origin, factIdOf(origin, 'connector-status-reported', connector, status, errorCode, at), at),
  };
}

/** The natural key of a transaction that has no id yet; a repeated StartTransaction has the same one, whatever its message id. */
export function startKeyFrom16(origin: FactOrigin, { connectorId, idTag, timestamp, meterStart }: StartTransaction): string {
  // The instant, because a repetition may spell it differently; the text where it cannot be read.
  const instant = readTimestamp(timestamp)?.epochMilliseconds ?? timestamp;
  const token = origin.identity.tokenKey(idTag);
  return idOf('start', origin.party, foldIdentity(origin.stationId), connectorId, token, instant, meterStart);
}

export function startFrom16(
  origin: FactOrigin,
  request: StartTransaction,
  started: { startKey: string; transactionId: number; verdict: string },
): StationFactOf<'transaction-reported'> {
  const connector = numberOrNone(request.connectorId);
  const at = instantOf(request.timestamp, origin);
  return {
    kind: 'transaction-reported',
    phase: 'started',
    transactionId: String(started.transactionId),
    evseId: connector,
    connectorId: connector,
    token: referenceTo(tokenFrom16(request.idTag), origin),
    meterStartWh: decimalText(request.meterStart),
    reservationId: request.reservationId,
    tokenVerdict: started.verdict,
    samples: [],
    ...commonFields(origin, factIdOf(origin, 'transaction-started', started.startKey), at),
  };
}

export function stopFrom16(
  origin: FactOrigin,
  request: StopTransaction,
  verdict: string | undefined,
): StationFactOf<'transaction-reported'> {
  const { transactionId, timestamp, meterStop, reason, idTag, transactionData } = request;
  const at = instantOf(timestamp, origin);
  const { samples, signedRecords } = readingsFrom16(origin, transactionData ?? []);
  return {
    kind: 'transaction-reported',
    phase: 'ended',
    transactionId: String(transactionId),
    token: idTag === undefined ? undefined : referenceTo(tokenFrom16(idTag), origin),
    meterStopWh: decimalText(meterStop),
    // OCPP 1.6 section 6.45: an absent reason means Local.
    stopReason: reason ?? 'Local',
    tokenVerdict: verdict,
    samples,
    signedRecords,
    ...commonFields(origin, factIdOf(origin, 'transaction-ended', transactionId, timestamp, meterStop), at),
  };
}

/** Readings belong to the transaction they name. A station that never got its transaction's id says 0 or -1 and names none by that. */
export function meterValuesFrom16(
  origin: FactOrigin,
  { connectorId, transactionId, meterValue }: MeterValues,
): StationFactOf<'transaction-reported'> | StationFactOf<'meter-values-reported'> {
  const connector = numberOrNone(connectorId);
  const { samples, signedRecords } = readingsFrom16(origin, meterValue);
  const at = samples[0]?.at ?? instantOf(meterValue[0]?.timestamp, origin);
  const factId = factIdOf(
    origin,
    'meter-values',
    transactionId ?? 0,
    connectorId,
    JSON.stringify(signedRecords ? [samples, signedRecords] : samples),
    at,
  );
  const common = commonFields(origin, factId, at);
  if (transactionId === undefined || transactionId <= 0) {
    return { kind: 'meter-values-reported', evseId: connector ?? 0, connectorId: connector, samples, signedRecords, ...common };
  }
  return {
    kind: 'transaction-reported',
    phase: 'updated',
    transactionId: String(transactionId),
    evseId: connector,
    connectorId: connector,
    samples,
    signedRecords,
    ...common,
  };
}

export function tokenFrom16(idTag: string): PresentedToken | undefined {
  const uid = idTag.trim();
  return uid === '' || uid.length > ID_TAG_LENGTH ? undefined : { uid, type: 'RFID' };
}

function readingsFrom16(origin: FactOrigin, meterValues: MeterValues['meterValue'] | NonNullable<StopTransaction['transactionData']>) {
  const samples: MeterSample[] = [];
  let signedRecords: SignedRecord[] | undefined;
  for (const { timestamp, sampledValue } of meterValues) {
    const at = instantOf(timestamp, origin);
    for (const sampled of sampledValue) {
      if (sampled.format === 'SignedData') {
        const { value: data, measurand = DEFAULT_MEASURAND, context, phase, location } = sampled;
        signedRecords ??= [];
        signedRecords.push({ at, measurand, context, phase, location, data });
        continue;
      }
      const sample = meterSample(at, sampled, origin);
      if (sample) samples.push(sample);
    }
  }
  return { samples, signedRecords };
}
