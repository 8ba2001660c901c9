// What a session costs, as a station is told in its answer, and later where the answer left without it.
import type { Request } from '@evenkeel/contracts';
import { at, ended, event, promptly, reading, sessionId, started, terms, token } from '../session/session-scenarios';
import { LedgerUnderTest, registryIsSilent } from '../testing/ledger-under-test';
import { CostDesk } from './cost-desk';

const perKwh = terms();
const free = {
  ...perKwh,
  tariff: { ...perKwh.tariff, elements: [{ priceComponents: [{ type: 'ENERGY' as const, price: '0', stepSize: 1 }] }] },
};
const asked = { party: 'US-CHG', stationId: 'CP1', transactionId: '7' };
const startFact = event(0, '10:00', 'started', { wh: '0', evseId: 1, connectorId: 1, token });
const halfway = event(1, '10:30', 'updated', { wh: '2000', chargingState: 'Charging' });
const endFact = event(2, '11:00', 'ended', { wh: '4000' });

function under(agreed: () => typeof perKwh, shows = true) {
  const ledger = new LedgerUnderTest({ policy: promptly, terms: agreed, startMs: Date.parse(at('11:00')) });
  const told: Request<'showCost'>[] = [];
  let nowMs = 0;
  const pause = async (ms: number) => {
    nowMs += ms;
    await new Promise(setImmediate);
  };
  const ask = async (_: string, request: unknown) => {
    told.push(request as Request<'showCost'>);
    return { shown: shows } as never;
  };
  const log = { info: () => undefined } as never;
  const desk = new CostDesk({ book: ledger.book, requester: { ask }, everySeconds: 60, now: () => nowMs, pause, log });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { ledger, desk, told, pass };
}

it('T2-11, TX-85, TX-86, TX-88: the cost so far, the cost in the end, and the same again for the same event', async () => {
  const { ledger, desk, told } = under(() => perKwh);
  await ledger.hear(startFact, halfway);
  expect(await desk.answer({ ...asked, factId: halfway.factId })).toEqual({ cost: { amount: '0.90', currency: 'USD' } });
  await ledger.hear(endFact);
  const final = { cost: { amount: '1.80', currency: 'USD' } };
  expect(await desk.answer({ ...asked, factId: endFact.factId })).toEqual(final);
  // What comes late changes the bill and not what the driver has seen; it has no cost of its own (TX-88).
  const late = event(3, '10:45', 'updated', { wh: '9000' });
  await ledger.hear(late);
  expect(await desk.answer({ ...asked, factId: late.factId })).toEqual({});
  expect(await desk.answer({ ...asked, factId: endFact.factId })).toEqual(final);
  const shown = (await ledger.eventsOf(sessionId)).filter(({ type }) => type === 'CostShown');
  expect(shown).toHaveLength(2);
  expect(told).toEqual([]);
  await ledger.stop();
});

it('T2-11, TX-86: free is 0; what nobody pays, or cannot be billed as it stands, has no cost', async () => {
  const withoutCost = under(() => free);
  await withoutCost.ledger.hear(startFact, halfway, endFact);
  expect(await withoutCost.desk.answer({ ...asked, factId: endFact.factId })).toEqual({ cost: { amount: '0.00', currency: 'USD' } });
  await withoutCost.ledger.stop();

  const refused = { ...perKwh, payer: { ...perKwh.payer, verdict: 'Blocked' } } as typeof perKwh;
  const nobodyPays = under(() => refused);
  await nobodyPays.ledger.hear(startFact, endFact);
  expect(await nobodyPays.desk.answer({ ...asked, factId: endFact.factId })).toEqual({});
  await nobodyPays.ledger.stop();
});

it('TX-85: what is not known in time is told to the station once it is', async () => {
  let isSilent = true;
  const { ledger, desk, told } = under(() => (isSilent ? registryIsSilent() : perKwh));
  await ledger.hear(startFact, halfway);
  expect(await desk.answer({ ...asked, factId: halfway.factId })).toEqual({});
  isSilent = false;
  await ledger.round();
  await ledger.settled();
  expect(told).toMatchObject([{ ...asked, cost: { amount: '0.90' }, final: false, charging: true, rates: { perKwh: '0.45' } }]);
  await ledger.stop();
});

it('I02, I03: a 1.6 station is told now and then and at the end; one that shows no costs is left alone', async () => {
  const { ledger, desk, told, pass } = under(() => perKwh);
  const facts = [started('10:00', '0'), reading('10:10', '1000'), reading('10:11', '1100'), ended('11:00', '4000')];
  for (const fact of facts) {
    await ledger.hear(fact);
    desk.after([fact]);
    await ledger.settled();
  }
  expect(told.map(({ cost, final, readingWh }) => [cost.amount, final, readingWh])).toEqual([
    ['0.45', false, '1000'],
    ['1.80', true, '4000'],
  ]);
  await ledger.stop();

  const unable = under(() => perKwh, false);
  for (const fact of facts) {
    await unable.ledger.hear(fact);
    unable.desk.after([fact]);
    await unable.ledger.settled();
    pass(1_000);
  }
  expect(unable.told).toHaveLength(1);
  await unable.ledger.stop();
});
