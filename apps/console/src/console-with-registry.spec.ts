// The console with the real registry behind it, on a real event store and PostgreSQL, over a network of 5,000 stations.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CdrSummary, stationOperations } from '@evenkeel/contracts';
import { freePort, startEventStore, startPostgres, startServer } from '@evenkeel/testkit';
import * as examples from './api/examples';
import { ConsoleUnderTest, PARTY } from './console-under-test';

const STATIONS = 5_000;
const registryMain = join(__dirname, '..', '..', 'registry', 'dist', 'main.js');

const network = {
  party: PARTY,
  passwordSecret: 'secret-of-the-station-passwords',
  operators: [
    { username: 'ada', role: 'admin', password: 'ada-password' },
    { username: 'vera', role: 'viewer', password: 'vera-password' },
  ],
  apiKeys: [{ name: 'importer', role: 'operator', key: 'importer-key-0123456789' }],
  tariffs: [],
  sites: [
    {
      ...examples.location,
      stations: [
        {
          prefix: 'CP',
          count: STATIONS,
          vendor: 'V',
          model: 'M',
          versions: ['1.6'],
          evses: [{ ...examples.station.evses[0], uid: '{station}' }],
        },
      ],
    },
  ],
  drivers: [],
  tokens: [],
};

const cdr: CdrSummary = {
  cdrId: 'CDR-1',
  direction: 'issued',
  party: PARTY,
  sessionId: '0d5ab3b4-9a5c-5f0e-8f2c-1f4f7d1d6a10',
  stationId: 'CP-0001',
  startedAt: '2026-03-01T10:00:00.000Z',
  endedAt: '2026-03-01T11:00:00.000Z',
  energyWh: '12000',
  currency: 'USD',
  totalBeforeTaxes: '5.40',
  credit: false,
  issuedAt: '2026-03-01T11:00:05.000Z',
};

let rest: ConsoleUnderTest;
let admin: Record<string, string>;
const machine = { 'x-api-key': 'importer-key-0123456789' };
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-console-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const networkFile = join(folder, 'network.json');
  await writeFile(networkFile, JSON.stringify(network));
  const store = await stoppedAtTheEnd(startEventStore());
  const postgres = await stoppedAtTheEnd(startPostgres());
  rest = await stoppedAtTheEnd(ConsoleUnderTest.start());
  const healthPort = await freePort();
  const env = {
    HEALTH_PORT: String(healthPort),
    NATS_URL: rest.natsUrlOf('registry'),
    EVENTSTORE_URL: store.url,
    DATABASE_URL: await postgres.ensureDatabase('registry'),
    PARTY,
    STATION_KEY_SECRET: 'ab'.repeat(32),
    IDENTITY_SECRET: '1d'.repeat(32),
    IDENTITY_MASTER_KEY: '0a'.repeat(32),
    SEAL_PRIVATE_KEY: '5e'.repeat(32),
    NETWORK_FILE: networkFile,
  };
  const readyWhen = (line: string) => line.includes('is ready');
  // Five thousand stations are imported before it is.
  const readyWithinMs = 100_000;
  await stoppedAtTheEnd(startServer({ name: 'registry', command: process.execPath, args: [registryMain], env, readyWhen, readyWithinMs }));
  await ready(healthPort);
  admin = await rest.login('ada', 'ada-password');
}, 120_000);

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
}, 30_000);

describe('with the real registry, an operator', () => {
  it('logs in with a password, and not with another', async () => {
    const wrong = await rest.call('POST', '/api/login', { body: { username: 'ada', password: 'vera-password' } });
    expect([wrong.status, wrong.body.detail]).toEqual([401, 'wrong user name or password']);
    const right = await rest.call('POST', '/api/login', { body: { username: 'Vera', password: 'vera-password' } });
    expect([right.status, right.body.role]).toEqual([200, 'viewer']);
    expect(Date.parse(String(right.body.expiresAt)) - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
  });

  it('walks 5,000 stations page by page, each once, in order', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/api/stations?limit=700';
    for (let pages = 0; next !== undefined && pages < 20; pages += 1) {
      const { body, headers } = await rest.call('GET', next, { headers: machine });
      seen.push(...(body.items as { stationId: string }[]).map(({ stationId }) => stationId));
      next = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(Array.from({ length: STATIONS }, (_, index) => `CP-${String(index + 1).padStart(4, '0')}`));
  });

  it('registers a station whose id needs encoding, follows its address, changes it', async () => {
    const body = { ...examples.station, stationId: 'ÅS/1 #2' };
    const created = await rest.call('POST', '/api/stations', { headers: machine, body });
    expect([created.status, created.headers.get('location')]).toEqual([201, '/api/stations/%C3%85S%2F1%20%232']);
    const address = String(created.headers.get('location'));
    const found = await rest.call('GET', address, { headers: machine });
    expect(found.body).toMatchObject({ stationId: 'ÅS/1 #2', party: PARTY, hasPassword: true, connected: false, model: 'HyperPost 150' });
    expect(found.body).not.toHaveProperty('password');
    const changed = await rest.call('PATCH', address, { headers: machine, body: { model: 'HyperPost 180' } });
    expect(changed.body).toMatchObject({ model: 'HyperPost 180', vendor: 'Voltmark' });
    expect((await rest.call('PATCH', address, { headers: machine, body: {} })).status).toBe(400);
    const again = await rest.call('POST', '/api/stations', { headers: machine, body });
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    for (const [method, sent] of [['GET'], ['PATCH', { model: 'X' }]] as const) {
      const absent = await rest.call(method, '/api/stations/nowhere', { headers: machine, body: sent });
      expect([absent.status, absent.body.code]).toEqual([404, 'not-found']);
    }
  });

  it('sees what was just written in the lists', async () => {
    const created: [string, string, unknown][] = [
      ['tokens', 'uid', examples.token],
      ['drivers', 'driverId', examples.driver],
      ['locations', 'locationId', { ...examples.location, locationId: 'LOC-NEW' }],
      ['tariffs', 'id', examples.tariff],
    ];
    for (const [list, key, body] of created) {
      const { status, body: answer } = await rest.call('POST', `/api/${list}`, { headers: admin, body });
      expect([list, status]).toEqual([list, 201]);
      expect(answer).toMatchObject(body as object);
      const { items } = (await rest.call('GET', `/api/${list}`, { headers: admin })).body as { items: Record<string, unknown>[] };
      expect(items.find((item) => item[key] === answer[key])).toEqual(answer);
    }
    const { items } = (await rest.call('GET', '/api/tariffs', { headers: admin })).body as { items: object[] };
    expect(items[0]).toMatchObject({ countryCode: 'US', partyId: 'CHG' });
  });

  it('is told what is wrong in a tariff, before it is registered, when it is refused, and where it is used', async () => {
    const kwh = (price: string) => [{ type: 'ENERGY', price, stepSize: 1 }];
    const noon = { startTime: '12:00', endTime: '14:00' };
    const wrong = {
      ...examples.tariff,
      id: 'WRONG',
      elements: [{ priceComponents: kwh('0.45'), restrictions: { minKwh: '5', maxKwh: '5' } }],
    };
    const refused = await rest.call('POST', '/api/tariffs', { headers: admin, body: wrong });
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid']);
    expect(refused.body.detail).toContain('elements[0].restrictions.maxKwh: minKwh 5 is not below maxKwh 5');
    const checked = await rest.call('POST', '/api/tariffs/check', { headers: machine, body: examples.tariffToCheck });
    expect([checked.status, checked.body.findings]).toEqual([200, []]);
    expect(checked.body.displayLines).toEqual([{ unit: 'kWh', text: '0.45 USD per kWh', path: 'elements[0].priceComponents[0]' }]);

    // The example station has the tariff CHG-TOU.
    const elements = [{ priceComponents: kwh('0.20'), restrictions: noon }, { priceComponents: kwh('0.45') }];
    await rest.call('POST', '/api/tariffs', { headers: admin, body: { ...examples.tariff, id: 'CHG-TOU', elements } });
    const found = await rest.call('GET', '/api/tariffs/chg-tou/findings', { headers: admin });
    expect(found.body.context).toEqual({
      jurisdictions: ['california', 'nevi'],
      currency: 'USD',
      maxPowerKw: '150',
      timeZone: 'America/Los_Angeles',
    });
    expect(found.body.findings).toMatchObject([{ code: 'price_changes_in_session', rule: '23 CFR 680.116(a)' }]);
    expect((await rest.call('GET', '/api/tariffs/nothing/findings', { headers: admin })).status).toBe(404);
  });

  it('erases a driver with the tokens, and keeps the driver erased', async () => {
    const erase = (driverId: string) => rest.call('DELETE', `/api/drivers/${driverId}`, { headers: admin });
    expect((await rest.call('DELETE', `/api/drivers/${examples.driver.driverId}`, { headers: machine })).status).toBe(403);
    for (const _ of ['once', 'again']) expect((await erase(examples.driver.driverId)).status).toBe(200);
    for (const list of ['drivers', 'tokens']) {
      expect((await rest.call('GET', `/api/${list}`, { headers: admin })).body.items).toEqual([]);
    }
    const unknown = await erase('nobody');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not-found']);
    for (const [list, body] of [
      ['drivers', examples.driver],
      ['tokens', examples.token],
    ] as const) {
      const back = await rest.call('POST', `/api/${list}`, { headers: admin, body });
      expect([back.status, back.body.code]).toEqual([409, 'conflict']);
    }
  });

  it('asks the ledger what sessions would have cost', async () => {
    const asked: object[] = [];
    const answer = {
      currency: 'USD',
      sessions: 1,
      actual: '1.80',
      simulated: '2.00',
      dearer: 1,
      cheaper: 0,
      same: 0,
      notPriced: [],
      largestChanges: [],
    };
    await rest.standIn('session-ledger', {
      simulateTariff: (request) => {
        asked.push(request);
        return answer;
      },
    });
    const call = (body: object) => rest.call('POST', '/api/tariffs/simulate', { headers: admin, body });
    expect((await call(examples.tariffToSimulate)).body).toEqual(answer);
    expect(asked).toMatchObject([{ tariff: { countryCode: 'US', partyId: 'CHG', id: 'CHG-NEW' }, insteadOf: 'CHG-KWH' }]);
    expect((await call({ ...examples.tariffToSimulate, from: 'monday' })).status).toBe(400);
  });

  it('reads CDRs and invites partners', async () => {
    await rest.standIn('billing', {
      listCdrs: () => ({ items: [cdr] }),
      getCdr: () => cdr,
      explainCdr: ({ cdrId, language }) => ({
        cdrId,
        total: { beforeTaxes: '5.40' },
        currency: 'USD',
        text: [language === 'es' ? '12 kWh a $0.45' : '12 kWh at $0.45'],
        lines: [],
      }),
    });
    const partner = { partnerId: 'p1', name: 'M', status: 'invited' as const, roles: [], deliveriesPending: 0, deliveriesParked: 0 };
    await rest.standIn('ocpi-bridge', { introducePartner: () => ({ ...partner, tokenA: 'token-a-of-the-invitation' }) });
    expect((await rest.call('GET', '/api/cdrs?stationId=CP-0001', { headers: admin })).body).toEqual({ items: [cdr] });
    expect((await rest.call('GET', '/api/cdrs/CDR-1', { headers: admin })).body).toEqual(cdr);
    expect((await rest.call('GET', '/api/cdrs/CDR-1/explanation', { headers: admin })).body.text).toEqual(['12 kWh at $0.45']);
    expect((await rest.call('GET', '/api/cdrs/CDR-1/explanation?language=es', { headers: admin })).body.text).toEqual(['12 kWh a $0.45']);
    expect((await rest.call('GET', '/api/cdrs/CDR-1/explanation?language=xx', { headers: admin })).status).toBe(400);
    expect((await rest.call('POST', '/api/partners', { headers: machine, body: { name: 'M' } })).status).toBe(403);
    expect((await rest.call('POST', '/api/partners', { headers: admin, body: { name: 'M' } })).body.tokenA).toBe(
      'token-a-of-the-invitation',
    );
    const asked = rest.asked.find(({ name }) => name === 'introducePartner');
    expect(asked?.request).toEqual({ actor: { operator: 'ada' }, partner: { name: 'M' } });
  });

  it('commands a station while it is connected, and is told at once when it is not', async () => {
    await rest.holdStation('CP-0007', ({ call: { action, payload: request } }) => {
      const answer = { status: 'Accepted' };
      return { outcome: 'answered', action, payload: answer, neutral: { action, request, answer } };
    });
    const reset = await rest.call('POST', '/api/stations/cp-0007/calls/ClearCache', { headers: machine, body: {} });
    expect([reset.status, reset.body]).toMatchObject([200, { outcome: 'answered', payload: { status: 'Accepted' } }]);
    const followed = await rest.call('GET', `/api/commands/${String(reset.body.commandId)}`, { headers: admin });
    expect(followed.body).toMatchObject({ stationId: 'CP-0007', status: 'done', requestedBy: 'importer' });
    const { example: start } = stationOperations.start;
    const startedAt = Date.now();
    const offline = await rest.call('POST', '/api/stations/CP-0008/start', { headers: machine, body: start });
    expect([offline.status, offline.body.code, offline.body.detail]).toEqual([409, 'offline', 'the station is not connected']);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    const unknown = await rest.call('POST', '/api/stations/CP-9999/start', { headers: machine, body: start });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not-found']);
  });
});

async function stoppedAtTheEnd<T extends { stop(): Promise<void> }>(start: Promise<T>): Promise<T> {
  const started = await start;
  stops.push(() => started.stop());
  return started;
}

/** The registry reads its network file and then shows it; it is ready when everything is shown. */
async function ready(healthPort: number): Promise<void> {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; ) {
    if ((await fetch(`http://127.0.0.1:${healthPort}/health/ready`)).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the registry was not ready in time');
}
