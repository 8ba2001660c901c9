// One running network gets everything that it should not get: each refusal is the specified one and is counted, nothing stops, and a
// session charged afterwards ends in its CDR. The tests build on each other: the last ones look at what the others left behind.
import type { CdrSummary, Driver, SessionSummary, Station } from '@evenkeel/contracts';
import { eventually, type PlatformName } from '@evenkeel/local';
import { ScriptedPartner } from '@evenkeel/ocpi-bridge/dist/testing/scripted-partner';
import { readErrorCode } from '@evenkeel/ocpp';
import { badFrames, badKnocks, badOcpiRequests, badRestRequests, type RestCaller } from './bad-input';
import { BareStation, type Knock, type Refused } from './bare-station';
import { type NetworkUnderTest, START_MS, startNetwork } from './network-under-test';
import { Counters, servicesOf } from './service-health';

const stationId = 'CHG-SFO-DC-0001';
const unknownToken = 'NOBODYS-CARD';
const boots = {
  '1.6': { chargePointVendor: 'Bare', chargePointModel: 'One' },
  '2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Bare', model: 'One' } },
};

let net: NetworkUnderTest;

beforeAll(async () => {
  net = await startNetwork();
}, START_MS);
afterAll(() => net?.stop(), 60_000);

function knock(change: Partial<Knock>): Promise<BareStation | Refused> {
  const right = { path: stationId, credentials: `${stationId}:${net.passwordOf(stationId)}`, protocols: ['ocpp1.6'] };
  return BareStation.connect(net.network.ocppUrl, { ...right, ...change });
}

async function connected(identity: string, version: keyof typeof boots = '1.6'): Promise<BareStation> {
  const credentials = `${identity}:${net.passwordOf(identity)}`;
  const station = await knock({ path: identity, credentials, protocols: [`ocpp${version}`] });
  if (!(station instanceof BareStation)) throw new Error(`${identity} was refused with ${station.status}`);
  expect((await station.call('boot', 'BootNotification', boots[version]))[2]).toMatchObject({ status: 'Accepted' });
  return station;
}

async function expectAlive(station: BareStation): Promise<void> {
  expect(await station.call('alive', 'Heartbeat')).toEqual([3, 'alive', { currentTime: expect.any(String) }]);
  expect(station.isOpen).toBe(true);
}

describe('at the door of the stations', () => {
  it.each(badKnocks)('%s is refused', async (_name, change, status) => {
    expect(await knock(change)).toEqual({ status, challenge: status === 401 ? 'Basic realm="ocpp"' : undefined });
  });

  it('a plain HTTP request is told to upgrade', async () => {
    expect((await fetch(net.network.ocppUrl.replace('ws:', 'http:'))).status).toBe(426);
  });
});

describe.each(['1.6', '2.0.1'] as const)('a station of OCPP %s', (version) => {
  let station: BareStation;
  beforeAll(async () => {
    station = await connected(`CHG-SFO-AC-00${version === '1.6' ? 16 : 20}`, version);
  });
  afterAll(() => station?.close());

  it.each(badFrames[version])('that sends %s keeps its connection', async (_name, text, answer) => {
    station.send(text);
    if (answer) expect(await station.answerTo(answer[0])).toEqual([4, ...answer, expect.any(String), {}]);
    await expectAlive(station);
    expect(station.frames).toEqual([]);
  });
});

describe('a connection', () => {
  it.each([
    ['a frame of more than a megabyte', JSON.stringify([2, 'x', 'DataTransfer', { vendorId: 'x', data: ' '.repeat(1_048_576) }]), 1009],
    ['a binary frame', Buffer.from('[2,"x","Heartbeat",{}]'), 1003],
  ])('is closed for %s, and its station may come back', async (_name, frame, code) => {
    const station = await connected(stationId);
    station.send(frame);
    expect(await station.closed()).toBe(code);
    const again = await connected(stationId);
    await expectAlive(again);
    await again.close();
  });

  it('gives way to a newer one of the same station', async () => {
    const older = await connected(stationId);
    const newer = await connected(stationId);
    expect(await older.closed()).toBe(4001);
    await expectAlive(newer);
    await newer.close();
  });
});

describe('a transaction', () => {
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();

  it('of an unknown token is told Invalid, recorded, and never billed', async () => {
    const identity = 'CHG-SFO-AC-0001';
    const station = await connected(identity);
    const refusal = { idTagInfo: { status: 'Invalid' } };
    expect((await station.call('a', 'Authorize', { idTag: unknownToken }))[2]).toEqual(refusal);
    const start = { connectorId: 1, idTag: unknownToken, meterStart: 100, timestamp: at(50) };
    const [, , started] = await station.call('b', 'StartTransaction', start);
    expect(started).toEqual({ transactionId: expect.any(Number), ...refusal });
    const { transactionId } = started as { transactionId: number };
    const stop = { transactionId, meterStop: 4_100, timestamp: at(10), reason: 'DeAuthorized' };
    expect((await station.call('c', 'StopTransaction', stop))[2]).toEqual({});
    await station.close();
    const session = await eventually('the recorded session', async () => {
      const found = await net.consoles.chargem.sessionOf(identity, String(transactionId));
      return found?.status === 'completed' ? found : undefined;
    });
    expect(session).toMatchObject({ energyWh: '4000', stationId: identity });
  });

  it('that nobody started is confirmed to be stopped and recorded', async () => {
    const station = await connected('CHG-SFO-AC-0002');
    const stop = { transactionId: 987_654, meterStop: 4_100, timestamp: at(10) };
    expect((await station.call('a', 'StopTransaction', stop))[2]).toEqual({});
    expect((await station.call('b', 'MeterValues', meterValues(987_655)))[2]).toEqual({});
    await station.close();
    await eventually('the stopped transaction', () => net.consoles.chargem.sessionOf('CHG-SFO-AC-0002', '987654'));
  });

  function meterValues(transactionId: number) {
    return { connectorId: 1, transactionId, meterValue: [{ timestamp: at(5), sampledValue: [{ value: '4200' }] }] };
  }
});

describe('a roaming partner', () => {
  const partners = {
    cpo: new ScriptedPartner('EMSP', 'BAD', 'token-b-of-the-emsp'),
    emsp: new ScriptedPartner('CPO', 'BAD', 'token-b-of-the-cpo'),
  };
  const baseOf = (at: 'cpo' | 'emsp') =>
    net.network.ocpiVersionsUrl(at === 'cpo' ? 'chargem' : 'mobilityyou').replace('versions', `${at}/2.2.1`);
  const envelope = (ocpi: number) => ({ status_code: ocpi, status_message: expect.any(String), timestamp: expect.any(String) });

  beforeAll(async () => {
    for (const [at, console, list] of [
      ['cpo', net.consoles.chargem, '/locations'],
      ['emsp', net.consoles.mobilityyou, '/tokens'],
    ] as const) {
      await partners[at].start();
      const { tokenA } = await console.post<{ tokenA: string }>('/partners', { name: `Bad ${at}` });
      const invited = await partners[at].call('GET', `${baseOf(at)}${list}`, { token: tokenA });
      expect(invited).toMatchObject({ status: 401, body: envelope(2000) });
      const unregistered = await partners[at].call('DELETE', `${baseOf(at)}/credentials`, { token: tokenA });
      expect(unregistered).toMatchObject({ status: 405, body: envelope(2000) });
      expect((await partners[at].register(baseOf(at), tokenA)).body.status_code).toBe(1000);
    }
  });
  afterAll(() => Promise.all(Object.values(partners).map((partner) => partner.stop())));

  for (const [name, at, request, http, ocpi, text] of badOcpiRequests) {
    it(`with ${name} is answered by ${http} and ${ocpi}`, async () => {
      const [method = '', path = ''] = request.split(' ');
      const answer = await partners[at].call(method, `${baseOf(at)}${path}`, text === undefined ? {} : { text });
      expect(answer).toMatchObject({ status: http, body: envelope(ocpi) });
      expect(answer.body).not.toHaveProperty('data');
      expect(answer.headers.has('allow')).toBe(http === 405 && !path.startsWith('/credentials'));
    });
  }

  it.each([
    ['a wrong token', { authorization: `Token ${btoa('nobodys-token')}` }],
    ['no scheme', { authorization: 'nobodys-token' }],
    ['no token', {}],
  ])('with %s is a stranger', async (_name, headers) => {
    for (const path of ['/locations', '/sessions', '/credentials']) {
      const response = await fetch(`${baseOf('cpo')}${path}`, { headers });
      expect([response.status, await response.json()]).toEqual([401, envelope(2000)]);
    }
  });

  it('with text that no database holds is answered with what could be kept', async () => {
    const url = `${baseOf('cpo')}/tokens/US/BAD/POISONED`;
    const token = { country_code: 'US', party_id: 'BAD', uid: 'POISONED', type: 'RFID', contract_id: 'C1', issuer: 'a\u0000b\ud800' };
    const body = { ...token, valid: true, whitelist: 'ALLOWED', last_updated: '2026-04-01T00:00:00Z' };
    expect(await partners.cpo.call('PUT', url, { body })).toMatchObject({ status: 201, body: { status_code: 1000 } });
    expect((await partners.cpo.call('GET', url)).body.data).toMatchObject({ issuer: 'a\ufffdb\ufffd' });
    await eventually("the partner's token", async () => {
      const { items } = await net.consoles.chargem.get<{ items: { uid: string }[] }>('/tokens?limit=1000');
      return items.find(({ uid }) => uid === 'POISONED');
    });
  });

  it('who asks for a party that is not here is told so', async () => {
    const headers = { 'ocpi-to-country-code': 'US', 'ocpi-to-party-id': 'XXX' };
    const answer = await partners.cpo.call('GET', `${baseOf('cpo')}/locations`, { headers });
    expect(answer).toMatchObject({ status: 404, body: envelope(2001) });
  });

  it('who has unregistered is a stranger', async () => {
    expect((await partners.cpo.call('DELETE', `${baseOf('cpo')}/credentials`)).body.status_code).toBe(1000);
    expect(await partners.cpo.call('GET', `${baseOf('cpo')}/locations`)).toMatchObject({ status: 401, body: envelope(2000) });
  });
});

describe('an operator', () => {
  const tokens: Record<RestCaller, string | undefined> = { admin: '', viewer: '', nobody: undefined, 'an impostor': 'e30.e30.forged' };

  beforeAll(async () => {
    for (const username of ['admin', 'viewer'] as const) {
      const login = await send('POST /login', {
        type: 'application/json',
        body: JSON.stringify({ username, password: `chargem-${username}` }),
      });
      tokens[username] = (login.body as { token: string }).token;
    }
  });

  async function send(request: string, { token, type, body }: { token?: string; type?: string; body?: string }) {
    const [method = '', path = ''] = request.split(' ');
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
    };
    const response = await fetch(`${net.network.consoleUrl('chargem')}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
  }

  for (const [name, as, request, status, code, body, type = 'application/json'] of badRestRequests) {
    it(`with ${name} gets the problem ${code}`, async () => {
      const token = tokens[as];
      const answer = await send(request, { ...(token === undefined ? {} : { token }), ...(body === undefined ? {} : { type, body }) });
      const instance = `/api${request.split(' ')[1]?.split('?')[0]}`;
      const problem = {
        type: `urn:evenkeel:problem:${code}`,
        title: expect.any(String),
        detail: expect.any(String),
        status,
        code,
        instance,
      };
      expect([answer.status, answer.body]).toEqual([status, problem]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.headers.has('www-authenticate')).toBe(status === 401);
      expect(answer.headers.has('allow')).toBe(status === 405);
    });
  }
});

// PostgreSQL holds no zero byte and no half of a pair: one that got into a stored event would stop every list that is made of it.
describe('text that no database holds', () => {
  const poison = 'a\u0000b\ud800';

  it('from a station is kept without it', async () => {
    const identity = 'CHG-SFO-AC-0003';
    const station = await connected(identity);
    const boot = { chargePointVendor: poison, chargePointModel: poison, firmwareVersion: poison };
    expect((await station.call('a', 'BootNotification', boot))[2]).toMatchObject({ status: 'Accepted' });
    expect((await station.call('b', 'Authorize', { idTag: poison }))[2]).toEqual({ idTagInfo: { status: 'Invalid' } });
    await station.close();
    const kept = await eventually('the boot of the station', async () => {
      const found = await net.consoles.chargem.get<Station>(`/stations/${identity}`);
      return found.firmwareVersion === undefined ? undefined : found;
    });
    expect(kept.firmwareVersion).toBe('a\ufffdb\ufffd');
  });

  it('from an operator is kept without it', async () => {
    await net.consoles.chargem.post('/drivers', { driverId: 'poisoned', name: poison });
    const { items } = await net.consoles.chargem.get<{ items: Driver[] }>('/drivers');
    expect(items).toContainEqual({ driverId: 'poisoned', name: 'a\ufffdb\ufffd', party: 'US-CHG' });
  });
});

describe('after all of it', () => {
  it('every service is live and ready', async () => {
    for (const { platform, service, url } of servicesOf(net.network)) {
      for (const state of ['live', 'ready']) {
        const response = await fetch(`${url}/health/${state}`);
        expect([platform, service, response.status, await response.json()]).toEqual([platform, service, 200, { status: state }]);
      }
    }
  });

  it('a session ends in its CDR, here and at the partner, and the refused one has none', async () => {
    const station = await net.connect(stationId);
    const plan = { connectorId: 1, energyWh: 11_000, meterValues: 2, secondsBetweenMeterValues: 600 };
    const record = await station.charge({ ...plan, token: net.tokens.roaming, startedAt: Date.now() - 3_600_000 });
    await station.close();
    const cdr = await eventually('the CDR', async () => {
      const session = await net.consoles.chargem.sessionOf(stationId, record.transactionId);
      return session && (await net.consoles.chargem.cdrsOf(session.sessionId))[0];
    });
    // 11 kWh at 0.56.
    expect(cdr).toMatchObject({ energyWh: '11000', totalBeforeTaxes: '6.16' });
    const received = await eventually('the CDR at MobilityYou', async () => (await cdrsAt('mobilityyou'))[0]);
    expect(received).toMatchObject({ cdrId: cdr.cdrId, totalBeforeTaxes: '6.16' });
    expect((await cdrsAt('chargem')).map(({ cdrId }) => cdrId)).toEqual([cdr.cdrId]);
    const { items } = await net.consoles.chargem.get<{ items: SessionSummary[] }>('/sessions');
    expect(items.map(({ transactionId, status }) => [transactionId, status])).toContainEqual([record.transactionId, 'completed']);
  });

  it('the gateway has counted every refusal', async () => {
    const counters = await Counters.read(net.network, 'chargem', 'ocpp-gateway');
    for (const reason of new Set(badKnocks.map(([, , , why]) => why))) {
      const sent = badKnocks.filter(([, , , why]) => why === reason).length;
      expect([reason, counters.sum('evenkeel_gateway_upgrades_total', { result: reason })]).toEqual([reason, sent]);
    }
    const frames = [...badFrames['1.6'], ...badFrames['2.0.1']];
    for (const reason of ['malformed', 'ignored', 'answers-nothing'] as const) {
      const sent = frames.filter(([, , , counted]) => counted === reason).length;
      expect([reason, counters.sum('evenkeel_gateway_bad_frames_total', { reason })]).toEqual([reason, sent]);
    }
    for (const version of ['1.6', '2.0.1'] as const) {
      for (const [, , answer] of badFrames[version].filter(([, , , counted]) => counted === 'call')) {
        // Both versions are counted under the same names.
        const outcome = readErrorCode(answer?.[1]);
        const sent = badFrames[version].filter(([, , other, counted]) => counted === 'call' && other?.[1] === answer?.[1]).length;
        expect([version, outcome, counters.sum('evenkeel_gateway_calls_total', { version, outcome })]).toEqual([version, outcome, sent]);
      }
    }
    expect(counters.sum('evenkeel_gateway_bad_frames_total', { reason: 'too-large' })).toBe(1);
    expect(counters.sum('evenkeel_gateway_bad_frames_total', { reason: 'binary' })).toBe(1);
    expect(counters.sum('evenkeel_gateway_replaced_total')).toBe(1);
  });

  it('the bridges and the console have, too', async () => {
    for (const [at, platform] of [
      ['cpo', 'chargem'],
      ['emsp', 'mobilityyou'],
    ] as const) {
      const counters = await Counters.read(net.network, platform, 'ocpi-bridge');
      const rows = badOcpiRequests.filter(([, where]) => where === at);
      for (const [, , , http, ocpi] of rows) {
        const sent = rows.filter(([, , , otherHttp, otherOcpi]) => otherHttp === http && otherOcpi === ocpi).length;
        const labels = { http: String(http), ocpi: String(ocpi) };
        expect(counters.sum('evenkeel_ocpi_answers_total', labels)).toBeGreaterThanOrEqual(sent);
      }
    }
    const counters = await Counters.read(net.network, 'chargem', 'console');
    for (const [, , , , code] of badRestRequests) {
      const sent = badRestRequests.filter(([, , , , other]) => other === code).length;
      expect([code, counters.sum('evenkeel_console_problems_total', { code })]).toEqual([code, sent]);
    }
  });

  async function cdrsAt(platform: PlatformName): Promise<CdrSummary[]> {
    return (await net.consoles[platform].get<{ items: CdrSummary[] }>('/cdrs?limit=1000')).items;
  }
});
