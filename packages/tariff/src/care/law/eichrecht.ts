// MessEG section 33 (Eichrecht, Germany): a bill rests on the signed record of the meter, e.g. OCMF, and the driver can check it by that record
// alone. The record holds readings of the register with their times; power and current are not in it.
import type { Finding, TariffToCheck } from '../finding';
import { restrictionsInWords } from '../in-words';
import { changingEnergyPrices, chargedParts } from './price-parts';

const RULE = 'MessEG section 33';

export function eichrechtFindings(tariff: TariffToCheck): Finding[] {
  const parts = (['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const).flatMap((type) => chargedParts(tariff, type));
  const notSigned = parts.flatMap(({ path, restrictions }): Finding[] => {
    const { minPowerKw, maxPowerKw, minCurrentA, maxCurrentA } = restrictions;
    if ((minPowerKw ?? maxPowerKw ?? minCurrentA ?? maxCurrentA) === undefined) return [];
    const message =
      `This price applies ${restrictionsInWords(restrictions)}, and the signed record of the meter holds neither power nor current: a driver ` +
      'could not check the bill. Let prices depend on time or energy.';
    return [{ code: 'not_in_signed_record', severity: 'error', path, message, rule: RULE }];
  });
  const changing = changingEnergyPrices(tariff).find(({ restrictions }) => restrictionsInWords(restrictions) !== '');
  if (changing === undefined || notSigned.length > 0) return notSigned;
  const message =
    `The price of a kWh changes within a session (a price applies ${restrictionsInWords(changing.restrictions)}). The bill then needs a signed ` +
    'reading at each change: use this tariff only where the meter signs readings within a session, or use one energy price.';
  return [{ code: 'reading_at_change_needed', severity: 'warning', path: changing.path, message, rule: RULE }];
}
