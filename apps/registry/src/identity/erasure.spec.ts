// Persons in sealed streams on a real PostgreSQL: found while their key exists, and afterwards by nobody.
import { randomUUID } from 'node:crypto';
import { Problem } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { importNetwork } from '../network/import-network';
import { DataKeys, WrongMasterKey } from './data-keys';
import { ada, cardOf, grace, IdentitiesUnderTest, identitySecret, masterKey, party } from './identities-under-test';
import { IdentityVault } from './identity-vault';

let registry: IdentitiesUnderTest;
const erase = (driverId: string) => registry.desk.eraseDriver({ actor: { operator: 'otto' }, party, driverId }, byOperator());
const byOperator = () => ({ cause: randomUUID(), operator: 'otto' });

beforeAll(async () => {
  registry = await IdentitiesUnderTest.start();
}, 30_000);
afterAll(() => registry?.stop());

async function stored(): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  await registry.store.readAll(['token-', 'driver-'], async (batch) => void events.push(...batch));
  return events;
}

/** What the operator finds: ids of drivers, uids of tokens. */
async function listed(): Promise<string[]> {
  const [drivers, tokens] = [await registry.view.listDrivers({}), await registry.view.listTokens({})];
  return [...drivers.items.map(({ driverId }) => driverId), ...tokens.items.map(({ uid }) => uid)].sort();
}

describe('drivers and tokens', () => {
  it('are stored without a word of them, each under keys of their own, and read by the operator', async () => {
    await registry.desk.putDriver(ada, byOperator());
    await registry.desk.putDriver({ ...grace, name: ada.name, email: ada.email }, byOperator());
    const card = await registry.desk.putToken(cardOf(ada, '04ADA1'), byOperator());
    await registry.desk.putToken(cardOf(grace, '04GRACE1'), byOperator());
    expect(card).toMatchObject({ uid: '04ADA1', contractId: 'C-04ADA1', key: registry.vault.tokenKey('04ada1') });
    const text = JSON.stringify(await stored());
    for (const secret of [ada.name, ada.email, ada.driverId, '04ADA1', 'C-04ADA1', 'ludwigsdottir']) {
      expect(text.toLowerCase()).not.toContain(String(secret).toLowerCase());
    }
    const sealed = (await stored()).flatMap(({ type, data }) =>
      type === 'DriverRegistered' ? [data as { sealed: { keys: string[]; text: string } }] : [],
    );
    expect(new Set(sealed.map((each) => each.sealed.text)).size).toBe(2);
    expect(new Set(sealed.flatMap((each) => each.sealed.keys)).size).toBe(2);
    expect(await listed()).toEqual(['04ADA1', '04GRACE1', ada.driverId, grace.driverId].sort());
    expect(await registry.view.resolve([registry.vault.issued(cardOf(ada, '04ADA1'))])).toMatchObject([
      { status: 'known', token: { contractId: 'C-04ADA1' } },
    ]);
  });

  it('that are written again as they are change nothing', async () => {
    const before = (await stored()).length;
    await registry.desk.putDriver({ ...ada }, byOperator());
    await registry.desk.putToken(cardOf(ada, '04ADA1'), byOperator());
    expect((await stored()).length).toBe(before);
    await registry.desk.putToken({ ...cardOf(ada, '04ADA1'), valid: false }, byOperator());
    expect((await stored()).length).toBe(before + 1);
  });
});

describe('a partner', () => {
  const theirs = (uid: string, lastUpdated: string) => {
    const { driverId: _, ...token } = { ...cardOf(ada, uid), party: 'US-MOB', lastUpdated };
    return { token, asSent: { uid, note: `sent ${lastUpdated}` } };
  };
  const presented = (uid: string) => ({ party: 'US-MOB', token: { uid, type: 'RFID' as const } });

  it('finds its token as it was sent, in any case of letters, and the newest one', async () => {
    const [first, second] = [theirs('04PART1', '2026-01-01T00:00:00.000Z'), theirs('04PART1', '2026-02-01T00:00:00.000Z')];
    const changed = { ...second, token: { ...second.token, valid: false } };
    expect(await registry.desk.keepPartnerTokens({ cause: 'a', tokens: [first, theirs('04PART2', '2026-01-01T00:00:00.000Z')] })).toEqual({
      created: 2,
    });
    expect(await registry.desk.keepPartnerTokens({ cause: 'b', tokens: [changed] })).toEqual({ created: 0 });
    await registry.desk.keepPartnerTokens({ cause: 'c', tokens: [first] });
    expect(await registry.desk.findPartnerToken(presented('04part1'))).toEqual({ asSent: second.asSent });
    expect(await registry.desk.findPartnerToken(presented('04PART9'))).toEqual({});
    expect(JSON.stringify(await stored())).not.toMatch(/04PART|sent 2026/i);
  });
});

describe("a partner's token", () => {
  const theirs = (uid: string) => registry.vault.issued({ party: 'US-MOB', uid, type: 'RFID' });
  const eraseToken = (uid: string) => registry.desk.eraseToken({ actor: { operator: 'otto' }, token: theirs(uid) }, byOperator());

  it('is erased here, and stays so whatever the partner sends', async () => {
    expect(await eraseToken('04PART2')).toEqual({ ...theirs('04PART2'), partnersNotTold: [] });
    expect(registry.withdrawn).toEqual([]);
    expect(await registry.view.resolve([theirs('04PART2')])).toEqual([{ status: 'erased' }]);
    const { driverId: _, ...token } = { ...cardOf(ada, '04PART2'), party: 'US-MOB', lastUpdated: '2026-05-01T00:00:00.000Z' };
    expect(await registry.desk.keepPartnerTokens({ cause: 'again', tokens: [{ token, asSent: {} }] })).toEqual({ created: 0 });
    expect(await registry.view.findToken(theirs('04PART2'))).toBeUndefined();
    expect(await registry.desk.findPartnerToken({ party: 'US-MOB', token: { uid: '04PART2', type: 'RFID' } })).toEqual({});
    await eraseToken('04PART2');
    await expect(eraseToken('04PART9')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('an erased driver', () => {
  it('is gone with every token, at once and after the tables are built from zero; others stay', async () => {
    const card = registry.vault.issued(cardOf(ada, '04ADA1'));
    const { data: oldest } = (await stored()).find(({ type }) => type === 'TokenRegistered') ?? {};
    expect(await erase('DRIVER-ada')).toEqual({ driverId: 'DRIVER-ada', partnersNotTold: ['A silent partner'] });
    expect(registry.withdrawn).toMatchObject([{ uid: '04ADA1', valid: false }]);
    for (const rebuild of [false, true]) {
      if (rebuild) await registry.rebuildTables();
      expect(await listed()).toEqual(['04GRACE1', '04PART1', grace.driverId].sort());
      expect(await registry.view.findToken(card)).toBeUndefined();
      expect(await registry.view.resolve([card, { ...card, key: 'f'.repeat(32) }])).toEqual([{ status: 'erased' }, { status: 'unknown' }]);
    }
    const rows = await registry.database.selectFrom('token').selectAll().execute();
    expect(JSON.stringify(rows)).not.toMatch(/04ADA1|ludwigsdottir/i);
    const [opened] = await registry.vault.openAll([(oldest as { sealed: { keys: string[]; text: string } }).sealed]);
    expect(opened).toBeUndefined();
    const erasure = (await stored()).find(({ type }) => type === 'DriverErased');
    expect(erasure).toMatchObject({ data: { party }, metadata: { operator: 'otto' } });
  });

  it('can be erased again, and never comes back; nobody else can be', async () => {
    const before = (await stored()).length;
    await erase(ada.driverId);
    expect((await stored()).length).toBe(before);
    await expect(registry.desk.putDriver(ada, byOperator())).rejects.toMatchObject({ code: 'conflict' });
    await expect(registry.desk.putToken(cardOf(ada, '04ADA2'), byOperator())).rejects.toMatchObject({ code: 'conflict' });
    await expect(registry.desk.putToken(cardOf(grace, '04ada1'), byOperator())).rejects.toBeInstanceOf(Problem);
    await expect(erase('nobody')).rejects.toMatchObject({ code: 'not-found' });
    expect((await stored()).length).toBe(before);
    expect(await registry.keys.heldBy(registry.vault.driverStream(party, ada.driverId))).toEqual([]);
  });

  it('whose erasure died after its event is erased by the relay', async () => {
    const dora = { ...grace, driverId: 'driver-dora' };
    await registry.desk.putDriver(dora, byOperator());
    await registry.desk.putToken(cardOf(dora, '04DORA1'), byOperator());
    const stream = registry.vault.driverStream(party, dora.driverId);
    await registry.store.append(stream, 0, [{ id: randomUUID(), type: 'DriverErased', data: { party } }]);
    expect(await registry.keys.heldBy(stream)).toHaveLength(1);
    await registry.desk.completeErasure(stream, { cause: 'relay' });
    await registry.rebuildTables();
    expect(await listed()).not.toContain('04DORA1');
    expect(await registry.view.resolve([registry.vault.issued(cardOf(dora, '04DORA1'))])).toEqual([{ status: 'erased' }]);
  });

  it('takes a card along that changed hands, and leaves one that was given away', async () => {
    const [eva, finn] = ['eva', 'finn'].map((name) => ({ ...grace, driverId: `driver-${name}` })) as [typeof grace, typeof grace];
    await registry.desk.putToken(cardOf(eva, '04SHARED'), byOperator());
    await registry.desk.putToken({ ...cardOf(finn, '04SHARED'), contractId: 'C-FINN' }, byOperator());
    const first = (await stored()).findLast(({ type }) => type === 'TokenRegistered')?.data as { sealed: { keys: string[]; text: string } };
    await erase(eva.driverId).catch((error: Problem) => expect(error.code).toBe('not-found'));
    expect(await registry.view.findToken(registry.vault.issued(cardOf(finn, '04SHARED')))).toMatchObject({ contractId: 'C-FINN' });
    registry.bridgeIsSilent = true;
    expect((await erase(finn.driverId)).partnersNotTold).toEqual(['all: ocpi-bridge is not running']);
    expect(await registry.vault.openAll([first.sealed])).toEqual([undefined]);
    expect(await registry.view.findToken(registry.vault.issued(cardOf(finn, '04SHARED')))).toBeUndefined();
  });

  it('is not brought back by a network file that still names the driver', async () => {
    const file = { party, passwordSecret: 'x'.repeat(16), operators: [], apiKeys: [], tariffs: [], sites: [] };
    const { party: _, ...driver } = ada;
    const { party: __, ...token } = cardOf(ada, '04ADA1');
    await importNetwork(
      registry.store,
      registry.vault,
      { ...file, drivers: [driver], tokens: [token] },
      'ab'.repeat(32),
      '2026-03-01T10:00:00.000Z',
    );
    await registry.rebuildTables();
    expect(await listed()).not.toContain(ada.driverId);
    expect(await listed()).not.toContain('04ADA1');
  });
});

describe('a start', () => {
  it('with another master key, or another identity secret, fails and says which', async () => {
    const start = (key: string, secret: string) => new IdentityVault(new DataKeys(registry.database, key), secret).prove();
    await expect(start('0b'.repeat(32), identitySecret)).rejects.toThrow(WrongMasterKey);
    await expect(start('0b'.repeat(32), identitySecret)).rejects.toThrow(/^IDENTITY_MASTER_KEY is not the key/);
    await expect(start(masterKey, '2e'.repeat(32))).rejects.toThrow(/^IDENTITY_SECRET is not the secret/);
    await start(masterKey, identitySecret);
  });
});
