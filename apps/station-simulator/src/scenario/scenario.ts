// A scenario file: what a station does and expects, step by step. The file is checked before anything is dialled, and what is wrong with it is
// said by step.
import { mismatch } from '@evenkeel/contracts';
import { type Static, type TSchema, Type } from '@sinclair/typebox';

export const SCENARIO_FORMAT = 'evenkeel-scenario-1';

const Connector = Type.Integer({ minimum: 1 });
const Seconds = Type.Number({ minimum: 0 });
const Probability = Type.Number({ minimum: 0, maximum: 1 });
const Payload = Type.Record(Type.String(), Type.Unknown());
const closed = { additionalProperties: false };

const Faults = Type.Object(
  {
    drop: Type.Optional(Probability),
    duplicate: Type.Optional(Probability),
    reorder: Type.Optional(Probability),
    delay: Type.Optional(Probability),
    delayMilliseconds: Type.Optional(Type.Number({ minimum: 0 })),
    loseAnswer: Type.Optional(Probability),
  },
  closed,
);

const Outcomes = Type.Object(
  {
    firmware: Type.Optional(Type.String()),
    firmwareVersion: Type.Optional(Type.String()),
    logs: Type.Optional(Type.String()),
    publishing: Type.Optional(Type.String()),
    unlock: Type.Optional(Type.Union([Type.Literal('Unlocked'), Type.Literal('UnlockFailed'), Type.Literal('NotSupported')])),
    batterySwap: Type.Optional(
      Type.Union([Type.Literal('Swapped'), Type.Literal('NoBatteryAvailable'), Type.Literal('BatteryOutTimeout')]),
    ),
    stepSeconds: Type.Optional(Seconds),
    errorCodes: Type.Optional(Type.Record(Type.String(), Type.String())),
    answers: Type.Optional(Type.Record(Type.String(), Payload)),
  },
  closed,
);

const Quirks = Type.Object(
  {
    replace: Type.Optional(
      Type.Array(Type.Object({ action: Type.String(), path: Type.String(), value: Type.Optional(Type.Unknown()) }, closed)),
    ),
    zonelessTimestamps: Type.Optional(Type.Boolean()),
    numbersAsText: Type.Optional(Type.Boolean()),
    countingMessageIds: Type.Optional(Type.Boolean()),
    hexadecimalPassword: Type.Optional(Type.Boolean()),
  },
  closed,
);

const Station = Type.Object(
  {
    version: Type.Union([Type.Literal('1.6'), Type.Literal('2.0.1'), Type.Literal('2.1')]),
    connectors: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** How many times faster than real time pauses pass. */
    speed: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    seed: Type.Optional(Type.Integer()),
    serialNumber: Type.Optional(Type.String()),
    callTimeoutMilliseconds: Type.Optional(Type.Integer({ minimum: 1 })),
    clockSkewSeconds: Type.Optional(Type.Number()),
    /** What a car does that the back end starts a session for. */
    remotePlan: Type.Optional(
      Type.Object(
        {
          energyWh: Type.Integer({ minimum: 0 }),
          meterValues: Type.Integer({ minimum: 1 }),
          secondsBetweenMeterValues: Type.Number({ exclusiveMinimum: 0 }),
        },
        closed,
      ),
    ),
    outcomes: Type.Optional(Outcomes),
    quirks: Type.Optional(Quirks),
    faults: Type.Optional(Faults),
  },
  closed,
);

/** What each step may say besides what it does. */
export const STEPS = {
  connect: Type.Object({ refusedWith: Type.Optional(Type.Integer()) }, closed),
  boot: Type.Object({ status: Type.Optional(Type.String()) }, closed),
  plugIn: Type.Object(
    {
      connectorId: Connector,
      token: Type.String(),
      tokenType: Type.Optional(Type.String()),
      startMeterWh: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    closed,
  ),
  authorize: Type.Object(
    { connectorId: Type.Optional(Connector), token: Type.Optional(Type.String()), verdict: Type.Optional(Type.String()) },
    closed,
  ),
  start: Type.Object({ connectorId: Connector }, closed),
  meterValues: Type.Object(
    { connectorId: Connector, seconds: Seconds, energyWh: Type.Number({ minimum: 0 }), times: Type.Optional(Type.Integer({ minimum: 1 })) },
    closed,
  ),
  idle: Type.Object({ connectorId: Connector, seconds: Seconds }, closed),
  stop: Type.Object({ connectorId: Connector, reason: Type.Optional(Type.String()), drawnWh: Type.Optional(Type.Number()) }, closed),
  charge: Type.Object(
    {
      connectorId: Connector,
      token: Type.String(),
      energyWh: Type.Integer({ minimum: 0 }),
      minutes: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      meterValues: Type.Optional(Type.Integer({ minimum: 1 })),
      stopReason: Type.Optional(Type.String()),
      drawnWh: Type.Optional(Type.Number()),
    },
    closed,
  ),
  wait: Type.Object({ seconds: Seconds }, closed),
  send: Type.Object(
    {
      action: Type.String(),
      payload: Type.Optional(Payload),
      /** OCPP 2.1 SEND. */
      unconfirmed: Type.Optional(Type.Boolean()),
      answer: Type.Optional(Payload),
      errorCode: Type.Optional(Type.String()),
    },
    closed,
  ),
  expect: Type.Object(
    {
      action: Type.String(),
      match: Type.Optional(Payload),
      answer: Type.Optional(Payload),
      errorCode: Type.Optional(Type.String()),
      withinSeconds: Type.Optional(Seconds),
    },
    closed,
  ),
  status: Type.Object({ connectorId: Connector, status: Type.String() }, closed),
  fault: Type.Object({ connectorId: Connector, mended: Type.Optional(Type.Boolean()) }, closed),
  measure: Type.Object({ name: Type.String(), value: Type.String() }, closed),
  behave: Type.Object({ outcomes: Outcomes }, closed),
  faults: Type.Object({ faults: Type.Optional(Faults) }, closed),
  refuseNextAnswer: Type.Object({ action: Type.String() }, closed),
  drop: Type.Object({}, closed),
  disconnect: Type.Object({}, closed),
  freeze: Type.Object({ seconds: Type.Optional(Seconds) }, closed),
} as const satisfies Record<string, TSchema>;

type StepName = keyof typeof STEPS;
export type Step = { readonly [S in StepName]: { readonly do: S } & Static<(typeof STEPS)[S]> }[StepName];

const File = Type.Object(
  {
    format: Type.Literal(SCENARIO_FORMAT),
    about: Type.String(),
    station: Station,
    steps: Type.Array(Type.Object({ do: Type.String() }), { minItems: 1 }),
  },
  closed,
);

export interface Scenario {
  readonly about: string;
  readonly station: Static<typeof Station>;
  readonly steps: readonly Step[];
}

/** What a file says is no scenario; the message names the place. */
export class BadScenario extends Error {}

/** @throws BadScenario */
export function readScenario(text: string): Scenario {
  const file = parsed(text);
  const wrong = mismatch(File, file);
  if (wrong !== undefined) throw new BadScenario(`not a scenario of ${SCENARIO_FORMAT}: ${wrong}`);
  const scenario = file as Scenario;
  for (const [index, { do: name, ...rest }] of scenario.steps.entries()) {
    const place = `step ${index + 1} (${name})`;
    const schema = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
    if (schema === undefined) throw new BadScenario(`${place}: there is no such step; there are ${Object.keys(STEPS).join(', ')}`);
    const problem = mismatch(schema, rest);
    if (problem !== undefined) throw new BadScenario(`${place}: ${problem}`);
  }
  return scenario;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadScenario(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
