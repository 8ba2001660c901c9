// Projects stations' certificates into the two tables that are asked across stations.
import type { StoredEvent } from '@evenkeel/event-store';
import { putRows } from '@evenkeel/read-model';
import type { Transaction } from 'kysely';
import type { RegistryTables } from '../view/registry-tables';
import { type CertificateEvent, certificateCodec } from './certificate';

type Row = RegistryTables['station_certificate'];
type Job = RegistryTables['signing_job'];

const PHASES = { CertificateIssued: 'issued', SigningFailed: 'failed', CertificateDelivered: 'delivered' } as const;

export async function applyCertificates(tables: Transaction<RegistryTables>, stored: readonly StoredEvent[]): Promise<void> {
  if (stored.length === 0) return;
  const events = stored.map((each) => certificateCodec.decode(each));
  const named = (part: 'fingerprint' | 'jobId') => {
    // A list without an element is no SQL.
    return [
      '',
      ...new Set(events.flatMap(({ data }) => Object.entries(data).flatMap(([name, value]) => (name === part ? [String(value)] : [])))),
    ];
  };
  const certificates = await tables
    .selectFrom('station_certificate')
    .selectAll()
    .where('fingerprint', 'in', named('fingerprint'))
    .execute();
  const jobs = await tables.selectFrom('signing_job').selectAll().where('job_id', 'in', named('jobId')).execute();
  const rows = new Map<string, Row>(certificates.map((row) => [row.fingerprint, row]));
  const jobRows = new Map<string, Job>(jobs.map((job) => [jobKey(job), job]));
  for (const event of events) {
    foldCertificate(rows, event);
    foldJob(jobRows, event);
  }
  await putRows(tables, 'station_certificate', [...rows.values()], { key: ['fingerprint'] });
  await putRows(tables, 'signing_job', [...jobRows.values()], { key: ['station_key', 'certificate_type'] });
}

function foldCertificate(rows: Map<string, Row>, event: CertificateEvent): void {
  if (!('fingerprint' in event.data)) return;
  const { stationId: station_id, fingerprint, notAfter: not_after } = event.data;
  const row = rows.get(fingerprint) ?? { fingerprint, station_id, not_after, used: false, revoked: false, expiry_noted: false };
  rows.set(fingerprint, {
    ...row,
    used: row.used || event.type === 'CertificateUsed',
    revoked: row.revoked || event.type === 'CertificateRevoked',
    expiry_noted: row.expiry_noted || event.type === 'CertificateExpiring',
  });
}

function foldJob(jobs: Map<string, Job>, event: CertificateEvent): void {
  if (event.type === 'CertificateRequested') {
    const { stationId: station_id, certificateType: certificate_type, jobId: job_id } = event.data;
    const job: Job = { station_key: station_id.toLowerCase(), certificate_type, job_id, station_id, phase: 'waiting' };
    jobs.set(jobKey(job), job);
  } else if (event.type === 'CertificateIssued' || event.type === 'SigningFailed' || event.type === 'CertificateDelivered') {
    const { jobId } = event.data;
    const job = [...jobs.values()].find(({ job_id }) => job_id === jobId);
    if (job) job.phase = PHASES[event.type];
  }
}

function jobKey({ station_key, certificate_type }: Job): string {
  return `${station_key}/${certificate_type}`;
}
