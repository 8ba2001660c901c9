// Work that a station does over minutes and hours, and reports of: firmware updates, uploads of logs, publishing of firmware.
import type { Change, Document, Item, Known } from './known';

type JobKind = 'firmware-job' | 'log-job' | 'publish-job';

/** What a job reports when nothing more will follow (OCPP 2.1 FirmwareStatusEnumType, UploadLogStatusEnumType, PublishFirmwareStatusEnumType). */
const ENDS: ReadonlySet<unknown> = new Set([
  'Installed',
  'DownloadFailed',
  'InstallationFailed',
  'InstallVerificationFailed',
  'InvalidSignature',
  'Uploaded',
  'UploadFailure',
  'BadMessage',
  'NotSupportedOperation',
  'PermissionDenied',
  'AcceptedCanceled',
  'Cancelled',
  'Published',
  'InvalidChecksum',
  'PublishFailed',
]);

/** @param answered of the call that asked for it; `AcceptedCanceled` ends the job that was running (OCPP 2.0.1 L01.FR.24, N01.FR.12). */
export function jobBegun(known: Known, kind: JobKind, requestId: number, asked: Document, answered: Document, at: string): Change[] {
  if (answered.status !== 'Accepted' && answered.status !== 'AcceptedCanceled') return [];
  const key = jobKey(requestId, at);
  const found = known.get(kind, key);
  // A station may report before its answer is noted; what it began under that number earlier is another job.
  const early = found?.begunAt === undefined ? found : undefined;
  const others = known.all(kind).filter(([each]) => each !== key);
  const ended = answered.status === 'AcceptedCanceled' ? others.filter(([, job]) => isRunning(job)) : [];
  return [
    {
      kind,
      put: [
        ...ended.map(([key, job]): Item => [key, { ...job, status: 'Cancelled', endedAt: at }]),
        [key, { ...asked, requestId, status: answered.status, filename: answered.filename, ...early, begunAt: at }],
      ],
    },
  ];
}

/** A state without a number is that of the newest job, which has begun: OCPP 1.6 has no numbers. Idle answers a trigger and changes no job. */
export function jobReported(
  known: Known,
  kind: JobKind,
  { status, requestId, ...more }: { status: string; requestId?: number },
  at: string,
): Change[] {
  if (status === 'Idle') return [];
  const jobs = known.all(kind);
  const found = requestId === undefined ? newest(jobs) : newest(jobs.filter(([, job]) => job.requestId === requestId));
  const [key, job] = found ?? [jobKey(requestId ?? 0, at), requestId === undefined ? { begunAt: at } : { requestId }];
  const end = ENDS.has(status) ? { endedAt: at } : {};
  return [{ kind, put: [[key, { ...job, ...more, status, reportedAt: at, ...end }]] }];
}

function isRunning({ status }: Document): boolean {
  return !ENDS.has(status);
}

/** Numbers of OCPP 1.6 jobs are all 0. */
function jobKey(requestId: number, at: string): string {
  return requestId === 0 ? `0/${at}` : String(requestId);
}

function since([, { begunAt, reportedAt }]: Item): string {
  return String(begunAt ?? reportedAt);
}

function newest(jobs: readonly Item[]): Item | undefined {
  return jobs.reduce<Item | undefined>((latest, job) => (latest === undefined || since(latest) <= since(job) ? job : latest), undefined);
}
