// Regulation (EU) 2023/1804 (AFIR) article 5(4), for ad hoc prices at publicly accessible points deployed from 13 April 2024: from 50 kW on,
// a price per kWh and at most an occupancy fee per minute; below 50 kW, the components are shown in the order kWh, minute, session, other.
import { Decimal } from '@evenkeel/money';
import { displayLines } from '../display-lines';
import type { CareContext, Finding, TariffToCheck } from '../finding';
import { chargedParts, otherFees } from './price-parts';

const RULE = 'Regulation (EU) 2023/1804 article 5(4)';
const FAST_FROM_KW = Decimal.of(50n);
const SECONDS_PER_MINUTE = 60;

export function afirFindings(tariff: TariffToCheck, { maxPowerKw }: CareContext): Finding[] {
  // A tariff without a type is for every session (OCPI 2.2.1 mod_tariffs `type`); the others are for contracts.
  if (tariff.type !== undefined && tariff.type !== 'AD_HOC_PAYMENT') return [];
  if (maxPowerKw === undefined) {
    const message =
      'From 50 kW on, ad hoc prices are per kWh only. Whether that holds here is not known: name the power of the connectors.';
    return [{ code: 'power_unknown', severity: 'notice', path: 'elements', message, rule: RULE }];
  }
  return Decimal.parse(maxPowerKw).compare(FAST_FROM_KW) >= 0 ? fromFiftyKilowatts(tariff) : belowFiftyKilowatts(tariff);
}

function fromFiftyKilowatts(tariff: TariffToCheck): Finding[] {
  const found: Finding[] = [];
  if (chargedParts(tariff, 'ENERGY').length === 0 && otherFees(tariff).length > 0) {
    const message = 'From 50 kW on, the ad hoc price is based on the kWh, and energy has no price here. Add an ENERGY component.';
    found.push({ code: 'energy_not_priced', severity: 'error', path: 'elements', message, rule: RULE });
  }
  for (const { path } of chargedParts(tariff, 'FLAT')) {
    const message =
      'From 50 kW on, the only addition to the price per kWh is an occupancy fee per minute: a fee per session is not allowed. Remove it.';
    found.push({ code: 'fee_not_allowed', severity: 'error', path, message, rule: RULE });
  }
  for (const { path, restrictions } of chargedParts(tariff, 'TIME')) {
    // A fee that begins after some time discourages long stays, whether or not the car still charges: an occupancy fee.
    if ((restrictions.minDurationSeconds ?? 0) > 0) continue;
    const message =
      'From 50 kW on, the only addition to the price per kWh is an occupancy fee per minute, and this price of time begins with charging. Use ' +
      'PARKING_TIME, or let it begin after a duration (minDurationSeconds).';
    found.push({ code: 'fee_not_allowed', severity: 'warning', path, message, rule: RULE });
  }
  const occupancy = [...chargedParts(tariff, 'PARKING_TIME'), ...chargedParts(tariff, 'TIME')];
  for (const { path, stepSize } of occupancy.filter((part) => part.stepSize > SECONDS_PER_MINUTE)) {
    const message = `The occupancy fee is per minute, and here time is billed in steps of ${stepSize} s. Use a step of at most 60.`;
    found.push({ code: 'fee_not_per_minute', severity: 'warning', path: `${path}.stepSize`, message, rule: RULE });
  }
  if (tariff.minPrice !== undefined && !Decimal.parse(tariff.minPrice.beforeTaxes).isZero) {
    const message =
      'From 50 kW on, the ad hoc price is based on the kWh: a minimum price charges for kWh that were not delivered. Remove it.';
    found.push({ code: 'fee_not_allowed', severity: 'error', path: 'minPrice', message, rule: RULE });
  }
  return found;
}

function belowFiftyKilowatts(tariff: TariffToCheck): Finding[] {
  const kinds = new Set(displayLines(tariff).map(({ unit }) => unit));
  if (kinds.size < 2) return [];
  const message =
    'Below 50 kW, the station shows the price per kWh first, then per minute, then per session, then the rest: use the display lines.';
  return [{ code: 'order_of_display', severity: 'notice', path: 'elements', message, rule: RULE }];
}
