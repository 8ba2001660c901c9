// What becomes of a process whose database dies under it.
import { setTimeout as pause } from 'node:timers/promises';
import { type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { sql } from 'kysely';
import { type Database, openDatabase } from './database';

/** After a crash PostgreSQL syncs every file it has, which takes a slow disk half a minute. */
const RECOVERED_WITHIN_MS = 90_000;
jest.setTimeout(2 * RECOVERED_WITHIN_MS);

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
  // The server recovers for a moment and refuses meanwhile.
  let rows: { one: number }[] = [];
  for (const giveUpMs = Date.now() + RECOVERED_WITHIN_MS; rows.length === 0 && Date.now() < giveUpMs; await pause(100)) {
    rows = await sql<{ one: number }>`select 1 as one`.execute(database).then(
      (result) => result.rows,
      () => [],
    );
  }
  expect(rows).toEqual([{ one: 1 }]);
});
