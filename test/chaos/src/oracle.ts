// Compares what the stations' meters moved with what the two networks billed and delivered. It knows nothing of how they did it: its only
// sources are the stations themselves and the lists that an operator sees at the consoles.
import type { CdrSummary, SessionSummary } from '@evenkeel/contracts';
import type { MeteredSession } from './fleet';

export interface Books {
  /** Sessions at Chargem. */
  sessions: readonly SessionSummary[];
  /** CDRs at Chargem. */
  issued: readonly CdrSummary[];
  /** CDRs that MobilityYou holds of Chargem. */
  received: readonly CdrSummary[];
}

export interface Verdict {
  sessions: number;
  roaming: number;
  energyWh: number;
  /** Sessions of a station without a CDR that stands. */
  lost: number;
  /** Sessions with more than one CDR that stands, and sessions in the books that no station ran. */
  doubled: number;
  /** Sessions whose CDR says another energy than the meter. */
  wrongEnergy: number;
  /** Roaming sessions whose CDR the partner holds not at all, more than once, or otherwise than it was issued. */
  wronglyDelivered: number;
  /** Sessions in which the back end refused a token of its own, which it must know to be good. */
  refused: number;
  /** Sessions of roaming drivers whose provider wants to be asked each time and could not be: refused by right, and not to be billed for energy. */
  unanswered: number;
  /** One line for each session that is not in order. */
  findings: string[];
}

export function judge(metered: readonly MeteredSession[], books: Books): Verdict {
  const verdict: Verdict = {
    sessions: metered.length,
    roaming: metered.filter(({ isRoaming }) => isRoaming).length,
    energyWh: metered.reduce((sum, { energyWh }) => sum + energyWh, 0),
    lost: 0,
    doubled: 0,
    wrongEnergy: 0,
    wronglyDelivered: 0,
    refused: 0,
    unanswered: 0,
    findings: [],
  };
  const inBooks = new Map(books.sessions.map((session) => [keyOf(session), session]));
  const issued = bySession(books.issued);
  const received = bySession(books.received);
  for (const session of metered) {
    const booked = inBooks.get(keyOf(session));
    const ours = issued.get(booked?.sessionId ?? '') ?? [];
    const theirs = received.get(booked?.sessionId ?? '') ?? [];
    const wrong = whatIsWrong(session, ours, theirs, verdict);
    if (wrong === undefined) continue;
    const inLedger = booked ? `${booked.status} with flags [${booked.flags.join(' ')}]` : 'unknown';
    verdict.findings.push(`${session.stationId} transaction ${session.transactionId} (${inLedger} in the ledger): ${wrong}`);
  }
  const known = new Set(metered.map(keyOf));
  for (const session of books.sessions) {
    if (known.has(keyOf(session))) continue;
    verdict.doubled += 1;
    verdict.findings.push(`${session.stationId} transaction ${session.transactionId}: no station ran this session`);
  }
  return verdict;
}

/** Counts a session's faults. @returns the first of them. */
function whatIsWrong(
  session: MeteredSession,
  ours: readonly CdrSummary[],
  theirs: readonly CdrSummary[],
  verdict: Verdict,
): string | undefined {
  const standing = standingOf(ours);
  const cdr = newestOf(ours);
  const isBilledForNothing = standing === 0 || (standing === 1 && Number(cdr?.energyWh) === 0);
  if (session.wasRefused && session.isRoaming && isBilledForNothing) {
    verdict.unanswered += 1;
    return undefined;
  }
  if (session.wasRefused) {
    verdict.refused += 1;
    return `a good token was refused, and ${standing} CDRs stand`;
  }
  if (standing < 1) {
    verdict.lost += 1;
    return `no CDR stands (${ours.length} were issued)`;
  }
  if (standing > 1) {
    verdict.doubled += 1;
    return `${standing} CDRs stand`;
  }
  if (Number(cdr?.energyWh) !== session.energyWh) {
    verdict.wrongEnergy += 1;
    return `the meter moved ${session.energyWh} Wh, the CDR says ${cdr?.energyWh} Wh`;
  }
  const idsOf = (cdrs: readonly CdrSummary[]) =>
    cdrs.map(({ cdrId, energyWh, totalBeforeTaxes }) => `${cdrId} ${Number(energyWh)} Wh for ${Number(totalBeforeTaxes)}`).sort();
  const expected = session.isRoaming ? idsOf(ours) : [];
  if (idsOf(theirs).join() !== expected.join()) {
    verdict.wronglyDelivered += 1;
    return `the partner holds ${idsOf(theirs).join(', ') || 'nothing'}, not ${expected.join(', ') || 'nothing'}`;
  }
  return undefined;
}

/** CDRs that no credit CDR has taken back. */
function standingOf(cdrs: readonly CdrSummary[]): number {
  return cdrs.reduce((count, { credit }) => count + (credit ? -1 : 1), 0);
}

function newestOf(cdrs: readonly CdrSummary[]): CdrSummary | undefined {
  return cdrs
    .filter(({ credit }) => !credit)
    .reduce<CdrSummary | undefined>((newest, cdr) => (newest && newest.issuedAt > cdr.issuedAt ? newest : cdr), undefined);
}

function bySession(cdrs: readonly CdrSummary[]): Map<string, CdrSummary[]> {
  const groups = new Map<string, CdrSummary[]>();
  for (const cdr of cdrs) groups.set(cdr.sessionId ?? '', [...(groups.get(cdr.sessionId ?? '') ?? []), cdr]);
  return groups;
}

function keyOf({ stationId, transactionId }: { stationId: string; transactionId: string }): string {
  return `${stationId}/${transactionId}`.toLowerCase();
}
