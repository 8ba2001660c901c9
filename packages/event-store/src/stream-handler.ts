// Read, decide, append, retry: how a command reaches the stream of one decider.
//
// A command costs O(1) however long the stream is: the folded state stays in memory with the revision it was read at, and is read again
// only when another writer was faster. Commands that wait for the same stream are decided together and leave in one append, because the
// append is the dearest step of the whole chain.
// Next: apps/session-ledger/src/announce/session-announcer.ts
import { eventIdOf } from '@evenkeel/contracts';
import type { Decider } from '@evenkeel/decider';
import { chain } from './chain';
import type { Codec, DomainEvent } from './codec';
import {
  type Appended,
  type EventMetadata,
  type EventStore,
  type NewEvent,
  type Position,
  StoreUnavailable,
  WrongExpectedRevision,
} from './event-store';
import type { Sealer } from './sealer';

export interface HandlerOptions<State, Command, Event extends DomainEvent, Rejection> {
  store: EventStore;
  decider: Decider<State, Command, Event, Rejection>;
  codec: Codec<Event>;
  /** Chains the streams' events (chain.ts) and vouches for them. */
  sealer?: Pick<Sealer, 'append'>;
  /**
   * Whether the command most likely begins its stream. Then the stream is not read first, which is the dearest part of a first command: the
   * append with "no stream" proves the guess, and a wrong one costs a conflict and a read: after it some streams are read before one is guessed.
   */
  likelyFirst?: (command: Command) => boolean;
  /** The type of the event that holds the whole state by then: a stream that never ends is read from the newest one on. */
  carriedForwardBy?: Event['type'];
  /**
   * Folded states kept in memory; the least recently used goes first. A state in memory may be older than what another pod has stored, which
   * shows at the append: with 0 nothing is kept, for commands whose answer matters where they append nothing.
   */
  cachedStates?: number;
  /** Whether little more will happen to the stream: such a state is forgotten soon, so that memory holds what is alive. */
  finished?: (state: State) => boolean;
  /** Events of one append, over all commands that waited. */
  maxEvents?: number;
}

export interface CommandContext {
  /** Id of the message, fact or request behind the command. A repeated command with the same cause writes the same event ids. */
  cause: string;
  operator?: string;
}

export type Handled<State, Event, Rejection> =
  | { accepted: true; events: readonly Event[]; state: State; revision: number; position: Position | undefined }
  | { accepted: false; rejection: Rejection; state: State; revision: number };

interface Folded<State> {
  state: State;
  /** -1 for a stream without events. */
  revision: number;
  /** Of the last event, where that is chained. */
  hash?: string | undefined;
}

interface Waiting<State, Command, Event, Rejection> {
  command: Command;
  context: CommandContext;
  resolve: (handled: Handled<State, Event, Rejection>) => void;
  fail: (error: unknown) => void;
}

const ATTEMPTS = 6;
/** Not guessed after a wrong guess: a process that begins late finds that most streams are there. */
const READ_AFTER_WRONG_GUESS = 100;
/** Finished states kept for stragglers. */
const FINISHED_STATES = 500;

export class StreamHandler<State, Command, Event extends DomainEvent, Rejection = never> {
  private readonly cache = new Map<string, Folded<State>>();
  private readonly finished = new Map<string, Folded<State>>();
  private readonly lanes = new Map<string, Waiting<State, Command, Event, Rejection>[]>();
  private readonly maxEvents: number;
  private readonly cachedStates: number;
  private readBeforeGuess = 0;

  constructor(private readonly options: HandlerOptions<State, Command, Event, Rejection>) {
    this.maxEvents = options.maxEvents ?? 500;
    this.cachedStates = options.cachedStates ?? 10_000;
  }

  /**
   * Decides the command against the stream's present state and stores what follows.
   * @returns after the events are durable; with no events when the command changed nothing.
   * @throws StoreUnavailable when the store stays silent or other writers stay faster.
   */
  handle(stream: string, command: Command, context: CommandContext): Promise<Handled<State, Event, Rejection>> {
    return new Promise((resolve, fail) => {
      const waiting = { command, context, resolve, fail };
      const lane = this.lanes.get(stream);
      if (lane) {
        lane.push(waiting);
        return;
      }
      this.lanes.set(stream, [waiting]);
      void this.work(stream);
    });
  }

  /** The state as stored now, folded; reads only when it is not in memory. */
  async load(stream: string): Promise<Folded<State>> {
    const cached = this.cache.get(stream) ?? this.finished.get(stream);
    if (cached) {
      this.forget(stream);
      return this.remember(stream, cached);
    }
    const { decider, codec, store, carriedForwardBy } = this.options;
    const folded: Folded<State> = { state: decider.initial(), revision: -1 };
    for (const stored of await (carriedForwardBy === undefined ? store.read(stream) : store.readSince(stream, carriedForwardBy))) {
      folded.state = decider.evolve(folded.state, codec.decode(stored), stored.revision);
      folded.revision = stored.revision;
      folded.hash = stored.metadata.hash;
    }
    return this.remember(stream, folded);
  }

  /** As `load`, with what others have stored since it was remembered: for a decision about something else that rests on it. */
  async loadNewest(stream: string): Promise<Folded<State>> {
    const isOld = this.cache.has(stream) || this.finished.has(stream);
    const folded = await this.load(stream);
    if (!isOld) return folded;
    const { revision } = folded;
    const newer = await this.options.store.read(stream, revision + 1);
    // A lane at work holds the state, and finds out by itself whether others were faster.
    if (newer.length === 0 || folded.revision !== revision || this.lanes.has(stream)) return folded;
    for (const stored of newer) {
      folded.state = this.options.decider.evolve(folded.state, this.options.codec.decode(stored), stored.revision);
      folded.revision = stored.revision;
      folded.hash = stored.metadata.hash;
    }
    return folded;
  }

  private async work(stream: string): Promise<void> {
    for (let lane = this.lanes.get(stream); lane && lane.length > 0; lane = this.lanes.get(stream)) {
      const group = lane.splice(0, this.maxEvents);
      try {
        await this.decideTogether(stream, group);
      } catch (error) {
        this.forget(stream);
        for (const waiting of group) waiting.fail(error);
      }
    }
    this.lanes.delete(stream);
  }

  private async decideTogether(stream: string, group: Waiting<State, Command, Event, Rejection>[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const guessed = attempt === 1 && this.guessesFirst(stream, group);
      const folded = guessed ? this.remember(stream, { state: this.options.decider.initial(), revision: -1 }) : await this.load(stream);
      const before = folded.revision;
      const events: NewEvent[] = [];
      // The cached state runs ahead of the store here; every way out without a durable append drops it.
      const outcomes = group.map((waiting) => this.decideOne(folded, waiting, events));
      let position: Position | undefined;
      if (guessed && events.length === 0) {
        // Nothing was appended, so nothing has proved the guess.
        this.forget(stream);
        continue;
      }
      try {
        if (events.length > 0) position = (await this.append(stream, folded, before, events)).position;
      } catch (error) {
        this.forget(stream);
        if (!(error instanceof WrongExpectedRevision)) throw error;
        if (attempt === ATTEMPTS) throw new StoreUnavailable(`stream ${stream} is written faster than it can be decided`, { cause: error });
        if (guessed) this.readBeforeGuess = READ_AFTER_WRONG_GUESS;
        else await pause(attempt);
        continue;
      }
      this.forget(stream);
      this.remember(stream, folded);
      group.forEach((waiting, index) => {
        const outcome = outcomes[index];
        if (outcome) waiting.resolve(outcome.accepted ? { ...outcome, position } : outcome);
      });
      return;
    }
  }

  private append(stream: string, folded: Folded<State>, before: number, events: readonly NewEvent[]): Promise<Appended> {
    const { store, sealer } = this.options;
    const expected = before === -1 ? 'no-stream' : before;
    if (!sealer) return store.append(stream, expected, events);
    const chained = chain(stream, folded.hash, before + 1, events);
    folded.hash = chained.at(-1)?.metadata?.hash;
    return sealer.append(stream, before + 1, chained, () => store.append(stream, expected, chained));
  }

  private decideOne(
    folded: Folded<State>,
    { command, context }: Waiting<State, Command, Event, Rejection>,
    events: NewEvent[],
  ): Handled<State, Event, Rejection> {
    const { decider, codec, sealer } = this.options;
    const decision = decider.decide(folded.state, command);
    if (!decision.accepted) return { accepted: false, rejection: decision.rejection, state: folded.state, revision: folded.revision };
    const metadata: EventMetadata = { causedBy: context.cause };
    if (context.operator !== undefined) metadata.operator = context.operator;
    decision.events.forEach((event) => {
      folded.revision += 1;
      // The id of a chained event comes from its hash.
      events.push(codec.encode(event, sealer ? '' : eventIdOf(context.cause, folded.revision), metadata));
      folded.state = decider.evolve(folded.state, event, folded.revision);
    });
    return { accepted: true, events: decision.events, state: folded.state, revision: folded.revision, position: undefined };
  }

  private guessesFirst(stream: string, [first]: Waiting<State, Command, Event, Rejection>[]): boolean {
    if (first === undefined || this.cache.has(stream) || this.finished.has(stream)) return false;
    if (this.options.likelyFirst?.(first.command) !== true) return false;
    if (this.readBeforeGuess === 0) return true;
    this.readBeforeGuess -= 1;
    return false;
  }

  private forget(stream: string): void {
    this.cache.delete(stream);
    this.finished.delete(stream);
  }

  private remember(stream: string, folded: Folded<State>): Folded<State> {
    const isFinished = this.options.finished?.(folded.state) === true;
    const [states, most] = isFinished ? [this.finished, FINISHED_STATES] : [this.cache, this.cachedStates];
    if (most === 0) return folded;
    states.set(stream, folded);
    if (states.size <= most) return folded;
    for (const oldest of states.keys()) {
      // A lane at work holds its own state; forgetting another one costs a read.
      if (!this.lanes.has(oldest)) {
        states.delete(oldest);
        break;
      }
    }
    return folded;
  }
}

/** Grows from about 10 ms, spread so that two writers do not meet again. */
function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * (0.5 + Math.random())));
}
