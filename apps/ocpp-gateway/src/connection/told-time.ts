// The time that stations are told is their clock (OCPP 2.0.1 B01, G02), so it does not go back when ours is set back by a little. When ours is
// set back by more than that, it was wrong before: then the truth is told, because stations must be within a second of it.
import { printTimestamp } from '@evenkeel/ocpp';

const LARGEST_HOLD_MS = 1_000;

export class ToldTime {
  private lastMs = Number.NEGATIVE_INFINITY;

  /** @returns the answer; where it tells the time, no time before the one told last. */
  tell(answer: object): object {
    if (!('currentTime' in answer) || typeof answer.currentTime !== 'string') return answer;
    const nowMs = Date.parse(answer.currentTime);
    const isHeld = nowMs < this.lastMs && this.lastMs - nowMs <= LARGEST_HOLD_MS;
    if (!isHeld) this.lastMs = nowMs;
    return isHeld ? { ...answer, currentTime: printTimestamp(this.lastMs) } : answer;
  }
}
