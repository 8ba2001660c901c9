// What a projection declares: where its rows come from, how its tables are made and how events become rows. It owns its tables; they live in
// a PostgreSQL schema of their own, so that another generation or version of them can be built from zero beside the ones that serve.
import type { Position, StoredEvent, SubscribeOptions } from '@evenkeel/event-store';
import type { Transaction } from 'kysely';

export interface ProjectionVersion {
  /** Lower case with underscores: it is part of the schema's name. */
  readonly name: string;
  /** Raised whenever the tables change or other rows are derived: the new version is then built beside the old one. */
  readonly version: number;
}

export interface Projection<Tables> extends ProjectionVersion {
  readonly streamPrefixes: readonly string[];
  readonly eventTypes?: readonly string[];
  /** Events at once while it catches up; fewer where one event makes very many rows. */
  readonly maxBatch?: number;
  /** Creates the tables in the schema that the transaction stands in: without a prefix. */
  create(transaction: Transaction<Tables>): Promise<void>;
  /** Applies a batch in order, with set-based statements (`putRows`): never a statement a row. It sees its own tables and no others. */
  apply(transaction: Transaction<Tables>, events: readonly StoredEvent[]): Promise<void>;
}

/** Events at once while a projection catches up, unless it wants fewer. More of them cost more in garbage than they spare in statements. */
const CATCH_UP_BATCH = 1_000;

/** What the store is to send to tables that show everything up to `position`. */
export function newsFor<Tables>(projection: Projection<Tables>, position: Position | undefined): Omit<SubscribeOptions, 'onFailure'> {
  const { streamPrefixes, eventTypes, maxBatch = CATCH_UP_BATCH } = projection;
  return { streamPrefixes, maxBatch, ...(eventTypes ? { eventTypes } : {}), ...(position ? { after: position } : {}) };
}

/** The projection itself failed, not the database or the store: a bug, or data that it does not expect. */
export class ProjectionFailed extends Error {
  override readonly name = 'ProjectionFailed';
  /** Whether this one event is to blame; else it is somewhere in the batch. */
  readonly isolated: boolean;

  constructor(projection: ProjectionVersion, events: readonly StoredEvent[], cause: unknown) {
    const [first] = events;
    const where = events.length === 1 && first ? `${first.type} ${first.stream}@${first.revision}` : `a batch of ${events.length} events`;
    super(`${servingSchema(projection)} fails at ${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.isolated = events.length === 1;
  }
}

/** Where readers find the tables of the generation that serves. */
export function servingSchema({ name, version }: ProjectionVersion): string {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) throw new Error(`"${name}" cannot name a projection`);
  return `${name}_v${version}`;
}

/** Where a generation's tables are while it does not serve: before its time, and after it until they are dropped. */
export function restingSchema(projection: ProjectionVersion, generation: number): string {
  return `${servingSchema(projection)}_g${generation}`;
}
