import type { SessionSnapshot } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import { Decimal } from '@evenkeel/money';
import { completed } from '../testing/completed-session';
import { cdr } from './cdr';
import type { BillingPolicy, CdrEvent } from './cdr-events';
import { cdrIdOf, draftCdr } from './draft-cdr';

const policy = { freeWithoutEnergy: true };
const issuedAt = '2026-03-01T20:00:00.000Z';

function bill(history: readonly CdrEvent[], session: SessionSnapshot, denied = false): CdrEvent[] {
  const decision = cdr.decide(fold(cdr, history), { session, policy, issuedAt, denied });
  if (!decision.accepted) throw new Error('billing never rejects');
  return [...decision.events];
}

const only = (events: readonly CdrEvent[]) => {
  const [event] = events;
  if (events.length !== 1 || event?.type !== 'CdrIssued') throw new Error('expected one issued CDR');
  return event.data.cdr;
};

describe('a session whose station calculates', () => {
  const told = (amount: string, currency = 'USD') => ({ currency, beforeTaxes: amount, durationSeconds: 3_000, idleSeconds: 450 });
  const flagsAt = (amount: string, currency?: string) =>
    only(bill([], completed({ flags: ['costByStation'], stationCost: told(amount, currency) }))).flags;

  it('V21-07, TX-94: is marked, keeps our price beside that of the station, and is flagged where they are more than a cent apart', () => {
    expect(flagsAt('20.01')).toEqual(['costByStation']);
    expect(flagsAt('19.9899')).toEqual(['costByStation', 'stationCostDiffers']);
    expect(flagsAt('20.00', 'EUR')).toContain('stationCostDiffers');
    const issued = only(bill([], completed({ stationCost: told('25.00') })));
    expect([issued.total.beforeTaxes, issued.stationCost?.beforeTaxes]).toEqual(['20.00', '25.00']);
  });
});

describe('a completed session', () => {
  it('gives a CDR whose lines name the component and the events behind each cent', () => {
    // 30 kWh at 0.56 = 16.80; 7.5 minutes parked, billed as 8 in steps of a minute, at 24.00 an hour = 3.20.
    const issued = only(bill([], completed()));
    expect(issued.total).toEqual({ beforeTaxes: '20.00', afterTaxes: '20.00', taxes: [] });
    expect(
      issued.lines.map(({ dimension, beforeTaxes, rule, because, quantity, billedQuantity }) => [
        dimension,
        beforeTaxes,
        rule,
        because,
        quantity,
        billedQuantity,
      ]),
    ).toEqual([
      ['ENERGY', '16.80', 'measured', ['start-fact', 'reading-fact'], '30000', '30000'],
      ['PARKING_TIME', '3.20', 'step_size', ['suspended-fact'], '450', '480'],
    ]);
    expect(issued.lines[1]?.text).toContain('billed as');
    expect([issued.cdrId, issued.parkingSeconds, issued.durationSeconds]).toEqual([cdrIdOf(issued.sessionId, 1), 450, 3000]);
  });

  it('sums its lines to its total exactly', () => {
    const issued = only(
      bill([], completed({ energyWh: '12345.678', periods: [{ ...completed().periods[0], energyWh: '12345.678' } as never] })),
    );
    const sum = issued.lines.reduce((total, line) => total.add(Decimal.parse(line.beforeTaxes)), Decimal.ZERO);
    expect(sum.equals(Decimal.parse(issued.total.beforeTaxes))).toBe(true);
  });

  it('is billed once, however often its message comes, and never for an older revision', () => {
    const history = bill([], completed());
    expect(bill(history, completed())).toEqual([]);
    expect(bill(history, completed({ revision: 5, energyWh: '1' }))).toEqual([]);
  });

  it('without a payer, or with one that was refused, is not billed and the stream says why', () => {
    const { payer: _, ...noPayer } = completed().terms;
    expect(bill([], completed({ terms: noPayer }))).toMatchObject([{ type: 'SessionNotBilled', data: { reason: 'no-payer' } }]);
    const refused = { ...completed().terms, payer: { ...completed().terms.payer, verdict: 'Blocked' } } as SessionSnapshot['terms'];
    expect(bill([], completed({ terms: refused }))).toMatchObject([{ type: 'SessionNotBilled', data: { reason: 'payer-not-accepted' } }]);
  });

  it('names the signed readings behind it where the policy of its time did', () => {
    const session = completed({ signedEvidence: ['first', 'last'] });
    const drafted = (policyThen: BillingPolicy) => draftCdr({ session, policy: policyThen, version: 1, issuedAt });
    expect(drafted({ freeWithoutEnergy: true, namesSignedReadings: true }).signedEvidence).toEqual(['first', 'last']);
    expect(drafted({ freeWithoutEnergy: true })).not.toHaveProperty('signedEvidence');
  });

  it('SCD-7: without energy is free by the party’s policy, and the CDR says so', () => {
    const idle = completed({
      energyWh: '0',
      periods: [{ startedAt: '2026-03-01T18:00:00.000Z', kind: 'parking', energyWh: '0', evidence: [] }],
    });
    const issued = only(bill([], idle));
    expect(issued.total.beforeTaxes).toBe('0.00');
    expect(issued.lines.at(-1)).toMatchObject({ rule: 'free_without_energy' });
  });

  it('with a tariff that does not fit is a fault, never a price of 0', () => {
    const broken = [{ priceComponents: [{ type: 'ENERGY' as const, price: 'free', stepSize: 1 }] }];
    expect(() => bill([], completed({}, broken))).toThrow();
  });
});

describe('an amended session', () => {
  const amended = completed({ revision: 12, energyWh: '31000', periods: [{ ...completed().periods[0], energyWh: '31000' } as never] });

  it('is credited in full and billed anew under a new id', () => {
    const history = bill([], completed());
    const [credit, corrected] = bill(history, amended);
    if (credit?.type !== 'CdrCredited' || corrected?.type !== 'CdrIssued') throw new Error('expected a credit and a new CDR');
    const first = only(history);
    expect(credit.data.cdr).toEqual({
      ...first,
      cdrId: `${first.cdrId}-CR`,
      total: { beforeTaxes: '-20.00', afterTaxes: '-20.00', taxes: [] },
      credit: true,
      creditReferenceId: first.cdrId,
    });
    expect(credit.data.cdr.cdrId.length).toBeLessThanOrEqual(39);
    expect([corrected.data.cdr.cdrId, corrected.data.cdr.total.beforeTaxes]).toEqual([cdrIdOf(first.sessionId, 2), '17.36']);
  });

  it('is credited without a new CDR when nobody is to be billed any more', () => {
    const { payer: _, ...noPayer } = amended.terms;
    expect(bill(bill([], completed()), { ...amended, terms: noPayer }).map(({ type }) => type)).toEqual([
      'CdrCredited',
      'SessionNotBilled',
      'ClaimAdjusted',
    ]);
  });

  it('owes the payer the difference to a lower bill, and claims that to a higher one', () => {
    const claimOf = (history: CdrEvent[], next: SessionSnapshot) => bill(history, next).at(-1);
    const first = bill([], completed());
    // 20.00 were billed; 31 kWh at 0.56 are 17.36.
    const creditedCdrId = only(first).cdrId;
    expect(claimOf(first, amended)).toMatchObject({
      type: 'ClaimAdjusted',
      data: { direction: 'refund', claim: { amount: '2.64', currency: 'USD', creditedCdrId, cdrId: cdrIdOf(amended.sessionId, 2) } },
    });
    const corrected = [...first, ...bill(first, amended)];
    expect(claimOf(corrected, completed({ revision: 20 }))).toMatchObject({ data: { direction: 'additional', claim: { amount: '2.64' } } });
  });

  it('is corrected once, however often its message comes', () => {
    const first = bill([], completed());
    const history = [...first, ...bill(first, amended)];
    expect(bill(history, amended)).toEqual([]);
    expect(bill(history, completed())).toEqual([]);
  });

  it('owes nothing where the corrected bill is the same', () => {
    expect(bill(bill([], completed()), completed({ revision: 12 })).map(({ type }) => type)).toEqual(['CdrCredited', 'CdrIssued']);
  });
});

describe('a denied session', () => {
  it('has its CDR taken back and all of it refunded, once', () => {
    const first = bill([], completed());
    const denied = (history: CdrEvent[]) => bill(history, completed({ revision: 12 }), true);
    const events = denied(first);
    expect(events).toMatchObject([
      { type: 'CdrCredited' },
      { type: 'SessionNotBilled', data: { reason: 'denied' } },
      { type: 'ClaimAdjusted', data: { direction: 'refund', claim: { amount: '20.00' } } },
    ]);
    expect(denied([...first, ...events])).toEqual([]);
  });

  it('that was never billed owes nothing', () => {
    expect(bill([], completed(), true).map(({ type }) => type)).toEqual(['SessionNotBilled']);
  });
});
