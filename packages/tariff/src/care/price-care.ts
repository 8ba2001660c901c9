// Prices, tax rates and price limits that contradict each other or are hardly meant.
import { Decimal } from '@evenkeel/money';
import type { ComponentType, PriceComponent, PriceLimit, Tariff, TaxIncluded } from '../tariff';
import { componentPath, type Finding } from './finding';
import { reachableComponents } from './reach';

export function priceFindings(tariff: Tariff): Finding[] {
  const ofComponents = tariff.elements.flatMap(({ priceComponents }, elementIndex) =>
    priceComponents.flatMap((component, componentIndex) =>
      componentFindings(component, tariff, componentPath(elementIndex, componentIndex)),
    ),
  );
  return [...ofComponents, ...freeEnergyFirst(tariff), ...chargesNothing(tariff), ...limitFindings(tariff)];
}

const UNIT: Readonly<Record<ComponentType, string>> = { ENERGY: 'per kWh', TIME: 'per hour', PARKING_TIME: 'per hour', FLAT: 'once' };

function componentFindings({ type, price, vat }: PriceComponent, { currency, taxIncluded }: Tariff, path: string): Finding[] {
  const found: Finding[] = [];
  const value = Decimal.parse(price);
  if (value.isNegative) {
    const message = `A price of ${price} ${currency} would pay the driver. Prices start at 0.`;
    found.push({ code: 'negative_price', severity: 'error', path: `${path}.price`, message });
  }
  const most = mostUsual(type, currency);
  if (most !== undefined && value.compare(most) > 0) {
    const message = `${price} ${currency} ${UNIT[type]} is far above what is usual. Is the decimal point where it belongs, and is ${currency} right?`;
    found.push({ code: 'absurd_price', severity: 'warning', path: `${path}.price`, message });
  }
  return vat === undefined ? found : [...found, ...rateFindings(vat, taxIncluded, `${path}.vat`)];
}

function rateFindings(vat: string, taxIncluded: TaxIncluded, path: string): Finding[] {
  if (taxIncluded === 'N/A') {
    const message = `No tax is due on this tariff (taxIncluded N/A), so the rate of ${vat} % is not applied. Remove it, or set taxIncluded to YES or NO.`;
    return [{ code: 'rate_ignored', severity: 'warning', path, message }];
  }
  const percent = Decimal.parse(vat);
  if (percent.isNegative) {
    return [{ code: 'absurd_rate', severity: 'error', path, message: `A tax of ${vat} % would lower the price. Rates start at 0.` }];
  }
  if (!percent.isZero && percent.compare(ONE) < 0) {
    const message = `The rate is in percent: ${vat} is less than one percent. For nineteen percent, say 19.`;
    return [{ code: 'absurd_rate', severity: 'warning', path, message }];
  }
  if (percent.compare(MOST_PERCENT) <= 0) return [];
  const message = `A tax of ${vat} % is far above what is usual. The rate is in percent: for nineteen percent, say 19.`;
  return [{ code: 'absurd_rate', severity: 'warning', path, message }];
}

const ONE = Decimal.of(1n);
const MOST_PERCENT = Decimal.of(50n);

/** Several times the highest prices of the field, in euros; a slipped decimal point is beyond them. */
const MOST_USUAL: Readonly<Record<ComponentType, bigint>> = { ENERGY: 5n, TIME: 300n, PARKING_TIME: 300n, FLAT: 100n };
/** Roughly, and rather too many: how many units make up a euro. In other currencies no price is judged. */
const UNITS_PER_EURO: Readonly<Record<string, bigint>> = {
  EUR: 1n,
  USD: 2n,
  GBP: 1n,
  CHF: 1n,
  CAD: 2n,
  AUD: 2n,
  NZD: 3n,
  DKK: 8n,
  NOK: 15n,
  SEK: 15n,
  PLN: 5n,
  CZK: 30n,
  RON: 6n,
  HUF: 500n,
  ISK: 200n,
  JPY: 200n,
};

function mostUsual(type: ComponentType, currency: string): Decimal | undefined {
  const units = UNITS_PER_EURO[currency];
  return units === undefined ? undefined : Decimal.of(MOST_USUAL[type] * units);
}

function freeEnergyFirst(tariff: Tariff): Finding[] {
  const energies = tariff.elements.flatMap(({ priceComponents, restrictions }, elementIndex) => {
    const componentIndex = priceComponents.findIndex(({ type }) => type === 'ENERGY');
    const price = priceComponents[componentIndex]?.price;
    const isForCharging = restrictions?.reservation === undefined && restrictions?.booking === undefined;
    return price === undefined || !isForCharging
      ? []
      : [{ elementIndex, componentIndex, isFree: Decimal.parse(price).isZero, restrictions }];
  });
  return energies.flatMap(({ elementIndex, componentIndex, isFree, restrictions }, index): Finding[] => {
    if (!isFree || energies.slice(index + 1).every((later) => later.isFree)) return [];
    const isAlways = Object.values(restrictions ?? {}).every((value) => value === undefined);
    const message = isAlways
      ? 'Energy is free, because this element comes first and always matches; the energy prices after it are never used. Move it to the end or remove it.'
      : 'Energy is free whenever this element matches, whatever the elements after it say. Move it behind them if that is not meant.';
    const path = `${componentPath(elementIndex, componentIndex)}.price`;
    return [{ code: 'free_energy_first', severity: isAlways ? 'warning' : 'notice', path, message }];
  });
}

function chargesNothing(tariff: Tariff): Finding[] {
  const types: ComponentType[] = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'];
  const charges = types.some((type) =>
    reachableComponents(tariff, type).some(({ elementIndex, componentIndex }) => {
      const price = tariff.elements[elementIndex]?.priceComponents[componentIndex]?.price;
      return price !== undefined && !Decimal.parse(price).isZero;
    }),
  );
  if (charges || (tariff.minPrice !== undefined && !Decimal.parse(tariff.minPrice.beforeTaxes).isZero)) return [];
  const message = 'Charging costs nothing by this tariff. If that is not meant, add an element with a price.';
  return [{ code: 'charges_nothing', severity: 'warning', path: 'elements', message }];
}

function limitFindings(tariff: Tariff): Finding[] {
  const { minPrice, maxPrice } = tariff;
  const found: Finding[] = [];
  for (const side of ['beforeTaxes', 'afterTaxes'] as const) {
    const [least, most] = [minPrice?.[side], maxPrice?.[side]];
    if (least === undefined || most === undefined || Decimal.parse(least).compare(Decimal.parse(most)) <= 0) continue;
    const message = `The minimum price ${least} is above the maximum price ${most}, which wins: every session costs at most ${most}. Correct one of them.`;
    found.push({ code: 'limits_contradict', severity: 'error', path: `maxPrice.${side}`, message });
  }
  return [...found, ...ofLimit(tariff, 'minPrice', minPrice), ...ofLimit(tariff, 'maxPrice', maxPrice)];
}

function ofLimit(tariff: Tariff, name: 'minPrice' | 'maxPrice', limit: PriceLimit | undefined): Finding[] {
  if (limit === undefined) return [];
  const { beforeTaxes, afterTaxes } = limit;
  const found: Finding[] = [];
  if (Decimal.parse(beforeTaxes).isNegative || (afterTaxes !== undefined && Decimal.parse(afterTaxes).isNegative)) {
    found.push({
      code: 'negative_price',
      severity: 'error',
      path: name,
      message: 'A price limit below 0 has no meaning. Limits start at 0.',
    });
  }
  const differs = afterTaxes === undefined ? 0 : Decimal.parse(afterTaxes).compare(Decimal.parse(beforeTaxes));
  if (differs < 0) {
    const message = `The limit after taxes, ${afterTaxes}, is below the one before taxes, ${beforeTaxes}. Taxes add to a price: correct one.`;
    found.push({ code: 'limit_sides_contradict', severity: 'warning', path: `${name}.afterTaxes`, message });
  }
  if (tariff.taxIncluded === 'N/A' && differs > 0) {
    const message = `No tax is due on this tariff, so the limit of ${beforeTaxes} holds on both sides and afterTaxes ${afterTaxes} is not used. Remove it.`;
    found.push({ code: 'limit_not_comparable', severity: 'warning', path: `${name}.afterTaxes`, message });
  }
  return [...found, ...notComparable(tariff, name, limit)];
}

/** Whether a side of tax is known is asked of the whole tariff, as pricing does it (`costing.ts`). */
function notComparable({ taxIncluded, elements }: Tariff, name: string, { afterTaxes }: PriceLimit): Finding[] {
  const components = elements.flatMap(({ priceComponents }) => priceComponents);
  if (taxIncluded === 'YES' && afterTaxes === undefined) {
    const costly = components.filter(({ price, vat }) => vat === undefined && !Decimal.parse(price).isZero);
    if (costly.length === 0) return [];
    const message =
      'Prices contain taxes of a rate that is not told, so the price before taxes is not known and this limit is not applied. Add afterTaxes, ' +
      'or the vat of each component.';
    return [{ code: 'limit_not_comparable', severity: 'warning', path: `${name}.beforeTaxes`, message }];
  }
  if (taxIncluded === 'NO' && afterTaxes !== undefined && components.every(({ vat }) => vat === undefined)) {
    const message =
      'No component tells its vat, so the price after taxes is not known and this side of the limit is not applied. Add the vat, or leave it out.';
    return [{ code: 'limit_not_comparable', severity: 'warning', path: `${name}.afterTaxes`, message }];
  }
  return [];
}
