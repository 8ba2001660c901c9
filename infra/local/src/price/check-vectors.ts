// Runs a file of test vectors: each a tariff, a session and what it should cost. Values count as equal within a millionth; amounts that were
// published rounded are compared as far as they go.
import { Rational } from '@evenkeel/money';
import { pricingVersionOf, readStretch, readTariff, type VersionNumber } from '@evenkeel/ocpi';
import { priceSession } from '@evenkeel/tariff';
import { messageOf, timeZoneOf, understood } from './price-input';
import { rationalOf, resultOf } from './price-result';

export interface VectorOutcome {
  readonly id: string;
  /** None: it passes. */
  readonly failures: readonly string[];
}

interface Vector {
  readonly id: string;
  readonly time_zone?: string;
  readonly tariff: unknown;
  readonly session: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
}

const TOLERANCE = Rational.of(1n, 1_000_000n);

/** @throws BadInput for a file that is no list of vectors; what is wrong with one of them is its failure. */
export function checkVectors(file: string, received: unknown, version?: VersionNumber): VectorOutcome[] {
  const vectors = understood(readVectors(received), file);
  return vectors.map((vector) => ({ id: vector.id, failures: failuresOf(vector, file, version) }));
}

function readVectors(received: unknown): { ok: true; value: Vector[] } | { ok: false; reason: string } {
  if (!Array.isArray(received)) return { ok: false, reason: 'is no list of vectors' };
  for (const [index, each] of received.entries()) {
    if (each === null || typeof each !== 'object') return { ok: false, reason: `/${index} is no vector` };
    for (const name of ['id', 'tariff', 'session', 'expected']) {
      if (!(name in each)) return { ok: false, reason: `/${index} must have ${name}` };
    }
    if (typeof each.expected !== 'object' || each.expected === null) return { ok: false, reason: `/${index}/expected must be an object` };
  }
  return { ok: true, value: received as Vector[] };
}

function failuresOf({ id, tariff, session, time_zone = 'Etc/UTC', expected }: Vector, file: string, version?: VersionNumber): string[] {
  try {
    const priced = priceSession({
      tariff: understood(readTariff(version ?? pricingVersionOf(tariff), tariff), file, `/${id}/tariff`),
      timeZone: timeZoneOf(time_zone),
      session: understood(readStretch(session), file, `/${id}/session`),
    });
    return differences(resultOf(priced), expected, '');
  } catch (error) {
    return [messageOf(error)];
  }
}

function differences(result: unknown, expected: unknown, path: string): string[] {
  if (expected !== null && typeof expected === 'object') {
    return Object.entries(expected).flatMap(([name, value]) =>
      differences((result as Record<string, unknown> | undefined)?.[name], value, path === '' ? name : `${path}.${name}`),
    );
  }
  if (result === undefined) return [`${path}: expected ${expected}, and there is none`];
  return areClose(String(result), String(expected)) ? [] : [`${path}: expected ${expected}, computed ${result}`];
}

function areClose(computed: string, expected: string): boolean {
  return rationalOf(computed).subtract(rationalOf(expected)).absolute.compare(TOLERANCE) <= 0;
}
