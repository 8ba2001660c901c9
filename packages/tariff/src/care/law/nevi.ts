// 23 CFR 680.116(a), stations that are built with federal money of the United States (NEVI): the price is per kWh, it is displayed before the
// session and does not change during it, and other fees are displayed and explained.
import type { Finding, TariffToCheck } from '../finding';
import { restrictionsInWords } from '../in-words';
import { changingEnergyPrices, chargedParts, notDisclosed, otherFees } from './price-parts';

const RULE = '23 CFR 680.116(a)';

export function neviFindings(tariff: TariffToCheck): Finding[] {
  return [...notPerKwh(tariff), ...changes(tariff), ...notDisclosed(tariff, RULE)];
}

function notPerKwh(tariff: TariffToCheck): Finding[] {
  if (chargedParts(tariff, 'ENERGY').length > 0 || otherFees(tariff).length === 0) return [];
  const message =
    'The price must be based on the kWh, and energy has no price here. Add an ENERGY component to an element without restrictions.';
  return [{ code: 'energy_not_priced', severity: 'error', path: 'elements', message, rule: RULE }];
}

function changes(tariff: TariffToCheck): Finding[] {
  const restricted = changingEnergyPrices(tariff).find(({ restrictions }) => restrictionsInWords(restrictions) !== '');
  if (restricted === undefined) return [];
  const message =
    `The price of a kWh at the start of a session must hold until its end, and here it changes within a session (a price applies ` +
    `${restrictionsInWords(restricted.restrictions)}). Use one energy price at stations under this rule.`;
  return [{ code: 'price_changes_in_session', severity: 'error', path: restricted.path, message, rule: RULE }];
}
