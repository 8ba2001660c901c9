// What handlers can have done: a fact recorded, a token judged, a transaction numbered, a question answered.
import type { IdentityHash, PresentedToken, Reply, StationFact } from '@evenkeel/contracts';
import type { Requester, TransactionIds } from '@evenkeel/messaging';
import type { SayFact } from '../announce/say-fact';
import type { Station } from '../connection/station';
import type { FactOrigin } from '../facts/fact-origin';

export type TokenAuthorization = Reply<'authorizeToken'>;

export interface BootIntervals {
  readonly heartbeatSeconds: number;
  /** For a station that is not accepted. */
  readonly bootRetrySeconds: number;
}

export class CallDesk {
  constructor(
    private readonly facts: Pick<SayFact, 'say'>,
    private readonly registry: Pick<Requester<'ocpp-gateway'>, 'ask'>,
    private readonly transactionIds: Pick<TransactionIds, 'issue'>,
    readonly identity: IdentityHash,
    readonly intervals: BootIntervals,
  ) {}

  /** Resolves when the broker has confirmed the fact. */
  record(fact: StationFact, weight: number): Promise<void> {
    return this.facts.say(fact, weight);
  }

  /** @throws Problem when the registry is silent. */
  authorize({ party, stationId }: Station, token: PresentedToken, evseId?: number): Promise<TokenAuthorization> {
    const atEvse = evseId === undefined || evseId <= 0 ? {} : { evseId };
    return this.registry.ask('authorizeToken', { party, stationId, token, ...atEvse });
  }

  /** @throws Problem when the registry is silent. */
  async ask({ party, stationId, ocppVersion, messageId, receivedAt }: FactOrigin, action: string, payload: object): Promise<unknown> {
    const asked = { party, stationId, ocppVersion, messageId, receivedAt, action, payload: { ...payload } };
    return (await this.registry.ask('answerStation', asked)).payload;
  }

  /** @param startKey the natural key of the StartTransaction: the same key has the same number for ever. */
  issueTransactionId<T>(startKey: string, remember: T): Promise<{ transactionId: number; remembered: T }> {
    return this.transactionIds.issue(startKey, remember);
  }
}
