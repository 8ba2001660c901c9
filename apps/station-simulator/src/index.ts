// The simulator as a library, for tests, demonstrations and load.
export { type ChargePlan, type ChargeRecord, type MeterReading, meterReadings, type StopReason } from './charge-plan';
export { acceleratedClock, type StationClock } from './clock';
export type { Log } from './connection';
export type { BootAnswer, ConnectorStatus } from './dialect';
export { CallRefused, CallTimedOut, ConnectionLost, ConnectorBusy, HandshakeRefused, StationClosed, TokenRefused } from './failures';
export { type Replayed, type ReplayOptions, replayFixture } from './fixture-replay';
export { SimulatedStation, type SimulatedVersion, type StationOptions } from './station';
