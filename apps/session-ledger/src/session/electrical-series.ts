// Power and current of a session as curves: the total where the station tells it, else the sum of its phases, which is what a tariff's
// restrictions are about (OCPI 2.2.1 TariffRestrictions: currents are summed over all phases).
import { Decimal } from '@evenkeel/money';
import type { Sample } from './session-facts';
import type { Timebase } from './timebase';

interface ElectricalReading {
  ms: number;
  value: Decimal;
}

export class ElectricalSeries {
  private constructor(private readonly readings: readonly ElectricalReading[]) {}

  static of(samples: readonly Sample[], timebase: Timebase): ElectricalSeries {
    const totals = samples.filter(({ phase }) => phase === undefined);
    const readings = totals.length > 0 ? totals.map((sample) => readingOf(sample, timebase)) : sumsOfPhases(samples, timebase);
    return new ElectricalSeries(readings.sort((a, b) => a.ms - b.ms || a.value.compare(b.value)));
  }

  /** Instants, to the second, at which the straight line between two readings crosses a bound. */
  crossings(bounds: readonly Decimal[]): number[] {
    return bounds.flatMap((bound) =>
      this.readings.flatMap((right, index) => {
        const left = this.readings[index - 1];
        if (left === undefined || left.value.compare(bound) < 0 === right.value.compare(bound) < 0) return [];
        const part = toNumber(bound.subtract(left.value)) / toNumber(right.value.subtract(left.value));
        // Rounded up, so that the reading that is on the other side begins its period.
        return [Math.min(right.ms, Math.ceil((left.ms + part * (right.ms - left.ms)) / 1000) * 1000)];
      }),
    );
  }

  /** Lowest and highest within [fromMs, toMs), or what held at its start where no reading lies in it; decimal text. */
  extremes(fromMs: number, toMs: number): { min: string; max: string } | undefined {
    const within = this.readings.filter(({ ms }) => ms >= fromMs && ms < toMs);
    const before = this.readings.findLast(({ ms }) => ms <= fromMs);
    const [first, ...rest] = within.length > 0 ? within : before ? [before] : [];
    if (first === undefined) return undefined;
    let [min, max] = [first.value, first.value];
    for (const { value } of rest) {
      if (value.compare(min) < 0) min = value;
      if (value.compare(max) > 0) max = value;
    }
    return { min: min.toString(), max: max.toString() };
  }
}

function readingOf({ trace, at, value }: Sample, timebase: Timebase): ElectricalReading {
  return { ms: timebase.ms(trace, at), value: Decimal.parse(value) };
}

/** A set in which a phase is missing is no total. */
function sumsOfPhases(samples: readonly Sample[], timebase: Timebase): ElectricalReading[] {
  return completePhaseSets(samples).map((set) => {
    const [first] = set;
    const value = set.reduce((sum, sample) => sum.add(Decimal.parse(sample.value)), Decimal.ZERO);
    return { ms: timebase.ms(first.trace, first.at), value };
  });
}

/** Samples of one instant of one fact, one for each phase that the session's samples know (TX-111). */
export function completePhaseSets(samples: readonly Sample[]): [Sample, ...Sample[]][] {
  const byInstant = new Map<string, Map<string, Sample>>();
  const phases = new Set<string>();
  for (const sample of samples) {
    const phase = LINE.exec(sample.phase ?? '')?.[0];
    if (phase === undefined) continue;
    phases.add(phase);
    const key = `${sample.trace.factId} ${sample.at}`;
    const set = byInstant.get(key) ?? new Map<string, Sample>();
    byInstant.set(key, set);
    set.set(phase, sample);
  }
  return [...byInstant.values()].flatMap((set): [Sample, ...Sample[]][] => {
    const [first, ...rest] = set.values();
    return first !== undefined && set.size === phases.size ? [[first, ...rest]] : [];
  });
}

/** L1, L2, L3, also where they are told against neutral (L1-N); not the voltages between them. */
const LINE = /^L[123](?=$|-N$)/;

function toNumber(decimal: Decimal): number {
  return Number(decimal.toString());
}
