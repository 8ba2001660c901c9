// The law on prices, by jurisdiction: one file a regime, each finding with the rule that it rests on. An error breaks the rule as the tariff
// stands; a warning depends on what the tariff does not tell. Whether a station is under a regime is the context's to say.
import type { CareContext, Finding, Jurisdiction, TariffToCheck } from '../finding';
import { afirFindings } from './afir';
import { californiaFindings } from './california';
import { eichrechtFindings } from './eichrecht';
import { neviFindings } from './nevi';

const REGIMES: Readonly<Record<Jurisdiction, (tariff: TariffToCheck, context: CareContext) => Finding[]>> = {
  nevi: neviFindings,
  california: californiaFindings,
  afir: afirFindings,
  eichrecht: eichrechtFindings,
};

export function lawFindings(tariff: TariffToCheck, context: CareContext): Finding[] {
  return [...new Set(context.jurisdictions)].flatMap((jurisdiction) => REGIMES[jurisdiction](tariff, context));
}
