// The generation of a connection: of all connections of one station, in whatever process, the highest is the newest. An older one may still
// have a socket that looks alive; it must not call the station any more, nor tell that the station is gone.
import type { StationClaim, StationClaims } from '@evenkeel/messaging';
import type { Log } from '@evenkeel/service';
import type { Station } from './station';

const CLAIM_AGAIN_MS = 2_000;

export class Generations {
  constructor(
    private readonly claims: Pick<StationClaims, 'claim' | 'newestGeneration'>,
    private readonly log: Log,
  ) {}

  /**
   * Claims the station, again and again while the broker is silent.
   * @returns the generation, or undefined when a newer connection exists or `isWanted` says that nobody needs it any more.
   */
  async claim({ key, stationId }: Station, claim: StationClaim, isWanted: () => boolean): Promise<number | undefined> {
    for (let isRepetition = false; isWanted(); isRepetition = true) {
      try {
        return await this.claims.claim(key, claim, isRepetition);
      } catch (error) {
        this.log.warn({ error, stationId }, 'a station could not be claimed');
      }
      await new Promise((resolve) => setTimeout(resolve, CLAIM_AGAIN_MS).unref());
    }
    return undefined;
  }

  /** @throws BrokerUnavailable when nobody knows. */
  async isNewest({ key }: Station, generation: number): Promise<boolean> {
    const newest = await this.claims.newestGeneration(key);
    return newest === undefined || newest === generation;
  }
}
