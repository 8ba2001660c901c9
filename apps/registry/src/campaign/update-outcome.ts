// What has become of a firmware update: a boot with the wanted version is the proof, whatever was reported before it. Pure.
import type { Document } from '../mirror/known';
import type { Told } from './campaign';

export type UpdateOutcome = { readonly kind: 'updated' } | { readonly kind: 'failed'; readonly reason: string };

const DAY_MS = 24 * 60 * 60_000;
const FAILURES: ReadonlySet<unknown> = new Set([
  'DownloadFailed',
  'InstallationFailed',
  'InstallVerificationFailed',
  'InvalidSignature',
  'Cancelled',
]);

/** @returns undefined while it may still come to something. */
export function outcomeOf(
  wanted: string,
  told: Told,
  boot: { readonly firmwareVersion?: string; readonly at: string } | null | undefined,
  job: Document | undefined,
  at: string,
): UpdateOutcome | undefined {
  if (boot?.firmwareVersion === wanted) return { kind: 'updated' };
  const status = job?.status;
  if (FAILURES.has(status)) return { kind: 'failed', reason: String(status) };
  // An installed firmware is provisional until the station boots (OCPP 1.6 section 4.5, OCPP 2.0.1 L01).
  const bootedWith = job?.bootedAt === undefined ? undefined : job.firmwareVersion;
  if (bootedWith === wanted) return { kind: 'updated' };
  if (bootedWith !== undefined) return { kind: 'failed', reason: `it has booted with ${String(bootedWith)}` };
  const isLate = Date.parse(at) - Date.parse(told.at) > DAY_MS;
  return isLate ? { kind: 'failed', reason: 'nothing was seen of it for a day' } : undefined;
}
