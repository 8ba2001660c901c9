// Walks the periods of a session and collects, for each price component that applied, the volume that it applied to. No money yet.
import { Decimal } from '@evenkeel/money';
import type { ChargingPeriod, PeriodKind, SessionToPrice } from './charging-period';
import { epochSeconds, localMoment } from './local-time';
import type { PricingWarning, UsageDimension } from './priced-session';
import type { PeriodState } from './restrictions';
import { type PreparedTariff, prepareTariff, type SelectedComponent } from './select-component';
import type { ComponentType, Tariff } from './tariff';

/** The volume billed on one component: Wh for energy, seconds for times, 1 for a flat fee. */
export interface PricedVolume {
  readonly dimension: UsageDimension;
  readonly selected: SelectedComponent;
  readonly periods: number[];
  readonly evidence: Set<string>;
  rawQuantity: Decimal;
  billedQuantity: Decimal;
}

/** Measured volumes of the whole session, priced or not. */
export interface MeasuredVolumes {
  energyWh: Decimal;
  chargingSeconds: number;
  parkingSeconds: number;
  reservationSeconds: number;
}

export interface CollectedVolumes {
  /** In the order in which the components first applied. */
  readonly volumes: readonly PricedVolume[];
  /** The volume of each dimension that was priced last in time; it carries the surplus of the step size. */
  readonly last: ReadonlyMap<UsageDimension, PricedVolume>;
  readonly measured: MeasuredVolumes;
  readonly warnings: readonly PricingWarning[];
}

/** @param tariffs the one that the session began with, and those that it was switched to. */
export function collectVolumes(tariffs: readonly [Tariff, ...Tariff[]], timeZone: string, session: SessionToPrice): CollectedVolumes {
  return new VolumeCollector(tariffs, timeZone, session).collect();
}

class VolumeCollector {
  private readonly volumes: PricedVolume[] = [];
  private readonly last = new Map<UsageDimension, PricedVolume>();
  private readonly warnings: PricingWarning[] = [];
  private readonly measured: MeasuredVolumes = { energyWh: Decimal.ZERO, chargingSeconds: 0, parkingSeconds: 0, reservationSeconds: 0 };

  private readonly first: PreparedTariff;
  private readonly others: ReadonlyMap<string, PreparedTariff>;
  private reportedTogether = 0;

  constructor(
    [first, ...others]: readonly [Tariff, ...Tariff[]],
    private readonly timeZone: string,
    private readonly session: SessionToPrice,
  ) {
    this.first = prepareTariff(first);
    this.others = new Map(others.map((tariff) => [tariff.id, prepareTariff(tariff)]));
  }

  collect(): CollectedVolumes {
    const { periods, endedAt } = this.session;
    const starts = periods.map(({ startedAt }) => epochSeconds(startedAt));
    const ends = [...starts.slice(1), epochSeconds(endedAt)];
    const chargingStart = starts[periods.findIndex(({ kind }) => kind !== 'reservation')];
    periods.forEach((period, index) => {
      const start = starts[index] ?? 0;
      const seconds = this.secondsOf(period, index, (ends[index] ?? 0) - start);
      // Durations count from the start of charging, so within a reservation none has passed.
      const state = this.stateAt(period, start, Math.max(0, start - (chargingStart ?? start)));
      this.addPeriod(period, index, state, seconds);
    });
    return { volumes: this.volumes, last: this.last, measured: this.measured, warnings: this.warnings };
  }

  /** Periods of several kinds may begin at once: then the volumes of all of them are what the boundaries should say. */
  private secondsOf(period: ChargingPeriod, index: number, betweenBoundaries: number): number {
    if (betweenBoundaries < 0) throw new RangeError(`period ${index} starts after it ends: periods must be in order of time`);
    const { reportedSeconds = betweenBoundaries } = period;
    if (!Number.isInteger(reportedSeconds) || reportedSeconds < 0)
      throw new RangeError(`period ${index} reports ${reportedSeconds} seconds`);
    this.reportedTogether += reportedSeconds;
    const isLast = index === this.session.periods.length - 1;
    if (betweenBoundaries === 0 && !isLast) return reportedSeconds;
    if (this.reportedTogether !== betweenBoundaries) {
      this.warnings.push({ code: 'volume_differs_from_boundaries', periodIndex: index });
    }
    this.reportedTogether = 0;
    return reportedSeconds;
  }

  private stateAt(period: ChargingPeriod, start: number, durationSeconds: number): PeriodState {
    return {
      local: localMoment(this.timeZone, start),
      energyWh: this.measured.energyWh,
      durationSeconds,
      minPowerW: reading(period.minPowerW),
      maxPowerW: reading(period.maxPowerW),
      minCurrentA: reading(period.minCurrentA),
      maxCurrentA: reading(period.maxCurrentA),
    };
  }

  private tariffOf({ tariffId }: ChargingPeriod, index: number): PreparedTariff {
    const tariff = tariffId === undefined || tariffId === this.first.id ? this.first : this.others.get(tariffId);
    if (tariff === undefined) throw new RangeError(`period ${index} names the tariff ${tariffId}, which the session does not have`);
    return tariff;
  }

  private addPeriod(period: ChargingPeriod, index: number, state: PeriodState, seconds: number): void {
    const { kind } = period;
    const tariff = this.tariffOf(period, index);
    const energyWh = energyOf(period, index);
    if (kind !== 'reservation') this.warnOfMissingReadings(tariff, period, index);
    this.measured.energyWh = this.measured.energyWh.add(energyWh);
    const { measured, flat, time, timeComponent } = DIMENSIONS[kind];
    this.measured[measured] += seconds;
    if (period.billable === false) return;

    const isExpired = this.session.reservationExpired === true;
    const purpose = kind !== 'reservation' ? 'charging' : isExpired ? 'expired-reservation' : 'reservation';
    if (!this.last.has(flat)) this.add(flat, index, ONE, tariff.select('FLAT', purpose, state));
    if (seconds > 0) this.add(time, index, Decimal.of(BigInt(seconds)), tariff.select(timeComponent, purpose, state));
    if (energyWh.isZero) return;
    if (kind === 'reservation') this.warnings.push({ code: 'energy_during_reservation', periodIndex: index });
    else this.addEnergy(tariff, index, energyWh, state);
  }

  private addEnergy(tariff: PreparedTariff, index: number, energyWh: Decimal, state: PeriodState): void {
    const selected = tariff.select('ENERGY', 'charging', state);
    if (selected === undefined && tariff.pricesEnergy) this.warnings.push({ code: 'energy_unpriced', periodIndex: index });
    this.add('ENERGY', index, energyWh, selected);
  }

  private warnOfMissingReadings(tariff: PreparedTariff, period: ChargingPeriod, index: number): void {
    if (tariff.asksForPower && (period.minPowerW ?? period.maxPowerW) === undefined) {
      this.warnings.push({ code: 'power_not_measured', periodIndex: index });
    }
    if (tariff.asksForCurrent && (period.minCurrentA ?? period.maxCurrentA) === undefined) {
      this.warnings.push({ code: 'current_not_measured', periodIndex: index });
    }
  }

  private add(dimension: UsageDimension, index: number, quantity: Decimal, selected: SelectedComponent | undefined): void {
    if (selected === undefined) return;
    let volume = this.volumes.find((known) => known.dimension === dimension && known.selected === selected);
    if (volume === undefined) {
      volume = { dimension, selected, periods: [], evidence: new Set(), rawQuantity: Decimal.ZERO, billedQuantity: Decimal.ZERO };
      this.volumes.push(volume);
    }
    volume.periods.push(index);
    volume.rawQuantity = volume.rawQuantity.add(quantity);
    volume.billedQuantity = volume.rawQuantity;
    for (const eventId of this.session.periods[index]?.evidence ?? []) volume.evidence.add(eventId);
    this.last.set(dimension, volume);
  }
}

const ONE = Decimal.of(1n);

interface PeriodDimensions {
  readonly measured: 'chargingSeconds' | 'parkingSeconds' | 'reservationSeconds';
  readonly flat: UsageDimension;
  readonly time: UsageDimension;
  readonly timeComponent: ComponentType;
}

const DIMENSIONS: Readonly<Record<PeriodKind, PeriodDimensions>> = {
  charging: { measured: 'chargingSeconds', flat: 'FLAT', time: 'TIME', timeComponent: 'TIME' },
  parking: { measured: 'parkingSeconds', flat: 'FLAT', time: 'PARKING_TIME', timeComponent: 'PARKING_TIME' },
  reservation: { measured: 'reservationSeconds', flat: 'RESERVATION_FLAT', time: 'RESERVATION_TIME', timeComponent: 'TIME' },
};

function energyOf(period: ChargingPeriod, index: number): Decimal {
  const energyWh = Decimal.parse(period.energyWh);
  if (energyWh.isNegative) throw new RangeError(`period ${index} has the energy ${energyWh} Wh`);
  return energyWh;
}

function reading(text: string | undefined): Decimal | undefined {
  return text === undefined ? undefined : Decimal.parse(text);
}
