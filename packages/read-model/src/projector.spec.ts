// Projections against a real PostgreSQL: rows and checkpoint move together or not at all.
import { randomUUID } from 'node:crypto';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { sql } from 'kysely';
import { type Database, type Migrations, openDatabase } from './database';
import { type Projection, Projector } from './projector';

type Tables = { total: { stream: string; sum: number } };

const migrations: Migrations = {
  '001-total': {
    up: async (database) => {
      await database.schema
        .createTable('total')
        .addColumn('stream', 'text', (column) => column.primaryKey())
        .addColumn('sum', 'integer', (column) => column.notNull())
        .execute();
    },
  },
};

const sums: Projection<Tables> = {
  name: 'sums-1',
  streamPrefixes: ['thing-'],
  async apply(transaction, events) {
    for (const { stream, data } of events) {
      const { by } = data as { by: number };
      await transaction
        .insertInto('total')
        .values({ stream, sum: by })
        .onConflict((conflict) =>
          conflict.column('stream').doUpdateSet((excluded) => ({ sum: sql`total.sum + ${excluded.ref('excluded.sum')}` })),
        )
        .execute();
    }
  },
};

let postgres: RunningPostgres;
let database: Database<Tables>;
let store: InMemoryEventStore;

beforeAll(async () => {
  postgres = await startPostgres();
}, 30_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  const url = await postgres.ensureDatabase(`test_${randomUUID().replaceAll('-', '')}`);
  database = await openDatabase<Tables>(url, migrations);
  store = new InMemoryEventStore();
});
afterEach(async () => {
  await store.close();
  await database.destroy();
});

const add = (stream: string, expected: number | 'no-stream', ...amounts: number[]) =>
  store.append(
    stream,
    expected,
    amounts.map((by) => ({ id: randomUUID(), type: 'Added', data: { by } })),
  );

const projector = (projection = sums, onFailure: (error: unknown) => void = () => undefined) =>
  new Projector({ database, store, projection, onFailure });

async function totals(): Promise<Record<string, number>> {
  const rows = await database.selectFrom('total').selectAll().execute();
  return Object.fromEntries(rows.map(({ stream, sum }) => [stream, sum]));
}

describe('a projection', () => {
  it('shows what is stored, then what comes, and continues after a restart without repeating', async () => {
    await add('thing-a', 'no-stream', 1, 2);
    const first = projector();
    await first.start();
    expect(await totals()).toEqual({ 'thing-a': 3 });
    const { position } = await add('thing-a', 1, 10);
    await first.reached(position);
    await first.stop();
    await add('thing-b', 'no-stream', 5);
    const second = projector();
    await second.start();
    expect(await totals()).toEqual({ 'thing-a': 13, 'thing-b': 5 });
    await second.stop();
  });

  it('applies nothing of a batch that fails, and all of it once it succeeds', async () => {
    let failures = 0;
    const flaky: Projection<Tables> = {
      ...sums,
      async apply(transaction, events) {
        await sums.apply(transaction, events);
        if (failures < 2) throw new Error('the disk is full');
      },
    };
    const { position } = await add('thing-a', 'no-stream', 1, 2, 3);
    const running = projector(flaky, () => {
      failures += 1;
    });
    const started = running.start();
    await running.reached(position);
    await started;
    expect([failures, await totals()]).toEqual([2, { 'thing-a': 6 }]);
    await running.stop();
  });

  it('applies each event once when two projectors of its name run', async () => {
    const running = [projector(), projector()];
    await Promise.all(running.map((each) => each.start()));
    let expected: number | 'no-stream' = 'no-stream';
    for (let i = 0; i < 50; i++) expected = (await add('thing-a', expected, 1)).revision;
    const last = await store.readLast('thing-a');
    if (!last) throw new Error('nothing stored');
    await Promise.all(running.map((each) => each.reached(last.position)));
    expect(await totals()).toEqual({ 'thing-a': 50 });
    await Promise.all(running.map((each) => each.stop()));
  });

  it('says so when a position is not reached in time', async () => {
    const running = projector();
    await running.start();
    const { position } = await add('elsewhere', 'no-stream', 1);
    await expect(running.reached(position, 100)).rejects.toThrow(/sums-1 did not reach/);
    await running.stop();
  });

  it('is built from zero under a new name beside the old one', async () => {
    await add('thing-a', 'no-stream', 1, 2);
    const old = projector();
    await old.start();
    await database.deleteFrom('total').execute();
    const renamed = projector({ ...sums, name: 'sums-2' });
    await renamed.start();
    expect(await totals()).toEqual({ 'thing-a': 3 });
    await Promise.all([old.stop(), renamed.stop()]);
  });
});

describe('a database', () => {
  it('is migrated once and refuses a failing migration', async () => {
    const url = await postgres.ensureDatabase('migrated');
    await (await openDatabase(url, migrations)).destroy();
    await (await openDatabase(url, migrations)).destroy();
    const failing: Migrations = { ...migrations, '002-broken': { up: async () => Promise.reject(new Error('broken migration')) } };
    await expect(openDatabase(url, failing)).rejects.toThrow('broken migration');
  });
});
