// Location, EVSE and Connector (OCPI 2.1.1 mod_locations): no owner, a type, one tariff a connector, and no power.
import type { PartyKey } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';
import { addressFields, shortened } from '../v221/location';
import { WireConnector, WireEvse, WireLocation } from '../v230/location';
import { type Translated, translated } from '../version';
import { ciString, openEnum, ownedBy, text } from '../wire-schema';

const powerTypes = ['AC_1_PHASE', 'AC_3_PHASE', 'DC'] as const;
const locationTypes = ['ON_STREET', 'PARKING_GARAGE', 'UNDERGROUND_GARAGE', 'PARKING_LOT', 'OTHER', 'UNKNOWN'] as const;

const { max_voltage, max_amperage, max_electric_power: _power, tariff_ids: _tariffs, ...connectorFields } = WireConnector.properties;
export const WireConnector211 = Type.Object({
  ...connectorFields,
  power_type: openEnum(...powerTypes),
  voltage: max_voltage,
  amperage: max_amperage,
  tariff_id: Type.Optional(ciString(36)),
});
const capabilities = [
  ...['CHARGING_PROFILE_CAPABLE', 'CREDIT_CARD_PAYABLE', 'REMOTE_START_STOP_CAPABLE', 'RESERVABLE', 'RFID_READER', 'UNLOCK_CAPABLE'],
];
export const WireEvse211 = Type.Object({
  ...WireEvse.properties,
  capabilities: Type.Optional(Type.Array(openEnum(...capabilities))),
  connectors: Type.Array(WireConnector211, { minItems: 1 }),
});
const { country_code: _country, party_id: _party, publish: _publish, state: _state, ...locationFields } = WireLocation.properties;
export const WireLocation211 = Type.Object({
  ...locationFields,
  address: addressFields.address,
  type: openEnum(...locationTypes),
  // Required, and yet some places have none.
  postal_code: Type.Optional(text(10)),
  evses: Type.Optional(Type.Array(WireEvse211)),
});
type WireConnector211 = Static<typeof WireConnector211>;
type WireEvse211 = Static<typeof WireEvse211>;
export type WireLocation211 = Static<typeof WireLocation211>;

export const location = translated(WireLocation211, (wire, { owner }) => locationUp(wire, owner), locationDown);
export const evse = translated(WireEvse211, evseUp, losing(evseDown));
export const connector = translated(WireConnector211, connectorUp, losing(connectorDown));

export function locationUp({ type, evses, ...wire }: WireLocation211, owner: PartyKey): WireLocation {
  const told = { ...ownedBy(owner), publish: true, ...wire };
  return { ...told, ...(evses === undefined ? {} : { evses: evses.map(evseUp) }) };
}

export function locationDown(canonical: WireLocation): Translated<WireLocation211> {
  // What is not to be published has no word here, so it is not said at all.
  if (!canonical.publish) return { reason: 'a location that is not published has no place in this version' };
  const losses: string[] = [];
  const { country_code: _1, party_id: _2, publish: _3, state, evses, ...wire } = shortened(canonical, losses);
  if (state !== undefined) losses.push('the state is not said');
  const told = { ...wire, type: 'UNKNOWN' };
  return { wire: { ...told, ...(evses === undefined ? {} : { evses: evses.map((each) => evseDown(each, losses)) }) }, losses };
}

function evseUp({ connectors, ...wire }: WireEvse211): WireEvse {
  return { ...wire, connectors: connectors.map(connectorUp) };
}

function evseDown({ connectors, capabilities: all, ...wire }: WireEvse, losses: string[]): WireEvse211 {
  const said = all?.filter((each) => capabilities.includes(each));
  const lost = all?.filter((each) => !capabilities.includes(each)) ?? [];
  if (lost.length > 0) losses.push(`of what EVSE ${wire.uid} can ${lost.join()} is not said`);
  return {
    ...wire,
    ...(said === undefined ? {} : { capabilities: said }),
    connectors: connectors.map((each) => connectorDown(each, losses)),
  };
}

function connectorUp({ voltage, amperage, tariff_id, ...wire }: WireConnector211): WireConnector {
  return { ...wire, max_voltage: voltage, max_amperage: amperage, ...(tariff_id === undefined ? {} : { tariff_ids: [tariff_id] }) };
}

function connectorDown(canonical: WireConnector, losses: string[]): WireConnector211 {
  const { max_voltage, max_amperage, max_electric_power, tariff_ids = [], power_type, ...wire } = canonical;
  const [tariff, ...moreTariffs] = tariff_ids;
  if (max_electric_power !== undefined) losses.push(`the power of connector ${wire.id} is not said`);
  if (moreTariffs.length > 0) losses.push(`of the tariffs of connector ${wire.id} only the first is said`);
  const isTwoPhase = power_type.startsWith('AC_2');
  if (isTwoPhase) losses.push(`connector ${wire.id} of type ${power_type} is said to be AC_1_PHASE`);
  return {
    ...wire,
    power_type: isTwoPhase ? 'AC_1_PHASE' : power_type,
    voltage: max_voltage,
    amperage: max_amperage,
    ...(tariff === undefined ? {} : { tariff_id: tariff }),
  };
}

function losing<Canonical, Wire>(down: (object: Canonical, losses: string[]) => Wire) {
  return (object: Canonical): Translated<Wire> => {
    const losses: string[] = [];
    return { wire: down(object, losses), losses };
  };
}
