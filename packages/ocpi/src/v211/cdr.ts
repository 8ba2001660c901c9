// CDR and Session (OCPI 2.1.1 mod_cdrs, mod_sessions): they hold their whole location, name the driver by the contract, and have one sum of money.
import { type Static, Type } from '@sinclair/typebox';
import { saidTariffs } from '../v221/cdr';
import type { WireCdr } from '../v230/cdr';
import { WirePeriod } from '../v230/charging-period';
import type { WireLocation } from '../v230/location';
import type { CdrToken, WireSession } from '../v230/session';
import { type Background, type Surroundings, type Translated, translated, type VersionObject } from '../version';
import { ciString, dateTime, openEnum, ownedBy, text } from '../wire-schema';
import { WireLocation211 as Location211, locationDown, locationUp, type WireLocation211 } from './location';
import { tariffDown, tariffUp, WireTariff211 } from './tariff';

const dimensions = ['ENERGY', 'FLAT', 'MAX_CURRENT', 'MIN_CURRENT', 'PARKING_TIME', 'TIME'] as const;
const { start_date_time, dimensions: _dimensions } = WirePeriod.properties;
const WirePeriod211 = Type.Object({
  start_date_time,
  dimensions: Type.Array(Type.Object({ type: openEnum(...dimensions), volume: Type.Number() })),
});
const shared = {
  auth_id: ciString(36),
  auth_method: openEnum('AUTH_REQUEST', 'WHITELIST'),
  location: Location211,
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  last_updated: dateTime,
};

export const WireSession211 = Type.Object({
  ...shared,
  id: ciString(36),
  start_datetime: dateTime,
  end_datetime: Type.Optional(dateTime),
  kwh: Type.Number(),
  charging_periods: Type.Optional(Type.Array(WirePeriod211)),
  total_cost: Type.Optional(Type.Number()),
  status: openEnum('ACTIVE', 'COMPLETED', 'INVALID', 'PENDING'),
});
type WireSession211 = Static<typeof WireSession211>;

export const WireCdr211 = Type.Object({
  ...shared,
  id: ciString(39),
  start_date_time: dateTime,
  stop_date_time: dateTime,
  tariffs: Type.Optional(Type.Array(WireTariff211)),
  charging_periods: Type.Array(WirePeriod211, { minItems: 1 }),
  total_cost: Type.Number(),
  total_energy: Type.Number(),
  total_time: Type.Number(),
  total_parking_time: Type.Optional(Type.Number()),
  remark: Type.Optional(text(255)),
});
type WireCdr211 = Static<typeof WireCdr211>;

export const session = shownAnywhere(translated(WireSession211, sessionUp, sessionDown), (object) =>
  placeLike({ ...UNKNOWN_PLACE, id: object.location_id, evse_uid: object.evse_uid, connector_id: object.connector_id }, object),
);
export const cdr = shownAnywhere(translated(WireCdr211, cdrUp, cdrDown), (object) => placeLike(object.cdr_location, object));

function sessionUp(wire: WireSession211, around: Surroundings): WireSession {
  const { location, auth_id: _, start_datetime, end_datetime, total_cost, ...rest } = wire;
  const [evse] = location.evses ?? [];
  return {
    ...ownedBy(around.owner),
    ...rest,
    start_date_time: start_datetime,
    ...(end_datetime === undefined ? {} : { end_date_time: end_datetime }),
    cdr_token: tokenIn(around, wire),
    location_id: location.id,
    evse_uid: evse?.uid ?? NOT_TOLD,
    connector_id: evse?.connectors[0]?.id ?? NOT_TOLD,
    ...(total_cost === undefined ? {} : { total_cost: { before_taxes: total_cost } }),
  };
}

function sessionDown(canonical: WireSession, { location }: Background): Translated<WireSession211> {
  const { cdr_token, evse_uid, connector_id, auth_method, status } = canonical;
  const losses: string[] = [];
  const place = placeOf(location, evse_uid, connector_id, losses);
  if (place === undefined) return { reason: `its location ${canonical.location_id} is not known` };
  if (status === 'RESERVATION') return { reason: 'a reservation has no place in this version' };
  if (canonical.authorization_reference !== undefined) losses.push('the authorization reference is not said');
  const { id, start_date_time, end_date_time, kwh, currency, charging_periods, total_cost, last_updated } = canonical;
  const wire: WireSession211 = {
    ...{ id, start_datetime: start_date_time, kwh, auth_id: cdr_token.contract_id, auth_method: methodDown(auth_method, losses) },
    ...(end_date_time === undefined ? {} : { end_datetime: end_date_time }),
    ...{ location: place, currency, status, last_updated },
    ...(charging_periods === undefined ? {} : { charging_periods: periodsDown(charging_periods, losses) }),
    ...(total_cost === undefined ? {} : { total_cost: total_cost.before_taxes }),
  };
  return { wire, losses };
}

function cdrUp(wire: WireCdr211, around: Surroundings): WireCdr {
  const { location, auth_id: _, stop_date_time, total_cost, tariffs, remark, ...rest } = wire;
  const credited = creditedBy(remark);
  return {
    ...ownedBy(around.owner),
    ...rest,
    end_date_time: stop_date_time,
    cdr_token: tokenIn(around, wire),
    cdr_location: cdrLocationOf(locationUp(location, around.owner)),
    ...(tariffs === undefined ? {} : { tariffs: tariffs.map((each) => tariffUp(each, around)) }),
    total_cost: { before_taxes: total_cost },
    ...(credited === undefined ? {} : { credit: true, credit_reference_id: credited }),
  };
}

function cdrDown(canonical: WireCdr, { location }: Background): Translated<WireCdr211> {
  const { cdr_token, cdr_location, auth_method, tariffs, credit_reference_id, total_parking_time } = canonical;
  const losses: string[] = [];
  const place = placeOf(location, cdr_location.evse_uid, cdr_location.connector_id, losses);
  if (place === undefined) return { reason: `its location ${cdr_location.id} is not known` };
  const told = saidTariffs(tariffs, tariffDown, losses);
  losses.push('the session, the costs by kind and the taxes are not said');
  if (canonical.signed_data !== undefined) losses.push('its signed meter data are not said');
  if (canonical.credit === true) losses.push('that it is a credit is said in its remark only');
  const { id, start_date_time, end_date_time, currency, charging_periods, total_cost, total_energy, total_time, last_updated } = canonical;
  const wire: WireCdr211 = {
    ...{ id, start_date_time, stop_date_time: end_date_time, auth_id: cdr_token.contract_id, auth_method: methodDown(auth_method, losses) },
    ...{ location: place, currency, total_energy, total_time, total_cost: total_cost.before_taxes, last_updated },
    ...told,
    charging_periods: periodsDown(charging_periods, losses),
    ...(total_parking_time === undefined ? {} : { total_parking_time }),
    ...(credit_reference_id === undefined ? {} : { remark: `${CREDIT}${credit_reference_id}` }),
  };
  return { wire, losses };
}

/** A partner's own object is shown to it with the location as we know it, or with what the object tells of it. */
function shownAnywhere<T>(object: VersionObject<T>, placeOf: (shown: T) => WireLocation): VersionObject<T> {
  return {
    ...object,
    show(shown, background = {}) {
      try {
        return object.show(shown, background);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return object.show(shown, { location: placeOf(shown) });
      }
    },
  };
}

function placeLike(
  place: WireCdr['cdr_location'],
  { country_code, party_id, last_updated }: Pick<WireCdr, 'country_code' | 'party_id' | 'last_updated'>,
): WireLocation {
  const { evse_uid, connector_id, connector_standard, connector_format, connector_power_type, evse_id: _, ...where } = place;
  const plug = {
    standard: connector_standard,
    format: connector_format,
    power_type: connector_power_type,
    max_voltage: 0,
    max_amperage: 0,
  };
  const connectors = [{ id: connector_id, ...plug, last_updated }];
  const evses = [{ uid: evse_uid, status: 'UNKNOWN', connectors, last_updated }];
  return { country_code, party_id, publish: true, ...where, evses, last_updated };
}

const NOT_TOLD = '#NA';
const UNKNOWN_PLACE = {
  ...{ address: NOT_TOLD, city: NOT_TOLD, country: NOT_TOLD, coordinates: { latitude: '', longitude: '' }, evse_id: NOT_TOLD },
  ...{ connector_standard: NOT_TOLD, connector_format: NOT_TOLD, connector_power_type: NOT_TOLD },
};

/** This version has no credit: the sum is negative, and the remark tells what is taken back. */
const CREDIT = 'Credit of CDR ';

function creditedBy(remark: string | undefined): string | undefined {
  return remark?.startsWith(CREDIT) ? remark.slice(CREDIT.length) : undefined;
}

function tokenIn({ token }: Surroundings, { auth_id }: { auth_id: string }): CdrToken {
  if (token === undefined) throw new RangeError(`auth_id ${auth_id} is not known here`);
  return token;
}

/** The location with the one EVSE and connector that are meant (OCPI 2.1.1 mod_cdrs, location). */
function placeOf(location: WireLocation | undefined, evseUid: string, connectorId: string, losses: string[]): WireLocation211 | undefined {
  const evse = location?.evses?.find(({ uid }) => uid.toLowerCase() === evseUid.toLowerCase());
  const connectors = evse?.connectors.filter(({ id }) => id.toLowerCase() === connectorId.toLowerCase()) ?? [];
  if (location === undefined || evse === undefined || connectors.length === 0) return undefined;
  const said = locationDown({ ...location, evses: [{ ...evse, connectors }] });
  if ('reason' in said) return undefined;
  losses.push(...said.losses);
  return said.wire;
}

function cdrLocationOf(location: WireLocation): WireCdr['cdr_location'] {
  const { id, name, address, city, postal_code, state, country, coordinates, evses = [] } = location;
  const [evse] = evses;
  const [connector] = evse?.connectors ?? [];
  return {
    ...{ id, address, city, country, coordinates },
    ...(name === undefined ? {} : { name }),
    ...(postal_code === undefined ? {} : { postal_code }),
    ...(state === undefined ? {} : { state }),
    evse_uid: evse?.uid ?? NOT_TOLD,
    evse_id: evse?.evse_id ?? evse?.uid ?? NOT_TOLD,
    connector_id: connector?.id ?? NOT_TOLD,
    connector_standard: connector?.standard ?? NOT_TOLD,
    connector_format: connector?.format ?? NOT_TOLD,
    connector_power_type: connector?.power_type ?? NOT_TOLD,
  };
}

function periodsDown(periods: readonly WirePeriod[], losses: string[]): Static<typeof WirePeriod211>[] {
  const lost = new Set<string>();
  const said = periods.map(({ start_date_time, dimensions: all }) => {
    for (const { type } of all) if (!isSayable(type)) lost.add(type);
    return { start_date_time, dimensions: all.filter(({ type }) => isSayable(type)) };
  });
  for (const type of lost) losses.push(`the dimension ${type} is not said`);
  return said;
}

function isSayable(type: string): boolean {
  return dimensions.some((known) => known === type);
}

function methodDown(method: string, losses: string[]): string {
  if (method !== 'COMMAND') return method;
  losses.push('that a command began it is said as AUTH_REQUEST');
  return 'AUTH_REQUEST';
}
