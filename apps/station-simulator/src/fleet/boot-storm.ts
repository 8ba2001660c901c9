// A fleet of thousands in one process: all stations dial at once, as after a power cut, with Basic authentication, boot and tell the state of
// their connectors. Those that are refused or cut come back as the back-off of the specification says.
import { setMaxListeners } from 'node:events';
import { Chance } from '../chance';
import { sharedClock } from '../clock';
import { HandshakeRefused, messageOf } from '../failures';
import type { SimulatedVersion } from '../station/dialect';
import { SimulatedStation, type StationOptions } from '../station/station';
import { TimerWheel } from '../timers';
import { type BackOff, BackOffSequence } from '../wire/back-off';

export interface StormOptions {
  readonly url: string;
  readonly identities: readonly string[];
  readonly version: SimulatedVersion;
  readonly passwordOf?: (identity: string, number: number) => string;
  readonly connectors?: number;
  readonly seed?: number;
  readonly backOff?: BackOff;
  /** Stations dial at a random moment of this span; 0 is all at once. */
  readonly rampSeconds?: number;
  readonly callTimeoutMilliseconds?: number;
  readonly tls?: StationOptions['tls'];
  readonly log?: (line: string) => void;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

export interface StormReport {
  readonly stations: number;
  readonly settled: number;
  /** From the first dial to the last confirmed connector state. */
  readonly seconds: number;
  readonly dials: number;
  /** HTTP status, or the error's message, by how often it met a dial. */
  readonly failedDials: Readonly<Record<string, number>>;
  readonly handshakeMilliseconds: Percentiles;
  readonly bootMilliseconds: Percentiles;
  readonly settleMilliseconds: Percentiles;
  readonly bytesAStation: number;
}

/** OCPP 2.0.1 RetryBackOff*: short enough for a demonstration, and spread. */
const DEFAULT_BACK_OFF: BackOff = { waitMinimumMilliseconds: 1_000, randomRangeMilliseconds: 2_000, repeatTimes: 4 };

export class Fleet {
  readonly stations: readonly SimulatedStation[];
  private readonly wheel = new TimerWheel();
  private readonly chance: Chance;
  private readonly closing = new AbortController();
  private readonly handshakes: number[] = [];
  private readonly boots: number[] = [];
  private readonly settles: number[] = [];
  private readonly failedDials: Record<string, number> = {};
  private dials = 0;

  constructor(private readonly options: StormOptions) {
    const { identities, passwordOf, url, version, connectors = 2, callTimeoutMilliseconds = 60_000, tls, log } = options;
    const seed = options.seed ?? 1;
    this.chance = new Chance(seed);
    const clock = sharedClock(1, this.wheel);
    this.stations = identities.map((identity, index) => {
      const password = passwordOf?.(identity, index + 1);
      return SimulatedStation.offline({
        url,
        identity,
        version,
        connectors,
        clock,
        seed,
        timers: this.wheel,
        backOff: options.backOff ?? DEFAULT_BACK_OFF,
        callTimeoutMilliseconds,
        ...(password === undefined ? {} : { password }),
        ...(tls === undefined ? {} : { tls }),
        ...(log === undefined ? {} : { log }),
      });
    });
  }

  /** Resolves when every station is settled, or has given up because the signal says so. */
  async settle(signal?: AbortSignal): Promise<StormReport> {
    const before = process.memoryUsage();
    const began = performance.now();
    const enough = signal === undefined ? this.closing.signal : AbortSignal.any([signal, this.closing.signal]);
    // Every station that waits listens to the one signal.
    setMaxListeners(0, enough);
    await Promise.all(this.stations.map((station) => this.settleOne(station, began, enough)));
    const after = process.memoryUsage();
    const bytes = after.heapUsed + after.external - before.heapUsed - before.external;
    return {
      stations: this.stations.length,
      settled: this.settles.length,
      seconds: Math.round(performance.now() - began) / 1000,
      dials: this.dials,
      failedDials: this.failedDials,
      handshakeMilliseconds: percentiles(this.handshakes),
      bootMilliseconds: percentiles(this.boots),
      settleMilliseconds: percentiles(this.settles),
      bytesAStation: Math.max(0, Math.round(bytes / this.stations.length)),
    };
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.wheel.stop();
    await Promise.all(this.stations.map((station) => station.close()));
  }

  private async settleOne(station: SimulatedStation, began: number, signal: AbortSignal): Promise<void> {
    try {
      await this.pause(this.chance.next() * (this.options.rampSeconds ?? 0) * 1000, signal);
      await this.dial(station, signal);
      const asked = performance.now();
      const { intervalSeconds } = await station.bootUntilAccepted();
      this.boots.push(performance.now() - asked);
      await station.confirmed();
      this.settles.push(performance.now() - began);
      this.beatOn(station, intervalSeconds, this.chance.next());
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private async dial(station: SimulatedStation, signal: AbortSignal): Promise<void> {
    const waits = new BackOffSequence(() => this.options.backOff ?? DEFAULT_BACK_OFF, this.chance.for(station.identity));
    for (;;) {
      const dialled = performance.now();
      this.dials += 1;
      try {
        await station.goOnline();
        this.handshakes.push(performance.now() - dialled);
        return;
      } catch (error) {
        const why = error instanceof HandshakeRefused ? String(error.status) : messageOf(error);
        this.failedDials[why] = (this.failedDials[why] ?? 0) + 1;
        await this.pause(waits.nextMilliseconds(), signal);
      }
    }
  }

  /** Heartbeats for as long as the fleet lives, the first at a random part of the interval, so that they spread. */
  private beatOn(station: SimulatedStation, intervalSeconds: number, part = 1): void {
    this.wheel.after(Math.max(intervalSeconds, 1) * 1000 * part, () => {
      if (this.closing.signal.aborted) return;
      if (station.connected) station.heartbeat().catch((error: unknown) => this.options.log?.(`${station.identity} ${messageOf(error)}`));
      this.beatOn(station, intervalSeconds);
    });
  }

  private pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return milliseconds === 0 ? Promise.resolve() : sharedClock(1, this.wheel).pause(milliseconds / 1000, signal);
  }
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (fraction: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}
