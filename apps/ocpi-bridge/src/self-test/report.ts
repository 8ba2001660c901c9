// The report of a test of a partner: the verdicts with their names, counted and in lines to be read.
import type { CheckOutcome, PartnerCheck, PartnerSelfTest } from '@evenkeel/contracts';

export function reportOf(about: Pick<PartnerSelfTest, 'partnerId' | 'version' | 'testedAt'>, checks: PartnerCheck[]): PartnerSelfTest {
  const count = (outcome: CheckOutcome) => checks.filter((check) => check.outcome === outcome).length;
  const counts = { passed: count('passed'), warning: count('warning'), failed: count('failed'), skipped: count('skipped') };
  const sum = Object.entries(counts).map(([outcome, number]) => `${number} ${outcome}`);
  return { ...about, checks, counts, lines: [...checks.map(lineOf), sum.join(', ')] };
}

function lineOf({ id, what, outcome, detail }: PartnerCheck): string {
  return `${outcome.padEnd(7)} ${id}: ${what}${detail === '' ? '' : ` (${detail})`}`;
}
