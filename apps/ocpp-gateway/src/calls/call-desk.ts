// What handlers can have done: a fact recorded, a token judged, a transaction numbered, a question answered.
import {
  type IdentityHash,
  type PresentedToken,
  Problem,
  type Reply,
  type Request,
  type SessionCost,
  type StationFact,
  type StationFactOf,
} from '@evenkeel/contracts';
import type { Requester, TransactionIds } from '@evenkeel/messaging';
import type { SayFact } from '../announce/say-fact';
import type { Station } from '../connection/station';
import type { FactOrigin } from '../facts/fact-origin';
import { CostCadence } from './v2/cost-cadence';

export type TokenAuthorization = Reply<'authorizeToken'>;

/** What a token is shown for, and where. */
export type Occasion = Pick<Request<'authorizeToken'>, 'purpose' | 'evseId' | 'contract'>;

export interface Intervals {
  readonly heartbeatSeconds: number;
  /** For a station that is not accepted. */
  readonly bootRetrySeconds: number;
  /** The least time between two answers that name the cost of a running transaction. */
  readonly costEverySeconds: number;
}

export class CallDesk {
  readonly costs: CostCadence;

  constructor(
    private readonly facts: Pick<SayFact, 'say'>,
    private readonly services: Pick<Requester<'ocpp-gateway'>, 'ask'>,
    private readonly transactionIds: Pick<TransactionIds, 'issue'>,
    readonly identity: IdentityHash,
    readonly intervals: Intervals,
  ) {
    this.costs = new CostCadence(intervals.costEverySeconds);
  }

  /** Resolves when the broker has confirmed the fact. */
  record(fact: StationFact, weight: number): Promise<void> {
    return this.facts.say(fact, weight);
  }

  /** @throws Problem when the registry is silent. */
  authorize({ party, stationId }: Station, token: PresentedToken, { evseId, ...occasion }: Occasion): Promise<TokenAuthorization> {
    const atEvse = evseId === undefined || evseId <= 0 ? {} : { evseId };
    return this.services.ask('authorizeToken', { party, stationId, token, ...atEvse, ...occasion });
  }

  /** @throws Problem when the registry is silent. */
  async ask({ party, stationId, ocppVersion, messageId, receivedAt }: FactOrigin, action: string, payload: object): Promise<unknown> {
    const asked = { party, stationId, ocppVersion, messageId, receivedAt, action, payload: { ...payload } };
    return (await this.services.ask('answerStation', asked)).payload;
  }

  /** @returns undefined when it is not known in time: then the ledger tells the station by itself. */
  async costAfter({ party, stationId, transactionId, factId }: StationFactOf<'transaction-reported'>): Promise<SessionCost | undefined> {
    try {
      return (await this.services.ask('sessionCost', { party, stationId, transactionId, factId })).cost;
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  }

  /** @param startKey the natural key of the StartTransaction: the same key has the same number for ever. */
  issueTransactionId<T>(startKey: string, remember: T): Promise<{ transactionId: number; remembered: T }> {
    return this.transactionIds.issue(startKey, remember);
  }
}
