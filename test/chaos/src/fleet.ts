// Stations that charge one car after another while faults happen, as real ones do: what happened in a transaction is repeated until it is
// answered. What their meters moved is the truth that the back end is measured by.
import { acceleratedClock, type ChargeRecord, SimulatedStation } from '@evenkeel/station-simulator';
import { Chance } from '@evenkeel/testkit';

export interface FleetOptions {
  url: string;
  identities: readonly string[];
  passwordOf: (identity: string) => string;
  tokens: { own: string; roaming: string };
  seed: number;
}

/** A session as the station and its meter saw it. */
export interface MeteredSession {
  stationId: string;
  transactionId: string;
  energyWh: number;
  isRoaming: boolean;
  /** The back end did not let the driver charge. */
  wasRefused: boolean;
}

const SPEED = 1_500;
const READINGS = 5;
const DAY_MS = 86_400_000;
/** Of station time, from the start of one session to the start of the next. */
const BETWEEN_STARTS_MS = 40 * 60_000;

export class Fleet {
  readonly sessions: MeteredSession[] = [];
  private ending = false;

  private constructor(
    private readonly options: FleetOptions,
    private readonly stations: readonly SimulatedStation[],
  ) {}

  static async connect(options: FleetOptions): Promise<Fleet> {
    const stations = await Promise.all(
      options.identities.map(async (identity, index) => {
        const station = await SimulatedStation.connect({
          url: options.url,
          identity,
          password: options.passwordOf(identity),
          version: index % 2 === 0 ? '1.6' : '2.0.1',
          clock: acceleratedClock(SPEED),
          callTimeoutMilliseconds: 5_000,
          firstReconnectMilliseconds: 200,
          retryMilliseconds: 100,
        });
        await station.bootUntilAccepted();
        return station;
      }),
    );
    return new Fleet(options, stations);
  }

  /** Charges until `end` is called; resolves when every message of the last sessions is confirmed. */
  async charge(): Promise<void> {
    await Promise.all(this.stations.map((station, index) => this.chargeOn(station, index)));
  }

  /** No new sessions. */
  end(): void {
    this.ending = true;
  }

  async close(): Promise<void> {
    await Promise.all(this.stations.map((station) => station.close()));
  }

  private async chargeOn(station: SimulatedStation, index: number): Promise<void> {
    const chance = new Chance(this.options.seed * 1_000 + index);
    let startedAt = Date.now() - 25 * DAY_MS;
    while (!this.ending) {
      const isRoaming = chance.happens(0.5);
      const record = await station.charge({
        connectorId: 1,
        token: isRoaming ? this.options.tokens.roaming : this.options.tokens.own,
        // Within the power of the weakest station.
        energyWh: chance.integer(500, 3_000),
        meterValues: READINGS,
        secondsBetweenMeterValues: 300,
        idleSeconds: chance.integer(0, 300),
        startedAt,
        authorizeFirst: false,
      });
      this.sessions.push(metered(station.identity, record, isRoaming));
      startedAt += BETWEEN_STARTS_MS;
    }
  }
}

function metered(stationId: string, record: ChargeRecord, isRoaming: boolean): MeteredSession {
  return {
    stationId,
    transactionId: record.transactionId,
    energyWh: record.meterStopWh - record.meterStartWh,
    isRoaming,
    wasRefused: record.stopReason === 'DeAuthorized',
  };
}
