// Sessions over the real book: each as it was billed, and as it would have been.
import type { Tariff } from '@evenkeel/contracts';
import { at, ended, promptly, reading, sessionId, started, terms } from '../session/session-scenarios';
import { LedgerUnderTest } from '../testing/ledger-under-test';
import { TariffComparison } from './tariff-comparison';
import { TariffSimulator } from './tariff-simulator';

const agreed = terms();
const perKwh = (price: string, more: Partial<Tariff> = {}): Tariff => ({
  ...agreed.tariff,
  id: 'B',
  elements: [{ priceComponents: [{ type: 'ENERGY', price, stepSize: 1 }] }],
  ...more,
});
const span = { from: at('00:00'), to: at('23:00') };

/** A session of 4 kWh in an hour, 3 of them in the first half, at 0.45 a kWh. */
async function simulatorOver(): Promise<{ simulator: TariffSimulator; asked: object[]; stop: () => Promise<void> }> {
  const ledger = new LedgerUnderTest({ policy: promptly, terms: () => agreed, startMs: Date.parse(at('12:00')) });
  await ledger.hear(started('10:00', '0'), reading('10:30', '3000'), ended('11:00', '4000'));
  const asked: object[] = [];
  const billedIn = async (query: object) => {
    asked.push(query);
    return { sessionIds: [sessionId] };
  };
  const simulator = new TariffSimulator(new TariffComparison(ledger.book, { billedIn }, true));
  return { simulator, asked, stop: () => ledger.stop() };
}

it('says what was due and what would have been', async () => {
  const { simulator, asked, stop } = await simulatorOver();
  expect(await simulator.simulate({ ...span, tariff: perKwh('0.50'), insteadOf: 'DAY' })).toEqual({
    currency: 'USD',
    sessions: 1,
    actual: '1.80',
    simulated: '2.00',
    dearer: 1,
    cheaper: 0,
    same: 0,
    notPriced: [],
    largestChanges: [{ sessionId, actual: '1.80', simulated: '2.00' }],
  });
  expect(asked).toEqual([{ ...span, tariffId: 'DAY', sessions: 1_000 }]);
  expect(await simulator.simulate({ ...span, tariff: perKwh('0.45') })).toMatchObject({ same: 1, largestChanges: [] });
  await stop();
});

it('cuts the periods where the new tariff asks for it, also where the old one did not', async () => {
  const { simulator, stop } = await simulatorOver();
  const elements: Tariff['elements'] = [
    { priceComponents: [{ type: 'ENERGY', price: '0.10', stepSize: 1 }], restrictions: { maxDurationSeconds: 1_800 } },
    { priceComponents: [{ type: 'ENERGY', price: '1.00', stepSize: 1 }] },
  ];
  // 3 kWh at 0.10 in the first half hour, 1 kWh at 1.00.
  expect(await simulator.simulate({ ...span, tariff: perKwh('0', { elements }) })).toMatchObject({ simulated: '1.30', cheaper: 1 });
  await stop();
});

it('says what it could not price, and refuses a span without length', async () => {
  const { simulator, stop } = await simulatorOver();
  expect(await simulator.simulate({ ...span, tariff: perKwh('0.50', { currency: 'EUR' }) })).toMatchObject({
    sessions: 0,
    actual: '0.00',
    notPriced: [{ reason: 'it was billed in USD', sessions: 1 }],
  });
  await expect(simulator.simulate({ from: span.to, to: span.from, tariff: perKwh('1') })).rejects.toMatchObject({ code: 'invalid' });
  await stop();
});
