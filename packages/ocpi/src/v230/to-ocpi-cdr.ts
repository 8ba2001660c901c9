// Our CDR in the words of OCPI 2.3.0.
// Next: apps/ocpi-bridge/src/delivery/push-worker.ts
import type { Cdr, Price, SignedReading } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { writeDateTime } from '../date-time';
import { hoursOf, kilowattHours, wireNumber } from '../number';
import { type Expressed, expressed, ownedBy } from '../wire-schema';
import { StrictCdr, type WireCdr } from './cdr';
import { toPeriods } from './charging-period';
import { toCoordinates } from './location';
import { toPrice } from './price';
import { type Bearer, toCdrToken } from './session';
import { toSignedData } from './signed-data';
import { toTariff } from './tariff';

/** @param signed the readings that the CDR names as its evidence. */
export function toOcpiCdr(cdr: Cdr, bearer: Bearer, signed: readonly SignedReading[] = []): Expressed<WireCdr> {
  const losses: string[] = [];
  const wire: WireCdr = {
    ...ownedBy(cdr.party),
    id: cdr.cdrId,
    start_date_time: writeDateTime(cdr.startedAt),
    end_date_time: writeDateTime(cdr.endedAt),
    session_id: cdr.sessionId,
    cdr_token: toCdrToken(bearer),
    auth_method: cdr.payer.authMethod,
    ...(cdr.payer.authorizationReference === undefined ? {} : { authorization_reference: cdr.payer.authorizationReference }),
    cdr_location: toCdrLocation(cdr, losses),
    currency: cdr.currency,
    ...tariffPart(cdr, losses),
    charging_periods: toPeriods(cdr.periods, cdr.endedAt, cdr.tariff.id),
    ...toSignedData(signed, losses),
    total_cost: toPrice(cdr.total),
    ...costPart('total_fixed_cost', cdr.totalFixedCost),
    total_energy: wireNumber(kilowattHours(Decimal.parse(cdr.energyWh))),
    ...costPart('total_energy_cost', cdr.totalEnergyCost),
    total_time: wireNumber(hoursOf(cdr.durationSeconds * 1000)),
    ...costPart('total_time_cost', cdr.totalTimeCost),
    total_parking_time: wireNumber(hoursOf(cdr.parkingSeconds * 1000)),
    ...costPart('total_parking_cost', cdr.totalParkingCost),
    ...(cdr.credit ? { credit: true } : {}),
    ...(cdr.creditReferenceId === undefined ? {} : { credit_reference_id: cdr.creditReferenceId }),
    last_updated: writeDateTime(cdr.issuedAt),
  };
  return expressed(StrictCdr, wire, losses);
}

function toCdrLocation({ place }: Cdr, losses: string[]): WireCdr['cdr_location'] {
  // The eMI3 id is required here; "#NA" is reserved for reservations that nobody came to (OCPI 2.3.0 mod_cdrs, CdrLocation).
  if (place.evseEmi3Id === undefined) losses.push('the EVSE has no eMI3 id: its uid stands in for it');
  return {
    id: place.locationId,
    name: place.name,
    address: place.address,
    city: place.city,
    ...(place.postalCode === undefined ? {} : { postal_code: place.postalCode }),
    ...(place.state === undefined ? {} : { state: place.state }),
    country: place.country,
    coordinates: toCoordinates(place),
    evse_uid: place.evseUid,
    evse_id: place.evseEmi3Id ?? place.evseUid,
    connector_id: place.connectorId,
    connector_standard: place.connectorStandard,
    connector_format: place.connectorFormat,
    connector_power_type: place.connectorPowerType,
  };
}

function tariffPart({ tariff }: Cdr, losses: string[]): Pick<WireCdr, 'tariffs'> {
  const written = toTariff(tariff);
  if (written.ok) {
    losses.push(...written.losses);
    return { tariffs: [written.wire] };
  }
  losses.push(`without its tariff: ${written.reason}`);
  return {};
}

function costPart<K extends string>(field: K, price: Price | undefined): { [F in K]?: ReturnType<typeof toPrice> } {
  const part: { [F in K]?: ReturnType<typeof toPrice> } = {};
  if (price !== undefined) part[field] = toPrice(price);
  return part;
}
