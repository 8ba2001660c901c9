// What is to be shown: the actions of each version, and the rules and cases by their ids. An id or an action that no test names has its reason
// here; one that has both is stale.
import { csmsActions, type OcppVersion, stationActions } from '@evenkeel/ocpp';

export interface Row {
  /** `1.6-sec` is the security extension of OCPP 1.6. */
  readonly version: '1.6' | '1.6-sec' | '2.0.1' | '2.1';
  readonly action: string;
  readonly from: 'station' | 'CSMS';
}

/** Actions of the security whitepaper for OCPP 1.6. */
const SECURITY_16: ReadonlySet<string> = new Set([
  'CertificateSigned',
  'DeleteCertificate',
  'ExtendedTriggerMessage',
  'GetInstalledCertificateIds',
  'GetLog',
  'InstallCertificate',
  'LogStatusNotification',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  'SignedUpdateFirmware',
]);

export function matrixRows(): Row[] {
  const rowsOf = (version: OcppVersion): Row[] => {
    const nameOf = (action: string) => (version === '1.6' && SECURITY_16.has(action) ? '1.6-sec' : version);
    return [
      ...stationActions(version).map((action): Row => ({ version: nameOf(action), action, from: 'station' })),
      ...csmsActions(version).map((action): Row => ({ version: nameOf(action), action, from: 'CSMS' })),
    ];
  };
  return [...rowsOf('1.6'), ...rowsOf('2.0.1'), ...rowsOf('2.1')];
}

const range = (prefix: string, last: number, digits = 0) =>
  Array.from({ length: last }, (_, index) => `${prefix}-${String(index + 1).padStart(digits, '0')}`);
const numbers = (...spans: readonly (readonly [first: number, last: number])[]) =>
  spans.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => `TX-${first + index}`));

/** Cases of acceptance, rules of the frames and connections (RPC) and of transactions (TX). */
export const ids: Readonly<Record<'Acceptance cases' | 'RPC and connection' | 'Transactions', readonly string[]>> = {
  'Acceptance cases': [
    ...range('HS', 12, 2),
    ...range('RP', 11, 2),
    ...range('BT', 7, 2),
    ...range('T6', 13, 2),
    ...range('C6', 9, 2),
    ...range('T2', 13, 2),
    ...range('C2', 7, 2),
    ...range('V21', 10, 2),
  ],
  'RPC and connection': range('RPC', 106),
  Transactions: numbers([1, 4], [10, 22], [25, 55], [60, 70], [75, 78], [80, 83], [85, 88], [90, 102], [110, 121]),
};

/** Why no test shows it. */
export const exceptions: Readonly<Record<string, string>> = {};
