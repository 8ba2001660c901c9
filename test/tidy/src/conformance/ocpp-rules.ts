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
export const exceptions: Readonly<Record<string, string>> = {
  'RPC-40': 'an identity that comes with a network profile is not registered as an alias beforehand',
  'RPC-58': 'requests to the registry have deadlines of seconds (packages/contracts/src/flow.ts), below the patience of stations',
  'RPC-73': "a proxy's idle timeout is the deployment's",
  'RPC-100': 'an identity that comes with a network profile is not registered as an alias beforehand',
  'TX-87': 'a tariff does not change during a session, so no text about it does',
  'TX-91': 'what ended a session is its stop reason; that a limit was reached is not kept apart',
  'TX-96': 'a tariff that a station was told during a transaction is kept with the station and is no edge of a period',
  'TX-97': 'priority charging is kept with the station and is no edge of a period',
  'TX-98': 'settlements are kept by their reference and are not held against the CDR yet',
  'TX-100': 'the charging of a battery in its slot is a session like any other',
  'TX-101': 'preconditioning and sleep are not kept apart from other states',
};
