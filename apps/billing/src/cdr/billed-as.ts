// A priced session as what it is billed as: the total and its lines, with the events behind each line.
import type { CdrLine, Price } from '@evenkeel/contracts';
import { type Cost, explain, type PricedLine, type PricedSession } from '@evenkeel/tariff';

/** @throws for a tariff that does not determine the price before taxes. */
export function billedAs(priced: PricedSession) {
  return {
    currency: priced.currency,
    parkingSeconds: priced.measured.parkingSeconds,
    total: priceOf(priced.total),
    lines: linesOf(priced),
  };
}

export function priceOf(cost: Cost): Price {
  const taxes = cost.taxes?.map(({ percent, amount }) => ({ ...(percent === undefined ? {} : { percentage: percent }), amount }));
  return { ...amountOf(cost), ...(taxes ? { taxes } : {}) };
}

/** The price of what takes a bill back. */
export function negated({ beforeTaxes, afterTaxes, taxes }: Price): Price {
  return {
    beforeTaxes: minus(beforeTaxes),
    ...(afterTaxes === undefined ? {} : { afterTaxes: minus(afterTaxes) }),
    ...(taxes ? { taxes: taxes.map((tax) => ({ ...tax, amount: minus(tax.amount) })) } : {}),
  };
}

function linesOf(priced: PricedSession): CdrLine[] {
  const texts = explain(priced);
  return priced.lines.map((line, index): CdrLine => ({ ...amountOf(line), ...reasonOf(line), text: texts[index] ?? '' }));
}

function reasonOf(line: PricedLine) {
  if (line.kind === 'adjustment') return { rule: line.rule, because: [] };
  return {
    dimension: line.dimension,
    elementIndex: line.elementIndex,
    componentIndex: line.componentIndex,
    quantity: line.rawQuantity,
    billedQuantity: line.billedQuantity,
    unit: line.unit,
    unitPrice: line.unitPrice,
    rule: line.rule,
    because: [...line.because],
  };
}

function amountOf({ beforeTaxes, afterTaxes }: Pick<Cost, 'beforeTaxes' | 'afterTaxes'>) {
  if (beforeTaxes === undefined) throw new Error('the tariff does not determine the price before taxes');
  return { beforeTaxes, ...(afterTaxes === undefined ? {} : { afterTaxes }) };
}

function minus(amount: string): string {
  if (/^-?0+(\.0+)?$/.test(amount)) return amount.replace('-', '');
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}
