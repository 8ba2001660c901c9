// The simulator as a library, for tests, demonstrations and load.

export { acceleratedClock, type StationClock, sharedClock, skewedClock } from './clock';
export { type Replayed, type ReplayOptions, replayFixture } from './command/fixture-replay';
export {
  AnswerUnusable,
  CallRefused,
  CallTimedOut,
  ConnectionLost,
  ConnectorBusy,
  HandshakeRefused,
  StationClosed,
  TokenRefused,
} from './failures';
export { Fleet, type StormOptions, type StormReport } from './fleet/boot-storm';
export { runScenario, ScenarioFailed, type ScenarioPlace } from './scenario/runner';
export { BadScenario, readScenario, type Scenario, type Step } from './scenario/scenario';
export { type ChargePlan, type ChargeRecord, type MeterReading, meterReadings, type StopReason } from './station/charge-plan';
export type { Expectation } from './station/command-log';
export type { BootAnswer, ConnectorStatus, SimulatedVersion } from './station/dialect';
export type { Outcomes } from './station/outcomes';
export type { ChargingSession } from './station/session';
export { SimulatedStation, type StationOptions } from './station/station';
export { type Alarm, ownTimers, type Timers, TimerWheel } from './timers';
export type { BackOff } from './wire/back-off';
export type { Log } from './wire/connection';
export type { LineFaults } from './wire/faults';
export type { Quirks } from './wire/quirks';
