// Which retail tariff counts at whose stations, and when.
import { fold } from '@evenkeel/decider';
import { InMemoryEventStore, unsealed } from '@evenkeel/event-store';
import { KnownTariffs, provider, retailTariff } from '../testing/retail-tariffs';
import { RetailDesk } from './retail-desk';
import { type RetailTariffsEvent, retailTariffAt, retailTariffs, retailTariffsNow, retailTariffsStream } from './retail-tariffs';

const set = (scope: string, tariffId: string, at: string): RetailTariffsEvent => ({
  type: 'RetailTariffSet',
  data: { scope, tariffId, at },
});
const removed = (scope: string, at: string): RetailTariffsEvent => ({ type: 'RetailTariffRemoved', data: { scope, at } });
const day = (number: number) => `2026-03-0${number}T00:00:00.000Z`;

const history = [
  set('default', 'ALL', day(2)),
  set('US-CHG', 'CHG', day(3)),
  set('default', 'ALL-2', day(4)),
  removed('US-CHG', day(5)),
  removed('default', day(6)),
];

it.each([
  [1, undefined, undefined],
  [2, 'ALL', 'ALL'],
  [3, 'CHG', 'ALL'],
  [4, 'CHG', 'ALL-2'],
  [5, 'ALL-2', 'ALL-2'],
  [6, undefined, undefined],
])('on day %i counts %s at the operator that had one of its own, and %s at others', (number, own, others) => {
  const choices = fold(retailTariffs, history);
  expect(retailTariffAt(choices, 'US-CHG', day(number))).toBe(own);
  expect(retailTariffAt(choices, 'DE-ABC', day(number))).toBe(others);
});

it('is chosen once, however often it is said, and removed once', () => {
  const decide = (events: readonly RetailTariffsEvent[], tariffId?: string) =>
    retailTariffs.decide(fold(retailTariffs, events), { scope: 'default', at: day(7), ...(tariffId === undefined ? {} : { tariffId }) });
  const first = history.slice(0, 1);
  expect(decide(first, 'ALL')).toEqual({ accepted: true, events: [] });
  expect(decide(first, 'OTHER')).toEqual({ accepted: true, events: [set('default', 'OTHER', day(7))] });
  expect(decide(first)).toEqual({ accepted: true, events: [removed('default', day(7))] });
  expect(decide([])).toEqual({ accepted: true, events: [] });
  expect(decide(history, 'ALL')).toEqual({ accepted: true, events: [set('default', 'ALL', day(7))] });
});

it('lists what counts now, by scope', () => {
  expect(retailTariffsNow(fold(retailTariffs, history.slice(0, 3)))).toEqual([
    { scope: 'US-CHG', tariffId: 'CHG', since: day(3) },
    { scope: 'default', tariffId: 'ALL-2', since: day(4) },
  ]);
  expect(retailTariffsNow(fold(retailTariffs, history))).toEqual([]);
});

it('is stored with who chose it, only where the tariff is registered, and seen at once by another process', async () => {
  const store = new InMemoryEventStore();
  const registry = new KnownTariffs();
  registry.versions.push(retailTariff('HOME', '0.60'));
  const [desk, other] = [new RetailDesk(store, unsealed, registry), new RetailDesk(store, unsealed, registry)];
  const actor = { operator: 'alice' };
  expect(await other.list({ party: provider })).toEqual({ items: [] });
  await expect(desk.set({ actor, party: provider, scope: 'default', tariffId: 'NONE' })).rejects.toMatchObject({ code: 'not-found' });
  const { items } = await desk.set({ actor, party: provider, scope: 'default', tariffId: 'home' });
  expect(items).toEqual([{ scope: 'default', tariffId: 'HOME', since: expect.stringMatching(/Z$/) }]);
  expect(await desk.set({ actor, party: provider, scope: 'default', tariffId: 'HOME' })).toEqual({ items });
  expect(await other.list({ party: provider })).toEqual({ items });
  const now = new Date().toISOString();
  expect(await other.tariffAt(provider, 'US-CHG', now)).toMatchObject({ id: 'HOME' });
  expect(await other.tariffAt('DE-EMP', 'US-CHG', now)).toBeUndefined();
  expect(await other.remove({ actor: { operator: 'bob' }, party: provider, scope: 'default' })).toEqual({ items: [] });
  expect((await desk.set({ actor, party: provider, scope: 'default', tariffId: 'HOME' })).items).toHaveLength(1);
  const stored = await store.read(retailTariffsStream(provider));
  expect(stored.map(({ type, metadata }) => `${type} by ${metadata.operator}`)).toEqual([
    'RetailTariffSet by alice',
    'RetailTariffRemoved by bob',
    'RetailTariffSet by alice',
  ]);
});
