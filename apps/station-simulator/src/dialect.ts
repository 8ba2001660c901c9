// What the two OCPP versions have in common from a station's point of view. The simulation speaks this; v16.ts and v201.ts turn it into
// messages and back.
import type { ChargePlan, MeterReading, StopReason } from './charge-plan';
import type { CommandReply } from './connection';

export interface Message {
  readonly action: string;
  readonly payload: object;
}

export interface BootAnswer {
  readonly status: string;
  readonly intervalSeconds: number;
}

/** OCPP 1.6 ChargePointStatus; OCPP 2.0.1 knows only Available, Occupied and the faults. */
export type ConnectorStatus = 'Available' | 'Preparing' | 'Charging' | 'SuspendedEV' | 'Finishing' | 'Unavailable' | 'Faulted';

/** How a message that must not be lost leaves; see Outbox. */
export interface Delivery {
  deliver(action: string, payload: () => object): Promise<unknown>;
  post(action: string, payload: () => object): void;
  /** Whether the line is down at this moment. */
  readonly offline: boolean;
}

/** Reports one transaction. Only `started` and `stopped` wait for the back end, because their answers matter to the caller. */
export interface TransactionReport {
  /** OCPP 1.6: known once the back end has answered `started`. */
  readonly transactionId: string | undefined;
  /** Resolves with the back end's verdict on the token: `Accepted` or why not. */
  started(atMilliseconds: number, registerWh: number): Promise<string>;
  charging(atMilliseconds: number): void;
  sampled(reading: MeterReading): void;
  suspended(atMilliseconds: number): void;
  stopped(atMilliseconds: number, registerWh: number, reason: StopReason): Promise<void>;
}

/** What a command of the back end can make a station do. */
export interface CommandTarget {
  /** Starts a session of the station's default plan; false when no such connector is free. */
  remoteStart(plan: Partial<ChargePlan> & { readonly token: string }): boolean;
  /** False when no session has this transaction id. */
  remoteStop(transactionId: string): boolean;
  /** Ends all sessions with this reason, or waits for them to end by themselves, then boots again. */
  reset(reason: StopReason | 'whenIdle'): void;
  readonly busy: boolean;
  bootAgain(): void;
  sendHeartbeat(): void;
  reportStatus(connectorId?: number): void;
}

export type Commands = Readonly<Record<string, (payload: unknown) => CommandReply>>;

export interface Dialect {
  readonly subprotocol: string;
  boot(identity: string, afterReset: boolean): Message;
  readBoot(answer: unknown): BootAnswer;
  status(connectorId: number, status: ConnectorStatus, atMilliseconds: number): Message;
  authorize(token: string, tokenType: string): Message;
  readAuthorize(answer: unknown): string;
  transaction(plan: ChargePlan, delivery: Delivery): TransactionReport;
  commands(target: CommandTarget): Commands;
}

export const rfc3339 = (atMilliseconds: number): string => new Date(atMilliseconds).toISOString();
