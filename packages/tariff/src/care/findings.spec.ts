import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inShort } from '../fixtures/finding-lines';
import { always, energy, tariff, when } from '../fixtures/story';
import type { TariffToCheck } from './finding';
import { findings } from './findings';

const networks = join(__dirname, '..', '..', '..', '..', 'infra', 'local', 'networks');

it('are none for a plain tariff', () => {
  expect(findings(tariff([always(energy('0.40', 1))]))).toEqual([]);
});

it('say of what cannot be read only that it cannot', () => {
  const broken = tariff([when({ startTime: 'noon' }, energy('-1', 5000))]);
  expect(inShort(findings(broken, { currency: 'USD', jurisdictions: ['nevi'] }))).toEqual([
    'error unreadable elements[0].restrictions.startTime',
  ]);
});

it('name a rule where the law is meant, and only there', () => {
  const some = tariff([when({ minPowerKw: '50' }, energy('0.40', 1))]);
  const found = findings(some, { currency: 'USD', jurisdictions: ['eichrecht', 'eichrecht'] });
  expect(found.map(({ code, rule }) => [code, rule])).toEqual([
    ['currency_differs', undefined],
    ['gap_without_default', undefined],
    ['not_in_signed_record', 'MessEG section 33'],
  ]);
});

it('are, for the tariffs of the demonstration, only that one may not be used at stations under 23 CFR 680', () => {
  const { tariffs } = JSON.parse(readFileSync(join(networks, 'chargem.json'), 'utf8')) as { tariffs: TariffToCheck[] };
  const context = { now: '2026-11-28T12:00:00Z', currency: 'USD', maxPowerKw: '150', jurisdictions: ['nevi', 'california'] as const };
  expect(tariffs.map((each) => [each.id, inShort(findings(each, context))])).toEqual([
    ['CHG-KWH', []],
    ['CHG-IDLE', []],
    ['CHG-TOU', ['error price_changes_in_session elements[0].priceComponents[0]']],
  ]);
});
