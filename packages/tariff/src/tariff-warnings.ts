// What a person should look at before trusting a price, as far as the tariff and the session alone tell. Warnings change no price.
import type { SessionToPrice } from './charging-period';
import { epochSeconds } from './local-time';
import type { Cost, PricingWarning } from './priced-session';
import type { Tariff } from './tariff';

/** @param last the tariff whose price limits count. */
export function tariffWarnings(
  tariffs: readonly [Tariff, ...Tariff[]],
  last: Tariff,
  session: SessionToPrice,
  total: Cost,
): PricingWarning[] {
  // The others were chosen later, at times that only their periods tell.
  const [{ startsAt, endsAt }] = tariffs;
  const start = epochSeconds(session.startedAt);
  const warnings: PricingWarning[] = [];
  if ((startsAt !== undefined && start < epochSeconds(startsAt)) || (endsAt !== undefined && start >= epochSeconds(endsAt))) {
    warnings.push({ code: 'tariff_not_in_force' });
  }
  const first = session.periods[0];
  const beginsWithSession = first === undefined || first.startedAt === session.startedAt || epochSeconds(first.startedAt) === start;
  if (!beginsWithSession) warnings.push({ code: 'time_without_period' });
  if (tariffs.some(hasIgnoredRate)) warnings.push({ code: 'tax_rate_ignored' });
  const hasLimitBeforeTaxesOnly = [last.minPrice, last.maxPrice].some((limit) => limit !== undefined && limit.afterTaxes === undefined);
  if (total.beforeTaxes === undefined && hasLimitBeforeTaxesOnly) warnings.push({ code: 'price_limit_not_comparable' });
  return warnings;
}

function hasIgnoredRate({ taxIncluded, elements }: Tariff): boolean {
  return taxIncluded === 'N/A' && elements.some(({ priceComponents }) => priceComponents.some(({ vat }) => vat !== undefined));
}
