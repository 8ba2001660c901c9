// Feeds one generation's tables. The position moves in the same transaction as the rows, so the tables always show exactly the events up to
// it: a crash repeats nothing and skips nothing. Of two feeders the slower finds the position moved, rolls back and goes on from there.
import { comparePositions, type Position, type StoredEvent } from '@evenkeel/event-store';
import type { Kysely } from 'kysely';
import type { Generations, Place } from './generations';
import { type Projection, ProjectionFailed } from './projection';

export interface FeedOptions<Tables> {
  database: Kysely<Tables>;
  projection: Projection<Tables>;
  generations: Generations<Tables>;
  role: 'live' | 'builder';
  /** Where to go on when another feeder has moved the position. @throws when there is nothing to go on with. */
  relocate: () => Promise<Place>;
}

/** What hinders a feed, and since when (`performance.now`). */
export interface Hindrance {
  readonly error: unknown;
  readonly sinceMs: number;
}

export class Feed<Tables> {
  /** Set while the feed does not get on. */
  hindrance: Hindrance | undefined;
  /** Whether a builder's generation shall take over as soon as it shows all that readers have seen. */
  takesOver = false;
  /** It has taken over: the live feed goes on from here. */
  hasTakenOver = false;

  constructor(
    private readonly options: FeedOptions<Tables>,
    public place: Place,
  ) {}

  /**
   * Never called again before it has settled.
   * @param reached undefined while the store has nothing for the projection.
   */
  async handle(events: readonly StoredEvent[], reached: Position | undefined): Promise<void> {
    try {
      await this.apply(events, reached);
      this.hindrance = undefined;
    } catch (error) {
      this.hindrance = { error, sinceMs: this.hindrance?.sinceMs ?? performance.now() };
      throw error;
    }
  }

  private async apply(events: readonly StoredEvent[], reached: Position | undefined): Promise<void> {
    if (this.hasTakenOver) return;
    const rest = events.filter(({ position }) => this.isNews(position));
    if (rest.length === 0 && !this.isNews(reached) && !this.takesOver) return;
    try {
      if (await this.commit(rest, reached)) return;
      this.place = await this.options.relocate();
    } catch (error) {
      if (!(error instanceof ProjectionFailed) || error.isolated) throw error;
      // By halves: what is before the event that cannot be applied is shown, and the failure names the event.
      const half = rest.slice(0, Math.ceil(rest.length / 2));
      await this.apply(half, half.at(-1)?.position);
    }
    await this.apply(rest, reached);
  }

  /** @returns false when another feeder has moved the position. */
  private async commit(events: readonly StoredEvent[], reached: Position | undefined): Promise<boolean> {
    const { database, projection, generations, role } = this.options;
    const to = this.isNews(reached) ? reached : this.place.position;
    const outcome = await database.transaction().execute(async (transaction) => {
      const seen = this.takesOver ? await generations.holdServing(transaction) : undefined;
      if (!(await generations.advance(transaction, this.place, to, role))) return 'overtaken';
      if (events.length > 0) {
        await projection.apply(transaction, events).catch((cause: unknown) => {
          throw new ProjectionFailed(projection, events, cause);
        });
      }
      const isBehind = seen !== undefined && (to === undefined || comparePositions(to, seen) < 0);
      if (!this.takesOver || isBehind) return 'moved';
      await generations.swap(transaction, this.place.generation);
      return 'swapped';
    });
    if (outcome === 'overtaken') return false;
    this.place = { ...this.place, position: to };
    this.hasTakenOver = outcome === 'swapped';
    return true;
  }

  private isNews(position: Position | undefined): boolean {
    if (position === undefined) return false;
    return this.place.position === undefined || comparePositions(position, this.place.position) > 0;
  }
}
