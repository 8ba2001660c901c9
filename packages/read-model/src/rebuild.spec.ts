// Rebuilding while serving: against a real PostgreSQL and the embedded event store, with readers that never stop asking.
import { join } from 'node:path';
import { EventStoreDb } from '@evenkeel/event-store';
import { held, type RunningEventStore, type RunningPostgres, startEventStore, startPostgres, startServer } from '@evenkeel/testkit';
import { sql } from 'kysely';
import { rebuildProgress, requestRebuild } from './generations';
import type { Projection } from './projection';
import { rebuildViews } from './rebuild-views';
import { DatabaseUnderTest, eventually, type Pod, sums, type TotalTables } from './testing/sums';

let postgres: RunningPostgres;
let events: RunningEventStore;
let store: EventStoreDb;
let tests: DatabaseUnderTest;
let prefix: string;
let runs = 0;

beforeAll(async () => {
  [postgres, events] = await Promise.all([startPostgres(), startEventStore()]);
});
afterAll(() => Promise.all([postgres.stop(), events.stop()]));
beforeEach(async () => {
  store = new EventStoreDb(events.url);
  tests = await DatabaseUnderTest.create(postgres, store);
  prefix = `run${runs++}-`;
});
afterEach(async () => {
  await tests.close();
  await store.close();
});

/** Follows the streams of this test, and counts what it applies. */
function counting(changes: Partial<Projection<TotalTables>> = {}) {
  const seen = { created: 0, events: 0 };
  const projection: Projection<TotalTables> = {
    ...sums,
    streamPrefixes: [prefix],
    async create(transaction) {
      seen.created += 1;
      await sums.create(transaction);
    },
    async apply(transaction, batch) {
      await sums.apply(transaction, batch);
      seen.events += batch.length;
    },
    ...changes,
  };
  return { projection, seen };
}

const ones = (count: number) => Array.from({ length: count }, () => 1);
const sumOf = async (pod: Pod) => Object.values(await pod.totals()).reduce((sum, each) => sum + each, 0);
const generationOf = (pod: Pod) => pod.projector.status().generations.find(({ role }) => role === 'serving')?.generation;

/** Asks again and again until told to stop. @returns every answer; a reader that is refused fails the test. */
function poll(pod: Pod): { end(): Promise<number[]> } {
  const answers: number[] = [];
  let polling = true;
  const work = (async () => {
    while (polling) answers.push(await sumOf(pod));
  })();
  return {
    end: async () => {
      polling = false;
      await work;
      return answers;
    },
  };
}

describe('a rebuild', () => {
  it('is not seen by readers: no gap, nothing older than before, and what was wrong in the tables is right again', async () => {
    const { projection } = counting({ maxBatch: 200 });
    for (let i = 0; i < 20; i++) await tests.add(`${prefix}${i}`, ...ones(100));
    const pods = [await tests.pod({ projection }), await tests.pod({ projection })];
    await Promise.all(pods.map(({ projector }) => projector.start()));
    // Somebody has edited the tables by hand.
    await pods[0]?.database.updateTable('total').set({ sum: 100_000 }).where('stream', '=', `${prefix}0`).execute();
    const spoilt = await sumOf(pods[0] as Pod);
    expect(spoilt).toBe(101_900);

    const polls = pods.map(poll);
    const rebuilds = [];
    let last = await tests.add(`${prefix}live`, 1);
    for (let round = 0; round < 3; round++) {
      rebuilds.push(...(await requestRebuild((pods[0] as Pod).database)));
      while (!(await rebuildProgress((pods[0] as Pod).database, { name: 'sums', version: 1, generation: round + 2 })).serves) {
        last = await tests.add(`${prefix}live`, 1);
      }
    }
    await Promise.all(pods.map(({ projector }) => projector.reached(last)));
    const answers = await Promise.all(polls.map((each) => each.end()));

    expect(rebuilds.map(({ generation, underWay }) => [generation, underWay])).toEqual([
      [2, false],
      [3, false],
      [4, false],
    ]);
    await eventually(() => pods.every((pod) => generationOf(pod) === 4));
    const appended = (await store.readLast(`${prefix}live`))?.revision ?? 0;
    for (const pod of pods) expect(await sumOf(pod)).toBe(2_000 + appended + 1);
    for (const seen of answers) {
      expect(seen.length).toBeGreaterThan(50);
      const right = seen.filter((sum) => sum < spoilt);
      // Once the rebuilt tables serve nobody sees the spoilt ones again, and the sum never falls.
      expect(seen.lastIndexOf(seen.findLast((sum) => sum >= spoilt) ?? -1)).toBeLessThan(seen.length - right.length);
      expect(right).toEqual([...right].sort((a, b) => a - b));
    }
  });

  it('that is asked for twice is one rebuild, and is told of by its status', async () => {
    const { hold, letGo } = held(undefined);
    await tests.add(`${prefix}a`, ...ones(10));
    const { projection } = counting();
    const first = await tests.pod({ projection });
    await first.projector.start();
    await first.projector.stop();
    const slow = await tests.pod({
      projection: {
        ...projection,
        async apply(transaction, batch) {
          await hold;
          await projection.apply(transaction, batch);
        },
      },
    });
    await slow.projector.start();
    const asked = [await requestRebuild(slow.database, 'sums'), await requestRebuild(slow.database)];
    expect(asked.map(([rebuild]) => [rebuild?.generation, rebuild?.underWay])).toEqual([
      [2, false],
      [2, true],
    ]);
    expect(await requestRebuild(slow.database, 'others')).toEqual([]);
    await eventually(() => slow.projector.status().generations.length === 2);
    const [serving, building] = slow.projector.status().generations;
    expect(serving).toMatchObject({ role: 'serving', generation: 1 });
    expect(building).toMatchObject({ role: 'building', generation: 2 });
    expect(building?.behind).toBeGreaterThanOrEqual(10);
    letGo();
    await eventually(() => generationOf(slow) === 2);
    expect(slow.projector.status().generations).toHaveLength(1);
  });

  it('goes on where a pod that crashed in the middle stopped, and nobody sees the half of it', async () => {
    for (let i = 0; i < 20; i++) await tests.add(`${prefix}${i}`, ...ones(50));
    const doomed = await startServer({
      name: 'pod',
      command: process.execPath,
      args: [join(__dirname, '..', 'dist', 'testing', 'sums-pod.js'), tests.url, events.url, prefix],
      readyWhen: (line) => line === 'ready',
    });
    const reader = await tests.pod(counting());
    await requestRebuild(reader.database);
    const built = async () => {
      const { rows } = await sql<{ sum: string }>`select sum(sum) as sum from sums_v1_g2.total`.execute(reader.database);
      return Number(rows[0]?.sum);
    };
    await eventually(() =>
      built().then(
        (sum) => sum >= 300,
        () => false,
      ),
    );
    await doomed.kill();
    expect(await built()).toBeLessThan(1_000);

    const { projection: again, seen } = counting({ maxBatch: 100 });
    const survivor = await tests.pod({ projection: again });
    await survivor.projector.start();
    expect(await sumOf(survivor)).toBe(1_000);
    expect(generationOf(survivor)).toBe(1);
    await eventually(() => generationOf(survivor) === 2);
    expect(await sumOf(survivor)).toBe(1_000);
    expect(seen.created).toBe(0);
    expect(seen.events).toBeGreaterThan(0);
    expect(seen.events).toBeLessThanOrEqual(700);
  });

  it('is done by one of several pods, and all of them follow it', async () => {
    await tests.add(`${prefix}a`, ...ones(1_000));
    const counts = [counting({ maxBatch: 50 }), counting({ maxBatch: 50 }), counting({ maxBatch: 50 })];
    const pods = await Promise.all(counts.map(({ projection }) => tests.pod({ projection })));
    await Promise.all(pods.map(({ projector }) => projector.start()));
    expect(counts.map(({ seen }) => seen.created).sort()).toEqual([0, 0, 1]);
    for (const { seen } of counts) Object.assign(seen, { created: 0, events: 0 });
    await requestRebuild((pods[0] as Pod).database);
    await eventually(() => pods.every((pod) => generationOf(pod) === 2));
    expect(counts.map(({ seen }) => seen.created).sort()).toEqual([0, 0, 1]);
    expect(counts.map(({ seen }) => seen.events).sort((a, b) => a - b)).toEqual([0, 0, 1_000]);
    const last = await tests.add(`${prefix}b`, 5);
    await Promise.all(pods.map(({ projector }) => projector.reached(last)));
    for (const pod of pods) expect(await sumOf(pod)).toBe(1_005);
  });

  it('that fails leaves the generation that serves alone, and says why', async () => {
    await tests.add(`${prefix}a`, 1, 13, 100);
    let isBroken = false;
    const { projection } = counting({
      async apply(transaction, batch) {
        if (isBroken && batch.some(({ data }) => (data as { by: number }).by === 13)) throw new TypeError('13 is not a number');
        await sums.apply(transaction, batch);
      },
    });
    const pod = await tests.pod({ projection });
    await pod.projector.start();
    isBroken = true;
    await requestRebuild(pod.database);
    const building = () => pod.projector.status().generations.find(({ role }) => role === 'building');
    await eventually(() => building()?.hindrance?.reason.includes(`${prefix}a@1`));
    await pod.projector.reached(await tests.add(`${prefix}b`, 1_000));
    expect(await sumOf(pod)).toBe(1_114);
    expect(generationOf(pod)).toBe(1);
    isBroken = false;
    await eventually(() => generationOf(pod) === 2);
    expect(await sumOf(pod)).toBe(1_114);
  });

  it('leaves its predecessor there for the grace, and drops it then', async () => {
    await tests.add(`${prefix}a`, 1);
    const { projection } = counting();
    const pod = await tests.pod({ projection, graceSeconds: 1 });
    await pod.projector.start();
    await requestRebuild(pod.database);
    await eventually(() => generationOf(pod) === 2);
    expect(await tests.schemas()).toEqual(['sums_v1', 'sums_v1_g1']);
    await eventually(async () => (await tests.schemas()).length === 1);
    expect(await sumOf(pod)).toBe(1);
  });
});

describe('the command of an operator', () => {
  it('asks the running pods, shows how far they are, and ends when the new tables serve', async () => {
    for (let i = 0; i < 20; i++) await tests.add(`${prefix}${i}`, ...ones(50));
    const pod = await startServer({
      name: 'pod',
      command: process.execPath,
      args: [join(__dirname, '..', 'dist', 'testing', 'sums-pod.js'), tests.url, events.url, prefix],
      readyWhen: (line) => line === 'ready',
    });
    const said: string[] = [];
    const databaseUrl = tests.url;
    await rebuildViews({ databaseUrl, say: (line) => void said.push(line) });
    expect(said[0]).toBe('sums: version 1, generation 2 is asked for');
    expect(said.some((line) => /generation 2 is \d+ behind the one that serves/.test(line))).toBe(true);
    expect(said.at(-1)).toBe('sums: version 1, generation 2 serves');
    await pod.kill();
    await expect(rebuildViews({ databaseUrl, projection: 'others', say: () => undefined })).rejects.toThrow('no pod that runs others');
  });
});

describe('a new version', () => {
  /** Twice as much, in a table of another shape. */
  const doubled = (): Projection<TotalTables> => ({
    ...counting().projection,
    version: 2,
    async create(transaction) {
      await sql`create table total (stream text primary key, sum integer not null, note text)`.execute(transaction);
    },
    async apply(transaction, batch) {
      await sums.apply(
        transaction,
        batch.map((event) => ({ ...event, data: { by: 2 * (event.data as { by: number }).by } })),
      );
    },
  });

  it('is built beside the old one, which goes on; a roll back finds the old one; unused, it is dropped after the grace', async () => {
    await tests.add(`${prefix}a`, ...ones(100));
    const { projection } = counting();
    const old = await tests.pod({ projection, graceSeconds: 2 });
    await old.projector.start();

    const young = await tests.pod({ projection: doubled(), graceSeconds: 2 });
    const readyYoung = young.projector.start();
    expect(young.projector.status().isReady).toBe(false);
    await expect(young.totals()).rejects.toThrow('relation "total" does not exist');
    await readyYoung;
    let last = await tests.add(`${prefix}b`, 1);
    await Promise.all([old, young].map(({ projector }) => projector.reached(last)));
    expect([await sumOf(old), await sumOf(young)]).toEqual([101, 202]);

    // The roll back: its schema is there and is brought up to date before it is ready.
    await old.projector.stop();
    last = await tests.add(`${prefix}b`, 1);
    const { projection: sameAsOld, seen } = counting();
    const rolledBack = await tests.pod({ projection: sameAsOld, graceSeconds: 2 });
    await rolledBack.projector.start();
    expect(await sumOf(rolledBack)).toBe(102);
    expect(seen).toEqual({ created: 0, events: 1 });

    // Forward again: when no pod of the old version is left, its schema goes after the grace.
    await rolledBack.projector.stop();
    expect(await tests.schemas()).toEqual(['sums_v1', 'sums_v2']);
    await eventually(async () => (await tests.schemas()).join() === 'sums_v2');
    expect(await sumOf(young)).toBe(204);

    const late = await tests.pod({ projection: counting().projection });
    await late.projector.start();
    expect(await sumOf(late)).toBe(102);
  });

  it('that cannot be built is never ready, and the old one goes on', async () => {
    await tests.add(`${prefix}a`, 1);
    const { projection } = counting();
    const old = await tests.pod({ projection });
    await old.projector.start();
    const broken: Projection<TotalTables> = { ...doubled(), apply: () => Promise.reject(new TypeError('a bug')) };
    const young = await tests.pod({ projection: broken });
    void young.projector.start();
    await eventually(() => young.projector.status().generations.some(({ hindrance }) => hindrance?.reason.includes('a bug')));
    await old.projector.reached(await tests.add(`${prefix}a`, 1));
    expect(await sumOf(old)).toBe(2);
    expect(young.projector.status().isReady).toBe(false);
  });
});
