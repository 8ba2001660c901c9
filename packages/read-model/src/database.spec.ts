// What becomes of a process whose database dies under it.
import { type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { sql } from 'kysely';
import { type Database, openDatabase } from './database';

let postgres: RunningPostgres;
let database: Database<Record<string, never>>;

beforeAll(async () => {
  postgres = await startPostgres();
  database = await openDatabase(await postgres.ensureDatabase('dying'));
});
afterAll(async () => {
  await database?.destroy();
  await postgres?.stop();
});

it('fails what waits on a connection that breaks, and nothing else, and works again with the next one', async () => {
  // Between two queries of a transaction nothing waits on the connection: its end is an event that must be heard.
  const broken = database.transaction().execute(async (transaction) => {
    await sql`select 1`.execute(transaction);
    await postgres.crash();
    await sql`select 1`.execute(transaction);
  });
  await expect(broken).rejects.toThrow();
  expect((await sql<{ one: number }>`select 1 as one`.execute(database)).rows).toEqual([{ one: 1 }]);
});
