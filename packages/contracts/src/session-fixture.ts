// A session in a file: what a station sent, and the bill that came of it, with nobody in it. `export-session` writes such files, the pure
// cores and the simulator play them again, and the corpus of test/corpus is made of them. A file is read by versions after the one that wrote
// it, so a field is never given another meaning; the format's name changes instead.
import { type Static, Type } from '@sinclair/typebox';
import { type Cdr, CdrLine, Price } from './cdrs';
import { TokenVerdict } from './registry';
import { AnomalyCode, ChargingPeriod, ChosenReadings, SessionListStatus } from './sessions';
import { Tariff } from './tariff';
import { DecimalText, Instant, TokenType } from './values';

export const FIXTURE_FORMAT = 'evenkeel-session-1';

/** A CALL as the array that it is on the wire. */
export const FixtureFrame = Type.Tuple([Type.Literal(2), Type.String(), Type.String(), Type.Record(Type.String(), Type.Unknown())]);
export type FixtureFrame = Static<typeof FixtureFrame>;

/** What happened, in order. Each step has exactly one of `frame`, `release`, `deny` and `restart`. */
export const FixtureStep = Type.Object(
  {
    /** When the back end had it. */
    at: Instant,
    frame: Type.Optional(FixtureFrame),
    /** Of a StartTransaction: the number by which later frames name the transaction. A replay puts the number of its own answer there. */
    answered: Type.Optional(Type.Integer()),
    release: Type.Optional(Type.Object({ transaction: Type.String(), reason: Type.String(), readings: Type.Optional(ChosenReadings) })),
    deny: Type.Optional(Type.Object({ transaction: Type.String(), reason: Type.String() })),
    /** The back end died and came back: what was in memory is gone. */
    restart: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
);
export type FixtureStep = Static<typeof FixtureStep>;

const { evidence: _evidence, ...period } = ChargingPeriod.properties;
const { because: _because, ...line } = CdrLine.properties;

/** A CDR without what says whose it is: what is left must come out again. Files made by hand name what matters to them. */
export const FixtureCdr = Type.Object(
  {
    total: Price,
    energyWh: DecimalText,
    credit: Type.Optional(Type.Boolean()),
    currency: Type.Optional(Type.String()),
    startedAt: Type.Optional(Instant),
    endedAt: Type.Optional(Instant),
    durationSeconds: Type.Optional(Type.Integer()),
    parkingSeconds: Type.Optional(Type.Integer()),
    lines: Type.Optional(Type.Array(Type.Partial(Type.Object(line)))),
    periods: Type.Optional(Type.Array(Type.Partial(Type.Object(period)))),
    flags: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);
export type FixtureCdr = Static<typeof FixtureCdr>;

/** What becomes of one transaction. */
export const FixtureOutcome = Type.Object(
  {
    /** As the frames name it. */
    transaction: Type.String(),
    status: SessionListStatus,
    /** What a person was asked about, and the energy that would have been billed without asking. */
    held: Type.Optional(Type.Object({ codes: Type.Array(AnomalyCode), energyWh: DecimalText })),
    /** In the order of their issue, credits among them. */
    cdrs: Type.Array(FixtureCdr),
  },
  { additionalProperties: false },
);
export type FixtureOutcome = Static<typeof FixtureOutcome>;

export const SessionFixture = Type.Object(
  {
    story: Type.String(),
    /** Where the story is told by those who lived it. */
    source: Type.Optional(Type.String()),
    format: Type.Literal(FIXTURE_FORMAT),
    /** What was replaced or left out because it says who or where somebody is. */
    masked: Type.Array(Type.String()),
    ocppVersion: Type.Union([Type.Literal('1.6'), Type.Literal('2.0.1')]),
    timeZone: Type.String(),
    /** One entry a connector that takes part. */
    connectors: Type.Array(
      Type.Object({
        evseId: Type.Integer({ minimum: 1 }),
        connectorId: Type.Integer({ minimum: 1 }),
        standard: Type.String(),
        format: Type.String(),
        powerType: Type.String(),
        maxPowerW: Type.Optional(Type.Integer()),
      }),
      { minItems: 1 },
    ),
    tariff: Type.Omit(Tariff, ['countryCode', 'partyId']),
    /** Until then nobody could tell the price. */
    tariffKnownFrom: Type.Optional(Instant),
    tokens: Type.Array(
      Type.Object({
        uid: Type.String(),
        type: TokenType,
        /** Whose it is: of the operator's own, of a roaming partner's, or nobody's that is known. */
        payer: Type.Union([Type.Literal('own'), Type.Literal('roaming'), Type.Literal('unknown')]),
        verdict: TokenVerdict,
      }),
    ),
    /** Where the party's rules for sessions differ from the defaults (the ledger's SESSION_POLICIES). */
    policy: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    /** Minutes that pass after the last step. */
    waitMinutes: Type.Optional(Type.Integer({ minimum: 0 })),
    steps: Type.Array(FixtureStep, { minItems: 1 }),
    outcomes: Type.Array(FixtureOutcome),
    /** Facts of the session whose frame was not kept: a replay lacks them. */
    lackingFrames: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type SessionFixture = Static<typeof SessionFixture>;

/** What a replay must give again of a CDR: everything but its ids, its place and its payer, and when it was issued. */
export function fixtureCdrOf(cdr: Cdr): Required<FixtureCdr> {
  const { total, energyWh, credit, currency, startedAt, endedAt, durationSeconds, parkingSeconds, flags } = cdr;
  const lines = cdr.lines.map(({ because: _, ...rest }) => rest);
  const periods = cdr.periods.map(({ evidence: _, ...rest }) => rest);
  return { total, energyWh, credit, currency, startedAt, endedAt, durationSeconds, parkingSeconds, lines, periods, flags };
}
