// Pricing of charging sessions by OCPI tariffs: exact, explained line by line, and free of any clock or I/O.
export { type DisplayLine, displayLines } from './care/display-lines';
export type { CareContext, Finding, Jurisdiction, Severity, TariffToCheck } from './care/finding';
export { findings } from './care/findings';
export { currencyOf, jurisdictionsOf, type Place } from './care/places';
export { type ChargingPeriod, type PeriodKind, type SessionToPrice, secondsFromHours } from './charging-period';
export { explain, explainTotal } from './explain';
export type { ExplanationLanguage } from './explain-words';
export { dayNumber, localMoment, SECONDS_PER_DAY } from './local-time';
export { type PricingRequest, priceSession } from './price-session';
export * from './priced-session';
export type * from './tariff';
export { cutTimes, type Thresholds, thresholds } from './thresholds';
