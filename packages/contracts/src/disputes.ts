// Disputes: CDRs of partners that claim something else than their own tariff and periods come to.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { DecimalText, Instant, PageRequest, pageOf } from './values';

export const DisputeId = Type.String({ minLength: 1, maxLength: 64 });
/** `accepted`: we pay what is claimed; `credited`: the partner has taken the CDR back. */
export const DisputeStatus = Type.Union([Type.Literal('open'), Type.Literal('accepted'), Type.Literal('credited')]);
export type DisputeStatus = Static<typeof DisputeStatus>;

export const Dispute = Type.Object({
  disputeId: DisputeId,
  status: DisputeStatus,
  partnerId: Type.String(),
  /** Who issued the CDR. */
  party: PartyKey,
  cdrId: Type.String(),
  sessionId: Type.Optional(Type.String()),
  currency: Type.String(),
  /** Totals before taxes: the partner's, and what its tariff makes of its periods. */
  claimed: DecimalText,
  computed: DecimalText,
  openedAt: Instant,
  settledAt: Type.Optional(Instant),
  /** Of the operator who accepted it. */
  note: Type.Optional(Type.String()),
  /** The credit that took the CDR back. */
  creditCdrId: Type.Optional(Type.String()),
});
export type Dispute = Static<typeof Dispute>;

export const DisputeQuery = Type.Object({ ...PageRequest, status: Type.Optional(DisputeStatus) });
export const DisputePage = pageOf(Dispute);
export const DisputeAcceptance = Type.Object({ note: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) });
