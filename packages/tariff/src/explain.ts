// A priced session in plain words, one sentence a line, for a driver's receipt or an operator's question. It only words what is there.
import { Decimal, Money } from '@evenkeel/money';
import { EXPLANATION_WORDS, type ExplanationLanguage, type ExplanationWords } from './explain-words';
import { type AdjustmentLine, amountDue, type PricedLine, type PricedSession, type UsageLine } from './priced-session';

export function explain(
  { currency, lines, total }: Pick<PricedSession, 'currency' | 'lines' | 'total'>,
  language: ExplanationLanguage = 'en',
): string[] {
  const words = EXPLANATION_WORDS[language];
  return [
    ...lines.map((line) => (line.kind === 'usage' ? usage(line, currency, words) : adjustment(line, currency, words))),
    explainTotal({ currency, total }, language),
  ];
}

export function explainTotal({ currency, total }: Total, language: ExplanationLanguage = 'en'): string {
  const words = EXPLANATION_WORDS[language];
  return `${words.total}: ${sides(total, currency, words)}`;
}

interface Total {
  readonly currency: string;
  readonly total: Pick<PricedLine, 'beforeTaxes' | 'afterTaxes'>;
}

function usage(line: UsageLine, currency: string, words: ExplanationWords): string {
  const { dimension, unit, rawQuantity, billedQuantity, unitPrice, stepSize, periods, tariffId } = line;
  const name = words.names[dimension];
  const where = [words.periods(runsText(periods), periods.length), ...(tariffId === undefined ? [] : [words.tariff(tariffId)])].join('; ');
  const amount = `${sides(line, currency, words)} (${where})`;
  if (unit === 'fee') return `${name}: ${amount}`;
  const billed = line.rule === 'step_size' ? words.billedAs(quantityText(billedQuantity, unit), stepText(stepSize, unit)) : '';
  const price = words.at(`${priceText(unitPrice, currency)} ${currency}`, unit === 'Wh' ? 'kWh' : words.hour);
  return `${name}: ${quantityText(rawQuantity, unit)}${billed}${price} = ${amount}`;
}

function adjustment(line: AdjustmentLine, currency: string, words: ExplanationWords): string {
  return `${words.adjustments[line.rule]}: ${sides(line, currency, words)}`;
}

/** One amount if tax makes no difference, otherwise both: a driver pays the one, an invoice needs the other. */
function sides(amounts: Pick<PricedLine, 'beforeTaxes' | 'afterTaxes'>, currency: string, words: ExplanationWords): string {
  const due = `${amountDue(amounts)} ${currency}`;
  const { beforeTaxes, afterTaxes } = amounts;
  if (beforeTaxes === undefined || afterTaxes === undefined || beforeTaxes === afterTaxes) return due;
  return words.bothSides(`${beforeTaxes} ${currency}`, due);
}

/** With at least the currency's decimals, and all that the tariff has. */
function priceText(unitPrice: string, currency: string): string {
  const price = Decimal.parse(unitPrice);
  return price.toScale(Math.max(price.scale, Money.zero(currency).digits), 'half-away-from-zero').toString();
}

function quantityText(quantity: string, unit: 'Wh' | 's'): string {
  if (unit === 's') return durationText(Number(quantity));
  const wh = Decimal.parse(quantity);
  // Whole watt-hours are always shown, finer digits only where they say something.
  return `${Decimal.of(wh.value, wh.scale + 3)} kWh`.replace(/(\.\d{3}\d*?)0*(?= )/, '$1');
}

function stepText(step: number, unit: 'Wh' | 's'): string {
  return unit === 'Wh' ? `${step} Wh` : durationText(step);
}

/** "1 h 5 min 30 s", without the parts that are 0. */
function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  const text = parts.flatMap(([count, name]) => (count === 0 ? [] : [`${count} ${name}`])).join(' ');
  return text === '' ? '0 s' : text;
}

/** "1", "1-2", "1-3, 5"; people count from one. */
function runsText(periods: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const period of periods) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === period) run[1] = period + 1;
    else runs.push([period + 1, period + 1]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
