// The station as its features see it: what they may read of it and make it do. The dialects' command handlers are written against this.
import type { Certificates } from '../feature/certificates';
import type { ChargingProfiles } from '../feature/charging-profiles';
import type { LocalList } from '../feature/local-list';
import type { Reservations } from '../feature/reservations';
import type { Settings } from '../feature/settings';
import type { Alarm } from '../timers';
import type { ChargePlan, StopReason } from './charge-plan';
import type { Connector } from './connector';
import type { ConnectorStatus, SimulatedVersion } from './dialect';
import type { Outcomes } from './outcomes';
import type { ChargingSession } from './session';

/** Works out at the station what a session costs, from tariffs that the back end has given it (OCPP 2.1). */
export interface Costing {
  costOf(session: ChargingSession): number | undefined;
  /** What the last message of the transaction tells about it. */
  finalDetails(session: ChargingSession): object;
}

export interface StationHost {
  readonly version: SimulatedVersion;
  readonly identity: string;
  /** What a script wants to go wrong. */
  readonly outcomes: Outcomes;
  readonly settings: Settings;
  readonly connectors: ReadonlyMap<number, Connector>;
  readonly localList: LocalList;
  readonly reservations: Reservations;
  readonly profiles: ChargingProfiles;
  readonly certificates: Certificates;
  readonly busy: boolean;
  /** Transaction messages that the back end has not confirmed yet. */
  readonly unconfirmedMessages: number;

  /** Epoch milliseconds of the station's clock. */
  now(): number;
  /** The same in RFC 3339. */
  timestamp(): string;
  authorize(token: string, tokenType?: string): Promise<string>;
  charge(plan: ChargePlan): Promise<unknown>;
  /** Runs the work once this much station time has passed. */
  later(seconds: number, work: () => void): Alarm;

  call(action: string, payload: object): Promise<unknown>;
  /** A CALL whose failure goes to the log; resolves when it is answered or has failed. */
  say(action: string, payload: object): Promise<void>;
  /** OCPP 2.1 SEND. */
  send(action: string, payload: object): void;
  /** A message that is repeated until the back end confirms it. */
  post(action: string, payload: object): void;

  boot(reason?: BootReason): void;
  sendHeartbeat(): void;
  reportStatus(connectorId?: number): void;
  /** Reports the state that a connector without a session has now. */
  restConnector(connector: Connector): void;
  setStatus(connectorId: number, status: ConnectorStatus): void;
  sessionOf(transactionId: string): ChargingSession | undefined;
  /** Starts a session of the station's default plan; false when no such connector is free. */
  remoteStart(plan: Partial<ChargePlan> & { readonly token: string }): ChargingSession | undefined;
  /** Ends all sessions, or waits for them to end by themselves, then boots again. */
  reset(how: StopReason | 'whenIdle', reason: BootReason): void;
  /** Goes down and comes up again while the sessions wait, then resumes them (OCPP 2.1 B12). */
  resetAndResume(reason: BootReason): void;
  /** Boots at once, with a new connection; resolves when the back end has accepted it. */
  reboot(reason: BootReason): Promise<void>;
  /** Work that nobody waits for; its failure goes to the log. */
  background(work: Promise<unknown>, what: string): void;
  readonly firmwareVersion: string;
  /** The firmware that the next boot reports. */
  setFirmwareVersion(version: string): void;
  /** The back end's base URL. */
  readonly url: string;
  useCosting(costing: Costing): void;
  /** Where the station dials at its next boot; `arrived` is called when it is there. */
  redirect(line: { readonly url: string; readonly identity?: string; readonly password?: string }, arrived: () => void): void;
  /** Comes back with another Basic password. */
  changePassword(password: string | Buffer): void;
  /** Proves itself with this certificate from the next connection on. */
  useClientCertificate(certificate: string, key: string): void;
}

/** OCPP 2.x BootReasonEnumType; OCPP 1.6 does not say. */
export type BootReason =
  | 'ApplicationReset'
  | 'FirmwareUpdate'
  | 'LocalReset'
  | 'PowerUp'
  | 'RemoteReset'
  | 'ScheduledReset'
  | 'Triggered'
  | 'Unknown'
  | 'Watchdog';
