// What must hold however much went wrong, held against what the simulated meters really moved.
import { type CdrEvent, cdrCodec, cdrStreamPrefix } from '@evenkeel/billing';
import type { Cdr } from '@evenkeel/contracts';
import type { EventStore } from '@evenkeel/event-store';
import { rebuild } from '@evenkeel/local';
import { party } from '@evenkeel/test-flow/dist/demonstration-registry';
import { differencesInBooks, differencesInDeliveries } from './books';
import type { Platform } from './platform';
import type { Truth } from './station';

export interface Bills {
  /** CDRs that no credit takes back, by session. */
  standing: Map<string, Cdr[]>;
  /** All CDRs and credits. */
  issued: Cdr[];
}

export async function billsOf(store: EventStore): Promise<Bills> {
  const standing = new Map<string, Cdr[]>();
  const issued: Cdr[] = [];
  await store.readAll([cdrStreamPrefix], async (events) => {
    for (const stored of events) {
      const event: CdrEvent = cdrCodec.decode(stored);
      if (event.type === 'CdrIssued') {
        issued.push(event.data.cdr);
        standing.set(event.data.cdr.sessionId, [...(standing.get(event.data.cdr.sessionId) ?? []), event.data.cdr]);
      } else if (event.type === 'CdrCredited') {
        const { cdr } = event.data;
        issued.push(cdr);
        standing.set(
          cdr.sessionId,
          (standing.get(cdr.sessionId) ?? []).filter(({ cdrId }) => cdrId !== cdr.creditReferenceId),
        );
      }
    }
  });
  return { standing, issued };
}

/** At any moment: no session has two bills, no line is missing from a total. @throws naming the first breach. */
export async function holdAlways(store: EventStore): Promise<void> {
  const { standing, issued } = await billsOf(store);
  for (const [sessionId, cdrs] of standing) {
    if (cdrs.length > 1) throw new Error(`session ${sessionId} has ${cdrs.length} CDRs at once`);
  }
  for (const cdr of issued) {
    if (!cdr.credit && !sumsUp(cdr)) throw new Error(`the lines of CDR ${cdr.cdrId} do not sum to its total`);
  }
  const bills = issued.filter(({ credit }) => !credit).map(({ sessionId, sessionRevision }) => `${sessionId}@${sessionRevision}`);
  if (new Set(bills).size < bills.length) throw new Error('a session was billed twice for one and the same news');
}

export interface Outcome {
  sessions: number;
  lost: string[];
  doubled: string[];
  wrongEnergy: string[];
  undelivered: string[];
  /** Stopped sessions whose CDR does not begin and end when the station said. */
  wrongTimes: string[];
  /** Whole watt-hours: what the meters of paying drivers moved, and what their CDRs say. */
  movedWh: number;
  billedWh: number;
  differences: string[];
  credits: number;
}

/** At the end, when nothing waits any more. */
export async function outcomeOf(platform: Platform, truths: readonly Truth[], refusedUid: string): Promise<Outcome> {
  const { standing, issued } = await billsOf(platform.store);
  const paying = truths.filter(({ plan }) => plan.uid !== refusedUid);
  const outcome: Outcome = {
    ...{ sessions: truths.length, lost: [], doubled: [], wrongEnergy: [], undelivered: [], wrongTimes: [], movedWh: 0, billedWh: 0 },
    credits: issued.filter(({ credit }) => credit).length,
    differences: [
      ...(await rebuild(platform.store)).differences,
      ...(await differencesInBooks(platform.store, issued)),
      ...(await differencesInDeliveries(platform.store, platform.partner)),
    ],
  };
  const bySession = new Map([...standing.values()].flat().map((cdr) => [`${cdr.stationId}/${cdr.transactionId}`, cdr]));
  for (const [sessionId, cdrs] of standing) if (cdrs.length > 1) outcome.doubled.push(sessionId);
  for (const truth of paying) {
    const name = `${truth.stationId}/${truth.transactionId}`;
    const cdr = bySession.get(name);
    bySession.delete(name);
    const movedWh = truth.endWh - truth.startWh;
    outcome.movedWh += movedWh;
    if (cdr === undefined) {
      outcome.lost.push(`${name} (${truth.plan.ending}, ${truth.plan.meterFault ?? 'sound meter'})`);
      continue;
    }
    outcome.billedWh += Number(cdr.energyWh);
    const times = [truth.startMs, truth.endMs].map((ms) => new Date(ms + truth.skewMs).toISOString());
    const isAsSaid = cdr.startedAt === times[0] && cdr.endedAt === times[1];
    if (truth.plan.ending !== 'power-lost' && !isAsSaid)
      outcome.wrongTimes.push(`${name}: ${cdr.startedAt} to ${cdr.endedAt} (${truth.plan.ending})`);
    if (Number(cdr.energyWh) !== movedWh) {
      outcome.wrongEnergy.push(
        `${name}: moved ${movedWh}, billed ${cdr.energyWh} (${truth.plan.ending}, ${truth.plan.meterFault ?? 'sound meter'})`,
      );
    }
  }
  // What is billed and was no paying driver's session.
  for (const name of bySession.keys()) outcome.doubled.push(name);
  for (const cdr of issued) {
    if (cdr.payer.party !== party && !platform.partner.has(cdr.cdrId)) outcome.undelivered.push(cdr.cdrId);
  }
  return outcome;
}

function sumsUp({ lines, total }: Cdr): boolean {
  const cents = (amount: string) => Math.round(Number(amount) * 100);
  return lines.reduce((sum, line) => sum + cents(line.beforeTaxes), 0) === cents(total.beforeTaxes);
}
