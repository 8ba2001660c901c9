// Reads an energy register through a session: a growing curve of energy since the start, whatever the meter did meanwhile. Registers fall
// back to zero, run over their last digit, drop single readings, and are reported in the wrong unit; each of these has its rule, and every
// doubt is named, because a doubt decides whether a session may be billed (TX-45 to TX-49).
import type { Anomaly, AnomalyCode, ChargingTerms } from '@evenkeel/contracts';
import { whText } from './watt-hours';

export interface RegisterReading {
  readonly ms: number;
  readonly microWh: bigint;
  readonly factId: string;
  /** Transaction.Begin and Transaction.End are the session's edges; a register never begins or ends with anything else where they exist. */
  readonly context?: string;
}

/** Energy since the first reading. */
export interface Point {
  readonly ms: number;
  readonly microWh: bigint;
  readonly factId: string;
}

export interface RegisterLimits {
  /** What the connector can deliver; absent: not known, and nothing is impossible. */
  readonly maxPowerW?: number;
  /** The register when the previous session began at this connector, where this session's start lies below it (TX-45). */
  readonly earlierMicroWh?: bigint;
}

export interface RegisterRun {
  readonly points: readonly Point[];
  readonly anomalies: readonly Anomaly[];
  /** Readings that were left out without a doubt about the total. */
  readonly implausible: readonly RegisterReading[];
}

/** Tolerance on the connector's power, for meters and clocks that are not exact (TX-49). */
const POWER_MARGIN_PERCENT = 120n;
/** Readings may be coarse, both in time and in energy: so much is never a jump. */
const SLACK_MS = 60_000;
const SLACK_MICRO_WH = 1_000_000_000n;
/** The last digit of a reading may go back and forth. */
const JITTER_MICRO_WH = 1_000_000n;
/** A stop that lies below a sample by no more than this was read a little earlier, or rounded. */
const END_TOLERANCE_MICRO_WH = 100_000_000n;
const MS_PER_HOUR = 3_600_000n;
const MICRO = 1_000_000n;
/** Registers of six to nine digits of Wh are in the field. */
const DIGITS = [6n, 7n, 8n, 9n];

/** @param readings in the order of their instants, an edge outermost among those of one instant. */
export function readRegister(readings: readonly RegisterReading[], limits: RegisterLimits): RegisterRun {
  return new RegisterReader(readings, limits).run();
}

export function powerLimit({ place: { connectorMaxPowerW } }: ChargingTerms): RegisterLimits {
  return connectorMaxPowerW === undefined ? {} : { maxPowerW: connectorMaxPowerW };
}

/** Whether a connector can have delivered so much in so long a time (TX-49). */
export function isDeliverable(gainedMicroWh: bigint, ms: number, { maxPowerW }: RegisterLimits): boolean {
  if (maxPowerW === undefined) return true;
  const most = (BigInt(maxPowerW) * MICRO * BigInt(Math.max(0, ms) + SLACK_MS) * POWER_MARGIN_PERCENT) / (MS_PER_HOUR * 100n);
  return gainedMicroWh <= (most > SLACK_MICRO_WH ? most : SLACK_MICRO_WH);
}

interface Accepted {
  reading: RegisterReading;
  /** The reading as it is meant, where its unit was wrong. */
  value: bigint;
  /** What a fall of the register before this reading adds to all that follow. */
  offset: bigint;
}

class RegisterReader {
  private readonly accepted: Accepted[] = [];
  private readonly implausible: RegisterReading[] = [];
  private readonly anomalies: Anomaly[] = [];
  private offset = 0n;
  /** From each reading on, the highest value that still comes. */
  private readonly highestAfter: bigint[];

  constructor(
    private readonly readings: readonly RegisterReading[],
    private readonly limits: RegisterLimits,
  ) {
    this.highestAfter = new Array(readings.length).fill(-1n);
    let highest = -1n;
    for (let index = readings.length - 1; index >= 0; index--) {
      this.highestAfter[index] = highest;
      const value = readings[index]?.microWh ?? highest;
      if (value > highest) highest = value;
    }
  }

  run(): RegisterRun {
    for (const [index, reading] of this.readings.entries()) this.take(reading, this.highestAfter[index] ?? -1n);
    this.rebase();
    this.checkPower();
    const base = this.accepted[0]?.value ?? 0n;
    const points = this.accepted.map(({ reading, value, offset }) => ({
      ms: reading.ms,
      microWh: value + offset - base,
      factId: reading.factId,
    }));
    return { points, anomalies: this.anomalies, implausible: this.implausible };
  }

  private take(reading: RegisterReading, highestAfter: bigint): void {
    const previous = this.accepted.at(-1);
    if (previous === undefined) this.accept(reading, reading.microWh);
    else if (reading.microWh < previous.value) this.takeLower(reading, previous, highestAfter);
    else this.takeHigher(reading, previous);
  }

  private takeLower(reading: RegisterReading, previous: Accepted, highestAfter: bigint): void {
    const fall = previous.value - reading.microWh;
    if (reading.context === 'Transaction.End' && fall <= END_TOLERANCE_MICRO_WH) {
      // The stop is told in whole Wh, the samples before it finer: the stop is what counts (TX-37).
      for (const earlier of this.accepted)
        if (earlier.offset === this.offset && earlier.value > reading.microWh) earlier.value = reading.microWh;
      this.accept(reading, reading.microWh);
      return;
    }
    if (fall <= JITTER_MICRO_WH) {
      this.accept(reading, previous.value);
      return;
    }
    // A dip: the register is back at its level later, so this one was not read from it (TX-48).
    if (highestAfter >= previous.value && reading.context !== 'Transaction.End') {
      this.implausible.push(reading);
      return;
    }
    if (this.wasSpike(previous, reading)) {
      this.accepted.pop();
      this.implausible.push(previous.reading);
      this.take(reading, highestAfter);
      return;
    }
    const inWattHours = reading.microWh * 1000n;
    // Where it is not known what is possible, everything would be, and every reset a wrong unit.
    if (
      this.limits.maxPowerW !== undefined &&
      reading.microWh > 0n &&
      inWattHours >= previous.value &&
      this.isPossible(inWattHours - previous.value, previous, reading)
    ) {
      this.doubt('unitSuspect', 'The register was reported in kWh where Wh are meant.', previous, reading);
      this.accept(reading, inWattHours);
      return;
    }
    const lap = this.lapBetween(previous, reading);
    if (lap !== undefined) {
      this.doubt('rollover', `The register ran over at ${whText(lap)} Wh.`, previous, reading);
      this.offset += lap;
    } else {
      const text = `The register fell from ${whText(previous.value)} to ${whText(reading.microWh)} Wh; the rest is counted from 0.`;
      this.doubt('meterReset', text, previous, reading);
      this.offset += previous.value;
    }
    this.accept(reading, reading.microWh);
  }

  private takeHigher(reading: RegisterReading, previous: Accepted): void {
    const thousandth = reading.microWh / 1000n;
    const isJump = !this.isPossible(reading.microWh - previous.value, previous, reading);
    if (isJump && thousandth >= previous.value && this.isPossible(thousandth - previous.value, previous, reading) && previous.value > 0n) {
      this.doubt('unitSuspect', 'The register was reported in Wh where kWh are said.', previous, reading);
      this.accept(reading, thousandth);
    } else this.accept(reading, reading.microWh);
  }

  /** One reading that stands out above its neighbours; the session's own edges are no outliers. */
  private wasSpike({ reading, value }: Accepted, next: RegisterReading): boolean {
    const before = this.accepted.at(-2);
    if (before === undefined || reading.context === 'Transaction.Begin' || reading.context === 'Transaction.End') return false;
    return next.microWh >= before.value && value > next.microWh;
  }

  /** The size of a register that ran over between two readings: it was nearly full, and is nearly empty (TX-46). */
  private lapBetween({ value, reading }: Accepted, next: RegisterReading): bigint | undefined {
    return DIGITS.map((digits) => 10n ** digits * MICRO).find(
      (lap) =>
        value < lap &&
        value * 10n >= lap * 9n &&
        next.microWh * 10n <= lap &&
        this.isPossible(lap - value + next.microWh, { reading }, next),
    );
  }

  /** A baseline of 0 below a register that stood elsewhere: the first reading that can be believed takes its place. */
  private rebase(): void {
    const [first, second] = this.accepted;
    if (first === undefined || second === undefined || first.value !== 0n) return;
    const { earlierMicroWh = 0n } = this.limits;
    const jumps = !this.isPossible(second.value, first, second.reading);
    const continues = earlierMicroWh > 0n && second.value >= earlierMicroWh;
    if (!jumps && !continues) return;
    const text = `The session begins at 0 Wh and goes on at ${whText(second.value)} Wh: its baseline is lost.`;
    this.doubt('zeroBaseline', text, first, second.reading);
    if (jumps && this.accepted.length > 2) this.accepted.shift();
    else if (continues) first.value = earlierMicroWh;
  }

  private checkPower(): void {
    const suspected = this.anomalies.some(({ code }) => code === 'zeroBaseline' && this.accepted[0]?.value === 0n);
    for (const [index, after] of this.accepted.entries()) {
      const before = this.accepted[index - 1];
      if (before === undefined || (suspected && index === 1)) continue;
      const gained = after.value + after.offset - before.value - before.offset;
      if (this.isPossible(gained, before, after.reading)) continue;
      const text = `${whText(gained)} Wh are more than the connector can have delivered in ${this.secondsBetween(before.reading, after.reading)} s.`;
      this.doubt('energyJump', text, before, after.reading);
      return;
    }
    const [first, last] = [this.accepted[0], this.accepted.at(-1)];
    if (first === undefined || last === undefined || suspected) return;
    const total = last.value + last.offset - first.value;
    if (!this.isPossible(total, first, last.reading)) {
      this.doubt(
        'energyJump',
        `${whText(total)} Wh are more than the connector can have delivered in the whole session.`,
        first,
        last.reading,
      );
    }
  }

  private isPossible(gained: bigint, from: Pick<Accepted, 'reading'>, to: RegisterReading): boolean {
    return isDeliverable(gained, to.ms - from.reading.ms, this.limits);
  }

  private secondsBetween(from: RegisterReading, to: RegisterReading): number {
    return Math.round((to.ms - from.ms) / 1000);
  }

  private accept(reading: RegisterReading, value: bigint): void {
    this.accepted.push({ reading, value, offset: this.offset });
  }

  /** One anomaly of a kind is enough: the operator looks at the whole register. */
  private doubt(code: AnomalyCode, text: string, from: Pick<Accepted, 'reading'>, to: RegisterReading): void {
    if (this.anomalies.some((anomaly) => anomaly.code === code)) return;
    this.anomalies.push({ code, text, evidence: [...new Set([from.reading.factId, to.factId])] });
  }
}
