// California sells electricity as a motor fuel by the kWh (CDFA Division of Measurement Standards; NIST Handbook 44 section 3.40, adopted by
// 4 CCR 4000; formerly 4 CCR 4002.11): time is no unit to sell it by. Fees for connection, idling and parking may be added if they are
// disclosed before the session. In force for AC equipment since 2021, for DC since 2023.
import type { Finding, TariffToCheck } from '../finding';
import { chargedParts, notDisclosed, otherFees } from './price-parts';

const RULE = '4 CCR 4000 (NIST Handbook 44 section 3.40)';

export function californiaFindings(tariff: TariffToCheck): Finding[] {
  return [...notPerKwh(tariff), ...byTime(tariff), ...notDisclosed(tariff, RULE)];
}

function notPerKwh(tariff: TariffToCheck): Finding[] {
  if (chargedParts(tariff, 'ENERGY').length > 0 || otherFees(tariff).length === 0) return [];
  const message =
    'Electricity is sold by the kWh, and energy has no price here. Add an ENERGY component to an element without restrictions.';
  return [{ code: 'energy_not_priced', severity: 'error', path: 'elements', message, rule: RULE }];
}

function byTime(tariff: TariffToCheck): Finding[] {
  return chargedParts(tariff, 'TIME').map(({ path }): Finding => {
    const message = 'Time is no unit to sell charging by. Price the kWh; for a car that does not charge any more, use PARKING_TIME.';
    return { code: 'time_is_no_unit', severity: 'error', path, message, rule: RULE };
  });
}
