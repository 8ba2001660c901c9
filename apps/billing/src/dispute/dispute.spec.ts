// Disputes: what a partner claims against what its own tariff makes of its periods.
import type { PartnerCdr } from '@evenkeel/contracts';
import { InMemoryEventStore, unsealed } from '@evenkeel/event-store';
import { type Database, openDatabase, Projector } from '@evenkeel/read-model';
import { eventually, type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { claimed } from '../testing/claimed-cdr';
import { disputeIdOf } from './dispute';
import { DisputeDesk } from './dispute-desk';
import { type DisputeTables, DisputeView, disputeProjection } from './dispute-view';

const store = new InMemoryEventStore();
const desk = new DisputeDesk(store, unsealed);
const actor = { operator: 'alice' };
let postgres: RunningPostgres;
let database: Database<DisputeTables>;
let projector: Projector<DisputeTables>;
let view: DisputeView;
const accept = (cdr: PartnerCdr, acceptance = {}) => desk.accept({ disputeId: disputeIdOf(cdr), acceptance, actor });
const named = (cdrId: string, change: Partial<PartnerCdr> = {}): PartnerCdr => ({ ...claimed, cdrId, ...change });

beforeAll(async () => {
  postgres = await startPostgres();
  database = await openDatabase(await postgres.ensureDatabase('disputes'), { projections: [disputeProjection] });
  view = new DisputeView(database);
  projector = new Projector({
    database,
    store,
    projection: disputeProjection,
    onFailure: (error) => {
      throw error;
    },
  });
  await projector.start();
});
afterAll(async () => {
  await projector?.stop();
  await database?.destroy();
  await postgres?.stop();
});

it('is opened by a claim that its own tariff does not come to, however often it is heard, and shows both totals', async () => {
  await desk.consider(named('c1'), 'm1');
  await desk.consider(named('c1'), 'm2');
  await eventually(async () => (await view.list({})).items.length === 1);
  expect((await view.list({ status: 'open' })).items).toEqual([
    {
      disputeId: disputeIdOf(named('c1')),
      status: 'open',
      partnerId: 'p1',
      party: 'US-CHG',
      cdrId: 'c1',
      currency: 'USD',
      claimed: '4.60',
      computed: '4.50',
      openedAt: expect.stringMatching(/Z$/),
    },
  ]);
});

it.each([
  ['a claim that is right', { total: { beforeTaxes: '4.50' } }],
  ['one that five costs rounded by themselves explain', { total: { beforeTaxes: '4.55' } }],
  ['one without a tariff to check it by', { tariff: undefined }],
  ['a credit', { credit: true, creditReferenceId: 'nothing' }],
])('is not opened by %s', async (name, change) => {
  await desk.consider(named(name, change as Partial<PartnerCdr>), 'm');
  await expect(accept(named(name))).rejects.toMatchObject({ code: 'not-found' });
});

it('ends when an operator accepts it, once, and says who and why', async () => {
  await desk.consider(named('c2'), 'm3');
  expect(await accept(named('c2'), { note: 'by phone' })).toMatchObject({
    status: 'accepted',
    note: 'by phone',
    settledAt: expect.any(String),
  });
  await expect(accept(named('c2'))).rejects.toMatchObject({ code: 'conflict' });
  await eventually(async () => (await view.list({ status: 'accepted' })).items.length === 1);
  const [opened, accepted] = await store.read(`dispute-${disputeIdOf(named('c2'))}`);
  expect([opened?.type, accepted?.type, accepted?.metadata]).toMatchObject(['DisputeOpened', 'DisputeAccepted', { operator: 'alice' }]);
});

it('ends when the partner takes the CDR back, whose id is compared without case', async () => {
  await desk.consider(named('c3'), 'm4');
  await desk.consider(named('c3-CR', { credit: true, creditReferenceId: 'C3' }), 'm5');
  await eventually(async () => (await view.list({ status: 'credited' })).items.length === 1);
  expect((await view.list({ status: 'credited' })).items).toMatchObject([{ cdrId: 'c3', creditCdrId: 'c3-CR' }]);
  await expect(accept(named('c3'))).rejects.toMatchObject({ code: 'conflict' });
});

it('are listed in pages', async () => {
  const first = await view.list({ limit: 2 });
  const second = await view.list({ limit: 2, ...(first.next === undefined ? {} : { after: first.next }) });
  expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, undefined]);
  expect(new Set([...first.items, ...second.items].map(({ cdrId }) => cdrId))).toEqual(new Set(['c1', 'c2', 'c3']));
});
