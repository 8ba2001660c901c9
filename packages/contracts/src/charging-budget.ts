// The power of a site, or of a group of stations, that what charges there shares.
import { type Static, Type } from '@sinclair/typebox';
import { RateUnit } from './charging-profile';
import { PartyKey } from './party';
import { Instant, Text } from './values';

/** Local time of day by the quarter: every time zone is a multiple of it away from UTC. */
const TimeOfDay = Type.String({ pattern: '^(([01]\\d|2[0-3]):(00|15|30|45)|24:00)$', description: 'e.g. 18:30' });

const BudgetWindow = Type.Object(
  { from: TimeOfDay, until: TimeOfDay, limit: Type.Number({ minimum: 0 }) },
  { additionalProperties: false, description: 'Every day; one that ends before it begins goes over midnight' },
);

export const BudgetTerms = Type.Object({
  /** Either a location or stations by their ids. */
  locationId: Type.Optional(Text(36)),
  stationIds: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 48 }), { minItems: 1, maxItems: 500, uniqueItems: true })),
  unit: Type.Union(RateUnit.anyOf, { description: 'A of each phase, or W of all together' }),
  limit: Type.Number({ minimum: 0, description: 'Where no window has another' }),
  windows: Type.Optional(Type.Array(BudgetWindow, { maxItems: 12 })),
  timeZone: Type.Optional(Type.String({ maxLength: 255, description: 'IANA name, of the windows; UTC where absent' })),
  /** What charges at these comes before the rest. */
  priorityStationIds: Type.Optional(Type.Array(Type.String({ maxLength: 48 }), { maxItems: 500 })),
});
export type BudgetTerms = Static<typeof BudgetTerms>;

export const ChargingBudget = Type.Object({ budgetId: Text(36), party: PartyKey, ...BudgetTerms.properties });
export type ChargingBudget = Static<typeof ChargingBudget>;

const ChargingShare = Type.Object({
  stationId: Type.String(),
  evseId: Type.Integer(),
  transactionId: Type.String(),
  /** In the unit of the budget, as of now; absent while the station has accepted none. */
  accepted: Type.Optional(Type.Number()),
  /** What it was told and has not answered to. */
  pending: Type.Optional(Type.Number()),
  since: Type.Optional(Instant),
});

export const ChargingBudgetState = Type.Object({
  budget: ChargingBudget,
  /** What holds now. */
  limit: Type.Number(),
  /** What may be drawn at most by what was handed out, by EVSEs that wait, and by stations that are not under control. */
  reserved: Type.Number(),
  shares: Type.Array(ChargingShare),
  /** Stations that have not accepted the default that a new transaction begins with: they count with all they can draw. */
  uncontrolled: Type.Array(Type.String()),
});
export type ChargingBudgetState = Static<typeof ChargingBudgetState>;

export const ChargingBudgetList = Type.Object({ items: Type.Array(ChargingBudget) });
/** `notTold`: stations that were not connected, or refused, and go on with what they have; `clear-limits` takes it back later. */
export const ChargingBudgetRemoval = Type.Object({ budgetId: Text(36), notTold: Type.Array(Type.String()) });
