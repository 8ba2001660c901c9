// Two drivers charge, one of the operator's own and one who roams; each is erased by the own operator. Before it, the search finds them
// exactly where they may be, which proves that it can find; after it, nowhere, and the money still adds up.
import type { CdrSummary, CdrView, KnownToken, SessionSummary } from '@evenkeel/contracts';
import { EventStoreDb } from '@evenkeel/event-store';
import { eventually, type PlatformName, type RestClient, rebuild, verify } from '@evenkeel/local';
import { type NetworkUnderTest, PROMPT, START_MS, startNetwork } from './network-under-test';
import { tracesOf } from './traces';

const own = {
  surname: 'quillfeather',
  driver: { driverId: 'drv-quillfeather', name: 'Zephyrine Quillfeather', email: 'zephyrine@quillfeather.example', language: 'fr' },
  token: { uid: '04QF7A11BEEF01', contractId: 'US-CHG-CQUILLFTH1', visualNumber: 'ZQ 7777 0001', groupId: 'GROUPQUILLF' },
};
const roaming = {
  surname: 'ochsenknecht',
  driver: { driverId: 'drv-ochsenknecht', name: 'Balthasar Ochsenknecht', email: 'balthasar@ochsenknecht.example', language: 'de' },
  token: { uid: '04BO5E77CAFE02', contractId: 'US-MOB-COCHSENKN2', visualNumber: 'BO 8888 0002', groupId: 'GROUPOCHSEN' },
};
type Person = typeof own;
const wordsOf = ({ surname, driver, token }: Person) => [
  ...[surname, driver.driverId, driver.name, driver.email],
  ...[token.uid, token.contractId, token.visualNumber, token.groupId],
];
const stations = { v16: 'CHG-SFO-DC-0016', v201: 'CHG-SFO-AC-0016', roaming: 'CHG-SFO-DC-0017' } as const;

let net: NetworkUnderTest;
let billed: { issued: CdrView[]; received: CdrView[] };
let ownKey = '';

beforeAll(async () => {
  net = await startNetwork({ 'session-ledger': PROMPT });
  const { chargem, mobilityyou } = net.consoles;
  await register(chargem, own, 'ALWAYS');
  await register(mobilityyou, roaming, 'NEVER');
  const listed = await tokenOf(chargem, own.token.uid);
  ownKey = listed.key;
  await eventually('the roaming token at Chargem', () => found(chargem, roaming.token.uid));
  const cdrIds = [
    await charge(stations.v16, '1.6', own.token.uid),
    await charge(stations.v201, '2.0.1', own.token.uid.toLowerCase()),
    await charge(stations.roaming, '1.6', roaming.token.uid),
  ];
  await eventually('the CDR at MobilityYou', async () => (await mobilityyou.get<Cdrs>('/cdrs')).items[0]);
  await eventually('the end of the deliveries', async () =>
    (await chargem.partners()).every(({ deliveriesPending }) => deliveriesPending === 0) ? true : undefined,
  );
  expect(cdrIds).toHaveLength(3);
  billed = await allCdrs();
}, START_MS + 60_000);
afterAll(() => net?.stop(), 60_000);

type Cdrs = { items: CdrSummary[] };
type Version = Parameters<NetworkUnderTest['connect']>[1];

async function register(console: RestClient, { driver, token }: Person, whitelist: KnownToken['whitelist']): Promise<void> {
  await console.post('/drivers', driver);
  const { driverId } = driver;
  await console.post('/tokens', { ...token, driverId, type: 'RFID', issuer: 'Issuer', valid: true, whitelist });
}

async function found(console: RestClient, uid: string): Promise<KnownToken | undefined> {
  const { items } = await console.get<{ items: KnownToken[] }>('/tokens?limit=1000');
  return items.find((token) => token.uid === uid);
}

async function tokenOf(console: RestClient, uid: string): Promise<KnownToken> {
  const token = await found(console, uid);
  if (!token) throw new Error('the token is not listed');
  return token;
}

/** A whole session, with the card also in what nobody has to keep: vendor data and the last token of a reader. @returns the CDR's id. */
async function charge(stationId: string, version: Version, uid: string): Promise<string> {
  const station = await net.connect(stationId, version);
  await station.call('DataTransfer', { vendorId: 'com.vendor', messageId: 'swipe', data: uid });
  if (version === '2.0.1') {
    const told = { eventId: 1, timestamp: new Date().toISOString(), trigger: 'Delta', eventNotificationType: 'HardWiredNotification' };
    const reader = { ...told, component: { name: 'TokenReader' }, variable: { name: 'Token' }, actualValue: uid };
    await station.call('NotifyEvent', { generatedAt: told.timestamp, seqNo: 0, eventData: [reader] });
  }
  // A slow station cannot have given 9 kWh in a quarter of an hour: such a bill would be held.
  const energyWh = version === '2.0.1' ? 1_000 : 9_000;
  const plan = { connectorId: 1, energyWh, meterValues: 3, secondsBetweenMeterValues: 300, startedAt: Date.now() - 3_600_000 };
  const { transactionId } = await station.charge({ ...plan, token: uid });
  await station.close();
  const { chargem } = net.consoles;
  return eventually('the CDR', async () => {
    const session = await chargem.sessionOf(stationId, transactionId);
    return session && (await chargem.cdrsOf(session.sessionId))[0]?.cdrId;
  });
}

/** Every CDR in full, as both operators read them. */
async function allCdrs(): Promise<typeof billed> {
  const at = async (console: RestClient) => {
    const { items } = await console.get<Cdrs>('/cdrs?limit=1000');
    return Promise.all(items.map(({ cdrId }) => console.cdr(cdrId)));
  };
  return { issued: await at(net.consoles.chargem), received: await at(net.consoles.mobilityyou) };
}

/** What the card is told at a station, by Authorize. */
async function verdictOn(uid: string): Promise<string> {
  const station = await net.connect('CHG-SFO-DC-0018');
  const verdict = await station.authorize(uid);
  await station.close();
  return verdict;
}

async function rebuiltAt(platform: PlatformName) {
  const store = new EventStoreDb(net.network.stores[platform].url);
  try {
    // The log is what it was: an erasure changes no event.
    expect((await verify(store)).findings).toEqual([]);
    return await rebuild(store);
  } finally {
    await store.close();
  }
}

const places = (platform: PlatformName) => ({
  drivers: [`${platform}_registry.registry_v3.driver`, 'console: drivers'],
  tokens: [`${platform}_registry.registry_v3.token`, 'console: tokens'],
});

describe('before the erasure', () => {
  it("the own driver is in the registry's tables and answers, and nowhere else", async () => {
    const traces = await tracesOf(net, 'chargem', wordsOf(own));
    const { drivers, tokens } = places('chargem');
    expect(Object.keys(traces).sort()).toEqual([...drivers, ...tokens].sort());
    const { driver, token } = own;
    for (const place of tokens) {
      expect(traces[place]).toEqual([driver.driverId, own.surname, token.uid, token.contractId, token.visualNumber, token.groupId].sort());
    }
    for (const place of drivers) expect(traces[place]).toEqual([own.surname, driver.driverId, driver.name, driver.email].sort());
  });

  it('so is the one who roams, at both sides, and the partner knows no name', async () => {
    const { drivers, tokens } = places('mobilityyou');
    expect(Object.keys(await tracesOf(net, 'mobilityyou', wordsOf(roaming))).sort()).toEqual([...drivers, ...tokens].sort());
    const abroad = await tracesOf(net, 'chargem', wordsOf(roaming));
    expect(Object.keys(abroad).sort()).toEqual(places('chargem').tokens.sort());
    expect(Object.values(abroad).flat()).not.toContain(roaming.driver.name);
  });

  it('the keyed hash is where the card was: in facts, sessions and CDRs, on disk and in rows', async () => {
    const traces = await tracesOf(net, 'chargem', [ownKey]);
    expect(Object.keys(traces)).toEqual(
      expect.arrayContaining([
        ...['event store', 'JetStream', 'chargem_session_ledger.sessions_v1.session'],
        ...['chargem_billing.cdrs_v2.cdr', 'chargem_billing.books_v4.turnover'],
        ...['console: sessions', 'console: a timeline', 'console: a CDR'],
      ]),
    );
    expect(Object.keys(await tracesOf(net, 'mobilityyou', [ownKey]))).toEqual([]);
  });

  it('an operator finds the sessions of the card by its number', async () => {
    const { items } = await net.consoles.chargem.get<{ items: SessionSummary[] }>(`/sessions?tokenUid=${own.token.uid.toLowerCase()}`);
    expect(items.map(({ stationId }) => stationId).sort()).toEqual([stations.v201, stations.v16].sort());
    expect(await verdictOn(own.token.uid)).toBe('Accepted');
    expect(await verdictOn(roaming.token.uid)).toBe('Accepted');
  });
});

/** How many persons' keys a platform still has. */
async function keysAt(platform: PlatformName): Promise<number> {
  const rows = await net.network.postgres.dump(`${platform}_registry`);
  return rows.filter(({ table }) => table.endsWith('.data_key')).length;
}

describe('after the erasure', () => {
  let keysBefore: number[];

  beforeAll(async () => {
    keysBefore = [await keysAt('chargem'), await keysAt('mobilityyou')];
    for (const [console, { driver }] of [
      [net.consoles.chargem, own],
      [net.consoles.mobilityyou, roaming],
    ] as const) {
      expect(await console.delete(`/drivers/${driver.driverId}`)).toEqual({ driverId: driver.driverId, partnersNotTold: [] });
    }
  });

  it.each([
    ['chargem', own],
    ['mobilityyou', roaming],
  ] as const)('nothing at %s holds its driver', async (platform, person) => {
    expect(await tracesOf(net, platform, wordsOf(person))).toEqual({});
  });

  it('the keys of driver and card are gone, which is what makes all copies unreadable', async () => {
    expect([await keysAt('chargem'), await keysAt('mobilityyou')]).toEqual(keysBefore.map((keys) => keys - 2));
  });

  it('the cards are refused at once, also where the driver roams', async () => {
    expect(await verdictOn(own.token.uid)).toBe('Invalid');
    // Chargem was told by MobilityYou before MobilityYou forgot which card it was, and need not ask.
    expect(await verdictOn(roaming.token.uid)).toBe('Blocked');
    for (const [platform, person] of [
      ['chargem', own],
      ['mobilityyou', roaming],
    ] as const) {
      expect(await tracesOf(net, platform, wordsOf(person))).toEqual({});
    }
  });

  it('a CPO forgets the card of a partner’s driver too, when it is asked to', async () => {
    const { party, type, key } = await tokenOf(net.consoles.chargem, roaming.token.uid);
    await net.consoles.chargem.delete(`/tokens/${party}/${type}/${key}`);
    expect(await tracesOf(net, 'chargem', wordsOf(roaming))).toEqual({});
    expect(await verdictOn(roaming.token.uid)).toBe('Invalid');
  });

  it('nobody can tell whose the reference is, and the sessions are still there', async () => {
    const { items } = await net.consoles.chargem.get<{ items: KnownToken[] }>('/tokens?limit=1000');
    expect(items.map(({ key }) => key)).not.toContain(ownKey);
    const sessions = await net.consoles.chargem.get<{ items: SessionSummary[] }>(`/sessions?tokenKey=${ownKey}`);
    expect(sessions.items).toHaveLength(2);
  });

  it('the money still adds up: every CDR is what it was, and is derived again from the streams', async () => {
    expect(billed.issued.map(({ totalBeforeTaxes }) => totalBeforeTaxes).sort()).toEqual(['0.45', '5.04', '5.04']);
    expect(billed.received.map(({ totalBeforeTaxes, checkedBeforeTaxes }) => [totalBeforeTaxes, checkedBeforeTaxes])).toEqual([
      ['5.04', '5.04'],
    ]);
    expect(await allCdrs()).toEqual(billed);
    expect(await rebuiltAt('chargem')).toEqual({ sessions: 3, cdrs: 3, numbers: 3, entries: 3, differences: [] });
    expect(await rebuiltAt('mobilityyou')).toEqual({ sessions: 0, cdrs: 1, numbers: 0, entries: 1, differences: [] });
  });

  it('erasing again is no error, and does not bring anybody back', async () => {
    expect(await net.consoles.chargem.delete(`/drivers/${own.driver.driverId}`)).toEqual({
      driverId: own.driver.driverId,
      partnersNotTold: [],
    });
    await expect(net.consoles.chargem.delete('/drivers/nobody')).rejects.toThrow('404');
    await net.network.service('chargem', 'registry').crash();
    // A station is let in again once the registry answers.
    const verdict = await eventually('an answer of the registry', () => verdictOn(own.token.uid).catch(() => undefined));
    expect(verdict).toBe('Invalid');
    expect(await tracesOf(net, 'chargem', wordsOf(own))).toEqual({});
  });
});
