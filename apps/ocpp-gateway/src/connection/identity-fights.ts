// Two stations with one identity throw each other out without end. Each new connection is let in, because mostly it is the one station after
// a broken line; but many replacements from different addresses within a minute are told to the operator.
export class IdentityFights {
  private readonly replacements = new Map<string, number>();
  private minute = 0;

  constructor(private readonly alertFrom: number) {}

  /** @returns whether this replacement makes it a fight: once a minute for a station. */
  replaced(stationKey: string, oldAddress: string | undefined, newAddress: string | undefined, nowMs: number): boolean {
    if (oldAddress === newAddress) return false;
    const minute = Math.floor(nowMs / 60_000);
    if (minute !== this.minute) {
      this.minute = minute;
      this.replacements.clear();
    }
    const count = (this.replacements.get(stationKey) ?? 0) + 1;
    this.replacements.set(stationKey, count);
    return count === this.alertFrom;
  }
}
