import { inShort } from '../fixtures/finding-lines';
import { always, energy, tariff } from '../fixtures/story';
import type { Tariff } from '../tariff';
import type { CareContext } from './finding';
import { termsFindings } from './terms-care';

const march = '2026-03-01T00:00:00Z';
const april = '2026-04-01T00:00:00Z';

const table: [what: string, more: Partial<Tariff>, context: CareContext, expected: string[]][] = [
  ['in force', { startsAt: march, endsAt: april }, { now: '2026-03-15T00:00:00Z', currency: 'EUR' }, []],
  ['not yet in force', { startsAt: march, endsAt: april }, { now: '2026-01-01T00:00:00Z' }, []],
  ['over', { endsAt: march }, { now: april }, ['warning validity_over endsAt']],
  ['perhaps over', { endsAt: march }, {}, []],
  ['reversed', { startsAt: april, endsAt: march }, { now: april }, ['error validity_reversed endsAt']],
  ['empty', { startsAt: april, endsAt: '2026-04-01T00:00:00.000Z' }, {}, ['error validity_reversed endsAt']],
  ['in the money of elsewhere', {}, { currency: 'USD' }, ['warning currency_differs currency']],
];

it.each(table)('%s', (_, more, context, expected) => {
  expect(inShort(termsFindings(tariff([always(energy('0.40', 1))], more), context))).toEqual(expected);
});
