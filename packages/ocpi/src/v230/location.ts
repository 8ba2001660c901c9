// Location, EVSE and Connector (OCPI 2.3.0 mod_locations): what a CPO publishes, and how a receiver keeps what is pushed to it.
import type { PublishedEvse, PublishedLocation } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { writeDateTime } from '../date-time';
import { ciString, dateTime, type Expressed, expressed, openEnum, ownedBy, owner, strictOf, text } from '../wire-schema';

const statuses = ['AVAILABLE', 'BLOCKED', 'CHARGING', 'INOPERATIVE', 'OUTOFORDER', 'PLANNED', 'REMOVED', 'RESERVED', 'UNKNOWN'] as const;

export const GeoLocation = Type.Object({
  latitude: Type.String({ maxLength: 20, strictly: { pattern: '^-?[0-9]{1,2}\\.[0-9]{5,7}$' } }),
  longitude: Type.String({ maxLength: 20, strictly: { pattern: '^-?[0-9]{1,3}\\.[0-9]{5,7}$' } }),
});
export const WireConnector = Type.Object({
  id: ciString(36),
  standard: ciString(64),
  format: openEnum('CABLE', 'SOCKET'),
  power_type: openEnum('AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'),
  max_voltage: Type.Integer(),
  max_amperage: Type.Integer(),
  max_electric_power: Type.Optional(Type.Integer()),
  tariff_ids: Type.Optional(Type.Array(ciString(36))),
  last_updated: dateTime,
});
export type WireConnector = Static<typeof WireConnector>;
const capabilities = [
  ...['CHARGING_PREFERENCES_CAPABLE', 'CHARGING_PROFILE_CAPABLE', 'CHIP_CARD_SUPPORT', 'CONTACTLESS_CARD_SUPPORT', 'CREDIT_CARD_PAYABLE'],
  ...['DEBIT_CARD_PAYABLE', 'PED_TERMINAL', 'REMOTE_START_STOP_CAPABLE', 'RESERVABLE', 'RFID_READER', 'START_SESSION_CONNECTOR_REQUIRED'],
  ...['TOKEN_GROUP_CAPABLE', 'UNLOCK_CAPABLE'],
];
export const WireEvse = Type.Object({
  uid: ciString(36),
  evse_id: Type.Optional(ciString(48)),
  status: openEnum(...statuses),
  capabilities: Type.Optional(Type.Array(openEnum(...capabilities))),
  connectors: Type.Array(WireConnector, { minItems: 1 }),
  last_updated: dateTime,
});
export type WireEvse = Static<typeof WireEvse>;
export const WireLocation = Type.Object({
  ...owner,
  id: ciString(36),
  publish: Type.Boolean(),
  name: Type.Optional(text(255)),
  address: text(255),
  city: text(45),
  postal_code: Type.Optional(text(10)),
  state: Type.Optional(text(45)),
  country: Type.String({ strictly: { pattern: '^[A-Z]{3}$' } }),
  coordinates: GeoLocation,
  evses: Type.Optional(Type.Array(WireEvse)),
  operator: Type.Optional(Type.Object({ name: text(100) })),
  // Required since 2.2, and left out by those who come from 2.1.1.
  time_zone: Type.Optional(text(255)),
  last_updated: dateTime,
});
export type WireLocation = Static<typeof WireLocation>;
const StrictLocation = strictOf(WireLocation);

export function toLocation(location: PublishedLocation, operatorName: string): Expressed<WireLocation> {
  const wire: WireLocation = {
    ...ownedBy(location.party),
    id: location.locationId,
    publish: true,
    name: location.name,
    address: location.address,
    city: location.city,
    ...(location.postalCode === undefined ? {} : { postal_code: location.postalCode }),
    ...(location.state === undefined ? {} : { state: location.state }),
    country: location.country,
    coordinates: toCoordinates(location),
    evses: location.evses.map(toEvse),
    operator: { name: operatorName },
    time_zone: location.timeZone,
    last_updated: writeDateTime(location.lastUpdated),
  };
  return expressed(StrictLocation, wire, []);
}

/** Between five and seven decimals, whatever was registered (OCPI 2.3.0 mod_locations, GeoLocation). */
export function toCoordinates({ latitude, longitude }: { latitude: string; longitude: string }): Static<typeof GeoLocation> {
  return { latitude: coordinate(latitude), longitude: coordinate(longitude) };
}

/**
 * The location after a push of one of its EVSEs or connectors. A child's change is a change of all that it is part of, so `last_updated`
 * of the EVSE and of the location move with it (OCPI 2.3.0 mod_locations, Receiver PUT).
 * @returns undefined where the EVSE that a connector belongs to is not there.
 */
export function withEvse(location: WireLocation, evse: WireEvse): WireLocation {
  const others = (location.evses ?? []).filter(({ uid }) => folded(uid) !== folded(evse.uid));
  const at = (location.evses ?? []).findIndex(({ uid }) => folded(uid) === folded(evse.uid));
  const evses = [...others];
  evses.splice(at < 0 ? others.length : at, 0, evse);
  return { ...location, evses, last_updated: later(location.last_updated, evse.last_updated) };
}

export function withConnector(location: WireLocation, evseUid: string, connector: WireConnector): WireLocation | undefined {
  const evse = evseOf(location, evseUid);
  if (!evse) return undefined;
  const at = evse.connectors.findIndex(({ id }) => folded(id) === folded(connector.id));
  const connectors = [...evse.connectors];
  connectors.splice(at < 0 ? connectors.length : at, at < 0 ? 0 : 1, connector);
  return withEvse(location, { ...evse, connectors, last_updated: later(evse.last_updated, connector.last_updated) });
}

export function evseOf({ evses = [] }: WireLocation, evseUid: string): WireEvse | undefined {
  return evses.find(({ uid }) => folded(uid) === folded(evseUid));
}

export function connectorOf(evse: WireEvse, connectorId: string): WireConnector | undefined {
  return evse.connectors.find(({ id }) => folded(id) === folded(connectorId));
}

function toEvse(evse: PublishedEvse): WireEvse {
  return {
    uid: evse.uid,
    ...(evse.emi3Id === undefined ? {} : { evse_id: evse.emi3Id }),
    status: evse.status,
    ...(evse.capabilities === undefined ? {} : { capabilities: evse.capabilities }),
    connectors: evse.connectors.map((connector) => ({
      id: String(connector.connectorId),
      standard: connector.standard,
      format: connector.format,
      power_type: connector.powerType,
      max_voltage: connector.maxVoltageV,
      max_amperage: connector.maxCurrentA,
      ...(connector.maxPowerW === undefined ? {} : { max_electric_power: connector.maxPowerW }),
      ...(connector.tariffId === undefined ? {} : { tariff_ids: [connector.tariffId] }),
      last_updated: writeDateTime(evse.lastUpdated),
    })),
    last_updated: writeDateTime(evse.lastUpdated),
  };
}

function coordinate(degrees: string): string {
  const written = Decimal.parse(degrees);
  return written.toScale(Math.min(Math.max(written.scale, 5), 7), 'half-away-from-zero').toString();
}

function folded(id: string): string {
  return id.toLowerCase();
}

function later(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
