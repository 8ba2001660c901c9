// What operations compile to and from, and how their parts are named in the words of OCPP 2.1.
import type { OperationParameters, PresentedToken, StationOperationName } from '@evenkeel/contracts';
import type { CsmsAction, Request } from '@evenkeel/ocpp';
import type { ChargingKnowledge } from '../smart-charging/charging-knowledge';

type Action = CsmsAction<'2.1'>;
export type NeutralWish = { [A in Action]: { readonly kind: 'neutral'; readonly action: A; readonly request: Request<'2.1', A> } }[Action];
/** OCPP 1.6 has no report: there the one question that has no counterpart is asked in its own words. */
interface RawCall {
  readonly kind: 'raw';
  readonly action: 'GetConfiguration';
  readonly request: Request<'1.6', 'GetConfiguration'>;
}
export type WantedCall = NeutralWish | RawCall;

/** What is known of the station that decides how it is asked. */
export interface StationAbilities {
  readonly version: string;
  /** How many variables it takes at a time (OCPP 2.1 DeviceDataCtrlr.ItemsPerMessage). */
  readonly getVariablesAtOnce: number;
  readonly setVariablesAtOnce: number;
  readonly charging: ChargingKnowledge;
  /** The same of monitors (OCPP 2.1 MonitoringCtrlr.ItemsPerMessage). */
  readonly setMonitorsAtOnce: number;
  readonly clearMonitorsAtOnce: number;
  /** Of the tokens' list that it has by our knowledge; 0 for none. */
  readonly localListVersion: number;
  /** The slot of the network profile that it is connected with; undefined where it has not said. */
  readonly networkSlot: number | undefined;
  readonly securityProfile: number;
}

export interface NewValues {
  /** Unique for the station: of a remote start, a request, a reservation, a profile. */
  next(): number;
  /** Of characters that every station takes (OCPP 2.0.1 part 2 A01, before its errata). */
  password(): string;
  readonly now: string;
}

/** @throws Problem for what the station would have to refuse. */
export type Compile<N extends StationOperationName> = (
  parameters: OperationParameters<N>,
  station: StationAbilities,
  numbers: NewValues,
) => readonly WantedCall[];

/** A token that is not a card comes from the back end: Central (OCPP 2.0.1 IdTokenEnumType). */
export function idTokenOf({ uid, type }: PresentedToken): { idToken: string; type: string } {
  return { idToken: uid, type: type === 'RFID' ? 'ISO14443' : 'Central' };
}

type Named = OperationParameters<'read-configuration'>['variables'][number];

export function nameOf({ component, componentInstance, variable, variableInstance, evseId, connectorId }: Named) {
  return {
    component: {
      name: component,
      ...(componentInstance === undefined ? {} : { instance: componentInstance }),
      ...(evseId === undefined ? {} : { evse: { id: evseId, ...(connectorId === undefined ? {} : { connectorId }) } }),
    },
    variable: { name: variable, ...(variableInstance === undefined ? {} : { instance: variableInstance }) },
  };
}

export type Filled<T> = [T, ...T[]];

export function isFilled<T>(list: readonly T[]): list is Filled<T> {
  return list.length > 0;
}

export function chunks<T>(items: readonly T[], size: number): Filled<T>[] {
  const found: Filled<T>[] = [];
  for (let at = 0; at < items.length; at += size) {
    const chunk = items.slice(at, at + size);
    if (isFilled(chunk)) found.push(chunk);
  }
  return found;
}

export function call<A extends Action>(action: A, request: Request<'2.1', A>): NeutralWish {
  return { kind: 'neutral', action, request } as NeutralWish;
}
