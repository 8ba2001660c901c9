// What the OCPP versions have in common from a station's point of view. The simulation speaks this; dialect-v16 and dialect-v2 turn it into
// messages and back.
import type { SettingDefinition } from '../feature/settings';
import type { CommandReply } from '../wire/connection';
import type { ChargePlan, MeterReading, StopReason } from './charge-plan';
import type { Connector } from './connector';
import type { BootReason, StationHost } from './host';

export type SimulatedVersion = '1.6' | '2.0.1' | '2.1';

export interface Message {
  readonly action: string;
  readonly payload: object;
}

export interface BootAnswer {
  readonly status: string;
  readonly intervalSeconds: number;
}

export type StationSetting =
  | 'pingInterval'
  | 'waitMinimum'
  | 'randomRange'
  | 'repeatTimes'
  | 'authorizeOffline'
  | 'preAuthorize'
  | 'useCache';

export interface Hardware {
  readonly serialNumber: string;
  readonly firmwareVersion: string;
}

/** OCPP 1.6 ChargePointStatus; OCPP 2.x knows only Available, Occupied, Reserved and the faults. */
export type ConnectorStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** How a message that must not be lost leaves; see Outbox. */
export interface Delivery {
  deliver(action: string, payload: () => object): Promise<unknown>;
  post(action: string, payload: () => object, answered?: (answer: unknown) => void): void;
  /** Whether the line is down at this moment. */
  readonly offline: boolean;
}

/** OCPP 2.1 TransactionLimitType: what a driver, or the credit of one, allows. */
export interface TransactionLimits {
  readonly maxCost?: number;
  /** Wh. */
  readonly maxEnergy?: number;
  /** Seconds. */
  readonly maxTime?: number;
  /** Percent. */
  readonly maxSoC?: number;
}

/** What the back end's answers tell a session while it runs (OCPP 2.x). */
export interface TransactionEar {
  deauthorized(): void;
  limited(limits: TransactionLimits): void;
  costs(total: number): void;
}

/** Reports one transaction. Only `started` and `stopped` wait for the back end, because their answers matter to the caller. */
export interface TransactionReport {
  /** OCPP 1.6: known once the back end has answered `started`. */
  readonly transactionId: string | undefined;
  /** Resolves with the back end's verdict on the token: `Accepted` or why not. */
  started(atMilliseconds: number, registerWh: number, reservationId?: number): Promise<string>;
  charging(atMilliseconds: number): void;
  sampled(reading: MeterReading, context?: 'Sample.Periodic' | 'Sample.Clock' | 'Trigger'): void;
  suspended(atMilliseconds: number, by: 'EV' | 'EVSE'): void;
  /** OCPP 2.x: an event that only tells its trigger and what goes with it; OCPP 1.6 has none. */
  noted(trigger: string, atMilliseconds: number, details?: object): void;
  stopped(atMilliseconds: number, registerWh: number, reason: StopReason, details?: object): Promise<void>;
}

export type Commands = Readonly<Record<string, (payload: unknown) => CommandReply>>;

export interface Dialect {
  readonly subprotocol: string;
  /** OCPP 2.1 has SEND and CALLRESULTERROR. */
  readonly hasUnconfirmedMessages: boolean;
  /** What this version calls the settings that the station itself goes by. */
  readonly settingNames: Readonly<Record<StationSetting, string>>;
  settings(connectors: number): ReadonlyMap<string, SettingDefinition>;
  /** What the settings tell of a connector as it is now: name and value. OCPP 1.6 has no such keys. */
  live(connector: Pick<Connector, 'id' | 'status' | 'powerW'>): ReadonlyArray<readonly [name: string, value: string]>;
  boot(hardware: Hardware, reason: BootReason): Message;
  readBoot(answer: unknown): BootAnswer;
  status(connectorId: number, status: ConnectorStatus, atMilliseconds: number): Message;
  authorize(token: string, tokenType: string): Message;
  readAuthorize(answer: unknown): string;
  transaction(plan: ChargePlan, delivery: Delivery, ear: TransactionEar): TransactionReport;
  commands(host: StationHost): Commands;
}

export const rfc3339 = (atMilliseconds: number): string => new Date(atMilliseconds).toISOString();
