// Projections against a real PostgreSQL: rows and position move together or not at all, whoever else is at work.
import { randomUUID } from 'node:crypto';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { openDatabase } from './database';
import type { Projection } from './projection';
import { DatabaseUnderTest, eventually, sums, type TotalTables } from './testing/sums';

let postgres: RunningPostgres;
let tests: DatabaseUnderTest;
let store: InMemoryEventStore;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  store = new InMemoryEventStore();
  tests = await DatabaseUnderTest.create(postgres, store);
});
afterEach(async () => {
  await tests.close();
  await store.close();
});

describe('a projection', () => {
  it('shows what is stored, then what comes, and continues after a restart without repeating', async () => {
    await tests.add('thing-a', 1, 2);
    const first = await tests.pod();
    await first.projector.start();
    expect(await first.totals()).toEqual({ 'thing-a': 3 });
    await first.projector.reached(await tests.add('thing-a', 10));
    expect(await first.totals()).toEqual({ 'thing-a': 13 });
    await first.projector.stop();
    await tests.add('thing-b', 5);
    const second = await tests.pod();
    await second.projector.start();
    expect(await second.totals()).toEqual({ 'thing-a': 13, 'thing-b': 5 });
    expect(second.projector.status()).toMatchObject({ isReady: true, generations: [{ generation: 1, role: 'serving' }] });
  });

  it('serves at once where nothing is stored yet', async () => {
    const pod = await tests.pod();
    await pod.projector.start();
    expect(await pod.totals()).toEqual({});
    await pod.projector.reached(await tests.add('thing-a', 4));
    expect(await pod.totals()).toEqual({ 'thing-a': 4 });
  });

  it('applies nothing of a batch that fails, and all of it once it succeeds', async () => {
    let failures = 0;
    const flaky: Projection<TotalTables> = {
      ...sums,
      async apply(transaction, events) {
        await sums.apply(transaction, events);
        if (failures < 3) throw new Error('the disk is full');
      },
    };
    const pod = await tests.pod({ projection: flaky, onFailure: () => void failures++ });
    await tests.add('thing-a', 1, 2, 3);
    await pod.projector.start();
    expect([failures, await pod.totals()]).toEqual([3, { 'thing-a': 6 }]);
  });

  it('applies each event once when two pods follow it', async () => {
    const pods = [await tests.pod(), await tests.pod()];
    await Promise.all(pods.map(({ projector }) => projector.start()));
    let last = await tests.add('thing-a', 1);
    for (let i = 0; i < 50; i++) last = await tests.add('thing-a', 1);
    await Promise.all(pods.map(({ projector }) => projector.reached(last)));
    expect(await Promise.all(pods.map((pod) => pod.totals()))).toEqual([{ 'thing-a': 51 }, { 'thing-a': 51 }]);
  });

  it('says so when a position is not reached in time', async () => {
    const pod = await tests.pod();
    await pod.projector.start();
    const position = await tests.add('elsewhere', 1);
    await expect(pod.projector.reached(position, 100)).rejects.toThrow(/sums_v1 did not reach/);
  });

  it('that cannot apply an event shows what was before it, names it, goes on serving, and gets on once it is mended', async () => {
    const poisoned: Projection<TotalTables> = {
      ...sums,
      async apply(transaction, events) {
        if (events.some(({ data }) => (data as { by: number }).by === 13)) throw new TypeError('13 is not a number');
        await sums.apply(transaction, events);
      },
    };
    const pod = await tests.pod({ projection: poisoned });
    await pod.projector.start();
    const last = await tests.add('thing-a', 1, 2, 4, 13, 100);
    const hindrance = () => pod.projector.status().generations[0]?.hindrance;
    await eventually(() => hindrance()?.reason.includes('thing-a@3'));
    expect(hindrance()?.reason).toBe('sums_v1 fails at Added thing-a@3: 13 is not a number');
    expect(await pod.totals()).toEqual({ 'thing-a': 7 });
    expect(pod.projector.status().isReady).toBe(true);

    const mended = await tests.pod();
    await mended.projector.start();
    await pod.projector.reached(last, 10_000);
    expect(await mended.totals()).toEqual({ 'thing-a': 120 });
    await eventually(() => hindrance() === undefined);
  });

  it('is ready where it stands when the pods before it could not get further either', async () => {
    const poisoned: Projection<TotalTables> = {
      ...sums,
      apply: async (transaction, events) => {
        if (events.some(({ data }) => (data as { by: number }).by === 13)) throw new TypeError('13 is not a number');
        await sums.apply(transaction, events);
      },
    };
    const first = await tests.pod();
    await tests.add('thing-a', 1);
    await first.projector.start();
    await first.projector.stop();
    await tests.add('thing-a', 2, 13);
    const second = await tests.pod({ projection: poisoned });
    const startedAt = Date.now();
    await second.projector.start();
    expect(Date.now() - startedAt).toBeGreaterThan(10_000);
    expect(await second.totals()).toEqual({ 'thing-a': 3 });
  });
});

describe('a database', () => {
  it('is migrated once, refuses a failing migration, and leaves alone those of a newer version', async () => {
    const url = await postgres.ensureDatabase(`migrated_${randomUUID().slice(0, 8)}`);
    const migration = (table: string) => ({
      up: async (database: Parameters<(typeof sums)['create']>[0]) => {
        await database.schema.createTable(table).addColumn('id', 'text').execute();
      },
    });
    const newer = { '001-first': migration('first'), '002-second': migration('second') };
    await (await openDatabase(url, { migrations: newer })).destroy();
    await (await openDatabase(url, { migrations: newer })).destroy();
    await (await openDatabase(url, { migrations: { '001-first': migration('first') } })).destroy();
    const failing = { ...newer, '003-broken': { up: async () => Promise.reject(new Error('broken migration')) } };
    await expect(openDatabase(url, { migrations: failing })).rejects.toThrow('broken migration');
  });
});
