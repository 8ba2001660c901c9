// What a country means for a tariff: the regimes of law that hold there, and the money that is paid with.
import type { Jurisdiction } from './finding';

/** ISO 3166-1 alpha-3, as a location names its country. Bulgaria pays in euros since 2026. */
const EURO_COUNTRIES = 'AUT BEL BGR CYP DEU ESP EST FIN FRA GRC HRV IRL ITA LTU LUX LVA MLT NLD PRT SVK SVN'.split(' ');
const OTHER_EU_CURRENCIES: Readonly<Record<string, string>> = { CZE: 'CZK', DNK: 'DKK', HUN: 'HUF', POL: 'PLN', ROU: 'RON', SWE: 'SEK' };
const CURRENCIES: ReadonlyMap<string, string> = new Map([
  ...EURO_COUNTRIES.map((country) => [country, 'EUR'] as const),
  ...Object.entries(OTHER_EU_CURRENCIES),
  ...Object.entries({
    USA: 'USD',
    CAN: 'CAD',
    GBR: 'GBP',
    CHE: 'CHF',
    LIE: 'CHF',
    NOR: 'NOK',
    ISL: 'ISK',
    AUS: 'AUD',
    NZL: 'NZD',
    JPN: 'JPY',
  }),
]);

export interface Place {
  /** ISO 3166-1 alpha-3. */
  readonly country: string;
  readonly state?: string;
}

export function jurisdictionsOf({ country, state }: Place): Jurisdiction[] {
  if (country === 'USA') return isCalifornia(state) ? ['nevi', 'california'] : ['nevi'];
  if (country === 'DEU') return ['afir', 'eichrecht'];
  return EURO_COUNTRIES.includes(country) || country in OTHER_EU_CURRENCIES ? ['afir'] : [];
}

/** @returns undefined for a country whose currency is not known here. */
export function currencyOf(country: string): string | undefined {
  return CURRENCIES.get(country);
}

function isCalifornia(state: string | undefined): boolean {
  return ['CA', 'US-CA', 'CALIFORNIA'].includes(state?.trim().toUpperCase() ?? '');
}
