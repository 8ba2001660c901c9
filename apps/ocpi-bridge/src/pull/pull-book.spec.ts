// Where the next crawl of a list begins, in a real PostgreSQL: also where somebody came back behind a hub while the crawl before was going on.
import { type Database, openDatabase } from '@evenkeel/read-model';
import { type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import type { RegisteredPartner } from '../partner/partner-view';
import { PullBook, type PullTables, pullMigrations } from './pull-book';

jest.setTimeout(60_000);

const token = { sealed: '', hash: '' };
const at = '2026-03-01T00:00:00.000Z';
const hub = (partnerId: string): RegisteredPartner => ({
  ...{ status: 'registered', partnerId, name: partnerId, registeredAt: at },
  registration: { version: '2.2.1', versionsUrl: '', roles: [], endpoints: [], theirToken: token, ourToken: token, at },
});
const day = (number: number) => `2026-03-0${number}T00:00:00.000Z`;

let postgres: RunningPostgres;
let database: Database<PullTables>;
let book: PullBook;

beforeAll(async () => {
  postgres = await startPostgres();
  // What a later migration empties beside the book is another room's.
  const { '006-pull': tables } = pullMigrations;
  database = await openDatabase(await postgres.ensureDatabase('bridge'), { migrations: tables ? { '006-pull': tables } : {} });
  book = new PullBook(database, 'EMSP');
});
afterAll(async () => {
  await database?.destroy();
  await postgres?.stop();
});

it('a list is read from the beginning, then from where the last complete crawl ended', async () => {
  const partner = hub('plain');
  expect(await book.completeUntil(partner, 'locations')).toBeUndefined();
  await book.remember(partner, 'locations', undefined, day(2));
  await book.remember(partner, 'locations', day(2), day(3));
  expect(await book.completeUntil(partner, 'locations')).toBe(day(3));
  expect(await book.completeUntil(partner, 'tariffs')).toBeUndefined();
  expect(await book.completeUntil({ ...partner, registeredAt: day(4) }, 'locations')).toBeUndefined();
});

it('is read again from when a party went away, and no later than it would be anyway', async () => {
  const partner = hub('away');
  await book.remember(partner, 'locations', undefined, day(5));
  await book.again(partner, day(3));
  await book.again(partner, day(4));
  expect(await book.completeUntil(partner, 'locations')).toBe(day(3));
  await book.again(partner);
  expect(await book.completeUntil(partner, 'locations')).toBe('1970-01-01T00:00:00.000Z');
});

it.each([
  ['first', undefined],
  ['next', day(2)],
])('a party that comes while the %s crawl is going on is not forgotten by its end', async (which, since) => {
  const partner = hub(which);
  if (since !== undefined) await book.remember(partner, 'tariffs', undefined, since);
  await book.again(partner);
  await book.remember(partner, 'tariffs', since, day(6));
  const begin = await book.completeUntil(partner, 'tariffs');
  expect(begin).toBe('1970-01-01T00:00:00.000Z');
  await book.remember(partner, 'tariffs', begin, day(7));
  expect(await book.completeUntil(partner, 'tariffs')).toBe(day(7));
});
