// OCPP 1.6 transaction ids from the broker: the revision at which a StartTransaction's natural key was first stored. A repeated
// StartTransaction, also after a crash of everything, finds its entry and gets the same integer; no counter service is needed.
import { transactionIdsBucket } from '@evenkeel/contracts';
import { type KV, NatsError } from 'nats';
import type { Broker } from './broker';
import { BrokerUnavailable } from './errors';

/** Broker's code for "the entry exists already". */
const WRONG_LAST_SEQUENCE = 10071;

export interface IssuedTransactionId<T> {
  /** 1 to 2 147 483 647 (OCPP 1.6 transactionId is a 32-bit integer). */
  transactionId: number;
  /** What was remembered with the first StartTransaction of this key. */
  remembered: T;
  repeated: boolean;
}

export class TransactionIds {
  private bucket: Promise<KV> | undefined;

  constructor(private readonly broker: Broker) {}

  /**
   * @param key natural key, already encoded as a subject token.
   * @param remember what a repetition must answer again, byte for byte.
   */
  async issue<T>(key: string, remember: T): Promise<IssuedTransactionId<T>> {
    try {
      this.bucket ??= this.broker.jetstream.views.kv(transactionIdsBucket.name, { bindOnly: true });
      const bucket = await this.bucket;
      try {
        return { transactionId: await bucket.create(key, JSON.stringify(remember)), remembered: remember, repeated: false };
      } catch (error) {
        if (!(error instanceof NatsError) || error.api_error?.err_code !== WRONG_LAST_SEQUENCE) throw error;
        const entry = await bucket.get(key);
        if (!entry) throw new BrokerUnavailable(`transaction id ${key} exists and cannot be read`);
        return { transactionId: entry.revision, remembered: entry.json<T>(), repeated: true };
      }
    } catch (error) {
      this.bucket = undefined;
      throw error instanceof BrokerUnavailable ? error : new BrokerUnavailable('no transaction id could be issued', { cause: error });
    }
  }
}
