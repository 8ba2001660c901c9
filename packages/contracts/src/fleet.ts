// What an operator wants of many stations at once, and keeps wanting: which tokens they may accept by themselves, how they are to be
// configured. A plan names its stations by a filter, so that a station that is registered tomorrow is one of them.
import { type Static, Type } from '@sinclair/typebox';
import { Variable } from './operation-parameters';
import { Instant, pageOf, Text } from './values';

const PlanId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' });
const anyOf = (maxLength: number, description: string) =>
  Type.Optional(Type.Array(Text(maxLength), { minItems: 1, maxItems: 1_000, description }));

/** Every field that is there must fit; within a field any value will do. Without a field, every station is meant. */
export const StationFilter = Type.Object(
  {
    stationIds: anyOf(48, 'Stations by name'),
    locationIds: anyOf(36, 'Stations at these locations'),
    vendors: anyOf(50, 'As the station says, or as it is registered'),
    models: anyOf(50, 'As the station says, or as it is registered'),
    firmwareVersions: anyOf(50, 'As the station said when it booted'),
  },
  { additionalProperties: false },
);
export type StationFilter = Static<typeof StationFilter>;

/** Stations that keep a list of our tokens, to accept them while nobody answers (OCPP 2.1 D01). */
export const LocalListPlan = Type.Object(
  {
    listId: PlanId,
    stations: StationFilter,
    tokenGroups: anyOf(36, 'Only tokens of these groups; all of ours where absent'),
  },
  { additionalProperties: false },
);
export type LocalListPlan = Static<typeof LocalListPlan>;

/** What a station has accepted of its list. Who is on it is kept by keys only. */
export const StationLocalList = Type.Object({
  stationId: Type.String(),
  version: Type.Integer(),
  entries: Type.Integer(),
  /** `behind`: the next message is a full list; `refused`: the station has said no, and is asked again later. */
  status: Type.Union([Type.Literal('accepted'), Type.Literal('behind'), Type.Literal('refused')]),
  /** What the station has answered, where it was no yes. */
  detail: Type.Optional(Type.String()),
  at: Instant,
});
export type StationLocalList = Static<typeof StationLocalList>;

/** Variables by their names in OCPP 2.1, which an OCPP 1.6 station has as keys. */
export const ConfigurationTemplate = Type.Object(
  {
    templateId: PlanId,
    stations: StationFilter,
    variables: Type.Array(
      Type.Object({ ...Variable.properties, value: Type.String({ maxLength: 2500 }) }, { additionalProperties: false }),
      {
        minItems: 1,
        maxItems: 500,
      },
    ),
    /** Sets what differs whenever a station boots; otherwise only when somebody says so. */
    applyAtBoot: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type ConfigurationTemplate = Static<typeof ConfigurationTemplate>;

export const DriftStatus = Type.Union([
  Type.Literal('in-step'),
  Type.Literal('differing'),
  /** The station has refused the value that the template wants. */
  Type.Literal('refused'),
  /** The station has not said what it has. */
  Type.Literal('unknown'),
]);
export type DriftStatus = Static<typeof DriftStatus>;

export const VariableDrift = Type.Object({
  /** e.g. `OCPPCommCtrlr/HeartbeatInterval`. */
  key: Type.String(),
  wanted: Type.String(),
  actual: Type.Optional(Type.String()),
  status: DriftStatus,
  /** The value was taken, and is used when the station has restarted. */
  afterReboot: Type.Optional(Type.Literal(true)),
});
export type VariableDrift = Static<typeof VariableDrift>;

/** The status of a station is the worst of its variables: refused, differing, unknown, in step. */
export const StationDrift = Type.Object({ stationId: Type.String(), status: DriftStatus, variables: Type.Array(VariableDrift) });
export type StationDrift = Static<typeof StationDrift>;

export const LocalListPage = pageOf(LocalListPlan);
export const StationLocalListPage = pageOf(StationLocalList);
export const TemplatePage = pageOf(ConfigurationTemplate);
export const StationDriftPage = pageOf(StationDrift);
