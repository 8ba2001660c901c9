// Who holds a station, over all gateway processes: each connection writes a claim, and the revision that the broker gives it is the
// connection's generation. A process that is told of a higher one, or finds it, has lost the station.
import { claimNotice, stationClaimsBucket } from '@evenkeel/contracts';
import type { KV } from 'nats';
import type { Broker } from './broker';
import { BrokerUnavailable } from './errors';

export interface StationClaim {
  /** Of one connection and no other. */
  claimId: string;
  connectedAtMs: number;
  remoteAddress?: string | undefined;
}

export interface ClaimNotice extends StationClaim {
  stationKey: string;
  generation: number;
}

export class StationClaims {
  private bucket: Promise<KV> | undefined;

  constructor(private readonly broker: Broker) {}

  /**
   * Writes the claim and tells the other processes. It may be repeated: a repetition changes nothing.
   * @returns the generation, or undefined when a newer connection has claimed the station meanwhile.
   * @throws BrokerUnavailable when it is not known whether the claim was written.
   */
  async claim(stationKey: string, claim: StationClaim, isRepetition: boolean): Promise<number | undefined> {
    const generation = await this.withBucket(async (bucket) => {
      if (isRepetition) {
        const written = await bucket.get(stationKey);
        const last = written?.json<StationClaim>();
        if (written && last?.claimId === claim.claimId) return written.revision;
        // Clocks of pods differ by less than the pauses between repetitions.
        if (last && last.connectedAtMs > claim.connectedAtMs) return undefined;
      }
      return bucket.put(stationKey, JSON.stringify(claim));
    });
    if (generation !== undefined) {
      const notice: ClaimNotice = { ...claim, stationKey, generation };
      this.broker.connection.publish(claimNotice.subject, Buffer.from(JSON.stringify(notice)));
    }
    return generation;
  }

  /** @throws BrokerUnavailable */
  async newestGeneration(stationKey: string): Promise<number | undefined> {
    return this.withBucket(async (bucket) => (await bucket.get(stationKey))?.revision);
  }

  /** Hears every claim, this process' own included. */
  listen(onClaim: (notice: ClaimNotice) => void): void {
    this.broker.connection.subscribe(claimNotice.subject, {
      callback: (failure, message) => {
        if (!failure) onClaim(message.json<ClaimNotice>());
      },
    });
  }

  private async withBucket<T>(work: (bucket: KV) => Promise<T>): Promise<T> {
    try {
      this.bucket ??= this.broker.jetstream.views.kv(stationClaimsBucket.name, { bindOnly: true });
      return await work(await this.bucket);
    } catch (error) {
      this.bucket = undefined;
      throw new BrokerUnavailable('the broker does not tell who holds the station', { cause: error });
    }
  }
}
