// Measures a session and cuts it into charging periods: wherever the state of the car changes, and wherever a restriction of the agreed
// tariff may begin or cease to match (OCPI 2.2.1 mod_cdrs ChargingPeriod). Pricing looks only at the state at a period's start, so a cut
// that is missing here is money that is wrong there.
// Next: apps/session-ledger/src/session/snapshot.ts
import type { Anomaly, ChargingPeriod, ChargingTerms, ChosenReadings } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { cutTimes, type Thresholds, thresholds } from '@evenkeel/tariff';
import { billedReadings, exportedMicroWh, type Span } from './billed-readings';
import { ElectricalSeries } from './electrical-series';
import { EnergyCurve } from './energy-curve';
import { powerLimit, readRegister } from './register';
import type { SessionFacts } from './session-facts';
import { type Stretch, stretchesOf } from './stretches';
import type { Timebase } from './timebase';
import { microWh, whText } from './watt-hours';

export interface MeasuredSession {
  periods: ChargingPeriod[];
  energyWh: string;
  exportedWh?: string;
  meterStartWh?: string;
  meterStopWh?: string;
  flags: string[];
  anomalies: Anomaly[];
}

export interface Measurement {
  facts: SessionFacts;
  terms: ChargingTerms;
  timebase: Timebase;
  /** From the start to the end, or for a running session to the newest instant that is known of it. */
  span: Span;
  /** When the payer was accepted; what lies before costs nothing (TX-77). */
  authorizedMs?: number;
  chosen?: ChosenReadings;
  /** The register when the previous session began here, where this one starts below it. */
  earlierWh?: string;
}

export function measureSession(measurement: Measurement): MeasuredSession {
  const { facts, terms, timebase, span, chosen, earlierWh } = measurement;
  const { readings, flags } = billedReadings(facts, timebase, span, chosen);
  const { points, anomalies, implausible } = readRegister(readings, {
    ...powerLimit(terms),
    ...(earlierWh === undefined ? {} : { earlierMicroWh: microWh(earlierWh) }),
  });
  const { stretches, assumed } = stretchesOf(facts, timebase, points, span.fromMs, span.toMs);
  const curve = new EnergyCurve(points, charging(stretches));
  const electrical = {
    power: ElectricalSeries.of(facts.of('power'), timebase),
    current: ElectricalSeries.of(facts.of('current'), timebase),
  };
  const cuts = cutsOf(measurement, curve, electrical);
  const exported = exportedMicroWh(facts, timebase, span);
  const periods = cutPeriods(stretches, cuts, curve, electrical, measurement.authorizedMs);
  const [first, last] = [readings.at(0), readings.at(-1)];
  return {
    periods,
    energyWh: whText(curve.totalMicroWh),
    ...(exported === undefined ? {} : { exportedWh: whText(exported) }),
    ...(first ? { meterStartWh: whText(first.microWh) } : {}),
    ...(last ? { meterStopWh: whText(last.microWh) } : {}),
    flags: [
      ...flags,
      ...(assumed ? ['assumedCharging'] : []),
      ...(implausible.length > 0 ? ['implausibleReading'] : []),
      ...(isInterpolated(periods, curve) ? ['interpolated'] : []),
      ...timeDoubt(facts, stretches),
    ],
    anomalies: [...timebase.anomalies, ...anomalies, ...unknownEnergy(facts, stretches, points.length, span)],
  };
}

interface Electrical {
  power: ElectricalSeries;
  current: ElectricalSeries;
}

/** Energy goes into charging time only; time in which the station holds the car back has none, unless readings prove it. */
function charging(stretches: readonly Stretch[]): Stretch[] {
  return stretches.filter(({ kind, state }) => kind === 'charging' && state !== 'SuspendedEVSE');
}

function cutPeriods(
  stretches: readonly Stretch[],
  cuts: readonly number[],
  curve: EnergyCurve,
  { power, current }: Electrical,
  authorizedMs: number | undefined,
): ChargingPeriod[] {
  return stretches.flatMap((stretch) => {
    const edges = [stretch.fromMs, ...cuts.filter((cut) => cut > stretch.fromMs && cut < stretch.toMs)];
    return edges.map((startMs, index): ChargingPeriod => {
      const endMs = edges[index + 1] ?? stretch.toMs;
      const watts = power.extremes(startMs, endMs);
      const amperes = current.extremes(startMs, endMs);
      return {
        startedAt: new Date(startMs).toISOString(),
        kind: stretch.kind,
        ...(stretch.state ? { state: stretch.state } : {}),
        ...(authorizedMs !== undefined && startMs < authorizedMs ? { billable: false } : {}),
        energyWh: whText(curve.at(endMs) - curve.at(startMs)),
        ...(watts ? { minPowerW: watts.min, maxPowerW: watts.max } : {}),
        ...(amperes ? { minCurrentA: amperes.min, maxCurrentA: amperes.max } : {}),
        evidence: [...new Set([...stretch.evidence, ...curve.evidence(startMs, endMs)])],
      };
    });
  });
}

/** Instants, in milliseconds, at which the tariff's restrictions, or the payer's coming, ask for a cut. */
function cutsOf({ terms, span, authorizedMs }: Measurement, curve: EnergyCurve, { power, current }: Electrical): number[] {
  const { tariff, place } = terms;
  const [from, to] = [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()];
  const bounds: Thresholds = thresholds(tariff);
  const cuts = [
    ...cutTimes(tariff, place.timeZone, from, to).map((instant) => Date.parse(instant)),
    ...bounds.energyKwh.flatMap((kwh) => curve.whenReached(microWh(kwh) * 1000n) ?? []),
    ...power.crossings(bounds.powerKw.map((kw) => Decimal.parse(kw).multiply(Decimal.of(1000n)))),
    ...current.crossings(bounds.currentA.map((amperes) => Decimal.parse(amperes))),
    ...(authorizedMs === undefined ? [] : [authorizedMs]),
  ];
  return [...new Set(cuts)].sort((a, b) => a - b);
}

function isInterpolated(periods: readonly ChargingPeriod[], curve: EnergyCurve): boolean {
  return periods.slice(1).some(({ startedAt, kind }, index) => {
    const betweenCharging = kind === 'charging' && periods[index]?.kind === 'charging';
    return betweenCharging && curve.totalMicroWh > 0n && !curve.isReadAt(Date.parse(startedAt));
  });
}

/** No register at all, while the station said that the car was charging: the energy is not 0, it is unknown (TX-115). */
function unknownEnergy(facts: SessionFacts, stretches: readonly Stretch[], readings: number, span: Span): Anomaly[] {
  if (!span.ended || readings >= 2) return [];
  const charged = stretches.filter(({ state }) => state === 'Charging');
  if (charged.length === 0 && stretches.some(({ state }) => state !== undefined)) return [];
  const evidence = [...new Set([...charged.flatMap((stretch) => stretch.evidence), ...(facts.end ? [facts.end.factId] : [])])];
  return [{ code: 'energyUnknown', text: 'The car was charging and no register tells how much it took.', evidence }];
}

/** The station counts its charging time itself; a difference is for a person to see (TX-82). */
function timeDoubt({ end }: SessionFacts, stretches: readonly Stretch[]): string[] {
  const said = end?.timeSpentChargingSeconds;
  if (said === undefined) return [];
  const ms = charging(stretches).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return Math.abs(ms / 1000 - said) > LARGEST_TIME_DIFFERENCE_SECONDS ? ['timeSpentDiffers'] : [];
}

const LARGEST_TIME_DIFFERENCE_SECONDS = 60;
