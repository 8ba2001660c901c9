// What operators see of a roaming partner, and what they can have done about it: its health, its deliveries, what was said to and fro.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { Partner } from './roaming';
import { AskedInstant, Instant, PageRequest, pageOf } from './values';

export const partnerId = Type.String({ minLength: 1, maxLength: 64 });

/** The modules of OCPI whose objects partners are told of. */
export const DeliveryModule = Type.Union([
  Type.Literal('sessions'),
  Type.Literal('cdrs'),
  Type.Literal('tokens'),
  Type.Literal('locations'),
  Type.Literal('tariffs'),
]);
export type DeliveryModule = Static<typeof DeliveryModule>;

export const DeliveryStatus = Type.Union([Type.Literal('due'), Type.Literal('delivered'), Type.Literal('parked')]);
export type DeliveryStatus = Static<typeof DeliveryStatus>;

/** One object that one party of the partner must have. Whom it is about is not in it: a token's object id holds its key, not its number. */
export const PartnerDelivery = Type.Object({
  deliveryId: Type.String(),
  module: DeliveryModule,
  objectId: Type.String(),
  recipient: PartyKey,
  status: DeliveryStatus,
  revision: Type.Integer(),
  /** Since when this revision is due; of one that was asked for again, since then. */
  dueAt: Instant,
  firstDueAt: Instant,
  /** The last time that the partner acknowledged a revision of it. */
  deliveredAt: Type.Optional(Instant),
  /** When it is tried next; only of what is due. */
  retryAt: Type.Optional(Instant),
  /** Attempts at this revision that failed. */
  attempts: Type.Integer(),
  reason: Type.Optional(Type.String()),
});
export type PartnerDelivery = Static<typeof PartnerDelivery>;
export const PartnerDeliveryPage = pageOf(PartnerDelivery);

/** What became due last comes first. */
export const DeliveryQuery = Type.Object({
  ...PageRequest,
  status: Type.Optional(DeliveryStatus),
  module: Type.Optional(DeliveryModule),
});
export type DeliveryQuery = Static<typeof DeliveryQuery>;

/** Everything of the module that was last changed at this instant or later. */
export const RedeliveryTerms = Type.Object({
  module: DeliveryModule,
  from: AskedInstant,
  /** Asked again under the same id, what was asked for under it already is left as it is. */
  requestId: Type.Optional(Type.String({ minLength: 8, maxLength: 64 })),
});
export type RedeliveryTerms = Static<typeof RedeliveryTerms>;

export const Redelivery = Type.Object({
  requestId: Type.String(),
  /** Deliveries that are due again by this call. */
  requested: Type.Integer(),
  /** That are still to be asked for: repeat the request under the same id until there are none. */
  left: Type.Integer(),
});
export type Redelivery = Static<typeof Redelivery>;

/** CIDR blocks, e.g. `192.0.2.0/24`, `2001:db8::/32`; a single address is a block too. */
export const AddressBlock = Type.String({
  pattern: '^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$',
  description: 'IPv4 or IPv6, as an address or CIDR',
});
export const PartnerChange = Type.Object({
  /** Where the partner may call from; from everywhere while the list is empty. */
  allowedAddresses: Type.Array(AddressBlock, { maxItems: 100 }),
});
export type PartnerChange = Static<typeof PartnerChange>;

export const PartnerCredential = Type.Union([
  Type.Literal('ours', { description: 'With which the partner calls us' }),
  Type.Literal('theirs', { description: 'With which we call the partner' }),
  Type.Literal('ours-before', { description: 'Still good until its successor has been used once' }),
  Type.Literal('ours-next', { description: 'Offered to the partner in a rotation that has not been answered yet' }),
  Type.Literal('handshake', { description: 'Token A or B of a handshake that is not done' }),
]);

export const PartnerHealth = Type.Object({
  /** What the partner serves: the modules of its version details, by side; OCPI 2.1.1 knows no sides. */
  endpoints: Type.Array(Type.Object({ module: Type.String(), side: Type.Optional(Type.String()) })),
  tokens: Type.Array(Type.Object({ token: PartnerCredential, since: Instant, ageSeconds: Type.Integer() })),
  allowedAddresses: Type.Array(Type.String()),
  /** How long the delivery that has waited longest has been due; 0 while none is. */
  pushLagSeconds: Type.Integer(),
  /** Of our requests to the partner. */
  lastSuccessAt: Type.Optional(Instant),
  lastError: Type.Optional(Type.Object({ at: Instant, reason: Type.String() })),
  /** `open`: everything that is due is sent; `probing`: one at a time, until the partner is reached again; `paused`: nothing until then. */
  circuit: Type.Object({
    state: Type.Union([Type.Literal('open'), Type.Literal('probing'), Type.Literal('paused')]),
    until: Type.Optional(Instant),
  }),
  /** Our requests to the partner within the last hour, by what they came to. */
  lastHour: Type.Object({
    acknowledged: Type.Integer(),
    refused: Type.Integer(),
    unauthorized: Type.Integer(),
    transient: Type.Integer(),
    unreachable: Type.Integer(),
  }),
});
export type PartnerHealth = Static<typeof PartnerHealth>;

export const PartnerDetails = Type.Object({ ...Partner.properties, ...PartnerHealth.properties });
export type PartnerDetails = Static<typeof PartnerDetails>;

/** One exchange with a partner. No bodies, no tokens, nobody's card or contract. */
export const PartnerMessage = Type.Object({
  at: Instant,
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  method: Type.String(),
  /** With `[token]` for whom it is about; of the query only what pages a list. */
  path: Type.String(),
  /** Absent where nobody answered. */
  httpStatus: Type.Optional(Type.Integer()),
  ocpiStatus: Type.Optional(Type.Integer()),
  statusMessage: Type.Optional(Type.String()),
  durationMs: Type.Integer(),
  /** X-Request-ID, cut to 64 characters. */
  requestId: Type.String(),
});
export type PartnerMessage = Static<typeof PartnerMessage>;
export const PartnerMessagePage = pageOf(PartnerMessage);
