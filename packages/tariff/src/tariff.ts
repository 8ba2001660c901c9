// The canonical tariff: what a price is made of, in one shape for all OCPI versions. Field meanings are those of OCPI 2.2.1 and 2.3.0
// mod_tariffs; prices and limits are decimal text, because a binary float cannot hold 0.45.

export interface Tariff {
  readonly countryCode: string;
  readonly partyId: string;
  readonly id: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly type?: TariffType;
  /** Searched in this order, once for each dimension: the first match that has a component of the dimension gives the price. */
  readonly elements: readonly TariffElement[];
  readonly minPrice?: PriceLimit;
  readonly maxPrice?: PriceLimit;
  readonly taxIncluded: TaxIncluded;
  /** ISO 8601 instants between which the tariff may be used for new sessions. */
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly lastUpdated: string;
}

export type TariffType = 'AD_HOC_PAYMENT' | 'PROFILE_CHEAP' | 'PROFILE_FAST' | 'PROFILE_GREEN' | 'REGULAR';

/** `NO`: prices are before taxes (all of OCPI 2.2.1). `YES`: prices contain the taxes. `N/A`: no tax is due on this tariff. */
export type TaxIncluded = 'YES' | 'NO' | 'N/A';

export interface TariffElement {
  readonly priceComponents: readonly PriceComponent[];
  /** All that are given must hold; none means always. */
  readonly restrictions?: TariffRestrictions;
}

export type ComponentType = 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT';

export interface PriceComponent {
  readonly type: ComponentType;
  /** Per kWh, per hour, or once. */
  readonly price: string;
  /** Percent. Absent is not 0: it means that this tariff does not tell the tax. */
  readonly vat?: string;
  /** Wh or seconds in which the volume is billed; 0 bills the exact volume. Without meaning for FLAT. */
  readonly stepSize: number;
}

export interface PriceLimit {
  readonly beforeTaxes: string;
  readonly afterTaxes?: string;
}

export type Weekday = 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';

/** Lower bounds are inclusive, upper bounds exclusive. Times, dates and days are local to the location. */
export interface TariffRestrictions {
  /** "HH:MM". An end before the start spans midnight; an end of "00:00" is the end of the day. */
  readonly startTime?: string;
  readonly endTime?: string;
  /** "YYYY-MM-DD". */
  readonly startDate?: string;
  readonly endDate?: string;
  /** Energy of the session so far. */
  readonly minKwh?: string;
  readonly maxKwh?: string;
  /** Sum over the phases. */
  readonly minCurrentA?: string;
  readonly maxCurrentA?: string;
  readonly minPowerKw?: string;
  readonly maxPowerKw?: string;
  /** Since charging began. */
  readonly minDurationSeconds?: number;
  readonly maxDurationSeconds?: number;
  readonly dayOfWeek?: readonly Weekday[];
  /** Present: the element prices reservations only. Absent: it prices charging and parking only. */
  readonly reservation?: 'RESERVATION' | 'RESERVATION_EXPIRES';
  /** OCPI 2.3.0 bookings. Carried so that such an element is never mistaken for an unrestricted one; it matches no session. */
  readonly booking?: string;
}
