// What the operator wants of a station, as an OCPP CALL of the station's version that is valid by its schema. We are tolerant towards
// stations and strict with what we send ourselves.
import { type PresentedToken, Problem, type Request } from '@evenkeel/contracts';
import { type CsmsAction, isStationAction, type Request as OcppRequest, requestSchema, type Urgency } from '@evenkeel/ocpp';
import type { SpokenVersion } from '../connection/station';

type Wanted = Request<'callStation'>['call'];

export interface Command {
  readonly action: string;
  readonly payload: object;
  readonly urgency: Urgency;
}

/**
 * @param remoteStartId unique number of a remote start (OCPP 2.0.1 F01.FR.05).
 * @throws Problem `invalid` for what the version does not know or its schema forbids.
 */
export function commandFor(version: SpokenVersion, wanted: Wanted, remoteStartId: () => number): Command {
  const command = translated(version, wanted, remoteStartId);
  const { action, payload } = command;
  const schema = isStationAction(version, action) && action !== 'DataTransfer' ? undefined : requestSchema(version, action);
  if (schema === undefined) throw new Problem('invalid', `OCPP ${version} has no command ${action}`);
  const violation = schema.explain(payload);
  if (violation !== undefined) throw new Problem('invalid', `${action}: ${violation.description}`);
  return command;
}

function translated(version: SpokenVersion, wanted: Wanted, remoteStartId: () => number): Command {
  switch (wanted.kind) {
    case 'start':
      return version === '1.6' ? startIn16(wanted) : startIn201(wanted, remoteStartId());
    case 'stop':
      return version === '1.6'
        ? stopIn16(wanted.transactionId)
        : command('RequestStopTransaction', { transactionId: wanted.transactionId });
    case 'raw':
      if (typeof wanted.payload !== 'object' || wanted.payload === null) throw new Problem('invalid', 'the payload is not an object');
      return { action: wanted.action, payload: wanted.payload, urgency: wanted.action.startsWith('Get') ? 'report' : 'configuration' };
  }
}

type Start = Extract<Wanted, { kind: 'start' }>;

/** The connector is named only when one is wanted: 0 would be the station itself (OCPP 1.6 section 5.11). */
function startIn16({ evseId, token }: Start): Command {
  const payload: OcppRequest<'1.6', 'RemoteStartTransaction'> = {
    idTag: token.uid,
    ...(evseId === undefined ? {} : { connectorId: evseId }),
  };
  return command('RemoteStartTransaction', payload);
}

function startIn201({ evseId, token }: Start, remoteStartId: number): Command {
  const payload: OcppRequest<'2.0.1', 'RequestStartTransaction'> = {
    remoteStartId,
    idToken: { idToken: token.uid, type: tokenTypeIn201(token) },
    ...(evseId === undefined ? {} : { evseId }),
  };
  return command('RequestStartTransaction', payload);
}

function stopIn16(transactionId: string): Command {
  if (!/^\d{1,10}$/.test(transactionId)) throw new Problem('invalid', `${transactionId} is no transaction id of OCPP 1.6`);
  return command('RemoteStopTransaction', { transactionId: Number(transactionId) });
}

/** A token that is not a card comes from the back end: Central (OCPP 2.0.1 IdTokenEnumType). */
function tokenTypeIn201({ type }: PresentedToken): 'ISO14443' | 'Central' {
  return type === 'RFID' ? 'ISO14443' : 'Central';
}

function command(action: CsmsAction<'1.6'> | CsmsAction<'2.0.1'>, payload: object): Command {
  return { action, payload, urgency: 'transaction' };
}
