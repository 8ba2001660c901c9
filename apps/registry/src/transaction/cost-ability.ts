// Whether a station shows costs to drivers, as far as it has told.
import type { Known } from '../mirror/known';
import { actualValue } from '../mirror/variable-value';

/** OCPP 1.6 has no costs: a station announces the vendor's extension for them (OCA, California pricing requirements, section 3). */
const ANNOUNCED_IN_16 = 'OCPP16/CustomDisplayCostAndPrice';

export function showsCosts(version: string | null, known: Pick<Known, 'get'>): boolean {
  const value = (key: string) => String(actualValue(known.get('variable', key)) ?? '').toLowerCase();
  if (version === '1.6') return value(ANNOUNCED_IN_16) === 'true';
  // What a station of 2.x has not told, its answer to the message will.
  return value('TariffCostCtrlr/Enabled[Cost]') !== 'false';
}
