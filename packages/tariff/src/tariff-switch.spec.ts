// Sessions whose driver changed the tariff on the way (OCPI mod_sessions, charging preferences): prices follow the tariff of each period, what is
// done once a session is done once over all of them.
import { explain } from './explain';
import { always, charging, energy, flat, parking, parkingTime, type Stretch, stay, tariff, time } from './fixtures/story';
import { priceSession } from './price-session';

const START = '2026-06-01T18:00:00Z';
const timeZone = 'America/Los_Angeles';
const under = (tariffId: string, stretch: Stretch): Stretch => ({ ...stretch, tariffId });
const usd = { currency: 'USD' } as const;

test('each period has the price of its tariff; the step of the last one rounds the energy of both, and its maximum holds', () => {
  const cheap = tariff([always(flat('1.00'), energy('0.30', 1000))], { ...usd, id: 'CHEAP', minPrice: { beforeTaxes: '50.00' } });
  const fast = tariff([always(flat('2.00'), energy('0.60', 500))], { ...usd, id: 'FAST', maxPrice: { beforeTaxes: '7.00' } });
  // 1.00 + 10 kWh x 0.30 + 5.2 kWh x 0.60, the total of 15.2 kWh rounded to 15.5: 0.3 kWh more at 0.60. 1.00 + 3.00 + 3.30 = 7.30, at most 7.00.
  const session = stay(START, charging('0:30', '10000'), under('FAST', charging('0:10', '5200')));
  const priced = priceSession({ tariff: cheap, otherTariffs: [fast], timeZone, session });
  expect(explain(priced)).toEqual([
    'Energy: 10.000 kWh at 0.30 USD per kWh = 3.00 USD (period 1; tariff CHEAP)',
    'Energy: 5.200 kWh, billed as 5.500 kWh in steps of 500 Wh, at 0.60 USD per kWh = 3.30 USD (period 2; tariff FAST)',
    'Session fee: 1.00 USD (period 1; tariff CHEAP)',
    'Lowered to the maximum price: -0.30 USD',
    'Total: 7.00 USD',
  ]);
});

test('there and back: a tariff that comes again is one line', () => {
  const cheap = tariff([always(energy('0.30', 0))], { ...usd, id: 'CHEAP' });
  const fast = tariff([always(energy('0.60', 0), parkingTime('6', 600))], { ...usd, id: 'FAST' });
  const session = stay(
    START,
    charging('1:00', '1000'),
    under('FAST', charging('0:10', '1000')),
    charging('1:00', '1000'),
    under('FAST', parking('0:05')),
  );
  expect(explain(priceSession({ tariff: cheap, otherTariffs: [fast], timeZone, session }))).toEqual([
    'Energy: 2.000 kWh at 0.30 USD per kWh = 0.60 USD (periods 1, 3; tariff CHEAP)',
    'Energy: 1.000 kWh at 0.60 USD per kWh = 0.60 USD (period 2; tariff FAST)',
    'Parking time: 5 min, billed as 10 min in steps of 10 min, at 6.00 USD per hour = 1.00 USD (period 4; tariff FAST)',
    'Total: 2.20 USD',
  ]);
});

test('taxes that one tariff includes and the other adds are known on both sides', () => {
  const added = tariff([always(energy('1.00', 0, '20'))], { id: 'ADDED' });
  const included = tariff([always(time('12.00', 0, '20'))], { id: 'INCLUDED', taxIncluded: 'YES' });
  const session = stay(START, charging('1:00', '10000'), under('INCLUDED', charging('1:00', '0')));
  const { total } = priceSession({ tariff: added, otherTariffs: [included], timeZone, session });
  // 10.00 + 20 % = 12.00, and 12.00 of which 10.00 are before taxes.
  expect(total).toEqual({
    beforeTaxes: '20.00',
    afterTaxes: '24.00',
    taxes: [{ percent: '20', amount: '4.00' }],
    exact: { beforeTaxes: '20', afterTaxes: '24' },
  });
});

test('what cannot be added up is refused: another currency, unknown taxes on different sides, a tariff that is not there', () => {
  const first = tariff([always(energy('1.00', 0))], { id: 'A' });
  const session = stay(START, charging('1:00', '10000'), under('B', charging('1:00', '0')));
  const priced =
    (...otherTariffs: ReturnType<typeof tariff>[]) =>
    () =>
      priceSession({ tariff: first, otherTariffs, timeZone, session });
  expect(priced(tariff([always(energy('1.00', 0))], { id: 'B', currency: 'USD' }))).toThrow('a session has tariffs in EUR and in USD');
  expect(priced(tariff([always(energy('1.00', 0))], { id: 'B', taxIncluded: 'YES' }))).toThrow('quote different sides');
  expect(priced()).toThrow('period 1 names the tariff B, which the session does not have');
});
