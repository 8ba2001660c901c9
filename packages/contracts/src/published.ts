// What roaming partners may see of the registry: locations with the state of their EVSEs, in pages by offset as OCPI pages.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { Evse, Location } from './registry';
import { Instant } from './values';

export const PublishedEvse = Type.Composite([
  Evse,
  Type.Object({
    /** The OCPP station that the EVSE belongs to. */
    stationId: Type.String(),
    /** OCPI 2.2.1 Status of the EVSE. */
    status: Type.String(),
    /** OCPI 2.3.0 Capability: of those, what is known of the station and done by us. */
    capabilities: Type.Optional(Type.Array(Type.String())),
    lastUpdated: Instant,
  }),
]);
export const PublishedLocation = Type.Composite([Location, Type.Object({ evses: Type.Array(PublishedEvse), lastUpdated: Instant })]);
export type PublishedLocation = Static<typeof PublishedLocation>;
export type PublishedEvse = Static<typeof PublishedEvse>;

const updatedBetween = { updatedFrom: Type.Optional(Instant), updatedBefore: Type.Optional(Instant) };
const offsetPage = { offset: Type.Integer({ minimum: 0 }), limit: Type.Integer({ minimum: 1, maximum: 1000 }) };

/** A page by offset and its total, as OCPI pagination needs it (OCPI 2.2.1 transport_and_format, pagination). */
export const offsetPageOf = <T extends import('@sinclair/typebox').TSchema>(row: T) =>
  Type.Object({ items: Type.Array(row), total: Type.Integer() });
export const PublishedQuery = Type.Object({
  party: Type.Optional(PartyKey),
  /** Of locations, or of tariffs: this one only. */
  locationId: Type.Optional(Type.String()),
  tariffId: Type.Optional(Type.String()),
  ...updatedBetween,
  ...offsetPage,
});
export type PublishedQuery = Static<typeof PublishedQuery>;

/** Which, not what: whoever tells a partner reads it when it is told. */
export const LocationChanged = Type.Object({ party: PartyKey, locationId: Type.String(), lastUpdated: Instant });
export type LocationChanged = Static<typeof LocationChanged>;
export const TariffChanged = Type.Object({ party: PartyKey, tariffId: Type.String(), lastUpdated: Instant });
export type TariffChanged = Static<typeof TariffChanged>;
