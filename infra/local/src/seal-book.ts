// What a laptop's networks write down of their seals outside of the event stores: the keys they are signed with, and the lines in which the
// services log each seal. In production a log collector keeps these lines.
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppName } from '@evenkeel/contracts';
import { SealKey, sealStreamPrefix } from '@evenkeel/event-store';
import type { PlatformName } from './platforms';
import type { Secrets } from './secrets';
import type { WitnessedSeal } from './verify';

export function sealSeedOf(secrets: Secrets, platform: PlatformName, service: AppName): string {
  return secrets.for('seals', platform, service);
}

/** By the stream of the seals. */
export function trustedKeysOf(secrets: Secrets, platform: PlatformName): Record<string, string[]> {
  const services: AppName[] = ['session-ledger', 'billing', 'registry'];
  return Object.fromEntries(
    services.map((service) => [`${sealStreamPrefix}${service}`, [new SealKey(sealSeedOf(secrets, platform, service)).publicKey]]),
  );
}

export function witnessFileOf(dataFolder: string, platform: PlatformName): string {
  return join(dataFolder, platform, 'seals.log');
}

/** Keeps a line of a service's log if it tells of a seal. */
export function witnessLine(file: string, line: string): void {
  if (line.includes('"sealHash"')) appendFileSync(file, `${line}\n`);
}

/** @param file lines of logs, among them those that tell of seals. */
export async function readWitnessed(file: string): Promise<WitnessedSeal[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('"sealHash"'));
  return lines.flatMap((line) => {
    const seal = readLine(line);
    return seal ? [seal] : [];
  });
}

/** A line that was cut off by a crash tells nothing. */
function readLine(line: string): WitnessedSeal | undefined {
  try {
    const { sealStream, sealRevision, sealHash } = JSON.parse(line) as { sealStream: string; sealRevision: number; sealHash: string };
    return { stream: sealStream, revision: sealRevision, hash: sealHash };
  } catch {
    return undefined;
  }
}
