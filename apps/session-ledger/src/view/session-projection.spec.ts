// The ledger's read model in a real PostgreSQL: it shows what the streams hold, however the events were cut into batches, and it tells when a
// session must be looked at.
import { sessionIdOf } from '@evenkeel/contracts';
import { InMemoryEventStore, type Position } from '@evenkeel/event-store';
import { type Database, openDatabase, Projector } from '@evenkeel/read-model';
import { type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import type { SessionFact } from '../session/session-events';
import {
  at,
  available,
  ended,
  event,
  party,
  promptly,
  reading,
  started,
  stationId,
  status,
  terms,
  token,
} from '../session/session-scenarios';
import { LedgerUnderTest } from '../testing/ledger-under-test';
import { WatchList } from '../watch/watch-list';
import { sessionProjection } from './session-projection';
import type { LedgerTables } from './session-tables';
import { SessionView } from './session-view';

const policy = { ...promptly, settleSeconds: 30, hold: ['meterReset' as const] };
const renamed = (fact: SessionFact, transactionId: string, change: object = {}) =>
  ({ ...fact, factId: `${transactionId} ${fact.factId}`, transactionId, ...change }) as never;

let postgres: RunningPostgres;
let database: Database<LedgerTables>;
let projector: Projector<LedgerTables>;
let ledger: LedgerUnderTest;
let view: SessionView;
const store = new InMemoryEventStore();
const failures: unknown[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  database = await openDatabase<LedgerTables>(await postgres.ensureDatabase('ledger'), { projections: [sessionProjection] });
  projector = new Projector({ database, store, projection: sessionProjection, onFailure: (error) => failures.push(error) });
  await projector.start();
  view = new SessionView(database, store);
  ledger = new LedgerUnderTest({ policy, terms: () => terms(), startMs: Date.parse(at('11:00')), store });
}, 60_000);
afterAll(async () => {
  await projector.stop();
  await database.destroy();
  await postgres.stop();
  await ledger.stop();
});

/** The tables show everything that is stored. */
async function shown(): Promise<void> {
  let last: Position | undefined;
  await store.readAll(sessionProjection.streamPrefixes, async (events) => {
    last = events.findLast(({ type }) => sessionProjection.eventTypes?.includes(type))?.position ?? last;
  });
  if (last) await projector.reached(last);
}

async function statuses(): Promise<Record<string, string>> {
  await shown();
  const { items } = await view.list({});
  return Object.fromEntries(items.map(({ transactionId, status: is }) => [transactionId, is]));
}

it('shows each session in its state', async () => {
  await ledger.hear(renamed(started('10:00', '0'), 'runs', { evseId: 2 }));
  await ledger.hear(renamed(started('10:01', '0'), 'ended'), renamed(ended('10:40', '4000'), 'ended'));
  await ledger.hear(renamed(started('10:02', '0'), 'billed', { evseId: 3 }), renamed(ended('10:41', '4000'), 'billed'));
  await ledger.hear(renamed(started('10:03', '50000'), 'held', { evseId: 4 }), renamed(ended('10:42', '200'), 'held'));
  await ledger.hear(renamed(ended('10:43', '200'), '987654'));
  const windows = await statuses();
  expect(windows).toEqual({ runs: 'active', ended: 'ended', billed: 'ended', held: 'ended', 987654: 'pending' });
  await ledger.pass(2);
  expect(await statuses()).toEqual({ runs: 'active', ended: 'completed', billed: 'completed', held: 'quarantined', 987654: 'stray' });
  expect(failures).toEqual([]);
});

it('keeps a billed session billed while late facts settle', async () => {
  await ledger.hear(renamed(reading('10:20', '2000'), 'billed'));
  expect((await statuses()).billed).toBe('completed');
  await ledger.pass(2);
  expect((await statuses()).billed).toBe('completed');
});

it('lists what a person must look at, and forgets it when it is over', async () => {
  await ledger.pass(40);
  await shown();
  const attention = async () =>
    (await view.list({ attention: true })).items.map(({ transactionId, attention: why }) => [transactionId, why]);
  expect(await attention()).toEqual(
    expect.arrayContaining([
      ['runs', ['noEnergy']],
      ['held', undefined],
      ['987654', undefined],
    ]),
  );
  expect((await view.list({ attention: false })).items.map(({ transactionId }) => transactionId)).toEqual(
    expect.arrayContaining(['billed', 'ended']),
  );
  await ledger.hear(renamed(reading('10:30', '3000'), 'runs', { evseId: 2 }), renamed(ended('10:50', '4000'), 'runs'));
  await ledger.pass(2);
  await shown();
  expect((await attention()).map(([id]) => id)).not.toContain('runs');
});

it('finds the sessions of a station that run, whatever the case of its name', async () => {
  await ledger.hear(renamed(started('11:00', '0'), 'here', { evseId: 5 }));
  await shown();
  expect(await view.runningAt(party, stationId.toLowerCase())).toHaveLength(1);
  expect(await view.runningAt(party, 'elsewhere')).toEqual([]);
  // What has ended is recent by our own clock, which is long after these sessions.
  expect(await view.recentAt(party, stationId)).toEqual(expect.arrayContaining(await view.runningAt(party, stationId)));
});

it('names sessions that a later start has superseded', async () => {
  const list = new WatchList(database);
  await ledger.hear(renamed(started('11:10', '0'), 'older', { evseId: 6 }));
  await ledger.hear(renamed(started('11:20', '900'), 'newer', { evseId: 6 }));
  await shown();
  const { items } = await view.list({});
  const idOf = (name: string) => items.find(({ transactionId }) => transactionId === name)?.sessionId;
  expect(await list.superseded()).toEqual([{ sessionId: idOf('older'), by: idOf('newer') }]);
});

it('claims what is due for one pod at a time, and takes the next look unless an event has set it', async () => {
  const list = new WatchList(database);
  await database
    .updateTable('session_watch')
    .set({ look_at: new Date(0).toISOString() })
    .execute();
  const [mine, others] = await Promise.all([list.claimDue(), list.claimDue()]);
  const claimed = [...mine, ...others];
  expect(claimed.length).toBeGreaterThan(1);
  expect(new Set(claimed.map(({ sessionId }) => sessionId)).size).toBe(claimed.length);
  const [first, second, third] = claimed;
  if (!first || !second || !third) throw new Error('not enough sessions are watched');
  const next = '2030-01-01T00:00:00.000Z';
  await list.lookedAt(first.sessionId, first.claimedUntil, next);
  await list.lookedAt(second.sessionId, second.claimedUntil, undefined);
  await database
    .updateTable('session_watch')
    .set({ look_at: at('12:00') })
    .where('session_id', '=', third.sessionId)
    .execute();
  await list.lookedAt(third.sessionId, third.claimedUntil, next);
  const rows = await database.selectFrom('session_watch').selectAll().execute();
  const lookAt = Object.fromEntries(rows.map((row) => [row.session_id, row.look_at]));
  expect([lookAt[first.sessionId], lookAt[second.sessionId], lookAt[third.sessionId]]).toEqual([next, undefined, at('12:00')]);
});

it('lists what was billed, the newest first, page after page', async () => {
  for (const [transactionId, minute] of [
    ['21', '01'],
    ['22', '01'],
    ['23', '02'],
  ] as const) {
    const facts = [started(`08:${minute}`, '0'), ended(`08:${minute}:30`, '100')];
    await ledger.hear(...facts.map((fact) => renamed(fact, transactionId)));
  }
  await ledger.pass(2);
  await shown();
  const span = { from: at('08:00'), to: at('09:00'), party } as const;
  const all = await view.billedIn({ ...span, sessions: 100 });
  expect(all).toEqual({ sessionIds: [sessionIdOf(party, stationId, '23'), ...oneMinute()] });
  const pages: string[] = [];
  let after: string | undefined;
  do {
    const page = await view.billedIn({ ...span, sessions: 1, ...(after === undefined ? {} : { after }) });
    pages.push(...page.sessionIds);
    after = page.next;
  } while (after !== undefined);
  expect(pages).toEqual(all.sessionIds);
  expect(await view.billedIn({ ...span, party: 'NL-MYU', sessions: 100 })).toEqual({ sessionIds: [] });
  expect(await view.billedIn({ ...span, tariffId: 'ANOTHER', sessions: 100 })).toEqual({ sessionIds: [] });
  await expect(view.billedIn({ ...span, sessions: 1, after: 'somewhere' })).rejects.toMatchObject({ code: 'invalid' });
});

/** Two that began at the same time, in the order of their ids from the last. */
function oneMinute(): string[] {
  return ['21', '22']
    .map((transactionId) => sessionIdOf(party, stationId, transactionId))
    .sort()
    .reverse();
}

it('comes out the same, event by event or all at once', async () => {
  await ledger.hear(
    event(0, '11:30', 'started', { trigger: 'Authorized', token, evseId: 7 }),
    available('11:31'),
    status('11:32', 'Charging'),
  );
  await ledger.pass(3);
  const tablesInBatchesOf = async (size: number) => {
    const own = await openDatabase<LedgerTables>(await postgres.ensureDatabase(`batches_of_${size}`), { projections: [sessionProjection] });
    const following = new Projector({
      database: own,
      store,
      projection: { ...sessionProjection, maxBatch: size },
      onFailure: (error) => failures.push(error),
    });
    await following.start();
    const tables = await Promise.all([
      own.selectFrom('session').selectAll().orderBy('session_id').execute(),
      own.selectFrom('session_attention').selectAll().orderBy('session_id').orderBy('why').execute(),
      own.selectFrom('session_watch').selectAll().orderBy('session_id').execute(),
    ]);
    await following.stop();
    await own.destroy();
    return tables;
  };
  const oneByOne = await tablesInBatchesOf(1);
  expect(oneByOne[0].length).toBeGreaterThan(6);
  expect(await tablesInBatchesOf(5_000)).toEqual(oneByOne);
  expect(failures).toEqual([]);
});
