// Alarms of many stations. A fleet shares one wheel: one timer of the operating system for all of them, whatever their number.

export interface Alarm {
  cancel(): void;
}

export interface Timers {
  /** Runs the work once, not before this many milliseconds have passed. */
  after(milliseconds: number, work: () => void): Alarm;
}

/** Each alarm is a timer of its own: exact, and enough for a few stations. */
export const ownTimers: Timers = {
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return { cancel: () => clearTimeout(timer) };
  },
};

interface WheelAlarm extends Alarm {
  readonly dueTick: number;
  readonly work: () => void;
}

/** A hashed timer wheel: setting and cancelling an alarm costs the same for one station as for ten thousand. */
export class TimerWheel implements Timers {
  private readonly slots: ReadonlyArray<Set<WheelAlarm>>;
  private readonly startedAt = performance.now();
  private tick = 0;
  private alarms = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tickMilliseconds = 20,
    slots = 512,
  ) {
    this.slots = Array.from({ length: slots }, () => new Set<WheelAlarm>());
  }

  /** Alarms that have neither rung nor been cancelled. */
  get size(): number {
    return this.alarms;
  }

  after(milliseconds: number, work: () => void): Alarm {
    if (this.alarms === 0) this.tick = this.currentTick();
    const dueTick = Math.max(this.tick + 1, Math.ceil((performance.now() - this.startedAt + milliseconds) / this.tickMilliseconds));
    const slot = this.slotOf(dueTick);
    const alarm: WheelAlarm = { dueTick, work, cancel: () => this.remove(slot, alarm) };
    slot.add(alarm);
    this.alarms += 1;
    this.timer ??= setInterval(() => this.turn(), this.tickMilliseconds);
    return alarm;
  }

  /** Cancels every alarm. */
  stop(): void {
    for (const slot of this.slots) for (const alarm of slot) alarm.cancel();
  }

  /** A busy process turns late: every tick that was missed is made up for, in order. */
  private turn(): void {
    const now = this.currentTick();
    while (this.tick < now && this.alarms > 0) {
      this.tick += 1;
      const slot = this.slotOf(this.tick);
      for (const alarm of slot) {
        if (alarm.dueTick > this.tick) continue;
        this.remove(slot, alarm);
        alarm.work();
      }
    }
  }

  private remove(slot: Set<WheelAlarm>, alarm: WheelAlarm): void {
    if (!slot.delete(alarm)) return;
    this.alarms -= 1;
    if (this.alarms > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private slotOf(tick: number): Set<WheelAlarm> {
    const slot = this.slots[tick % this.slots.length];
    if (slot === undefined) throw new Error('a wheel has at least one slot');
    return slot;
  }

  private currentTick(): number {
    return Math.floor((performance.now() - this.startedAt) / this.tickMilliseconds);
  }
}
