// The search for places of partners in a real PostgreSQL: Californian sites, one at the other end of the Pacific, one that says nothing sensible.
import type { PartnerPlaceQuery } from '@evenkeel/contracts';
import type { WireLocation, WireTariff } from '@evenkeel/ocpi';
import { type Database, openDatabase } from '@evenkeel/read-model';
import { type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { pullMigrations } from '../pull/pull-book';
import { wireConnector, wireLocation, wireTariff } from '../testing/roaming';
import { PartnerPlaces, type PlaceTables, placeMigrations, positionMigrations } from './partner-places';
import { PlaceSearch } from './place-search';

let postgres: RunningPostgres;
let database: Database<PlaceTables>;
let search: PlaceSearch;

const evse = (uid: string, status: string, connector: object = {}) => ({
  uid,
  status,
  connectors: [{ ...wireConnector(), ...connector }],
  last_updated: '2026-05-01T00:00:00Z',
});
const place = (id: string, latitude: string, longitude: string, more: Partial<WireLocation> = {}): WireLocation => ({
  ...wireLocation(id),
  coordinates: { latitude, longitude },
  ...more,
});
const fast = { standard: 'IEC_62196_T2_COMBO', power_type: 'DC', max_electric_power: 150_000, tariff_ids: ['t1', 'T-ODD'] };
const places = [
  place('OAK', '37.80440', '-122.27120', { name: 'Oakland Pier', evses: [evse('O1', 'CHARGING', fast), evse('O2', 'AVAILABLE')] }),
  place('SF', '37.77490', '-122.41940', { city: 'San Francisco', evses: [evse('S1', 'AVAILABLE', fast), evse('S2', 'REMOVED')] }),
  place('LA', '34.05220', '-118.24370', { city: 'Los Angeles', party_id: 'OTH', evses: [evse('L1', 'AVAILABLE')] }),
  place('FIJI', '-17.71340', '179.99000', { city: 'Suva', country: 'FJI', evses: [evse('F1', 'AVAILABLE')] }),
  place('TAVEUNI', '-16.85000', '-179.97000', { city: 'Taveuni', country: 'FJI', evses: [evse('T1', 'AVAILABLE')] }),
  place('NOWHERE', 'north', '1.2.3', { evses: [evse('N1', 'AVAILABLE')] }),
  place('HIDDEN', '37.80000', '-122.27000', { publish: false, evses: [evse('H1', 'AVAILABLE')] }),
];

beforeAll(async () => {
  postgres = await startPostgres();
  const migrations = { ...placeMigrations, ...pullMigrations, ...positionMigrations };
  database = await openDatabase<PlaceTables>(await postgres.ensureDatabase('places'), { migrations });
  const kept = new PartnerPlaces(database);
  await kept.keepLocations('p1', places);
  const unpriceable = { ...wireTariff('T-ODD'), elements: [{ price_components: [{ type: 'MAGIC', price: 1, step_size: 1 }] }] };
  await kept.keepTariffs('p1', [wireTariff('T1') as WireTariff, unpriceable as WireTariff]);
  search = new PlaceSearch(database);
});
afterAll(async () => {
  await database?.destroy();
  await postgres?.stop();
});

const found = async (query: PartnerPlaceQuery) => (await search.find(query)).items.map(({ locationId }) => locationId);

it('tells what a map shows, also across the 180th meridian', async () => {
  expect(await found({ west: -123, south: 37, east: -122, north: 38 })).toEqual(['OAK', 'SF']);
  expect(await found({ west: 179, south: -20, east: -179, north: -10 })).toEqual(['FIJI', 'TAVEUNI']);
  expect(await found({ west: -10, south: -10, east: 10, north: 10 })).toEqual([]);
});

it('tells what is around a point, the nearest first, with the distance', async () => {
  const near = await search.find({ latitude: 37.7749, longitude: -122.4194, radiusM: 50_000 });
  expect(near.items.map(({ locationId, distanceM }) => [locationId, distanceM])).toEqual([
    ['SF', 0],
    // 13.4 km across the bay.
    ['OAK', 13_430],
  ]);
  expect(await found({ latitude: 37.7749, longitude: -122.4194, radiusM: 13_400 })).toEqual(['SF']);
  expect(await found({ latitude: -17.5, longitude: 180, radiusM: 100_000 })).toEqual(['FIJI', 'TAVEUNI']);
  expect(await found({ latitude: 37.7749, longitude: -122.4194, radiusM: 50_000, limit: 1 })).toEqual(['SF']);
});

it.each<[string, PartnerPlaceQuery, string[]]>([
  ['the party', { party: 'US-OTH' }, ['LA']],
  ['words of the name, the address or the city', { text: 'oakland p' }, ['OAK']],
  ['no word that only looks like a pattern', { text: '%%' }, []],
  ['the plug', { standard: 'IEC_62196_T2_COMBO' }, ['OAK', 'SF']],
  ['the plug, where one is free', { standard: 'IEC_62196_T2_COMBO', available: true }, ['SF']],
  // 230 V and 32 A without a word on the power come to 7,360 W.
  ['the power', { minPowerW: 7_360, text: 'angeles' }, ['LA']],
  ['more power', { minPowerW: 7_361 }, ['OAK', 'SF']],
])('finds by %s', async (_, query, expected) => {
  expect(await found(query)).toEqual(expected);
});

it('tells everything that is published page by page, wherever it is', async () => {
  const all: string[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await search.find({ limit: 2, ...(after === undefined ? {} : { after }) });
    all.push(...items.map(({ locationId }) => locationId));
    after = next;
  } while (after !== undefined);
  expect(all.sort()).toEqual(['FIJI', 'LA', 'NOWHERE', 'OAK', 'SF', 'TAVEUNI']);
});

it('tells the tariffs that can be priced by, and no EVSE that was removed', async () => {
  const { items, tariffs } = await search.find({ text: 'San Francisco' });
  expect(items[0]?.evses.map(({ uid }) => uid)).toEqual(['S1']);
  expect(items[0]?.evses[0]?.connectors).toMatchObject([{ maxPowerW: 150_000, tariffIds: ['t1', 'T-ODD'] }]);
  expect(tariffs).toMatchObject([{ party: 'US-RAW', tariff: { id: 'T1', currency: 'USD' } }]);
});

it.each<PartnerPlaceQuery>([{ west: 1 }, { latitude: 1, longitude: 1 }, { west: 1, south: 1, east: 2 }])('refuses %j', async (query) => {
  await expect(search.find(query)).rejects.toMatchObject({ code: 'invalid' });
});
