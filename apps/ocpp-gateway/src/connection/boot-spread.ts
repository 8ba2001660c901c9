// Spreads the heartbeats and the repeated boots of a fleet over time. Stations that were told the same interval at the same moment, after an
// outage, say, would call all at once for ever. A station is always told the same, so that nothing changes at its next boot.
import { createHash } from 'node:crypto';

export class BootSpread {
  /** @param percent how far from the interval a station's own may be, at most. */
  constructor(private readonly percent: number) {}

  /** @param answer to a BootNotification. */
  spread(answer: object, stationKey: string): object {
    if (!('interval' in answer) || typeof answer.interval !== 'number' || answer.interval <= 0) return answer;
    const place = createHash('sha1').update(stationKey).digest().readUInt32BE() / 2 ** 32;
    const factor = 1 + ((2 * place - 1) * this.percent) / 100;
    return { ...answer, interval: Math.max(Math.round(answer.interval * factor), 1) };
  }
}
