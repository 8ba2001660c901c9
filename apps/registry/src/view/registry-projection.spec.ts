// The registry's tables do not depend on how the events were cut into batches: a rebuild, which takes thousands at once, gives what came one by
// one when it happened.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RegistryDesk } from '../catalogue/registry-desk';
import { ada, cardOf, grace, IdentitiesUnderTest, party } from '../identity/identities-under-test';
import { StationView } from './station-view';

let registry: IdentitiesUnderTest;

beforeAll(async () => {
  registry = await IdentitiesUnderTest.start();
});
afterAll(() => registry.stop());

it('come out the same, event by event or all at once', async () => {
  const context = () => ({ cause: randomUUID(), operator: 'otto' });
  const desk = new RegistryDesk(registry.store, registry.projector, new StationView(registry.database), '5e'.repeat(32));
  const location = {
    locationId: 'LOC1',
    party,
    name: 'Garage',
    address: '1 Main Street',
    city: 'Oakland',
    country: 'USA',
    latitude: '37.80',
    longitude: '-122.27',
    timeZone: 'America/Los_Angeles',
  };
  await desk.putLocation(location, context());
  await registry.desk.putDriver(ada, context());
  await registry.desk.putToken(cardOf(ada, 'CARD1'), context());
  await registry.desk.putToken(cardOf(grace, 'CARD2'), context());
  await desk.registerStation({ party, stationId: 'CP1', locationId: 'LOC1', password: 'a-long-enough-password', evses: [] }, context());
  await pause(5);
  await desk.putLocation({ ...location, name: 'Garage, renamed' }, context());
  await registry.desk.putToken({ ...cardOf(grace, 'CARD2'), valid: false }, context());
  await registry.desk.eraseDriver({ actor: { operator: 'otto' }, party, driverId: ada.driverId }, context());
  await desk.changeStation('CP1', { locationId: 'LOC2' }, context());

  const oneByOne = await registry.tablesInBatchesOf(1);
  expect(oneByOne).toMatchObject({ location: [{ document: { name: 'Garage, renamed' } }], driver: [] });
  expect(oneByOne.token).toEqual(expect.arrayContaining([expect.objectContaining({ document: null })]));
  expect(oneByOne.station).toMatchObject([{ station_key: 'cp1', location_id: 'LOC2' }]);
  const [row] = oneByOne.location as { created_at: string; updated_at: string }[];
  expect(row?.created_at).not.toBe(row?.updated_at);
  expect(await registry.tablesInBatchesOf(5_000)).toEqual(oneByOne);
});
