import { EventStoreDBClient, persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client';
import { connect, meterEvent, type ServerUnderTest, startServerUnderTest } from '../server-under-test';

describe('the cluster of one', () => {
  let under: ServerUnderTest;
  beforeAll(async () => {
    under = await startServerUnderTest();
  });
  afterAll(() => under.stop());

  it('is discovered by gossip as its own leader', async () => {
    const client = connect(`esdb+discover://127.0.0.1:${under.server.port}?tls=false`);
    expect(await client.appendToStream('discovered', meterEvent(0))).toMatchObject({ success: true });
    await client.dispose();
  });

  it('is found among several seeds', async () => {
    const endpoints = [
      { address: '127.0.0.1', port: 1 },
      { address: '127.0.0.1', port: under.server.port },
    ];
    const client = new EventStoreDBClient({ endpoints }, { insecure: true });
    expect(await client.appendToStream('found', meterEvent(0))).toMatchObject({ success: true });
    await client.dispose();
  });

  it('says clearly what it does not implement, and serves on', async () => {
    const { client } = under;
    await expect(client.createProjection('p', 'fromAll()')).rejects.toThrow(
      'The embedded event store does not implement /event_store.client.projections.Projections/Create: it offers streams and subscriptions, and no Projections.',
    );
    const create = client.createPersistentSubscriptionToStream('s', 'g', persistentSubscriptionToStreamSettingsFromDefaults());
    await expect(create).rejects.toThrow('PersistentSubscriptions');
    expect(await client.appendToStream('after', meterEvent(0))).toMatchObject({ success: true });
  });
});
