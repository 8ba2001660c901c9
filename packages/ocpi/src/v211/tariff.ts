// Tariff (OCPI 2.1.1 mod_tariffs), as it is read. It names no owner, which the registration tells, and no taxes; whole elements are selected by
// its text, which we read per dimension as the later versions do: the README says why.
import type { Tariff } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';
import { fromTariffFields, tariffFields } from '../v221/tariff';

export const WireTariff = Type.Omit(Type.Object(tariffFields), ['country_code', 'party_id', 'type', 'start_date_time', 'end_date_time']);
export type WireTariff = Static<typeof WireTariff>;

export interface TariffOwner {
  readonly countryCode: string;
  readonly partyId: string;
}

/** @throws RangeError for a value that decides the price and that we do not know. */
export function fromTariff(wire: WireTariff, { countryCode, partyId }: TariffOwner): Tariff {
  return { ...fromTariffFields({ ...wire, country_code: countryCode, party_id: partyId }), taxIncluded: 'NO' };
}
