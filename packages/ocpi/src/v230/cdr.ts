// The wire form of a CDR (OCPI 2.3.0 mod_cdrs, CDR object).
import { type Static, Type } from '@sinclair/typebox';
import { ciString, dateTime, openEnum, owner, strictOf, text } from '../wire-schema';
import { WirePeriod } from './charging-period';
import { GeoLocation } from './location';
import { WirePrice } from './price';
import { authMethod, CdrToken } from './session';
import { WireSignedData } from './signed-data';
import { WireTariff } from './tariff';

export const WireCdrLocation = Type.Object({
  id: ciString(36),
  name: Type.Optional(text(255)),
  address: text(255),
  city: text(45),
  postal_code: Type.Optional(text(10)),
  state: Type.Optional(text(45)),
  country: Type.String({ strictly: { pattern: '^[A-Z]{3}$' } }),
  coordinates: GeoLocation,
  evse_uid: ciString(36),
  evse_id: ciString(48),
  connector_id: ciString(36),
  connector_standard: ciString(64),
  connector_format: openEnum('CABLE', 'SOCKET'),
  connector_power_type: openEnum('AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'),
});

export const WireCdr = Type.Object({
  ...owner,
  id: ciString(39),
  start_date_time: dateTime,
  end_date_time: dateTime,
  session_id: Type.Optional(ciString(36)),
  cdr_token: CdrToken,
  auth_method: authMethod,
  authorization_reference: Type.Optional(ciString(36)),
  cdr_location: WireCdrLocation,
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  tariffs: Type.Optional(Type.Array(WireTariff)),
  charging_periods: Type.Array(WirePeriod, { minItems: 1 }),
  signed_data: Type.Optional(WireSignedData),
  total_cost: WirePrice,
  total_fixed_cost: Type.Optional(WirePrice),
  total_energy: Type.Number(),
  total_energy_cost: Type.Optional(WirePrice),
  total_time: Type.Number(),
  total_time_cost: Type.Optional(WirePrice),
  total_parking_time: Type.Optional(Type.Number()),
  total_parking_cost: Type.Optional(WirePrice),
  credit: Type.Optional(Type.Boolean()),
  credit_reference_id: Type.Optional(ciString(39)),
  last_updated: dateTime,
});
export type WireCdr = Static<typeof WireCdr>;
export const StrictCdr = strictOf(WireCdr);
