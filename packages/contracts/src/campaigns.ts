// A firmware campaign: a firmware for many stations, first for a few that are watched, then in steps, and no further when too many fail.
import { type Static, Type } from '@sinclair/typebox';
import { StationFilter } from './fleet';
import { Location } from './operation-parameters';
import { Instant, pageOf, Text } from './values';

const StationId = Text(48);

export const CampaignPlan = Type.Object(
  {
    campaignId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
    stations: StationFilter,
    firmware: Type.Object(
      {
        version: Type.String({ minLength: 1, maxLength: 50, description: 'As a station says it when it boots' }),
        location: Location,
        signingCertificate: Type.Optional(Type.String({ maxLength: 5500 })),
        signature: Type.Optional(Type.String({ maxLength: 800 })),
      },
      { additionalProperties: false },
    ),
    canaries: Type.Array(StationId, {
      maxItems: 100,
      description: 'Stations that go first; all of them must have an end before any other',
    }),
    steps: Type.Array(Type.Integer({ minimum: 1, maximum: 100 }), {
      minItems: 1,
      maxItems: 20,
      description: 'Rising shares of the stations, in percent; the last one is 100',
    }),
    atOnce: Type.Integer({ minimum: 1, maximum: 1_000, description: 'So many stations update at a time' }),
    haltAbovePercent: Type.Integer({ minimum: 0, maximum: 100, description: 'Of the stations of the step that may fail' }),
  },
  { additionalProperties: false },
);
export type CampaignPlan = Static<typeof CampaignPlan>;

export const CampaignStatus = Type.Union([
  Type.Literal('running'),
  Type.Literal('paused'),
  /** Too many stations have failed; it goes on when somebody resumes it. */
  Type.Literal('halted'),
  Type.Literal('aborted'),
  Type.Literal('done'),
]);
export type CampaignStatus = Static<typeof CampaignStatus>;

export const Campaign = Type.Object({
  ...CampaignPlan.properties,
  status: CampaignStatus,
  begunAt: Instant,
  /** The share that may update now, in percent; 0 for the canaries. */
  stepPercent: Type.Integer(),
  total: Type.Integer(),
  updating: Type.Integer(),
  updated: Type.Integer(),
  failed: Type.Integer(),
});
export type Campaign = Static<typeof Campaign>;

export const CampaignStationStatus = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('updating'),
  Type.Literal('updated'),
  Type.Literal('failed'),
]);
export const CampaignStation = Type.Object({
  stationId: Type.String(),
  status: CampaignStationStatus,
  commandId: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
  at: Instant,
});
export type CampaignStation = Static<typeof CampaignStation>;

export const CampaignOrder = Type.Union([Type.Literal('pause'), Type.Literal('resume'), Type.Literal('abort')]);
export type CampaignOrder = Static<typeof CampaignOrder>;

export const CampaignPage = pageOf(Campaign);
export const CampaignStationPage = pageOf(CampaignStation);
