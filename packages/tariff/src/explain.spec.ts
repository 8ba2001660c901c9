import { explain } from './explain';
import { always, charging, energy, flat, parking, parkingTime, reservation, stay, tariff, time, when } from './fixtures/story';
import { priceSession } from './price-session';

const START = '2026-06-01T18:00:00Z';
const timeZone = 'America/Los_Angeles';

test('energy and an idle fee', () => {
  const of = tariff([always(energy('0.45', 1)), when({ minDurationSeconds: 3600 }, parkingTime('24', 60))], { currency: 'USD' });
  const session = stay(START, charging('0:30', '20000'), charging('0:20', '10000'), parking('0:10'), parking('0:14:30'));
  expect(explain(priceSession({ tariff: of, timeZone, session }))).toEqual([
    'Energy: 30.000 kWh at 0.45 USD per kWh = 13.50 USD (periods 1-2)',
    'Parking time: 14 min 30 s, billed as 15 min in steps of 1 min, at 24.00 USD per hour = 6.00 USD (period 4)',
    'Total: 19.50 USD',
  ]);
});

test('both sides of tax, fees, a reservation and a maximum price', () => {
  const of = tariff(
    [
      when({ reservation: 'RESERVATION' }, flat('2.00', '20'), time('6.0050', 0, '20')),
      always(flat('0.50', '20'), energy('0.2', 100, '10')),
    ],
    { maxPrice: { beforeTaxes: '4.00', afterTaxes: '4.50' } },
  );
  expect(explain(priceSession({ tariff: of, timeZone, session: stay(START, reservation('1:00'), charging('1:00', '20450.25')) }))).toEqual([
    'Energy: 20.45025 kWh, billed as 20.500 kWh in steps of 100 Wh, at 0.20 EUR per kWh = 4.10 EUR before tax, 4.51 EUR with tax (period 2)',
    'Session fee: 0.50 EUR before tax, 0.60 EUR with tax (period 2)',
    'Reservation fee: 2.00 EUR before tax, 2.40 EUR with tax (period 1)',
    'Reservation time: 1 h at 6.0050 EUR per hour = 6.01 EUR before tax, 7.21 EUR with tax (period 1)',
    'Lowered to the maximum price: -8.61 EUR before tax, -10.22 EUR with tax',
    'Total: 4.00 EUR before tax, 4.50 EUR with tax',
  ]);
});

test('a price that comes back names all its periods', () => {
  const of = tariff([when({ minKwh: '1', maxKwh: '2' }, energy('0.60', 0)), always(energy('0.30', 0))]);
  const session = stay(START, charging('0:10', '1000'), charging('0:10', '1000'), charging('0:10', '1000'), charging('0:10', '1'));
  expect(explain(priceSession({ tariff: of, timeZone, session }))[0]).toBe(
    'Energy: 2.001 kWh at 0.30 EUR per kWh = 0.60 EUR (periods 1, 3-4)',
  );
});

test('a session without energy that the party gives away', () => {
  const session = stay(START, charging('0:01', '0'));
  expect(explain(priceSession({ tariff: tariff([always(flat('0.50'))]), timeZone, session, freeWithoutEnergy: true }))).toEqual([
    'Session fee: 0.50 EUR (period 1)',
    'Free, because no energy was delivered: -0.50 EUR',
    'Total: 0.00 EUR',
  ]);
});

test('in Spanish, with the same numbers', () => {
  const of = tariff([always(energy('0.45', 1)), when({ minDurationSeconds: 3600 }, parkingTime('24', 900))], { currency: 'USD' });
  const session = stay(START, charging('0:30', '20000'), charging('0:40', '10000'), parking('0:30:30'));
  expect(explain(priceSession({ tariff: of, timeZone, session }), 'es')).toEqual([
    'Energía: 30.000 kWh a 0.45 USD por kWh = 13.50 USD (periodos 1-2)',
    'Tiempo de estacionamiento: 30 min 30 s, facturado como 45 min en pasos de 15 min, a 24.00 USD por hora = 18.00 USD (periodo 3)',
    'Total: 31.50 USD',
  ]);
});
