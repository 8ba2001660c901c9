// Everything that is wrong or surprising in a tariff, in one list: what it contradicts in itself, what will astonish an operator or a driver,
// and what it breaks of the law where it is used.
import type { CareContext, Finding, TariffToCheck } from './finding';
import { lawFindings } from './law/law';
import { priceFindings } from './price-care';
import { reachFindings } from './reach';
import { unreadableFindings } from './readable';
import { restrictionFindings } from './restriction-care';
import { stepFindings } from './step-care';
import { termsFindings } from './terms-care';

export function findings(tariff: TariffToCheck, context: CareContext = {}): Finding[] {
  const unreadable = unreadableFindings(tariff);
  // Nothing else can be judged by values that cannot be read.
  if (unreadable.length > 0) return unreadable;
  return [
    ...termsFindings(tariff, context),
    ...restrictionFindings(tariff),
    ...reachFindings(tariff, context),
    ...priceFindings(tariff),
    ...stepFindings(tariff),
    ...lawFindings(tariff, context),
  ];
}
