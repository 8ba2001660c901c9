// Pages of CDRs in a real PostgreSQL against the plainest list there is: everything in memory, filtered, sorted and sliced. The instants lie
// around full hours, where the counted hours and the bounds of a query meet.
import { InMemoryEventStore, StreamHandler, unsealed } from '@evenkeel/event-store';
import { type Database, openDatabase, Projector } from '@evenkeel/read-model';
import { Chance, eventually, type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { cdrOf } from '../testing/charging';
import { delivery, deliveryCodec, deliveryStream } from './delivery';
import { type DeliveryTables, DeliveryView, deliveryProjection } from './delivery-view';

const chance = new Chance(11);
const parties = ['US-MOB', 'US-FLT', 'NL-MYU'] as const;
const begin = Date.parse('2026-03-01T00:00:00.000Z');
const HOUR_MS = 3_600_000;
/** Often a full hour, or a moment beside it. */
const instant = () => new Date(begin + chance.integer(0, 72) * HOUR_MS + chance.integer(-2, 2)).toISOString();

let postgres: RunningPostgres;
let database: Database<DeliveryTables>;
let projector: Projector<DeliveryTables>;
let view: DeliveryView;
const listed: { recipient: string; stream: string; id: string; issuedAt: string }[] = [];

beforeAll(async () => {
  const store = new InMemoryEventStore();
  const deliveries = new StreamHandler({ store, decider: delivery, codec: deliveryCodec, sealer: unsealed });
  for (let index = 0; index < 400; index++) {
    const recipient = chance.one(parties);
    const cdr = { ...cdrOf(recipient, `list-${index}`), issuedAt: instant() };
    const object = { module: 'cdrs', cdr } as const;
    const stream = deliveryStream(recipient, 'cdrs', cdr.cdrId);
    const due = { recipient, objectId: cdr.cdrId, object, at: cdr.issuedAt };
    await deliveries.handle(stream, { kind: 'due', ...due, revision: 1 }, { cause: `due-${index}` });
    // Events that come later find the CDR counted already.
    if (chance.happens(0.5)) await deliveries.handle(stream, { kind: 'succeed', revision: 1, at: instant() }, { cause: `sent-${index}` });
    listed.push({ recipient, stream, id: cdr.cdrId, issuedAt: cdr.issuedAt });
  }
  postgres = await startPostgres();
  database = await openDatabase(await postgres.ensureDatabase('bridge'), { projections: [deliveryProjection] });
  view = new DeliveryView(database as never);
  const projection = { ...deliveryProjection, maxBatch: 37 };
  projector = new Projector({
    database,
    store,
    projection,
    onFailure: (error) => {
      throw error;
    },
  });
  await projector.start();
  await eventually(async () => (await view.cdrs(parties, { offset: 0, limit: 1 })).total === listed.length);
});

afterAll(async () => {
  await projector?.stop();
  await database?.destroy();
  await postgres?.stop();
});

it('CDR-1, PAG-1, PAG-3: is the page of the plain list, for any parties, dates, offset and limit', async () => {
  for (let round = 0; round < 300; round++) {
    const recipients = parties.filter(() => chance.happens(0.6));
    const from = chance.happens(0.6) ? instant() : undefined;
    const to = chance.happens(0.6) ? instant() : undefined;
    const offset = chance.integer(0, 120);
    const limit = chance.integer(1, 50);
    const query = { offset, limit, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const matching = listed
      .filter(({ recipient }) => recipients.some((each) => each === recipient))
      .filter(({ issuedAt }) => (from === undefined || issuedAt >= from) && (to === undefined || issuedAt < to))
      .sort((a, b) => (a.issuedAt === b.issuedAt ? compare(a.stream, b.stream) : compare(a.issuedAt, b.issuedAt)));
    const { items, total } = await view.cdrs(recipients, query);
    const ids = items.map((item) => (item.module === 'cdrs' ? item.cdr.cdrId : item.module));
    expect({ query, recipients, total, ids }).toEqual({
      query,
      recipients,
      total: matching.length,
      ids: matching.slice(offset, offset + limit).map(({ id }) => id),
    });
  }
});

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
