// Says facts, many at a time: the facts of one tick leave in one JetStream message for each party, and every station in it has its answer
// when that message is confirmed. Durability before the answer then costs next to nothing. While one message is on its way the next one
// fills, and a lane that has just sent waits a moment, so that a busy gateway sends larger messages, not more of them.
// Next: packages/contracts/src/flow.ts
import {
  ConnectorStatusReported,
  idOf,
  isSessionFact,
  isStationSignal,
  MeterValuesReported,
  mismatch,
  type PartyKey,
  StationBooted,
  StationConnectionChanged,
  type StationFact,
  StationNoticeReported,
  TransactionReported,
} from '@evenkeel/contracts';
import type { Publisher } from '@evenkeel/messaging';

/** A batch closes at this many facts, the most the contract allows being 1000, */
const MOST_FACTS = 500;
/** or at this many characters of the frames behind them: a fact with its frame is at most some eleven times as long, and the broker takes 4 MB. */
const MOST_WEIGHT = 200_000;

/** Each fact is checked by itself, so that one unusable fact does not make the batch unreadable for everybody else in it. */
const SCHEMAS = {
  'station-booted': StationBooted,
  'station-connection-changed': StationConnectionChanged,
  'connector-status-reported': ConnectorStatusReported,
  'transaction-reported': TransactionReported,
  'meter-values-reported': MeterValuesReported,
  'station-notice-reported': StationNoticeReported,
} as const;

/** Least time between two messages of a party. A fact that comes alone leaves at once; under load it waits half of this on average. */
const LEAST_INTERVAL_MS = 3;

export interface BatchObserver {
  confirmed(facts: number, seconds: number): void;
  failed(facts: number, error: unknown): void;
}

export class SayFact {
  private readonly lanes = new Map<PartyKey, Lane>();

  constructor(
    private readonly publisher: Pick<Publisher<'ocpp-gateway'>, 'say'>,
    private readonly observer: BatchObserver,
  ) {}

  /**
   * @param weight characters of the frame behind the fact.
   * @returns resolved when the broker has confirmed the fact's batch.
   * @throws BrokerUnavailable when it has not: the station is to repeat.
   */
  say(fact: StationFact, weight: number): Promise<void> {
    const wrong = mismatch(SCHEMAS[fact.kind], fact);
    if (wrong !== undefined) return Promise.reject(new TypeError(`a ${fact.kind} fact does not fit its contract: ${wrong}`));
    let lane = this.lanes.get(fact.party);
    if (!lane) {
      lane = new Lane(fact.party, this.publisher, this.observer);
      this.lanes.set(fact.party, lane);
    }
    return lane.add(fact, weight);
  }
}

class Batch {
  readonly facts: StationFact[] = [];
  readonly done: Promise<void>;
  weight = 0;
  confirm: () => void = () => undefined;
  fail: (error: unknown) => void = () => undefined;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.confirm = resolve;
      this.fail = reject;
    });
  }

  get isFull(): boolean {
    return this.facts.length >= MOST_FACTS || this.weight >= MOST_WEIGHT;
  }
}

/** The facts of one party. */
class Lane {
  private filling: Batch | undefined;
  private readonly waiting: Batch[] = [];
  private running = false;

  constructor(
    private readonly party: PartyKey,
    private readonly publisher: Pick<Publisher<'ocpp-gateway'>, 'say'>,
    private readonly observer: BatchObserver,
  ) {}

  add(fact: StationFact, weight: number): Promise<void> {
    if (this.filling === undefined || this.filling.isFull) {
      this.filling = new Batch();
      this.waiting.push(this.filling);
    }
    const batch = this.filling;
    batch.facts.push(fact);
    batch.weight += weight;
    if (!this.running) {
      this.running = true;
      // After the sockets of this tick have been read.
      setImmediate(() => void this.run());
    }
    return batch.done;
  }

  private async run(): Promise<void> {
    for (let batch = this.next(); batch !== undefined; batch = this.next()) {
      const startedAt = performance.now();
      await this.publish(batch);
      const restMs = LEAST_INTERVAL_MS - (performance.now() - startedAt);
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    this.running = false;
  }

  private next(): Batch | undefined {
    const batch = this.waiting.shift();
    if (batch === this.filling) this.filling = undefined;
    return batch;
  }

  private async saySessionFacts(batch: readonly StationFact[]): Promise<void> {
    const facts = batch.filter(isSessionFact);
    if (facts.length > 0) await this.publisher.say('stationFacts', this.party, { facts }, batchId(facts));
  }

  private async saySignals(batch: readonly StationFact[]): Promise<void> {
    const facts = batch.filter(isStationSignal).map(asSignal);
    if (facts.length > 0) await this.publisher.say('stationSignals', this.party, { facts }, idOf('signals', batchId(facts)));
  }

  private async publish(batch: Batch): Promise<void> {
    const startedAt = performance.now();
    try {
      await Promise.all([this.saySessionFacts(batch.facts), this.saySignals(batch.facts)]);
      batch.confirm();
      this.observer.confirmed(batch.facts.length, (performance.now() - startedAt) / 1000);
    } catch (error) {
      // The facts that waited behind these have no better chance: their stations repeat sooner if they are told now.
      for (const hopeless of [batch, ...this.waiting.splice(0)]) {
        hopeless.fail(error);
        this.observer.failed(hopeless.facts.length, error);
      }
      this.filling = undefined;
    }
  }
}

/** Nobody there reads the frames, and of a transaction only that it began or ended. */
function asSignal(fact: StationFact): StationFact {
  return fact.kind === 'transaction-reported'
    ? { ...fact, frame: undefined, samples: [], signedRecords: undefined }
    : { ...fact, frame: undefined };
}

/** Derives from the facts, so that the broker drops the repetition of a whole batch; the facts' own ids catch the rest. */
function batchId(facts: readonly StationFact[]): string {
  const [first] = facts;
  return facts.length === 1 && first ? first.factId : idOf('batch', ...facts.map(({ factId }) => factId));
}
