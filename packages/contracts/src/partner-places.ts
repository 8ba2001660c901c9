// Where our drivers can charge at roaming partners, and at what price: for maps and lists.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { Tariff } from './tariff';
import { Instant, PageRequest } from './values';

const degrees = (most: number) => Type.Number({ minimum: -most, maximum: most });

/** Either what a map shows (its four edges), or what is around a point, the nearest first; or everything, page by page. */
export const PartnerPlaceQuery = Type.Object({
  ...PageRequest,
  west: Type.Optional(degrees(180)),
  south: Type.Optional(degrees(90)),
  east: Type.Optional(degrees(180)),
  north: Type.Optional(degrees(90)),
  latitude: Type.Optional(degrees(90)),
  longitude: Type.Optional(degrees(180)),
  radiusM: Type.Optional(Type.Integer({ minimum: 1, maximum: 200_000 })),
  party: Type.Optional(PartyKey),
  /** In the name, address or city. */
  text: Type.Optional(Type.String({ minLength: 2, maxLength: 100 })),
  standard: Type.Optional(Type.String({ maxLength: 64, description: 'Of a connector, e.g. IEC_62196_T2_COMBO' })),
  minPowerW: Type.Optional(Type.Integer({ minimum: 1 })),
  available: Type.Optional(Type.Boolean({ description: 'Only where such a connector is free, as far as its CPO has said' })),
});
export type PartnerPlaceQuery = Static<typeof PartnerPlaceQuery>;

export const PartnerPlace = Type.Object({
  /** The CPO. */
  party: PartyKey,
  locationId: Type.String(),
  name: Type.Optional(Type.String()),
  address: Type.String(),
  city: Type.String(),
  postalCode: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  country: Type.String(),
  latitude: Type.String(),
  longitude: Type.String(),
  timeZone: Type.Optional(Type.String()),
  distanceM: Type.Optional(Type.Integer()),
  evses: Type.Array(
    Type.Object({
      uid: Type.String(),
      evseId: Type.Optional(Type.String()),
      status: Type.String(),
      connectors: Type.Array(
        Type.Object({
          connectorId: Type.String(),
          standard: Type.String(),
          format: Type.String(),
          powerType: Type.String(),
          maxVoltageV: Type.Integer(),
          maxCurrentA: Type.Integer(),
          maxPowerW: Type.Optional(Type.Integer()),
          tariffIds: Type.Array(Type.String()),
        }),
      ),
    }),
  ),
  lastUpdated: Instant,
});
export type PartnerPlace = Static<typeof PartnerPlace>;

/** With the tariffs that the connectors of the page name, as far as their CPOs have told them and we can price by them. */
export const PartnerPlacePage = Type.Object({
  items: Type.Array(PartnerPlace),
  next: Type.Optional(Type.String()),
  tariffs: Type.Array(Type.Object({ party: PartyKey, tariff: Tariff })),
});
export type PartnerPlacePage = Static<typeof PartnerPlacePage>;
