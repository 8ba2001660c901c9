// Stored events become messages here: the relay publishes only what is already stored, so nothing is ever said that did not happen.
//
// At least once: after a crash it says again what it had said since its checkpoint; the message id (the event's id) lets the broker and the
// listeners recognise that. The checkpoint is a stream of its own, written with the expected revision: of two relays one finds that the
// other has moved on, and waits.
import { randomUUID } from 'node:crypto';
import { idOf } from '@evenkeel/contracts';
import {
  type EventStore,
  type ExpectedRevision,
  type Position,
  parsePosition,
  type StoredEvent,
  type Subscription,
  WrongExpectedRevision,
} from './event-store';

export interface RelayOptions {
  store: EventStore;
  /** Names the checkpoint: one relay a service. */
  name: string;
  streamPrefixes: readonly string[];
  eventTypes?: readonly string[];
  /** Says what follows from the events and resolves when the broker has stored all of it. */
  say: (events: readonly StoredEvent[]) => Promise<void>;
  onFailure: (error: unknown) => void;
  /** The checkpoint is stored at most this often. */
  checkpointEveryMs?: number;
}

/** How long a standby waits before it looks whether the other relay has fallen silent. */
const STANDBY_MS = 5_000;

export class Relay {
  private readonly stream: string;
  /** Two relays must never write the same event id, or the store would take the second's checkpoint for a repetition of the first's. */
  private readonly instance = randomUUID();
  private subscription: Subscription | undefined;
  private expected: ExpectedRevision = 'no-stream';
  private saved: Position | undefined;
  private savedAt = 0;
  private saidUpTo: Position | undefined;
  private stopped = false;
  private standby: NodeJS.Timeout | undefined;

  constructor(private readonly options: RelayOptions) {
    this.stream = `checkpoint-${options.name}`;
  }

  async start(): Promise<void> {
    const last = await this.options.store.readLast(this.stream);
    if (last) {
      this.expected = last.revision;
      this.saved = parsePosition((last.data as { position: string }).position);
    } else {
      await this.options.store.keepOnly(this.stream, 1);
    }
    const { streamPrefixes, eventTypes, onFailure } = this.options;
    this.subscription = this.options.store.subscribe(
      { streamPrefixes, ...(eventTypes ? { eventTypes } : {}), ...(this.saved ? { after: this.saved } : {}), onFailure },
      async (events, reached) => {
        if (this.stopped) return;
        if (events.length > 0) await this.options.say(events);
        this.saidUpTo = reached;
        if (Date.now() - this.savedAt >= (this.options.checkpointEveryMs ?? 250)) await this.save();
      },
    );
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.standby);
    await this.subscription?.stop();
    await this.save();
  }

  private async save(): Promise<void> {
    const position = this.saidUpTo;
    if (position === undefined || position === this.saved) return;
    const id = idOf(this.instance, String(this.expected));
    try {
      const { revision } = await this.options.store.append(this.stream, this.expected, [
        { id, type: 'CheckpointReached', data: { position } },
      ]);
      this.expected = revision;
      this.saved = position;
      this.savedAt = Date.now();
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      // A stopping relay leaves the checkpoint to the one that has moved it.
      if (!this.stopped) this.yieldToOther();
    }
  }

  /** Another relay of this name is at work. Stand by and resume from its checkpoint; if it lives, the next save yields again. */
  private yieldToOther(): void {
    const old = this.subscription;
    this.subscription = undefined;
    this.stopped = true;
    void old?.stop();
    this.standby = setTimeout(() => {
      this.stopped = false;
      this.saidUpTo = undefined;
      this.start().catch(this.options.onFailure);
    }, STANDBY_MS);
  }
}
