// The latest answers to each station, in the broker, so that any gateway process can give one again. They expire by themselves.
import { recentAnswersBucket } from '@evenkeel/contracts';
import { type KV, NatsError } from 'nats';
import type { Broker } from './broker';
import { BrokerUnavailable } from './errors';

/** Broker's code for "somebody else has written meanwhile". */
const WRONG_LAST_SEQUENCE = 10071;

export interface StoredAnswers<T> {
  readonly answers: readonly T[];
  /** To be given back when writing; 0 where nothing is stored. */
  readonly revision: number;
}

export class RecentAnswers {
  private bucket: Promise<KV> | undefined;

  constructor(private readonly broker: Broker) {}

  /** @throws BrokerUnavailable */
  async read<T>(stationKey: string): Promise<StoredAnswers<T>> {
    return this.withBucket(async (bucket) => {
      const entry = await bucket.get(stationKey);
      return entry ? { answers: entry.json<readonly T[]>(), revision: entry.revision } : { answers: [], revision: 0 };
    });
  }

  /**
   * @returns the new revision, or undefined when another process has written since the given one.
   * @throws BrokerUnavailable
   */
  async write<T>(stationKey: string, { answers, revision }: StoredAnswers<T>): Promise<number | undefined> {
    return this.withBucket(async (bucket) => {
      try {
        return await bucket.put(stationKey, JSON.stringify(answers), { previousSeq: revision });
      } catch (error) {
        if (error instanceof NatsError && error.api_error?.err_code === WRONG_LAST_SEQUENCE) return undefined;
        throw error;
      }
    });
  }

  private async withBucket<T>(work: (bucket: KV) => Promise<T>): Promise<T> {
    try {
      this.bucket ??= this.broker.jetstream.views.kv(recentAnswersBucket.name, { bindOnly: true });
      return await work(await this.bucket);
    } catch (error) {
      this.bucket = undefined;
      throw new BrokerUnavailable('the answers of a station cannot be read or written', { cause: error });
    }
  }
}
