// To which events the cost of a transaction is said: at its end, and in between as often as a driver reads it. Pricing looks at the whole
// session, so that telling it with every reading would cost more the longer a session is.
import type { StationFactOf } from '@evenkeel/contracts';

/** Running transactions that are remembered; one that is forgotten is told its cost too early once. */
const MOST_TRANSACTIONS = 50_000;

export class CostCadence {
  /** When each was told last, the newest last. */
  private readonly toldAtMs = new Map<string, number>();

  constructor(private readonly everySeconds: number) {}

  /** Whether the answer to the fact should name the cost (OCPP 2.0.1 I02, I03); if so, it counts as told. */
  isDue({ party, stationId, transactionId, phase, offline }: StationFactOf<'transaction-reported'>, nowMs: number): boolean {
    const key = `${party}/${stationId}/${transactionId}`.toLowerCase();
    if (phase === 'ended') {
      this.toldAtMs.delete(key);
      return true;
    }
    // Nobody stands there any more for whom the cost of hours ago would matter.
    if (phase === 'started' || offline === true) return false;
    const toldAtMs = this.toldAtMs.get(key);
    if (toldAtMs !== undefined && nowMs - toldAtMs < this.everySeconds * 1_000) return false;
    this.toldAtMs.delete(key);
    this.toldAtMs.set(key, nowMs);
    if (this.toldAtMs.size > MOST_TRANSACTIONS) this.forgetOldest();
    return true;
  }

  private forgetOldest(): void {
    for (const oldest of this.toldAtMs.keys()) {
      this.toldAtMs.delete(oldest);
      return;
    }
  }
}
