// Keeps tables in step with streams. The checkpoint commits in the same transaction as the rows, so the tables always show exactly the
// events up to it: a crash repeats nothing and skips nothing. Of two projectors of one name the slower finds the checkpoint moved, rolls
// back and continues from there.
import {
  comparePositions,
  type EventStore,
  type Position,
  parsePosition,
  type StoredEvent,
  type Subscription,
} from '@evenkeel/event-store';
import type { Transaction } from 'kysely';
import type { Database } from './database';

export interface Projection<Tables> {
  /** Names the checkpoint. A changed projection gets a new name and new tables, and is built from zero beside the old one. */
  name: string;
  streamPrefixes: readonly string[];
  eventTypes?: readonly string[];
  /** Applies a batch in order, with set-based statements: never a statement a row. */
  apply(transaction: Transaction<Tables>, events: readonly StoredEvent[]): Promise<void>;
}

export interface ProjectorOptions<Tables> {
  database: Database<Tables>;
  store: EventStore;
  projection: Projection<Tables>;
  onFailure: (error: unknown) => void;
  /** Told of events once the tables show them, also when another projector of this name has applied them. */
  onShown?: (events: readonly StoredEvent[]) => void;
}

type CheckpointTables = { projection_checkpoint: { name: string; position: string | null } };

export class Projector<Tables> {
  private subscription: Subscription | undefined;
  private position: Position | undefined;

  constructor(private readonly options: ProjectorOptions<Tables>) {}

  /** Resolves when the tables show everything that was stored before. */
  async start(): Promise<void> {
    this.position = await this.storedPosition();
    const { store, projection, onFailure } = this.options;
    const { streamPrefixes, eventTypes } = projection;
    const options = {
      streamPrefixes,
      ...(eventTypes ? { eventTypes } : {}),
      ...(this.position ? { after: this.position } : {}),
      onFailure,
    };
    this.subscription = store.subscribe(options, (events, reached) => this.apply(events, reached));
    await this.subscription.caughtUp();
  }

  /** Resolves when the event at this position is in the tables; rejects after the deadline. */
  async reached(position: Position, deadlineMs = 5_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`${this.options.projection.name} did not reach ${position} in time`)), deadlineMs);
    });
    try {
      await Promise.race([this.subscription?.reached(position), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async stop(): Promise<void> {
    await this.subscription?.stop();
  }

  private async apply(events: readonly StoredEvent[], reached: Position): Promise<void> {
    const { database, projection, onShown } = this.options;
    const moved = await database.transaction().execute(async (transaction) => {
      if (!(await this.moveCheckpoint(transaction, reached))) return false;
      if (events.length > 0) await projection.apply(transaction, events);
      return true;
    });
    // Another projector of this name was here: what it applied must not be applied twice.
    if (!moved) return this.followOther(events, reached);
    this.position = reached;
    onShown?.(events);
  }

  private async followOther(events: readonly StoredEvent[], reached: Position): Promise<void> {
    this.position = await this.storedPosition();
    this.options.onShown?.(events);
    const rest = events.filter((event) => this.position === undefined || comparePositions(event.position, this.position) > 0);
    if (rest.length > 0 || this.position === undefined || comparePositions(reached, this.position) > 0) await this.apply(rest, reached);
  }

  /** Compare-and-set on the position that this projector has seen. */
  private async moveCheckpoint(transaction: Transaction<Tables>, to: Position): Promise<boolean> {
    const tables = checkpointTables(transaction);
    const { name } = this.options.projection;
    if (this.position === undefined) {
      const inserted = await tables
        .insertInto('projection_checkpoint')
        .values({ name, position: to })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirst();
      return inserted.numInsertedOrUpdatedRows === 1n;
    }
    const updated = await tables
      .updateTable('projection_checkpoint')
      .set({ position: to })
      .where('name', '=', name)
      .where('position', '=', this.position)
      .executeTakeFirst();
    return updated.numUpdatedRows === 1n;
  }

  private async storedPosition(): Promise<Position | undefined> {
    const row = await checkpointTables(this.options.database)
      .selectFrom('projection_checkpoint')
      .select('position')
      .where('name', '=', this.options.projection.name)
      .executeTakeFirst();
    return row?.position === undefined || row.position === null ? undefined : parsePosition(row.position);
  }
}

/** The checkpoint's table is in every database, whatever the projection's own tables are. */
function checkpointTables<Tables>(database: Database<Tables>): Database<CheckpointTables> {
  return database.withTables<CheckpointTables>() as Database<CheckpointTables>;
}
