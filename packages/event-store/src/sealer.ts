// Vouches, in signed seals, for the events that this process writes to chained streams. It seals what the process knows to have written: it
// reads nothing back, and what somebody else put into the store stays without a seal.
//
// What a process had not sealed yet when it died is found by another one, usually its successor: seals list the processes at work and how far
// each had sealed, and one that has fallen silent is swept up from there. Several processes share one seal stream; the expected revision
// orders them. To be sealed twice harms nothing.
import { randomUUID } from 'node:crypto';
import { chain } from './chain';
import { type Appended, type EventStore, type NewEvent, StoreUnavailable, WrongExpectedRevision } from './event-store';
import { type SealKey, sealIn, sealStreamPrefix, type Writer } from './seal';
import { type SealLoad, UnsealedRuns } from './unsealed-runs';

export interface Sealed {
  stream: string;
  revision: number;
  hash: string;
  events: number;
}

export interface SealerOptions {
  store: EventStore;
  /** Names the seal stream: one a service. */
  name: string;
  /** The chained streams of the service. */
  streamPrefixes: readonly string[];
  key: SealKey;
  everyMs: number;
  /** To be kept elsewhere: only a copy outside of the store shows that the newest seals are gone. */
  onSealed: (sealed: Sealed) => void;
  onFailure: (error: unknown) => void;
}

/** Lets events be chained as in production, and vouches for none of them: for what runs without a service. */
export const unsealed: Pick<Sealer, 'append'> = { append: (_stream, _firstRevision, _events, append) => append() };

/** A process that has not sealed for so many intervals is taken for dead, and a living one says sooner that it lives. */
const SILENT_INTERVALS = 5;
const REST_INTERVALS = 2;
const WRITE_ATTEMPTS = 20;

/** The newest seal, as far as this process knows. */
interface Newest {
  revision: number;
  hash: string | undefined;
  writers: readonly Writer[];
}

export class Sealer {
  readonly stream: string;
  private readonly writer = randomUUID();
  private readonly unsealed = new UnsealedRuns();
  /** Appends under way, each with the seal that stood when it set out: it is stored behind that one. */
  private readonly inFlight = new Set<{ after: number }>();
  /** Appends whose outcome is not known: what is stored behind these seals must be looked at. */
  private doubts: { after: number; sinceMs: number }[] = [];
  private sealedThrough = -1;
  private newest: Newest | undefined;
  /** Revision of the newest seal that this process knows of. */
  private knownSeal = -1;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private stopped: () => void = () => undefined;
  private readonly whenStopped = new Promise<void>((resolve) => {
    this.stopped = resolve;
  });

  constructor(private readonly options: SealerOptions) {
    this.stream = `${sealStreamPrefix}${options.name}`;
  }

  /** Says that this process is at work. Events may be written once it resolves. */
  async start(): Promise<void> {
    this.newest = await this.read();
    await this.write([]);
    this.timer = setInterval(() => this.work(), this.options.everyMs);
    this.work();
  }

  /** Seals what is left and says goodbye. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopped();
    await this.working;
    try {
      // After an append whose outcome is not known another process must look.
      await this.write(this.inFlight.size === 0 && this.doubts.length === 0 ? [this.writer] : []);
    } catch (error) {
      this.options.onFailure(error);
    }
  }

  /** Appends chained events, and remembers them for the next seal. */
  async append(stream: string, firstRevision: number, events: readonly NewEvent[], append: () => Promise<Appended>): Promise<Appended> {
    const flight = { after: this.knownSeal };
    this.inFlight.add(flight);
    try {
      const appended = await append();
      for (const [index, { metadata }] of events.entries()) this.note(stream, firstRevision + index, metadata?.hash);
      if (this.unsealed.isFull) this.work();
      return appended;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) this.doubts.push({ ...flight, sinceMs: Date.now() });
      throw error;
    } finally {
      this.inFlight.delete(flight);
    }
  }

  private note(stream: string, revision: number, hash: string | undefined): void {
    // Events from before the chain have no hash.
    if (hash !== undefined) this.unsealed.note(stream, revision, hash);
  }

  private work(): void {
    this.working ??= this.workOnce()
      .catch((error) => this.options.onFailure(error))
      .finally(() => {
        this.working = undefined;
      });
  }

  private async workOnce(): Promise<void> {
    // Others may have said since that they live.
    if (this.silentWriters().length > 0) this.newest = await this.read();
    const silent = this.silentWriters();
    // An append that was given up may still reach the store; after an interval it has or never will.
    const settled = this.doubts.filter(({ sinceMs }) => sinceMs <= Date.now() - this.options.everyMs);
    const unsealed = [...silent.map(({ sealedThrough }) => sealedThrough), ...settled.map(({ after }) => after)];
    if (unsealed.length > 0) {
      if (!(await this.sweep(Math.min(...unsealed)))) return;
      this.doubts = this.doubts.filter((doubt) => !settled.includes(doubt));
    }
    const own = this.newest?.writers.find(({ writer }) => writer === this.writer);
    const rested = !own || Date.parse(own.at) <= Date.now() - REST_INTERVALS * this.options.everyMs;
    if (!this.unsealed.isEmpty || silent.length > 0 || rested) await this.write(silent.map(({ writer }) => writer));
  }

  private silentWriters(): Writer[] {
    const since = Date.now() - SILENT_INTERVALS * this.options.everyMs;
    return (this.newest?.writers ?? []).filter(({ writer, at }) => writer !== this.writer && Date.parse(at) <= since);
  }

  /** Takes in everything that is stored behind the seal. @returns whether it got to the end before the sealer was stopped. */
  private async sweep(seal: number): Promise<boolean> {
    const { store, streamPrefixes, onFailure } = this.options;
    const [from] = seal === -1 ? [] : await store.read(this.stream, seal);
    const subscription = store.subscribe({ streamPrefixes, ...(from ? { after: from.position } : {}), onFailure }, async (events) => {
      for (const { stream, revision, metadata } of events) this.note(stream, revision, metadata.hash);
      if (this.unsealed.isFull) await this.write([]);
    });
    const reached = await Promise.race([subscription.caughtUp().then(() => true), this.whenStopped.then(() => false)]);
    await subscription.stop();
    return reached;
  }

  /** @param leaving writers that have nothing unsealed any more. */
  private async write(leaving: readonly string[]): Promise<void> {
    let rest = true;
    while (rest) {
      const settledThrough = Math.min(this.knownSeal, ...[...this.inFlight, ...this.doubts].map(({ after }) => after));
      const load = this.unsealed.take();
      rest = !this.unsealed.isEmpty;
      const sealedThrough = rest ? this.sealedThrough : settledThrough;
      try {
        await this.writeOne(load, sealedThrough, rest ? [] : leaving);
        this.sealedThrough = sealedThrough;
      } catch (error) {
        this.unsealed.putBack(load);
        throw error;
      }
    }
  }

  private async writeOne(load: SealLoad, sealedThrough: number, leaving: readonly string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.newest ??= await this.read();
      const { newest } = this;
      // Whatever goes wrong, what was believed of the newest seal may be wrong.
      this.newest = undefined;
      const sealedAt = new Date().toISOString();
      const own = { writer: this.writer, sealedThrough, at: sealedAt };
      const writers = [...newest.writers.filter(({ writer }) => writer !== this.writer), own];
      try {
        this.newest = await this.appendSeal(
          newest,
          load,
          writers.filter(({ writer }) => !leaving.includes(writer)),
          sealedAt,
        );
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        if (attempt === WRITE_ATTEMPTS) throw new StoreUnavailable(`${this.stream} is written faster than it is read`, { cause: error });
      }
    }
  }

  private async appendSeal(newest: Newest, { runs, events }: SealLoad, writers: Writer[], sealedAt: string): Promise<Newest> {
    const { store, streamPrefixes, key, onSealed } = this.options;
    const place = { stream: this.stream, revision: newest.revision + 1, previous: newest.hash };
    const seal = key.signed(place, { writer: this.writer, writers, streamPrefixes, events, runs, sealedAt });
    const chained = chain(place.stream, place.previous, place.revision, [seal]);
    const hash = chained[0]?.metadata?.hash ?? '';
    await store.append(this.stream, newest.revision === -1 ? 'no-stream' : newest.revision, chained);
    this.knownSeal = place.revision;
    onSealed({ stream: this.stream, revision: place.revision, hash, events });
    return { revision: place.revision, hash, writers };
  }

  private async read(): Promise<Newest> {
    const last = await this.options.store.readLast(this.stream);
    if (!last) return { revision: -1, hash: undefined, writers: [] };
    this.knownSeal = last.revision;
    return { revision: last.revision, hash: last.metadata.hash, writers: sealIn(last).writers };
  }
}
