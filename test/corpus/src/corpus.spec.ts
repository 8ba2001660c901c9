// Every complaint of the corpus comes out as it must: in the order in which its frames came, and in any order of its facts, with repetitions.
import { type Cdr, type FixtureOutcome, mismatch, SessionFixture, type StationFact } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import fc from 'fast-check';
import { files } from './files';
import { type Replayed, replay } from './replay';

describe.each(files)('$name', ({ fixture }) => {
  it('is a fixture, and tells its story first', () => {
    expect(mismatch(SessionFixture, fixture)).toBeUndefined();
    expect(Object.keys(fixture)[0]).toBe('story');
  });

  it('comes out as it must', async () => {
    const replayed = await replay(fixture);
    expect(replayed.map(({ transaction }) => transaction).sort()).toEqual(fixture.outcomes.map(({ transaction }) => transaction).sort());
    for (const outcome of fixture.outcomes)
      expect(replayed.find(({ transaction }) => transaction === outcome.transaction)).toMatchObject(outcome);
    for (const { bills, events } of replayed) for (const bill of bills) expectSound(bill, events);
  });
});

// The order is part of the story where a bill is corrected by what comes late: then only the bill that stands must be the same.
it.each(files)('$name comes to the same bill in any order of its facts, with any repetition', async ({ fixture }) => {
  const inOrder = fixture.outcomes.map(standing);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), async (choices) => {
      const replayed = await replay(fixture, (facts) => disordered(facts, choices));
      for (const [index, outcome] of fixture.outcomes.entries()) {
        const same = replayed.find(({ transaction }) => transaction === outcome.transaction);
        expect(same && standing(same)).toMatchObject(inOrder[index] ?? {});
      }
    }),
    { numRuns: 8 },
  );
});

/** The bill that no credit takes back, and what the list shows of its session. */
function standing({ transaction, status, cdrs }: FixtureOutcome) {
  const [last] = cdrs.slice(-1);
  return { transaction, status, bill: last?.credit === true ? undefined : last && { total: last.total, energyWh: last.energyWh } };
}

/** The first choices say in which order, the others which come again. */
function disordered(facts: StationFact[], choices: readonly number[]): StationFact[] {
  const left = [...facts];
  const order = facts.flatMap((_, index) => left.splice((choices[index] ?? 0) % left.length, 1));
  return [...order, ...order.filter((_, index) => (choices[index + facts.length] ?? 0) % 3 === 0)];
}

/** What holds of every CDR: it is made of its session's periods, whose energy is its energy, and its lines sum to its total. */
function expectSound(bill: Cdr, events: Replayed['events']): void {
  const said = events.flatMap((event) => ('session' in event.data ? [event.data.session] : []));
  const billed = said.find(({ revision }) => revision === bill.sessionRevision);
  expect(bill.periods).toEqual(billed?.periods);
  const sum = (amounts: readonly string[]) => amounts.reduce((total, amount) => total.add(Decimal.parse(amount)), Decimal.ZERO);
  expect(sum(bill.periods.map(({ energyWh }) => energyWh)).equals(Decimal.parse(bill.energyWh))).toBe(true);
  const total = Decimal.parse(bill.total.beforeTaxes);
  expect(sum(bill.lines.map(({ beforeTaxes }) => beforeTaxes)).equals(bill.credit ? total.negate() : total)).toBe(true);
}
