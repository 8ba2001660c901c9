// A priced session in plain English, one sentence a line, for a driver's receipt or an operator's question. It only words what is there.
import { Decimal, Money } from '@evenkeel/money';
import { type AdjustmentLine, amountDue, type PricedLine, type PricedSession, type UsageDimension, type UsageLine } from './priced-session';

export function explain(priced: PricedSession): string[] {
  const { currency, lines, total } = priced;
  return [
    ...lines.map((line) => (line.kind === 'usage' ? usage(line, currency) : adjustment(line, currency))),
    `Total: ${sides(total, currency)}`,
  ];
}

const NAMES: Readonly<Record<UsageDimension, string>> = {
  ENERGY: 'Energy',
  TIME: 'Charging time',
  PARKING_TIME: 'Parking time',
  FLAT: 'Session fee',
  RESERVATION_TIME: 'Reservation time',
  RESERVATION_FLAT: 'Reservation fee',
};

const REASONS: Readonly<Record<AdjustmentLine['rule'], string>> = {
  rounding: 'Rounding of the total',
  free_without_energy: 'Free, because no energy was delivered',
  min_price: 'Raised to the minimum price',
  max_price: 'Lowered to the maximum price',
};

function usage(line: UsageLine, currency: string): string {
  const { dimension, unit, rawQuantity, billedQuantity, unitPrice, stepSize, periods } = line;
  const price = `${priceText(unitPrice, currency)} ${currency}`;
  const amount = `${sides(line, currency)} (${periodsText(periods)})`;
  if (unit === 'fee') return `${NAMES[dimension]}: ${amount}`;
  const quantity = quantityText(rawQuantity, unit);
  const billed =
    line.rule === 'step_size' ? `, billed as ${quantityText(billedQuantity, unit)} in steps of ${stepText(stepSize, unit)},` : '';
  return `${NAMES[dimension]}: ${quantity}${billed} at ${price} per ${unit === 'Wh' ? 'kWh' : 'hour'} = ${amount}`;
}

function adjustment(line: AdjustmentLine, currency: string): string {
  return `${REASONS[line.rule]}: ${sides(line, currency)}`;
}

/** One amount if tax makes no difference, otherwise both: a driver pays the one, an invoice needs the other. */
function sides(amounts: Pick<PricedLine, 'beforeTaxes' | 'afterTaxes'>, currency: string): string {
  const due = `${amountDue(amounts)} ${currency}`;
  const { beforeTaxes, afterTaxes } = amounts;
  if (beforeTaxes === undefined || afterTaxes === undefined || beforeTaxes === afterTaxes) return due;
  return `${beforeTaxes} ${currency} before tax, ${due} with tax`;
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

/** "period 1", "periods 1-2", "periods 1-3, 5"; people count from one. */
function periodsText(periods: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const period of periods) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === period) run[1] = period + 1;
    else runs.push([period + 1, period + 1]);
  }
  const text = runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
  return `${periods.length === 1 ? 'period' : 'periods'} ${text}`;
}
