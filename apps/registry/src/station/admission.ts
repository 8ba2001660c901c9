// Decides whether a station may open a connection (OCPP security profiles 0 to 3), and what is to be remembered of it. The order is:
// credentials or certificate, then the security profile, so that only somebody with a proof learns what the station's profile is.
import type { AdmitStationRequest, PresentedCertificate, StationAdmission } from '@evenkeel/contracts';
import { type Login, passwordsInForce } from './access';
import { fittingEncoding } from './password';
import type { StationState } from './station';

export interface AdmissionPolicy {
  /** Key of the hashes of passwords. */
  readonly secret: string;
  /** O of stations' certificates; absent: any. */
  readonly organization?: string;
  /** Refuses a certificate whose revocation nobody could be asked about. */
  readonly revocationRequired: boolean;
}

/** A refusal as the security log has it (OCPP 2.0.1 A00.FR.007 and the like). */
export interface Refused {
  readonly type: 'FailedToAuthenticateAtCsms' | 'InvalidChargingStationCertificate' | 'SecurityProfileRefused';
  readonly detail: string;
}

export interface Judgement {
  readonly admission: StationAdmission;
  readonly login?: Login;
  readonly refused?: Refused;
}

type Known = Required<Pick<StationState, 'station'>> & Pick<StationState, 'access' | 'boot'>;
type Proof = Pick<Login, 'securityProfile' | 'password' | 'serialNumber'> & { readonly certificateExpired?: boolean };

export function judge(
  known: Known | undefined,
  request: AdmitStationRequest,
  context: { readonly policy: AdmissionPolicy; readonly at: string /** By an operator. */; readonly certificateRevoked: boolean },
): Judgement {
  if (!known) return { admission: { admitted: false, reason: 'unknown-station' } };
  const proof = provedBy(known, request, context);
  if ('refused' in proof) return proof;
  const refused = profileRefusal(known, proof.securityProfile);
  if (refused) return { admission: { admitted: false, reason: 'wrong-profile' }, refused };
  const { securityProfile, certificateExpired } = proof;
  const { party, stationId, versions, registration, strictInbound, unnamedVersion } = known.station;
  const serial = request.certificate?.commonName;
  return {
    admission: {
      admitted: true,
      party,
      stationId,
      versions,
      registration: certificateExpired ? 'pending' : registration,
      booted: known.boot !== undefined,
      ...(known.boot === undefined ? {} : { make: makeOf(known.boot) }),
      ...(strictInbound === undefined ? {} : { strictInbound }),
      ...(unnamedVersion === undefined ? {} : { unnamedVersion }),
      securityProfile,
      ...(securityProfile === 3 && serial !== undefined ? { certificateSerial: serial } : {}),
      ...(certificateExpired ? { pendingReason: 'certificate-expired' as const } : {}),
    },
    ...(request.connected ? {} : { login: { ...proof, at: context.at } }),
  };
}

function makeOf({ vendor, model, firmwareVersion }: NonNullable<Known['boot']>) {
  return { vendor, model, ...(firmwareVersion === undefined ? {} : { firmwareVersion }) };
}

/** What the connection proves, by the means of the profile that it is in. */
function provedBy(
  known: Known,
  request: AdmitStationRequest,
  context: Parameters<typeof judge>[2],
): Proof | (Judgement & { refused: Refused }) {
  const { securityProfile: registered, announcedSecurityProfile: announced } = known.station;
  const isTls = request.transport === 'tls';
  if (isTls && request.certificate && (registered === 3 || announced === 3)) {
    const wrong = certificateFault(known, request.certificate, context);
    if (wrong !== undefined) return refusal('bad-certificate', 'InvalidChargingStationCertificate', wrong);
    const { commonName, chain } = request.certificate;
    const isPinned = known.station.expectedSerial === undefined && commonName !== undefined && chain === 'valid';
    return { securityProfile: 3, certificateExpired: chain === 'expired', ...(isPinned ? { serialNumber: commonName } : {}) };
  }
  if (registered === 3 && (announced ?? 3) >= 3) return refusal('bad-certificate', 'InvalidChargingStationCertificate', 'no certificate');
  if (registered === 0 && !isTls && (announced === undefined || request.password === undefined)) return { securityProfile: 0 };
  const securityProfile = isTls ? 2 : 1;
  if (request.connected) return { securityProfile };
  const password = passwordFor(known, request.password, context.policy.secret);
  return password ? { securityProfile, password } : refusal('wrong-credentials', 'FailedToAuthenticateAtCsms', 'wrong or missing password');
}

function passwordFor({ station, access }: Known, password: string | undefined, secret: string): Login['password'] | undefined {
  if (password === undefined) return undefined;
  const received = Buffer.from(password, 'base64');
  const wanted = station.passwordEncoding ?? 'auto';
  const encoding = wanted === 'auto' ? (access.foundEncoding ?? wanted) : wanted;
  for (const [generation, hashes] of passwordsInForce(access)) {
    const fitting = fittingEncoding(received, hashes, secret, encoding);
    if (fitting === undefined) continue;
    // A password whose characters are its bytes does not tell how the station would send another one.
    const isAmbiguous = fitting === 'bytes' && fittingEncoding(received, hashes, secret, 'plain') !== undefined;
    return { generation, ...(isAmbiguous ? {} : { encoding: fitting }) };
  }
  return undefined;
}

/** OCPP 2.0.1 A00.FR.421 and on: chain, validity, holder. @returns why not. */
function certificateFault(
  { station, access }: Known,
  { chain, commonName, organization, revocation }: PresentedCertificate,
  { policy, certificateRevoked }: Parameters<typeof judge>[2],
): string | undefined {
  if (chain !== 'valid' && chain !== 'expired') return chain;
  if (revocation === 'revoked' || certificateRevoked) return 'revoked';
  // The responder of its own authority does not know it.
  if (revocation === 'unknown') return 'unknown to its authority';
  if (revocation === 'unchecked' && policy.revocationRequired) return 'revocation could not be checked';
  if (policy.organization !== undefined && organization !== policy.organization) return 'of another organization';
  const bound = station.expectedSerial ?? access.pinnedSerial;
  if (bound === undefined ? station.pinSerialOnFirstUse !== true || commonName === undefined : commonName !== bound) {
    return 'of another serial number';
  }
  return chain === 'expired' && station.renewWhenExpired !== true ? 'expired' : undefined;
}

/** OCPP 2.0.1 A00.FR.002, A05.FR.07: one profile at a time, and never a lower one again. */
function profileRefusal({ station, access }: Known, profile: number): Refused | undefined {
  const { securityProfile, announcedSecurityProfile = 0 } = station;
  if (profile < access.floor) {
    return { type: 'SecurityProfileRefused', detail: `profile ${profile}, after it has connected with ${access.floor}` };
  }
  if (profile === securityProfile || (profile === announcedSecurityProfile && profile > securityProfile)) return undefined;
  return { type: 'SecurityProfileRefused', detail: `profile ${profile}, registered for ${securityProfile}` };
}

function refusal(
  reason: Extract<StationAdmission, { admitted: false }>['reason'],
  type: Refused['type'],
  detail: string,
): Judgement & { refused: Refused } {
  return { admission: { admitted: false, reason }, refused: { type, detail } };
}
