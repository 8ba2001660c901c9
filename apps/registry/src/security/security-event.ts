// The decider of a station's security log: it only ever grows. A repeated notification is recognised, for as long as it is among the newest.
import type { SecurityEvent } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export type SecurityEventRecorded = { type: 'SecurityEventRecorded'; data: SecurityEvent };

export interface SecurityLogState {
  readonly newest: readonly string[];
}

export const securityCodec: Codec<SecurityEventRecorded> = codecOf<SecurityEventRecorded>({ SecurityEventRecorded: [] });
export const securityStreamPrefix = 'security-';

/** More than a station sends again after one lost answer. */
const REMEMBERED = 200;

/** OCPP 2.0.1 appendix 1, column "critical"; the 1.6 names of the security whitepaper beside the newer ones. */
const CRITICALITY: Readonly<Record<string, boolean>> = {
  FirmwareUpdated: true,
  FailedToAuthenticateAtCentralSystem: false,
  FailedToAuthenticateAtCsms: false,
  CentralSystemFailedToAuthenticate: false,
  CsmsFailedToAuthenticate: false,
  SettingSystemTime: true,
  StartupOfTheDevice: true,
  ResetOrReboot: true,
  SecurityLogWasCleared: true,
  ReconfigurationOfSecurityParameters: false,
  MemoryExhaustion: true,
  InvalidMessages: false,
  AttemptedReplayAttacks: false,
  TamperDetectionActivated: true,
  InvalidFirmwareSignature: false,
  InvalidFirmwareSigningCertificate: false,
  InvalidCentralSystemCertificate: false,
  InvalidCsmsCertificate: false,
  InvalidChargePointCertificate: false,
  InvalidChargingStationCertificate: false,
  InvalidTLSVersion: false,
  InvalidTLSCipherSuite: false,
  MaintenanceLoginAccepted: true,
  MaintenanceLoginFailed: true,
  // Ours: somebody with the right password comes by a weaker door.
  SecurityProfileRefused: true,
};

export function isCritical(type: string): boolean {
  return CRITICALITY[type] ?? false;
}

export function isKnownType(type: string): boolean {
  return type in CRITICALITY;
}

export const securityLog: Decider<SecurityLogState, SecurityEvent, SecurityEventRecorded> = {
  initial: () => ({ newest: [] }),
  evolve: ({ newest }, { data }) => ({ newest: [...newest, keyOf(data)].slice(-REMEMBERED) }),
  decide: ({ newest }, event) =>
    event.source === 'station' && newest.includes(keyOf(event))
      ? accept()
      : accept<SecurityEventRecorded>({ type: 'SecurityEventRecorded', data: event }),
};

function keyOf({ type, at, techInfo }: SecurityEvent): string {
  return JSON.stringify([type, at, techInfo]);
}
