// The decider of a station's certificates: requests that are being signed, what was issued, used and revoked, and what its store holds.
import type { CertificateHashData, CertificateType, InstalledCertificate, StationCertificate } from '@evenkeel/contracts';
import { accept, type Decider, type Decision, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export interface SigningJob {
  readonly jobId: string;
  readonly certificateType: CertificateType;
  /** PEM. */
  readonly csr: string;
  readonly csrFingerprint: string;
  /** OCPP 2.1; echoed when the certificate is delivered. */
  readonly requestId?: number;
  /** `waiting` for the authority, then `issued` and to be delivered, then over. */
  readonly phase: 'waiting' | 'issued' | 'delivered' | 'failed';
  /** PEM, leaf first, once it is issued. */
  readonly chain?: string;
}

type Reason = NonNullable<StationCertificate['revoked']>;
type Named = Pick<StationCertificate, 'stationId' | 'certificateType' | 'fingerprint' | 'serialNumber' | 'notAfter'>;

export type CertificateEvent =
  | { type: 'CertificateRequested'; data: { stationId: string } & Omit<SigningJob, 'phase' | 'chain'> }
  | { type: 'CertificateIssued'; data: Named & { jobId: string; chain: string } }
  | { type: 'SigningFailed'; data: { stationId: string; jobId: string; reason: string } }
  | { type: 'CertificateDelivered'; data: { stationId: string; jobId: string; outcome: 'Accepted' | 'Rejected' } }
  /** The station has connected with it for the first time. */
  | { type: 'CertificateUsed'; data: Named }
  | { type: 'CertificateExpiring'; data: Named }
  | { type: 'CertificateRevoked'; data: Named & { reason: Reason } }
  | { type: 'InventoryNoted'; data: { stationId: string; installed: InstalledCertificate[] } };

/** `stationId` in its registered spelling. */
export type CertificateCommand = { readonly stationId: string } & CertificateChange;

type CertificateChange =
  | { kind: 'request'; job: Omit<SigningJob, 'phase' | 'chain'> }
  | { kind: 'issued'; jobId: string; chain: string; certificate: Omit<Named, 'stationId' | 'certificateType'> }
  | { kind: 'failed'; jobId: string; reason: string }
  | { kind: 'delivered'; jobId: string; outcome: 'Accepted' | 'Rejected' }
  | { kind: 'used'; certificate: Omit<Named, 'stationId'> }
  | { kind: 'expiring'; fingerprint: string }
  | { kind: 'revoke'; fingerprint: string; reason: Reason }
  | { kind: 'note-installed'; installed: InstalledCertificate[] }
  /** Changes nothing: to read the state. */
  | { kind: 'look' };

export type CertificateRejection = 'unknown-certificate';

export interface CertificateState {
  /** One a type: a newer request replaces the one before. */
  readonly jobs: ReadonlyMap<CertificateType, SigningJob>;
  /** In the order in which they became known. */
  readonly certificates: ReadonlyMap<string, StationCertificate & { readonly expiryNoted: boolean }>;
  readonly installed: readonly InstalledCertificate[];
}

export const certificateCodec: Codec<CertificateEvent> = codecOf<CertificateEvent>({
  CertificateRequested: [],
  CertificateIssued: [],
  SigningFailed: [],
  CertificateDelivered: [],
  CertificateUsed: [],
  CertificateExpiring: [],
  CertificateRevoked: [],
  InventoryNoted: [],
});
export const certificateStreamPrefix = 'certificate-';

export const certificates: Decider<CertificateState, CertificateCommand, CertificateEvent, CertificateRejection> = {
  initial: () => ({ jobs: new Map(), certificates: new Map(), installed: [] }),
  evolve,
  decide,
};

function evolve(state: CertificateState, event: CertificateEvent): CertificateState {
  switch (event.type) {
    case 'CertificateRequested': {
      const { stationId: _, ...job } = event.data;
      const { chain } = jobOf(state, job.jobId) ?? {};
      return withJob(state, chain === undefined ? { ...job, phase: 'waiting' } : { ...job, phase: 'issued', chain });
    }
    case 'CertificateIssued': {
      const { jobId, chain, ...named } = event.data;
      const job = jobOf(state, jobId);
      const next = job ? withJob(state, { ...job, phase: 'issued', chain }) : state;
      return withCertificate(next, { ...named, used: false, expiryNoted: false });
    }
    case 'SigningFailed':
      return inPhase(state, event.data.jobId, 'failed');
    case 'CertificateDelivered':
      return inPhase(state, event.data.jobId, 'delivered');
    case 'CertificateUsed':
      return withCertificate(state, { expiryNoted: false, ...state.certificates.get(event.data.fingerprint), ...event.data, used: true });
    case 'CertificateExpiring':
      return withCertificate(state, { used: false, ...state.certificates.get(event.data.fingerprint), ...event.data, expiryNoted: true });
    case 'CertificateRevoked': {
      const { reason: revoked, ...named } = event.data;
      return withCertificate(state, { used: false, expiryNoted: false, ...state.certificates.get(named.fingerprint), ...named, revoked });
    }
    case 'InventoryNoted':
      return { ...state, installed: event.data.installed };
  }
}

/**
 * What DeleteCertificate must name for the station to find it: exactly what it has reported itself.
 * @returns why the certificate must stay, or is not there.
 */
export function deletable(
  { installed, certificates }: CertificateState,
  wanted: CertificateHashData,
): CertificateHashData | 'not-installed' | 'in-use' | 'last-root' {
  const found = installed.find(({ hashData }) => JSON.stringify(identity(hashData)) === JSON.stringify(identity(wanted)));
  if (!found) return 'not-installed';
  const isInUse = [...certificates.values()].some(({ serialNumber, used, revoked }) => {
    return used && revoked === undefined && serialNumber === found.hashData.serialNumber.toLowerCase();
  });
  if (isInUse) return 'in-use';
  const isRoot = /^(CSMS|CentralSystem)RootCertificate$/.test(found.certificateType);
  const isLast = installed.filter(({ certificateType }) => certificateType === found.certificateType).length === 1;
  return isRoot && isLast ? 'last-root' : found.hashData;
}

function decide(state: CertificateState, command: CertificateCommand): Decision<CertificateEvent, CertificateRejection> {
  const { stationId } = command;
  switch (command.kind) {
    case 'request':
      return request(stationId, state, command.job);
    case 'issued': {
      const job = jobOf(state, command.jobId);
      // Another process was faster, or a newer request has replaced this one.
      if (job?.phase !== 'waiting') return accept();
      const { jobId, chain, certificate } = command;
      return accept<CertificateEvent>({
        type: 'CertificateIssued',
        data: { stationId, certificateType: job.certificateType, ...certificate, jobId, chain },
      });
    }
    case 'failed':
      if (jobOf(state, command.jobId)?.phase !== 'waiting') return accept();
      return accept<CertificateEvent>({ type: 'SigningFailed', data: { stationId, jobId: command.jobId, reason: command.reason } });
    case 'delivered':
      if (jobOf(state, command.jobId)?.phase !== 'issued') return accept();
      return accept<CertificateEvent>({
        type: 'CertificateDelivered',
        data: { stationId, jobId: command.jobId, outcome: command.outcome },
      });
    case 'used':
      return used(stationId, state, command.certificate);
    case 'expiring': {
      const known = state.certificates.get(command.fingerprint);
      if (!known || known.expiryNoted || known.revoked !== undefined) return accept();
      return accept<CertificateEvent>({ type: 'CertificateExpiring', data: nameOf(known) });
    }
    case 'revoke': {
      const known = state.certificates.get(command.fingerprint);
      if (!known) return reject('unknown-certificate');
      if (known.revoked !== undefined) return accept();
      return accept<CertificateEvent>({ type: 'CertificateRevoked', data: { ...nameOf(known), reason: command.reason } });
    }
    case 'note-installed':
      if (JSON.stringify(command.installed) === JSON.stringify(state.installed)) return accept();
      return accept<CertificateEvent>({ type: 'InventoryNoted', data: { stationId, installed: command.installed } });
    case 'look':
      return accept();
  }
}

/** The same request again is the same job; where that is over, its certificate is delivered once more (OCPP 2.0.1 A02.FR.17 and on). */
function request(stationId: string, state: CertificateState, job: Omit<SigningJob, 'phase' | 'chain'>): Decision<CertificateEvent, never> {
  const known = state.jobs.get(job.certificateType);
  const isUnderWay = known?.jobId === job.jobId && known.requestId === job.requestId && ['waiting', 'issued'].includes(known.phase);
  return isUnderWay ? accept() : accept<CertificateEvent>({ type: 'CertificateRequested', data: { stationId, ...job } });
}

/** The first login with a certificate ends those that were there before it: until then the station may come with either. */
function used(stationId: string, state: CertificateState, certificate: Omit<Named, 'stationId'>): Decision<CertificateEvent, never> {
  const known = state.certificates.get(certificate.fingerprint);
  if (known?.used) return accept();
  const all = [...state.certificates.values()];
  // One that came from elsewhere says nothing about those that we have issued.
  const before = known ? all.slice(0, all.indexOf(known)) : [];
  const superseded = before.filter((each) => each.certificateType === certificate.certificateType && each.revoked === undefined);
  return accept<CertificateEvent>(
    { type: 'CertificateUsed', data: { stationId, ...certificate } },
    ...superseded.map((each): CertificateEvent => ({ type: 'CertificateRevoked', data: { ...nameOf(each), reason: 'superseded' } })),
  );
}

function identity({ issuerNameHash, issuerKeyHash, serialNumber }: CertificateHashData): string[] {
  return [issuerNameHash, issuerKeyHash, serialNumber].map((part) => part.toLowerCase());
}

function nameOf({ stationId, certificateType, fingerprint, serialNumber, notAfter }: Named): Named {
  return { stationId, certificateType, fingerprint, serialNumber, notAfter };
}

export function jobOf({ jobs }: CertificateState, jobId: string): SigningJob | undefined {
  return [...jobs.values()].find((job) => job.jobId === jobId);
}

function withJob(state: CertificateState, job: SigningJob): CertificateState {
  return { ...state, jobs: new Map(state.jobs).set(job.certificateType, job) };
}

function inPhase(state: CertificateState, jobId: string, phase: SigningJob['phase']): CertificateState {
  const job = jobOf(state, jobId);
  return job ? withJob(state, { ...job, phase }) : state;
}

function withCertificate(
  state: CertificateState,
  certificate: CertificateState['certificates'] extends ReadonlyMap<string, infer C> ? C : never,
): CertificateState {
  return { ...state, certificates: new Map(state.certificates).set(certificate.fingerprint, certificate) };
}
