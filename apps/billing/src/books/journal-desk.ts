// Takes what billing has stored to the journal of its day.
// Next: apps/billing/src/journal/journal.ts
import { type EventStore, type Sealer, type StoredEvent, StreamHandler } from '@evenkeel/event-store';
import { entryFor } from '../journal/entry-for';
import {
  type JournalEntry,
  type JournalEvent,
  type JournalRejection,
  type JournalState,
  journal,
  journalCodec,
  journalStream,
} from '../journal/journal';

/** Days in memory: today of some parties, and yesterday. */
const CACHED_DAYS = 20;
/** Entries of one append, well below what EventStoreDB takes at once. */
const MOST_ENTRIES = 200;

export interface JournalDeskOptions {
  store: EventStore;
  sealer: Pick<Sealer, 'append'>;
  /** Told of what no entry can be made of. The books go on without it; a CDR among it shows in the check of the books. */
  onRefused: (event: StoredEvent, reason: string) => void;
}

export class JournalDesk {
  private readonly days: StreamHandler<JournalState, JournalEntry, JournalEvent, JournalRejection>;

  constructor(private readonly options: JournalDeskOptions) {
    const { store, sealer } = options;
    const limits = { cachedStates: CACHED_DAYS, maxEvents: MOST_ENTRIES };
    this.days = new StreamHandler({ store, sealer, decider: journal, codec: journalCodec, ...limits });
  }

  /**
   * Resolves when each of the events has its entry. Those of one day leave together.
   * @throws StoreUnavailable; nothing is booked twice when it is tried again.
   */
  async post(events: readonly StoredEvent[]): Promise<void> {
    await Promise.all(events.map((event) => this.postOne(event)));
  }

  private async postOne(event: StoredEvent): Promise<void> {
    const entry = this.entryOf(event);
    if (entry === undefined) return;
    const handled = await this.days.handle(journalStream(entry), entry, { cause: event.id });
    if (!handled.accepted) this.options.onRefused(event, handled.rejection);
  }

  private entryOf(event: StoredEvent): JournalEntry | undefined {
    try {
      return entryFor(event);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.options.onRefused(event, error.message);
      return undefined;
    }
  }
}
