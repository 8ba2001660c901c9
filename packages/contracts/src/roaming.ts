// What the OCPI bridge answers: partners and their real-time authorizations.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { TokenVerdict } from './registry';
import { Instant, Text } from './values';

export const Partner = Type.Object({
  partnerId: Type.String(),
  name: Type.String(),
  status: Type.Union([Type.Literal('invited'), Type.Literal('registered'), Type.Literal('unregistered')]),
  version: Type.Optional(Type.String()),
  /** Of a hub: the parties behind it, with what it says of each (`CONNECTED`, `OFFLINE`, `PLANNED`, `SUSPENDED`). */
  roles: Type.Array(Type.Object({ role: Type.String(), party: PartyKey, name: Type.String(), status: Type.Optional(Type.String()) })),
  versionsUrl: Type.Optional(Type.String()),
  deliveriesPending: Type.Integer(),
  deliveriesParked: Type.Integer(),
  lastDeliveryError: Type.Optional(Type.String()),
  registeredAt: Type.Optional(Instant),
});
export type Partner = Static<typeof Partner>;

/** Without `versionsUrl` and `tokenA` we invite the partner; with them we accept the partner's invitation (OCPI 2.2.1 credentials). */
export const PartnerIntroduction = Type.Object({
  name: Text(100),
  versionsUrl: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 255 })),
  tokenA: Type.Optional(Type.String({ minLength: 8, maxLength: 64 })),
});
export type PartnerIntroduction = Static<typeof PartnerIntroduction>;

/** `tokenA` is in the answer to an invitation and never again. */
export const PartnerIntroduced = Type.Composite([Partner, Type.Object({ tokenA: Type.Optional(Type.String()) })]);
export type PartnerIntroduced = Static<typeof PartnerIntroduced>;

export const PartnerAuthorizationRequest = Type.Object({
  /** The party that issued the token. */
  party: PartyKey,
  token: Type.Object({ uid: Type.String(), type: Type.String() }),
  locationId: Type.Optional(Type.String()),
  evseUid: Type.Optional(Type.String()),
});
export type PartnerAuthorizationRequest = Static<typeof PartnerAuthorizationRequest>;
export const PartnerAuthorization = Type.Object({ verdict: TokenVerdict, authorizationReference: Type.Optional(Type.String()) });
export type PartnerAuthorization = Static<typeof PartnerAuthorization>;
