// Keeps a projection's tables in step with its streams, on every pod that runs it: follows the generation that serves, builds another one
// when one is wanted, and says how far it is. Readers need not know of any of this.
import { randomUUID } from 'node:crypto';
import { distanceBetween, type EventStore, type Position, type StoredEvent, type Subscription } from '@evenkeel/event-store';
import type { Database } from './database';
import { Feed, type Hindrance } from './feed';
import { GenerationBuilder } from './generation-builder';
import { Generations } from './generations';
import { newsFor, type Projection, ProjectionFailed, servingSchema } from './projection';

export interface ProjectorOptions<Tables> {
  database: Database<Tables>;
  store: EventStore;
  projection: Projection<Tables>;
  onFailure: (error: unknown) => void;
  /** Told of events once the tables show them, also when another pod has applied them. */
  onShown?: (events: readonly StoredEvent[]) => void;
  /** Another generation serves: what was read before may differ, not only where events say so. Told within `pollMs`. */
  onSwapped?: () => void;
  /** What does not serve any more is kept for so long, for a roll back. */
  graceSeconds?: number;
  /** How often the bookkeeping is looked at. */
  pollMs?: number;
}

export interface ProjectionStatus {
  name: string;
  version: number;
  /** Whether the tables may be read: they show everything that was stored when this pod began to follow, or as much as they ever will. */
  isReady: boolean;
  /** The one that serves, and the one that this pod builds. */
  generations: GenerationStatus[];
}

export interface GenerationStatus {
  generation: number;
  role: 'serving' | 'building';
  /** How far it is from the end of the store, events of others included: in events, or bytes of EventStoreDB's log. */
  behind: number;
  /** Why it does not get on, and for how long. */
  hindrance?: { reason: string; seconds: number };
}

interface Live<Tables> {
  feed: Feed<Tables>;
  subscription: Subscription;
}

const POLL_MS = 2_000;
const GRACE_SECONDS = 3_600;
const LONGEST_TIDYING_MS = 60_000;
/** A projection that has failed at one event for so long shows as much as it ever will. */
const HOPELESS_MS = 15_000;

export class Projector<Tables> {
  private readonly generations: Generations<Tables>;
  private serving: number | undefined;
  private live: Live<Tables> | undefined;
  private builder: GenerationBuilder<Tables> | undefined;
  private end: Position | undefined;
  private isReady = false;
  private markReady: () => void = () => undefined;
  private readonly ready: Promise<void>;
  private watching: Promise<void> | undefined;
  private stopped = false;
  private isWoken = false;
  private rouse: () => void = () => undefined;
  private tidyAtMs = 0;

  constructor(private readonly options: ProjectorOptions<Tables>) {
    this.generations = new Generations(options.database, options.projection, randomUUID());
    this.ready = new Promise((resolve) => {
      this.markReady = () => {
        this.isReady = true;
        resolve();
      };
    });
  }

  /** Resolves when the tables may be read: when they show everything that was stored before. */
  start(): Promise<void> {
    this.watching ??= this.watch();
    return this.ready;
  }

  /** Resolves when the event at this position is in the tables; rejects after the deadline. */
  async reached(position: Position, deadlineMs = 5_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      const complaint = `${servingSchema(this.options.projection)} did not reach ${position} in time`;
      timer = setTimeout(() => fail(new Error(complaint)), deadlineMs);
    });
    try {
      await Promise.race([this.ready.then(() => this.live?.subscription.reached(position)), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  status(): ProjectionStatus {
    const { name, version } = this.options.projection;
    const generations: GenerationStatus[] = [];
    if (this.serving !== undefined && this.live) generations.push(this.statusOf('serving', this.serving, this.live.feed));
    if (this.builder?.feed) generations.push(this.statusOf('building', this.builder.generation, this.builder.feed));
    return { name, version, isReady: this.isReady, generations };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.watching;
    await this.builder?.stop();
    await this.live?.subscription.stop();
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.look();
      } catch (error) {
        this.options.onFailure(error);
      }
      await this.pause();
    }
  }

  private async look(): Promise<void> {
    const { serving, wanted } = await this.generations.checkIn();
    if (this.serving !== undefined && this.serving !== serving) this.options.onSwapped?.();
    this.serving = serving;
    if (serving !== undefined) this.live ??= await this.follow();
    if (this.builder) await this.generations.keepOn(this.builder.generation);
    else if (wanted > (serving ?? 0)) this.build(wanted);
    this.end = await this.options.store.lastPosition();
    // A pod that starts behind a failing event shows what the others show: it would make nothing fresher by staying silent.
    if (this.live && isHopeless(this.live.feed)) this.markReady();
    if (this.isReady && performance.now() > this.tidyAtMs) await this.tidy();
  }

  private async follow(): Promise<Live<Tables> | undefined> {
    const { database, store, projection, onFailure, onShown } = this.options;
    const { generations } = this;
    const place = await generations.serving();
    if (!place) return undefined;
    const relocate = async () => {
      const other = await generations.serving();
      if (!other) throw new Error(`no generation of ${servingSchema(projection)} serves`);
      return other;
    };
    const feed = new Feed({ database, projection, generations, role: 'live', relocate }, place);
    const subscription = store.subscribe({ ...newsFor(projection, place.position), onFailure }, async (events, reached) => {
      await feed.handle(events, reached);
      if (events.length > 0) onShown?.(events);
    });
    void subscription.caughtUp().then(this.markReady);
    return { feed, subscription };
  }

  private build(generation: number): void {
    const { database, store, projection, onFailure } = this.options;
    const builder = new GenerationBuilder({ database, store, projection, generations: this.generations, onFailure }, generation);
    this.builder = builder;
    void builder
      .run()
      .catch(onFailure)
      .then(() => {
        this.builder = undefined;
        if (builder.feed?.hasTakenOver) this.wake();
      });
  }

  private async tidy(): Promise<void> {
    const { graceSeconds = GRACE_SECONDS } = this.options;
    this.tidyAtMs = performance.now() + Math.min(LONGEST_TIDYING_MS, graceSeconds * 1000);
    await this.generations.dropUnused(graceSeconds);
  }

  private statusOf(role: 'serving' | 'building', generation: number, { place, hindrance }: Feed<Tables>): GenerationStatus {
    const behind = this.end === undefined ? 0 : Math.max(0, distanceBetween(place.position, this.end));
    if (!hindrance) return { generation, role, behind };
    const reason = hindrance.error instanceof Error ? hindrance.error.message : String(hindrance.error);
    return { generation, role, behind, hindrance: { reason, seconds: (performance.now() - hindrance.sinceMs) / 1000 } };
  }

  private async pause(): Promise<void> {
    if (!this.isWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.options.pollMs ?? POLL_MS);
        this.rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isWoken = false;
  }

  /** Ends the pause, also one that has not begun yet. */
  private wake(): void {
    this.isWoken = true;
    this.rouse();
  }
}

function isHopeless({ hindrance }: { hindrance: Hindrance | undefined }): boolean {
  return hindrance?.error instanceof ProjectionFailed && performance.now() - hindrance.sinceMs > HOPELESS_MS;
}
