// The console's own manners, with small stand-ins for the services behind it.
import {
  Problem,
  type Request,
  type SessionSummary,
  type StationCommand,
  stationOperationNames,
  stationOperations,
} from '@evenkeel/contracts';
import { authenticate, ConsoleUnderTest, PARTY } from './console-under-test';

const station = {
  stationId: 'CP/1 Ü',
  party: PARTY,
  locationId: 'LOC-1',
  versions: ['1.6' as const],
  securityProfile: 1,
  registration: 'accepted' as const,
  evses: [
    {
      evseId: 1,
      uid: 'CP1-1',
      connectors: [
        {
          connectorId: 1,
          standard: 'IEC_62196_T2',
          format: 'SOCKET' as const,
          powerType: 'AC_3_PHASE' as const,
          maxVoltageV: 400,
          maxCurrentA: 32,
        },
      ],
    },
  ],
  hasPassword: true,
  connected: true,
  connectors: [],
};
const path = `/api/stations/${encodeURIComponent(station.stationId)}`;

const tokenKey = 'ab'.repeat(16);
const session: SessionSummary = {
  sessionId: '0d5ab3b4-9a5c-5f0e-8f2c-1f4f7d1d6a10',
  party: PARTY,
  status: 'active',
  stationId: station.stationId,
  transactionId: '7',
  startedAt: '2026-03-01T10:00:00.000Z',
  energyWh: '1500',
  tokenKey,
  flags: [],
  updatedAt: '2026-03-01T10:05:00.000Z',
};

const finding = {
  code: 'price_changes_in_session',
  severity: 'error' as const,
  path: 'elements[0].priceComponents[0]',
  message: 'The price changes.',
  rule: '23 CFR 680.116(a)',
};

let rest: ConsoleUnderTest;
let viewer: Record<string, string>;
let operator: Record<string, string>;
let admin: Record<string, string>;

beforeAll(async () => {
  rest = await ConsoleUnderTest.start();
  await rest.standIn('registry', {
    callStationRaw: rawCommand,
    operateStation: ({ operation }) => commandThat('accepted', { operation }),
    listCommands: () => ({ items: [commandThat('accepted')] }),
    getCommand: () => commandThat('done'),
    listStationItems: () => ({ items: [] }),
    authenticateOperator: authenticate,
    getStation: ({ stationId }) => {
      if (stationId.toLowerCase() === station.stationId.toLowerCase()) return station;
      throw new Problem('not-found', `there is no station ${stationId}`);
    },
    listStations: () => ({ items: [station], next: 'cp/1 ü' }),
    registerToken: ({ token }) => ({ ...token, key: tokenKey, lastUpdated: '2026-03-01T10:00:00.000Z' }),
    tokenKey: () => ({ key: tokenKey }),
    eraseToken: ({ token }) => ({ ...token, partnersNotTold: [] }),
    eraseDriver: ({ driverId }) => ({ driverId, partnersNotTold: ['MobilityYou'] }),
    registerTariff: ({ tariff }) => tariff,
    checkTariff: ({ context = {} }) => ({ findings: [], displayLines: [], context }),
    tariffFindings: () => ({ findings: [finding], displayLines: [], context: { jurisdictions: ['nevi'] } }),
  });
  await rest.standIn('session-ledger', {
    listSessions: () => ({ items: [session] }),
    getSession: () => session,
    sessionTimeline: ({ sessionId }) => ({ sessionId, periods: [], entries: [], next: '7' }),
  });
  await rest.standIn('ocpi-bridge', { listPartners: () => ({ items: [] }) });
  viewer = await rest.login('viewer', 'viewer-password');
  operator = await rest.login('operator', 'operator-password');
  admin = await rest.login('admin', 'admin-password');
});

afterAll(() => rest.stop());
beforeEach(() => {
  rest.asked.length = 0;
});

describe('who asks', () => {
  it('must be known', async () => {
    const nobody = await rest.call('GET', '/api/stations');
    expect([nobody.status, nobody.body.code, nobody.headers.get('www-authenticate')]).toEqual([
      401,
      'unauthenticated',
      'Bearer realm="evenkeel"',
    ]);
    const forged = await rest.call('GET', '/api/stations', { headers: { authorization: 'Bearer ek1.e30.AAAA' } });
    expect([forged.status, forged.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="evenkeel", error="invalid_token"']);
    const basic = await rest.call('GET', '/api/stations', { headers: { authorization: 'Basic YWRtaW46YWRtaW4=' } });
    expect(basic.status).toBe(401);
    expect(rest.asked).toEqual([]);
  });

  it.each([
    ['viewer', 200, 403, 403],
    ['operator', 200, 201, 403],
    ['admin', 200, 201, 201],
  ])('%s reads, registers tokens, sets tariffs: %i %i %i', async (role, reads, registers, sets) => {
    const headers = { viewer, operator, admin }[role];
    const token = { uid: '04AA', type: 'RFID', contractId: 'C1', issuer: 'Us', valid: true, whitelist: 'ALWAYS' };
    const elements = [{ priceComponents: [{ type: 'ENERGY', price: '0.30', stepSize: 1 }] }];
    const tariff = { id: 'T1', currency: 'EUR', elements, taxIncluded: 'NO' };
    expect((await rest.call('GET', '/api/sessions', { headers })).status).toBe(reads);
    expect((await rest.call('POST', '/api/tokens', { headers, body: token })).status).toBe(registers);
    expect((await rest.call('POST', '/api/tariffs', { headers, body: tariff })).status).toBe(sets);
  });

  it('may be a machine, whose key is asked about once and not with every request', async () => {
    const headers = { 'x-api-key': 'machine-key' };
    for (const _ of [1, 2, 3]) expect((await rest.call('GET', '/api/sessions', { headers })).status).toBe(200);
    expect(rest.asked.filter(({ name }) => name === 'authenticateOperator')).toHaveLength(1);
    expect((await rest.call('POST', '/api/tariffs', { headers, body: {} })).status).toBe(403);
    for (const _ of [1, 2]) {
      const { status, body } = await rest.call('GET', '/api/sessions', { headers: { 'x-api-key': 'wrong-key' } });
      expect([status, body.detail]).toEqual([401, 'the API key is not known']);
    }
    expect(rest.asked.filter(({ name }) => name === 'authenticateOperator')).toHaveLength(3);
  });

  it('is slowed down after ten wrong passwords, under that name only', async () => {
    const attempt = (username: string, password: string) => rest.call('POST', '/api/login', { body: { username, password } });
    for (let times = 0; times < 10; times += 1) expect((await attempt('mallory', 'guess')).status).toBe(401);
    const refused = await attempt('Mallory', 'guess');
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-attempts']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await attempt('viewer', 'viewer-password')).status).toBe(200);
  });

  it('is named in what is written', async () => {
    const token = { uid: '04BB', type: 'RFID', contractId: 'C2', issuer: 'Us', valid: true, whitelist: 'NEVER' };
    await rest.call('POST', '/api/tokens', { headers: operator, body: token });
    await rest.call('POST', '/api/tokens', { headers: { 'x-api-key': 'machine-key' }, body: { ...token, party: 'US-TWO' } });
    expect(rest.asked.filter(({ name }) => name === 'registerToken').map(({ request }) => request)).toEqual([
      { actor: { operator: 'operator' }, token: { ...token, party: PARTY } },
      { actor: { operator: 'machine' }, token: { ...token, party: 'US-TWO' } },
    ]);
  });
});

describe('a request', () => {
  it('has its query read from text, its defaults filled in, and is passed on', async () => {
    const from = '2026-03-01T00:00:00.000Z';
    const query = new URLSearchParams({ stationId: 'CP 1', status: 'active', from, limit: '7', after: 'k+1' });
    await rest.call('GET', `/api/sessions?${query}`, { headers: viewer });
    await rest.call('GET', '/api/stations?connected=false', { headers: viewer });
    expect(rest.asked).toEqual([
      { name: 'listSessions', request: { stationId: 'CP 1', status: 'active', from, limit: 7, after: 'k+1' } },
      { name: 'listStations', request: { connected: false, limit: 100 } },
    ]);
  });

  it('to check a tariff names the place it is for, and registers nothing', async () => {
    const elements = [{ priceComponents: [{ type: 'ENERGY', price: '0.30', stepSize: 1 }] }];
    const tariff = { id: 'T1', currency: 'EUR', elements, taxIncluded: 'NO' };
    const context = { jurisdictions: ['afir'], maxPowerKw: '50' };
    const check = (body: object) => rest.call('POST', '/api/tariffs/check', { headers: operator, body });
    expect(await check({ tariff, context })).toMatchObject({ status: 200, body: { findings: [], displayLines: [], context } });
    expect((await check({ tariff })).status).toBe(200);
    const dated = { ...tariff, countryCode: 'US', partyId: 'CHG', lastUpdated: expect.any(String) };
    expect(rest.asked).toEqual([
      { name: 'checkTariff', request: { tariff: dated, context } },
      { name: 'checkTariff', request: { tariff: dated } },
    ]);
    for (const wrong of [{ context }, { tariff, context: { country: 'DE' } }, { tariff, context: { maxPowerKw: '-1' } }]) {
      expect((await check(wrong)).status).toBe(400);
    }
    expect((await rest.call('POST', '/api/tariffs/check', { headers: viewer, body: { tariff } })).status).toBe(403);
  });

  it('for the findings of a tariff names it, and its party', async () => {
    const { status, body } = await rest.call('GET', '/api/tariffs/T%2F1/findings', { headers: viewer });
    expect([status, body.findings]).toEqual([200, [finding]]);
    await rest.call('GET', '/api/tariffs/T1/findings?party=US-TWO', { headers: viewer });
    expect(rest.asked.map(({ request }) => request)).toEqual([
      { party: PARTY, tariffId: 'T/1' },
      { party: 'US-TWO', tariffId: 'T1' },
    ]);
  });

  it('for the sessions of a card asks the ledger by the key that the registry tells', async () => {
    await rest.call('GET', '/api/sessions?tokenUid=04aa', { headers: viewer });
    expect(rest.asked).toEqual([
      { name: 'tokenKey', request: { uid: '04aa' } },
      { name: 'listSessions', request: { tokenKey, limit: 100 } },
    ]);
    const two = await rest.call('GET', `/api/sessions?tokenUid=04aa&tokenKey=${'cd'.repeat(16)}`, { headers: viewer });
    expect([two.status, two.body.code]).toEqual([400, 'invalid']);
  });

  it('for a timeline names the page, or the event whose state is asked for', async () => {
    const address = `/api/sessions/${session.sessionId}/timeline`;
    const { headers } = await rest.call('GET', `${address}?limit=50`, { headers: viewer });
    expect(headers.get('link')).toBe(`<${address}?limit=50&after=7>; rel="next"`);
    await rest.call('GET', `${address}?at=${session.sessionId}`, { headers: viewer });
    expect(rest.asked.map(({ request }) => request)).toEqual([
      { sessionId: session.sessionId, limit: 50 },
      { sessionId: session.sessionId, at: session.sessionId },
    ]);
  });

  it('to erase a driver is an admin’s, and names the admin', async () => {
    expect((await rest.call('DELETE', '/api/drivers/d%2F1', { headers: operator })).status).toBe(403);
    const { status, body } = await rest.call('DELETE', '/api/drivers/d%2F1', { headers: admin });
    expect([status, body]).toEqual([200, { driverId: 'd/1', partnersNotTold: ['MobilityYou'] }]);
    const request = { actor: { operator: 'admin' }, party: PARTY, driverId: 'd/1' };
    expect(rest.asked).toEqual([{ name: 'eraseDriver', request }]);
  });

  it('to erase a token names it by its key', async () => {
    const address = `/api/tokens/US-MOB/RFID/${tokenKey}`;
    expect((await rest.call('DELETE', address, { headers: operator })).status).toBe(403);
    expect((await rest.call('DELETE', '/api/tokens/US-MOB/RFID/04AA', { headers: admin })).status).toBe(400);
    expect((await rest.call('DELETE', address, { headers: admin })).status).toBe(200);
    const token = { party: 'US-MOB', type: 'RFID', key: tokenKey };
    expect(rest.asked).toEqual([{ name: 'eraseToken', request: { actor: { operator: 'admin' }, token } }]);
  });

  it.each([
    [`/api/sessions/${session.sessionId}/timeline?at=soon`, 'query /at must match pattern'],
    ['/api/sessions?limit=0', 'query /limit must be >= 1'],
    ['/api/sessions?limit=1001', 'query /limit must be <= 1000'],
    ['/api/sessions?limit=ten', 'query /limit must be integer'],
    ['/api/sessions?limit=1&limit=2', 'query /limit must be integer'],
    ['/api/sessions?from=yesterday', 'query /from must match pattern'],
    ['/api/stations?connected=yes', 'query /connected must be boolean'],
    ['/api/stations?colour=red', 'query must NOT have additional properties: colour'],
    ['/api/stations?__proto__=1', 'query must NOT have additional properties: __proto__'],
    [`/api/stations/${'x'.repeat(49)}`, 'path /stationId must NOT have more than 48 characters'],
  ])('%s is not valid', async (target, detail) => {
    const { status, body } = await rest.call('GET', target, { headers: viewer });
    expect([status, body.code, body.instance]).toEqual([400, 'invalid', target.split('?')[0]]);
    expect(body.detail).toContain(detail);
    expect(rest.asked).toEqual([]);
  });

  it.each([
    [{ uid: 5 }, "body must have required property 'type'"],
    [{ uid: '', type: 'RFID', contractId: 'C', issuer: 'U', valid: true, whitelist: 'ALWAYS' }, 'body /uid must NOT have fewer than 1'],
    [
      { uid: 'A', type: 'RFID', contractId: 'C', issuer: 'U', valid: true, whitelist: 'ALWAYS', colour: 'red' },
      'body must NOT have additional properties: colour',
    ],
    [[], 'body must be object'],
    ['{"uid":', 'JSON'],
    ['{"__proto__":{}}', 'JSON'],
    ['', 'Body cannot be empty'],
  ])('body %j is not valid', async (body, detail) => {
    const seen = await rest.call('POST', '/api/tokens', { headers: operator, body });
    expect([seen.status, seen.body.code]).toEqual([400, 'invalid']);
    expect(seen.body.detail).toContain(detail);
    expect(rest.asked).toEqual([]);
  });

  it('is JSON, and not too large', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const { status, body } = await rest.call('POST', '/api/login', { headers: { 'content-type': type }, body: '{}' });
      expect([type, status, body.code]).toEqual([type, 415, 'unsupported-media-type']);
    }
    const large = await rest.call('POST', '/api/tokens', { headers: operator, body: { uid: 'x'.repeat(300_000) } });
    expect([large.status, large.body.code]).toEqual([413, 'too-large']);
  });

  it('asks for a path and a method that are there', async () => {
    const unknown = await rest.call('GET', '/api/nothing?secret=1');
    expect([unknown.status, unknown.body.code, unknown.body.instance]).toEqual([404, 'not-found', '/api/nothing']);
    expect((await rest.call('GET', '/')).status).toBe(404);
    const method = await rest.call('DELETE', '/api/stations');
    expect([method.status, method.body.code, method.headers.get('allow')]).toEqual([405, 'method-not-allowed', 'GET, HEAD, POST']);
    const undecodable = await rest.call('GET', '/api/stations/%E0%A4', { headers: viewer });
    expect([undecodable.status, undecodable.body.code]).toEqual([400, 'invalid']);
    expect(undecodable.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is told to be tried again when a service is not there', async () => {
    const { status, body } = await rest.call('GET', '/api/cdrs', { headers: viewer });
    expect([status, body.code, body.detail]).toEqual([503, 'unavailable', 'billing is not running']);
    const login = await rest.call('GET', '/api/locations', { headers: viewer });
    expect(login.status).toBe(503);
  });
});

describe('a response', () => {
  it('is for nobody else: no cache, no other site, no sniffing', async () => {
    for (const target of ['/api', '/api/stations', '/nothing']) {
      const { headers } = await rest.call('GET', target, { headers: { ...viewer, origin: 'https://elsewhere.example' } });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('leads to the next page', async () => {
    const { headers, body } = await rest.call('GET', '/api/stations?limit=1&connected=true', { headers: viewer });
    expect(body.next).toBe('cp/1 ü');
    expect(headers.get('link')).toBe('</api/stations?limit=1&connected=true&after=cp%2F1+%C3%BC>; rel="next"');
    expect((await rest.call('GET', '/api/sessions', { headers: viewer })).headers.get('link')).toBeNull();
  });

  it('is what the OpenAPI document promises, and the index leads there', async () => {
    const { body } = await rest.call('GET', '/api');
    expect(body.links).toMatchObject({ openApi: '/api/openapi.json', listSessions: '/api/sessions' });
    expect((await rest.call('GET', '/api/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
    expect((await rest.call('GET', `/api/sessions/${session.sessionId}`, { headers: viewer })).body).toEqual(session);
    expect((await rest.call('GET', `/api/sessions/${session.sessionId}/timeline`, { headers: viewer })).body.entries).toEqual([]);
    expect((await rest.call('GET', '/api/partners', { headers: viewer })).body).toEqual({ items: [] });
    expect((await rest.call('HEAD', '/api/sessions', { headers: viewer })).status).toBe(200);
  });
});

describe('a command', () => {
  const command = (what: string, body: unknown = {}) => rest.call('POST', `${path}/${what}`, { headers: operator, body });
  const asked = (name: string) => rest.asked.filter((each) => each.name === name).map(({ request }) => request);

  it('is asked of the registry, with who asks, and comes back with what became of it', async () => {
    const token = { uid: '04AA', type: 'RFID' };
    const { status, body } = await command('start', { token, evseId: 1 });
    expect([status, body.status, body.operation]).toEqual([200, 'accepted', 'start']);
    expect((await command('change-availability', { available: false })).status).toBe(200);
    const raw = await command('calls/GetConfiguration', { key: ['X'] });
    expect(raw.body).toEqual({ outcome: 'answered', payload: { configurationKey: [] }, commandId: 'c-1' });
    const actor = { operator: 'operator' };
    const { stationId } = station;
    expect(asked('operateStation')).toEqual([
      { actor, stationId, operation: 'start', parameters: { token, evseId: 1 } },
      { actor, stationId, operation: 'change-availability', parameters: { available: false } },
    ]);
    expect(asked('callStationRaw')).toEqual([{ actor, stationId, action: 'GetConfiguration', payload: { key: ['X'] } }]);
  });

  it.each(stationOperationNames)('%s has a path, and its example fits', async (name) => {
    expect((await command(name, stationOperations[name].example)).status).toBe(200);
    expect((await command(name, { dance: true })).status).toBe(400);
  });

  it('fails with the code of what failed', async () => {
    const refused = await command('calls/ClearCache');
    expect([refused.status, refused.body.code, refused.body.errorCode, refused.body.commandId, refused.body.detail]).toEqual([
      502,
      'station-refused',
      'NotImplemented',
      'c-1',
      'NotImplemented: no cache here',
    ]);
    const silent = await command('calls/Reset', { type: 'Soft' });
    expect([silent.status, silent.body.code]).toEqual([504, 'timeout']);
    const unknown = await command('calls/Dance');
    expect([unknown.status, unknown.body.code, unknown.body.detail]).toEqual([422, 'not-supported', 'OCPP 1.6 has no command Dance']);
    expect((await command('calls/Get%2FIt')).status).toBe(400);
    expect((await command('calls/Reset', ['Soft'])).status).toBe(400);
    expect((await rest.call('POST', `${path}/calls/Reset`, { headers: viewer, body: {} })).status).toBe(403);
    expect((await rest.call('POST', `${path}/unlock`, { headers: viewer, body: { evseId: 1 } })).status).toBe(403);
  });

  it('is found again, with what is known of the station', async () => {
    expect((await rest.call('GET', '/api/commands?status=accepted', { headers: viewer })).body.items).toHaveLength(1);
    expect((await rest.call('GET', '/api/commands/c-1', { headers: viewer })).body.commandId).toBe('c-1');
    const items = await rest.call('GET', `${path}/items/variable?prefix=OCPPCommCtrlr/`, { headers: viewer });
    expect(items.body).toEqual({ items: [] });
    expect(asked('listStationItems')).toEqual([{ stationId: station.stationId, kind: 'variable', prefix: 'OCPPCommCtrlr/', limit: 100 }]);
  });
});

/** What the registry says became of a command. */
function commandThat(status: StationCommand['status'], more: Partial<StationCommand> = {}): StationCommand {
  const calls = [{ action: 'X', request: {} }];
  return { commandId: 'c-1', party: PARTY, stationId: station.stationId, calls, requestedAt: session.updatedAt, status, ...more };
}

function rawCommand({ action }: Request<'callStationRaw'>): StationCommand {
  switch (action) {
    case 'GetConfiguration':
      return commandThat('done', { calls: [{ action, request: {}, answer: { configurationKey: [] } }] });
    case 'ClearCache':
      return commandThat('refused', { errorCode: 'NotImplemented', detail: 'no cache here' });
    case 'Reset':
      return commandThat('unknown');
    default:
      throw new Problem('not-supported', `OCPP 1.6 has no command ${action}`);
  }
}

describe('what is seen from outside', () => {
  it('counts problems and times requests', async () => {
    await rest.call('GET', '/api/nothing');
    const text = await rest.metrics();
    expect(text).toMatch(/evenkeel_console_problems_total\{code="not-found",status="404",service="console"\} \d+/);
    expect(text).toMatch(/evenkeel_console_request_seconds_count\{.*route="\/api\/stations\/:stationId\/calls\/:action",method="POST"/);
  });

  it('has no secret in the log', () => {
    const text = rest.log.join('\n');
    for (const secret of ['admin-password', 'machine-key', 'guess', 'ek1.']) expect(text).not.toContain(secret);
  });
});
