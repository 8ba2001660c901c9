// What sessions that have been would have cost under another tariff.
import { type Static, Type } from '@sinclair/typebox';
import { Currency } from './registry';
import { Tariff } from './tariff';
import { DecimalText, Instant, Text } from './values';

export const TariffSimulationRequest = Type.Object({
  tariff: Tariff,
  /** Sessions that began from here on, */
  from: Instant,
  /** and before this. */
  to: Instant,
  /** Only sessions that had the tariff of this id. */
  insteadOf: Type.Optional(Text(36)),
  /** At most so many, the newest first. */
  sessions: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })),
});
export type TariffSimulationRequest = Static<typeof TariffSimulationRequest>;

/** Amounts are what is due: with taxes where the tariff tells them. */
export const TariffSimulation = Type.Object({
  currency: Currency,
  /** That were priced both ways. */
  sessions: Type.Integer(),
  actual: DecimalText,
  simulated: DecimalText,
  dearer: Type.Integer(),
  cheaper: Type.Integer(),
  same: Type.Integer(),
  /** Sessions that could not be priced by the tariff, by the reason in words. */
  notPriced: Type.Array(Type.Object({ reason: Type.String(), sessions: Type.Integer() })),
  /** Those that would change most, the most first. */
  largestChanges: Type.Array(Type.Object({ sessionId: Type.String(), actual: DecimalText, simulated: DecimalText })),
});
export type TariffSimulation = Static<typeof TariffSimulation>;
