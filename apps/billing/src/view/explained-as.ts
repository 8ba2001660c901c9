// Why a CDR or a driver's bill costs what it costs, in the language that is asked for.
import type { Cdr } from '@evenkeel/contracts';
import { type ExplanationLanguage, explain, explainTotal, priceSession } from '@evenkeel/tariff';

type Explained = Pick<Cdr, 'total' | 'currency' | 'lines' | 'tariff' | 'startedAt' | 'endedAt' | 'periods'> & { timeZone: string };

export function explainedAs(bill: Explained, language: ExplanationLanguage) {
  const { total, currency, lines } = bill;
  return { total, currency, text: [...textOf(bill, language), explainTotal({ currency, total }, language)], lines };
}

/** What is stored is in English; other words follow from what the bill snapshots, by the same calculation. */
function textOf({ tariff, timeZone, startedAt, endedAt, periods, lines }: Explained, language: ExplanationLanguage): string[] {
  if (language === 'en') return lines.map(({ text }) => text);
  const freeWithoutEnergy = lines.some(({ rule }) => rule === 'free_without_energy');
  return explain(priceSession({ tariff, timeZone, session: { startedAt, endedAt, periods }, freeWithoutEnergy }), language).slice(0, -1);
}
