// What a test of a partner has found: before it goes live, an operator has its platform asked everything that can be asked without changing
// anything there.
import { type Static, Type } from '@sinclair/typebox';
import { Instant } from './values';

/** `warning`: it works, and somebody stricter than we are would refuse it; `skipped`: there was nothing to look at. */
export const CheckOutcome = Type.Union([Type.Literal('passed'), Type.Literal('warning'), Type.Literal('failed'), Type.Literal('skipped')]);
export type CheckOutcome = Static<typeof CheckOutcome>;

export const PartnerCheck = Type.Object({
  /** For programs: `locations.paging`. */
  id: Type.String(),
  what: Type.String(),
  outcome: CheckOutcome,
  /** What was seen; why it was not passed. */
  detail: Type.String(),
});
export type PartnerCheck = Static<typeof PartnerCheck>;

export const PartnerSelfTest = Type.Object({
  partnerId: Type.String(),
  version: Type.String(),
  testedAt: Instant,
  checks: Type.Array(PartnerCheck),
  counts: Type.Object({ passed: Type.Integer(), warning: Type.Integer(), failed: Type.Integer(), skipped: Type.Integer() }),
  /** The same to be read: one line a check, and one that counts them. */
  lines: Type.Array(Type.String()),
});
export type PartnerSelfTest = Static<typeof PartnerSelfTest>;
