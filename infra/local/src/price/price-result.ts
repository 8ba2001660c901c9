// A priced session in the words of an OCPI CDR, with the lines that it comes from. Costs are exact: a value without an end in decimals has six of
// them. What is due is rounded.
import { Decimal, Rational } from '@evenkeel/money';
import { type Cost, type CostGroup, explain, type PricedLine, type PricedSession, type UsageDimension } from '@evenkeel/tariff';

const DECIMALS = 6;
const WH_DIGITS = 3;

const costNames: Readonly<Record<CostGroup, string>> = {
  energy: 'total_energy_cost',
  time: 'total_time_cost',
  parking: 'total_parking_cost',
  fixed: 'total_fixed_cost',
  reservation: 'total_reservation_cost',
};

export function resultOf(priced: PricedSession): Record<string, unknown> {
  const { currency, total, costs, lines, measured, warnings } = priced;
  const groups = Object.entries(costs).map(([group, cost]) => [costNames[group as CostGroup], exactSides(cost)]);
  return {
    currency,
    total_cost: exactSides(total),
    // Of prices that include taxes of an unknown rate there is no other side.
    ...(total.exact.beforeTaxes === undefined && total.exact.afterTaxes !== undefined
      ? { total_incl_taxes: decimals(total.exact.afterTaxes) }
      : {}),
    ...Object.fromEntries(groups),
    ...billed(lines),
    total_energy: decimals(kilowattHours(measured.energyWh)),
    due: sides(total.beforeTaxes, total.afterTaxes),
    ...(total.taxes === undefined ? {} : { taxes: total.taxes }),
    line_items: lines.map((line) => lineItem(line)),
    warnings,
    explanation: explain(priced),
  };
}

/** Exact text of the money package ("5.125" or "1/6") as a fraction. */
export function rationalOf(exact: string): Rational {
  const [numerator = '0', denominator] = exact.split('/');
  return denominator === undefined ? Rational.fromDecimal(Decimal.parse(numerator)) : Rational.of(BigInt(numerator), BigInt(denominator));
}

function exactSides({ exact }: Cost) {
  return sides(exact.beforeTaxes && decimals(exact.beforeTaxes), exact.afterTaxes && decimals(exact.afterTaxes));
}

function sides(before: string | undefined, after: string | undefined) {
  return { ...(before === undefined ? {} : { excl_vat: before }), ...(after === undefined ? {} : { incl_vat: after }) };
}

function decimals(exact: string): string {
  return exact.includes('/') ? rationalOf(exact).toDecimal(DECIMALS, 'half-away-from-zero').toString() : exact;
}

function billed(lines: readonly PricedLine[]): Record<string, string | number> {
  const sum = (dimension: UsageDimension): string | undefined => {
    const quantities = lines.flatMap((line) =>
      line.kind === 'usage' && line.dimension === dimension ? [Decimal.parse(line.billedQuantity)] : [],
    );
    return quantities.length === 0 ? undefined : quantities.reduce((total, each) => total.add(each)).toString();
  };
  const seconds = (name: string, dimension: UsageDimension) => {
    const text = sum(dimension);
    return text === undefined ? {} : { [name]: Number(text) };
  };
  const energy = sum('ENERGY');
  return {
    ...(energy === undefined ? {} : { billed_energy_kwh: kilowattHours(energy) }),
    ...seconds('billed_time_seconds', 'TIME'),
    ...seconds('billed_parking_seconds', 'PARKING_TIME'),
    ...seconds('billed_reservation_seconds', 'RESERVATION_TIME'),
  };
}

function kilowattHours(wattHours: string): string {
  const { value, scale } = Decimal.parse(wattHours);
  return Rational.fromDecimal(Decimal.of(value, scale + WH_DIGITS)).toString();
}

function lineItem(line: PricedLine): Record<string, unknown> {
  if (line.kind === 'adjustment') return { rule: line.rule, ...sides(line.beforeTaxes, line.afterTaxes) };
  return {
    dimension: line.dimension,
    rule: line.rule,
    periods: line.periods,
    ...(line.tariffId === undefined ? {} : { tariff_id: line.tariffId }),
    element: line.elementIndex,
    component: line.componentIndex,
    unit: line.unit,
    quantity: line.rawQuantity,
    billed_quantity: line.billedQuantity,
    step_size: line.stepSize,
    price: line.unitPrice,
    ...(line.vat === undefined ? {} : { vat: line.vat }),
    ...sides(line.beforeTaxes, line.afterTaxes),
  };
}
