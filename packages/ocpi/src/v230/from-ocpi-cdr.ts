// A partner's CDR in our terms: energy in Wh, time in seconds, money as decimal text.
import { type PartnerCdr, partyKey, type TokenReference } from '@evenkeel/contracts';
import { instantOf } from '../date-time';
import { secondsOf, wattHoursOf } from '../number';
import type { WireCdr } from './cdr';
import { fromPeriods } from './charging-period';
import { fromPrice } from './price';
import { fromTariff } from './tariff';

/**
 * @param token whom it is about: who that is stays behind.
 * @param timeZone of the location, where it is known: tariffs are read in it.
 * @throws RangeError for a tariff or an instant that cannot be understood.
 */
export function fromOcpiCdr(wire: Omit<WireCdr, 'cdr_token'>, partnerId: string, token: TokenReference, timeZone?: string): PartnerCdr {
  // Our check prices a CDR by one tariff; which of several applied where would be a guess.
  const [tariff, ...moreTariffs] = wire.tariffs ?? [];
  return {
    partnerId,
    cdrId: wire.id,
    party: partyKey(wire.country_code, wire.party_id),
    ...(wire.session_id === undefined ? {} : { sessionId: wire.session_id }),
    token,
    startedAt: instantOf(wire.start_date_time),
    endedAt: instantOf(wire.end_date_time),
    place: placeOf(wire.cdr_location),
    ...(timeZone === undefined ? {} : { timeZone }),
    currency: wire.currency,
    energyWh: wattHoursOf(wire.total_energy),
    durationSeconds: secondsOf(wire.total_time),
    total: fromPrice(wire.total_cost),
    ...(tariff !== undefined && moreTariffs.length === 0 ? { tariff: fromTariff(tariff) } : {}),
    periods: fromPeriods(wire.charging_periods),
    credit: wire.credit ?? false,
    ...(wire.credit_reference_id === undefined ? {} : { creditReferenceId: wire.credit_reference_id }),
    ...(wire.authorization_reference === undefined ? {} : { authorizationReference: wire.authorization_reference }),
    lastUpdated: instantOf(wire.last_updated),
  };
}

function placeOf({ id, name, address, city }: WireCdr['cdr_location']): PartnerCdr['place'] {
  return { locationId: id, ...(name === undefined ? {} : { name }), address, city };
}
