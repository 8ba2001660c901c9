// What sessions that have been would have cost under another tariff, and billing them by it after all.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { Currency } from './registry';
import { Tariff } from './tariff';
import { AskedInstant, DecimalText, Instant, Text } from './values';

const which = {
  /** Sessions that began from here on, */
  from: AskedInstant,
  /** and before this. */
  to: AskedInstant,
  /** Only sessions that had the tariff of this id. */
  insteadOf: Type.Optional(Text(36)),
};
const comparison = {
  currency: Currency,
  /** Sessions that could not be priced by the tariff, by the reason in words. */
  notPriced: Type.Array(Type.Object({ reason: Type.String(), sessions: Type.Integer() })),
};

export const TariffSimulationRequest = Type.Object({
  tariff: Tariff,
  ...which,
  /** At most so many, the newest first. */
  sessions: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })),
});
export type TariffSimulationRequest = Static<typeof TariffSimulationRequest>;

/** Amounts are what is due: with taxes where the tariff tells them. */
export const TariffSimulation = Type.Object({
  ...comparison,
  /** That were priced both ways. */
  sessions: Type.Integer(),
  actual: DecimalText,
  simulated: DecimalText,
  dearer: Type.Integer(),
  cheaper: Type.Integer(),
  same: Type.Integer(),
  /** Those that would change most, the most first. */
  largestChanges: Type.Array(Type.Object({ sessionId: Type.String(), actual: DecimalText, simulated: DecimalText })),
});
export type TariffSimulation = Static<typeof TariffSimulation>;

/** Of a registered tariff, in the version that is in force now. */
export const ReratingTerms = Type.Object({
  tariffId: Text(36),
  ...which,
  reason: Text(500),
  /** At most so many, the newest first; the rest is asked for with `after`. */
  sessions: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  after: Type.Optional(Text(100)),
});
export const ReratingRequest = Type.Object({ party: PartyKey, ...ReratingTerms.properties });
export type ReratingRequest = Static<typeof ReratingRequest>;

/** A session that comes to the same, on both sides of tax, keeps its bill. Amounts are what is due. */
export const Rerating = Type.Object({
  ...comparison,
  tariffLastUpdated: Instant,
  /** Whose bills were taken back and written anew. */
  rerated: Type.Integer(),
  /** What they came to before, */
  before: DecimalText,
  /** and by the tariff. */
  now: DecimalText,
  same: Type.Integer(),
  /** There are more: ask again after this one. */
  next: Type.Optional(Type.String()),
});
export type Rerating = Static<typeof Rerating>;
