// Builds a generation from zero beside the one that serves, and lets it take over when it shows all that readers have seen. One pod builds;
// another one follows it when it falls silent, and goes on where it stopped.
import { comparePositions, type EventStore, type Position } from '@evenkeel/event-store';
import type { Kysely } from 'kysely';
import { Feed } from './feed';
import type { Generations } from './generations';
import { newsFor, type Projection } from './projection';

export interface BuilderOptions<Tables> {
  database: Kysely<Tables>;
  store: EventStore;
  projection: Projection<Tables>;
  generations: Generations<Tables>;
  onFailure: (error: unknown) => void;
}

/** Another pod has taken the building over. */
class BuildTakenOver extends Error {
  override readonly name = 'BuildTakenOver';
}

export class GenerationBuilder<Tables> {
  feed: Feed<Tables> | undefined;
  private ended = false;
  private end: () => void = () => undefined;
  private readonly ending = new Promise<void>((resolve) => {
    this.end = resolve;
  });
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: BuilderOptions<Tables>,
    readonly generation: number,
  ) {}

  /** Resolves when the generation serves, when another pod builds it, or when this one was stopped. */
  run(): Promise<void> {
    this.running ??= this.build();
    return this.running;
  }

  async stop(): Promise<void> {
    this.finish();
    await this.running;
  }

  private finish(): void {
    this.ended = true;
    this.end();
  }

  private async build(): Promise<void> {
    const { generations } = this.options;
    const place = await generations.takeOn(this.generation);
    if (!place) return;
    const feed = new Feed(
      {
        ...this.options,
        role: 'builder',
        relocate: async () => {
          this.finish();
          throw new BuildTakenOver(`generation ${this.generation} is built by another pod`);
        },
      },
      place,
    );
    this.feed = feed;
    while (!this.ended) await this.catchUp(feed);
    if (!feed.hasTakenOver) await generations.layDown(this.generation);
  }

  /** One round: everything that was stored before it, and what comes until the generation may take over. */
  private async catchUp(feed: Feed<Tables>): Promise<void> {
    const { generations, store, projection, onFailure } = this.options;
    const options = {
      ...newsFor(projection, feed.place.position),
      onFailure: (error: unknown) => error instanceof BuildTakenOver || onFailure(error),
    };
    const seen = await generations.furthestServing();
    const subscription = store.subscribe(options, async (events, reached) => {
      await feed.handle(events, reached);
      if (feed.hasTakenOver) this.finish();
    });
    await Promise.race([subscription.caughtUp(), this.ending]);
    await subscription.stop();
    if (this.ended) return;
    // What was stored before this round is shown, and with it all that readers had seen when it began, also where no event stands there.
    if (!feed.takesOver) await generations.analyze(this.generation);
    feed.takesOver = true;
    await feed.handle([], later(seen, feed.place.position));
    if (feed.hasTakenOver) this.finish();
  }
}

function later(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return comparePositions(a, b) >= 0 ? a : b;
}
