// What is said of places: each change that a partner can see, once the tables show it, and nothing that a partner cannot see.
import { InMemoryEventStore, type NewEvent } from '@evenkeel/event-store';
import { eventually } from '@evenkeel/testkit';
import { placeRelay } from './place-announcer';

const tariff = { countryCode: 'US', partyId: 'CHG', id: 'DAY', currency: 'USD', elements: [], taxIncluded: 'NO', lastUpdated: '' };
const location = { locationId: 'LOC-1', party: 'US-CHG' };
const status = (evseId: number) => ({ stationId: 'CP1', evseId, connectorId: 1, status: 'Charging', at: '2026-03-01T10:00:00.000Z' });
let events = 0;
const event = (type: string, data: unknown): NewEvent => ({ id: `e${events++}`, type, data });

async function saidOf(stored: readonly [stream: string, event: NewEvent][], hoursLater = 0) {
  const store = new InMemoryEventStore();
  for (const [stream, each] of stored) await store.append(stream, 'no-stream', [each]);
  const steps: unknown[] = [];
  const failures: unknown[] = [];
  const relay = placeRelay({
    store,
    publisher: { say: async (name, party, message) => void steps.push([name, party, message]) },
    projector: { reached: async () => void steps.push('shown') },
    stations: { find: async (id) => (id === 'CP1' ? ({ registered: { party: 'US-CHG', locationId: 'LOC-1' } } as never) : undefined) },
    now: () => Date.now() + hoursLater * 3_600_000,
    onFailure: (error) => failures.push(error),
  });
  await relay.start();
  const last = stored.at(-1)?.[0];
  const { position } = (last === undefined ? undefined : await store.readLast(last)) ?? {};
  if (position) await eventually(async () => ((await store.readLast('checkpoint-registry-places')) ? true : undefined));
  await relay.stop();
  expect(failures).toEqual([]);
  return steps;
}

const at = { lastUpdated: expect.stringMatching(/^\d{4}-/) };

it('says which location or tariff has changed, when the tables show it', async () => {
  const documents = await saidOf([
    ['location-1', event('DocumentRegistered', { kind: 'location', document: location })],
    ['tariff-1', event('DocumentChanged', { kind: 'tariff', document: tariff })],
  ]);
  expect(documents).toEqual([
    'shown',
    ['locationChanged', 'US-CHG', { party: 'US-CHG', locationId: 'LOC-1', ...at }],
    ['tariffChanged', 'US-CHG', { party: 'US-CHG', tariffId: 'DAY', ...at }],
  ]);
});

it('says it of the state of an EVSE and of a changed station, not of a station whose state no partner sees', async () => {
  const changed = ['locationChanged', 'US-CHG', { party: 'US-CHG', locationId: 'LOC-1', ...at }];
  expect(await saidOf([['livestation-1', event('ConnectorStatusChanged', status(1))]])).toEqual(['shown', changed]);
  expect(await saidOf([['station-1', event('StationChanged', { stationId: 'CP1', change: {} })]])).toEqual(['shown', changed]);
  expect(await saidOf([['livestation-1', event('ConnectorStatusChanged', status(0))]])).toEqual(['shown']);
  expect(await saidOf([['station-1', event('StationChanged', { stationId: 'UNKNOWN', change: {} })]])).toEqual(['shown']);
});

it('says once what changed several times in a moment', async () => {
  const stations = ['1', '2', '3'].map((id) => [`livestation-${id}`, event('ConnectorStatusChanged', status(1))] as [string, NewEvent]);
  expect(await saidOf(stations)).toEqual(['shown', ['locationChanged', 'US-CHG', { party: 'US-CHG', locationId: 'LOC-1', ...at }]]);
});

it('keeps old news to itself', async () => {
  expect(await saidOf([['livestation-1', event('ConnectorStatusChanged', status(1))]], 2)).toEqual([]);
});
