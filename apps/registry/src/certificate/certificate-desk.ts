// Stations' certificates from the request to the delivery, and what operators want of them. A request is answered when it is stored; the
// authority is asked afterwards, and a certificate that cannot be delivered now is delivered later.
import { randomUUID, X509Certificate } from 'node:crypto';
import {
  type CertificateHashData,
  type CertificateType,
  type InstalledCertificate,
  idOf,
  Problem,
  type Reply,
  type Request,
} from '@evenkeel/contracts';
import { type CommandContext, type EventStore, type Handled, StreamHandler } from '@evenkeel/event-store';
import {
  AuthorityUnavailable,
  type CertificateAuthority,
  factsOf,
  pemBlocks,
  type RequestRefusal,
  RequestRejected,
  readCertificateRequest,
} from '@evenkeel/pki';
import type { Log, Metrics } from '@evenkeel/service';
import type { StationView } from '../view/station-view';
import {
  type CertificateCommand,
  type CertificateEvent,
  type CertificateRejection,
  type CertificateState,
  certificateCodec,
  certificateStreamPrefix,
  certificates,
  deletable,
  type SigningJob,
} from './certificate';
import type { CertificateView } from './certificate-view';

/** How a certificate reaches its station (OCPP CertificateSigned). @throws Problem where the station cannot be asked now. */
export interface CertificateDelivery {
  sendCertificateSigned(
    station: { readonly party: string; readonly stationId: string },
    chain: string,
    certificateType: CertificateType,
    requestId?: number,
  ): Promise<'Accepted' | 'Rejected'>;
}

export interface CertificatePolicy {
  /** O of stations' certificates; absent: any. */
  readonly organization?: string;
  readonly warningDays: number;
}

type Outcome = Handled<CertificateState, CertificateEvent, CertificateRejection>;
const DAY_MS = 86_400_000;

export class CertificateDesk {
  private readonly streams: StreamHandler<CertificateState, CertificateCommand, CertificateEvent, CertificateRejection>;
  private readonly atWork = new Map<string, Promise<void>>();
  private delivery: CertificateDelivery | undefined;

  constructor(
    store: EventStore,
    private readonly stations: Pick<StationView, 'find'>,
    private readonly view: CertificateView,
    /** Absent: nothing is signed here. */
    private readonly authority: CertificateAuthority | undefined,
    private readonly policy: CertificatePolicy,
    private readonly metrics: Pick<Metrics, 'count' | 'gauge'>,
    private readonly log: Pick<Log, 'warn' | 'info'>,
  ) {
    this.streams = new StreamHandler({ store, decider: certificates, codec: certificateCodec, cachedStates: 0 });
  }

  /** Until there is a way to the stations, certificates wait for it. */
  deliverThrough(delivery: CertificateDelivery): void {
    this.delivery = delivery;
  }

  /** OCPP SignCertificate: answered before the authority is asked. `requestId` is of OCPP 2.1. */
  async signCertificate(
    stationId: string,
    csr: string,
    certificateType: CertificateType = 'ChargingStationCertificate',
    requestId?: number,
  ): Promise<'Accepted' | 'Rejected'> {
    const row = await this.stations.find(stationId);
    if (!row || !this.authority) return 'Rejected';
    const { stationId: registered } = row.registered;
    const request = await readCertificateRequest(
      csr,
      this.policy.organization === undefined ? {} : { organization: this.policy.organization },
    );
    const refusal = 'refusal' in request ? request.refusal : nameRefusal(certificateType, request.commonName, holdersOf(row));
    this.metrics.count('evenkeel_registry_signing_requests_total', 'Certificate requests of stations, by what became of them', {
      result: refusal ?? 'accepted',
    });
    if ('refusal' in request || refusal !== undefined) {
      this.log.warn({ stationId: registered, certificateType, refusal }, 'a certificate request was rejected');
      return 'Rejected';
    }
    const jobId = idOf('signing', registered.toLowerCase(), certificateType, request.fingerprint);
    const asked = { jobId, certificateType, csr: request.pem, csrFingerprint: request.fingerprint };
    await this.handle(
      { stationId: registered, kind: 'request', job: { ...asked, ...(requestId === undefined ? {} : { requestId }) } },
      { cause: randomUUID() },
    );
    void this.work(registered);
    return 'Accepted';
  }

  /** OCPP GetInstalledCertificateIds: all that the station has. */
  async noteInstalled(stationId: string, installed: InstalledCertificate[]): Promise<void> {
    await this.handle({ stationId, kind: 'note-installed', installed }, { cause: randomUUID() });
  }

  /** What OCPP DeleteCertificate may name. @throws Problem where the certificate must stay. */
  async certificateToDelete(stationId: string, wanted: CertificateHashData): Promise<CertificateHashData> {
    const { state } = await this.handle({ stationId, kind: 'look' }, { cause: randomUUID() });
    const found = deletable(state, wanted);
    if (found === 'not-installed') throw new Problem('not-found', `station ${stationId} has reported no such certificate`);
    if (typeof found === 'string') throw new Problem('conflict', `station ${stationId} cannot do without the certificate: ${found}`);
    return found;
  }

  async stationCertificates({ stationId }: Request<'stationCertificates'>): Promise<Reply<'stationCertificates'>> {
    const { state } = await this.handle({ stationId: await this.registered(stationId), kind: 'look' }, { cause: randomUUID() });
    return shownOf(state);
  }

  async revokeCertificate(
    { stationId, fingerprint, reason }: Request<'revokeCertificate'>,
    context: CommandContext,
  ): Promise<Reply<'revokeCertificate'>> {
    const handled = await this.handle({ stationId: await this.registered(stationId), kind: 'revoke', fingerprint, reason }, context);
    if (!handled.accepted) throw new Problem('not-found', `station ${stationId} has no certificate ${fingerprint}`);
    await this.view.shown(handled.position);
    return shownOf(handled.state);
  }

  isRevoked(fingerprint: string): Promise<boolean> {
    return this.view.isRevoked(fingerprint);
  }

  /** A station has connected with the certificate. */
  async noteUse(
    stationId: string,
    { fingerprint, serialNumber, notAfter }: { fingerprint: string; serialNumber: string; notAfter: string },
  ): Promise<void> {
    if (await this.view.isUsed(fingerprint)) return;
    const certificate = { certificateType: 'ChargingStationCertificate' as const, fingerprint, serialNumber, notAfter };
    await this.handle({ stationId, kind: 'used', certificate }, { cause: randomUUID() });
  }

  /** Goes on with everything that waits, and notes what expires soon. Called again and again. */
  async look(now: Date): Promise<void> {
    const unfinished = await this.view.unfinishedStations();
    this.metrics.gauge('evenkeel_registry_signing_jobs', 'Certificates that are to be signed or delivered', unfinished.length);
    for (const stationId of unfinished) await this.work(stationId);
    const soon = await this.view.expiringBefore(new Date(now.getTime() + this.policy.warningDays * DAY_MS));
    this.metrics.gauge('evenkeel_registry_certificates_expiring', 'Certificates of stations that expire soon or have expired', soon.length);
    for (const { stationId, fingerprint, notAfter, expiryNoted } of soon) {
      if (expiryNoted) continue;
      await this.handle({ stationId, kind: 'expiring', fingerprint }, { cause: randomUUID() });
      this.log.warn({ stationId, fingerprint, notAfter }, 'the certificate of a station expires soon');
    }
  }

  /** Resolves when nothing more can be done for the station now; its certificates are worked on by one at a time. */
  work(stationId: string): Promise<void> {
    const before = this.atWork.get(stationId) ?? Promise.resolve();
    const work = before
      .then(() => this.workOn(stationId))
      .catch((error) => this.log.warn({ error, stationId }, 'a certificate could not be signed or delivered; it is tried again'))
      .finally(() => {
        if (this.atWork.get(stationId) === work) this.atWork.delete(stationId);
      });
    this.atWork.set(stationId, work);
    return work;
  }

  private async workOn(stationId: string): Promise<void> {
    const { state } = await this.handle({ stationId, kind: 'look' }, { cause: randomUUID() });
    for (const job of state.jobs.values()) {
      const signed = job.phase === 'waiting' ? await this.sign(stationId, job) : job;
      if (signed?.phase === 'issued') await this.deliver(stationId, signed);
    }
  }

  private async sign(stationId: string, job: SigningJob): Promise<SigningJob | undefined> {
    const request = await readCertificateRequest(job.csr);
    if (!this.authority || 'refusal' in request) return undefined;
    try {
      const chain = await this.authority.sign(request, job.certificateType);
      const [leaf = ''] = pemBlocks(chain);
      const { fingerprint, serialNumber, notAfter } = factsOf(new X509Certificate(leaf));
      const issued = { kind: 'issued', jobId: job.jobId, chain, certificate: { fingerprint, serialNumber, notAfter } } as const;
      const { state } = await this.handle({ stationId, ...issued }, { cause: `issued-${fingerprint}` });
      return state.jobs.get(job.certificateType);
    } catch (error) {
      if (error instanceof AuthorityUnavailable) {
        this.log.warn({ error, stationId }, 'the certificate authority cannot be asked now');
        return undefined;
      }
      if (!(error instanceof RequestRejected)) throw error;
      await this.handle({ stationId, kind: 'failed', jobId: job.jobId, reason: error.message }, { cause: randomUUID() });
      return undefined;
    }
  }

  private async deliver(stationId: string, { jobId, chain, certificateType, requestId }: SigningJob): Promise<void> {
    const row = await this.stations.find(stationId);
    if (!this.delivery || !row || chain === undefined) return;
    try {
      const outcome = await this.delivery.sendCertificateSigned(
        { party: row.registered.party, stationId },
        chain,
        certificateType,
        requestId,
      );
      await this.handle({ stationId, kind: 'delivered', jobId, outcome }, { cause: randomUUID() });
      this.log.info({ stationId, outcome }, 'a certificate was delivered');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.info({ stationId, code: error.code }, 'a certificate waits for its station');
    }
  }

  private async registered(stationId: string): Promise<string> {
    const row = await this.stations.find(stationId);
    if (!row) throw new Problem('not-found', `there is no station ${stationId}`);
    return row.registered.stationId;
  }

  private handle(command: CertificateCommand, context: CommandContext): Promise<Outcome> {
    return this.streams.handle(`${certificateStreamPrefix}${idOf('station', command.stationId.toLowerCase())}`, command, context);
  }
}

/** Who a station's certificate may name; none where the operator lets the first one be pinned. */
function holdersOf({ registered, access, boot }: NonNullable<Awaited<ReturnType<StationView['find']>>>): string[] {
  const bound = registered.expectedSerial ?? access.pinnedSerial;
  if (bound !== undefined) return [bound];
  if (registered.pinSerialOnFirstUse) return [];
  return [registered.stationId, ...(boot?.serialNumber === undefined ? [] : [boot.serialNumber])];
}

/** OCPP 2.0.1 A00.FR.511: the CN of a charging station's certificate is its serial number. Others name an EV's side of the station. */
function nameRefusal(type: CertificateType, commonName: string, holders: readonly string[]): RequestRefusal | undefined {
  const isFree = type !== 'ChargingStationCertificate' || holders.length === 0;
  return isFree || holders.includes(commonName) ? undefined : 'wrong-common-name';
}

function shownOf({ certificates: known, installed }: CertificateState): Reply<'stationCertificates'> {
  const shown = [...known.values()].map(({ expiryNoted: _, ...certificate }) => certificate);
  return { certificates: shown, installed: [...installed] };
}
