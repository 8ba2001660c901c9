// Rules of OCPI that implementations get wrong and that no other spec shows on its way: a CPO and an eMSP of ours, and scripted partners of both.
import { idOf } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/testkit';
import { identity, sessionOf, tariff } from './testing/charging';
import type { PlatformUnderTest } from './testing/platform-under-test';
import { locationOf, tokenOf, wireCdr, wireConnector, wireLocation, wireSession, wireTariff, wireToken } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';
import { TwoPlatforms } from './testing/two-platforms';

const actor = { operator: 'spec' };
jest.setTimeout(60_000);

const emsp = new ScriptedPartner('EMSP', 'RAW', 'token-b-of-the-scripted-emsp');
const oldEmsp = new ScriptedPartner('EMSP', 'OLD', 'token-b-of-an-emsp-of-2.1.1');
const oldCpo = new ScriptedPartner('CPO', 'OLD', 'token-b-of-a-cpo-of-2.1.1');
const cpo = new ScriptedPartner('CPO', 'RAW', 'token-b-of-the-scripted-cpo');
let platforms: TwoPlatforms;
let chargem: PlatformUnderTest;
let mobility: PlatformUnderTest;

beforeAll(async () => {
  platforms = await TwoPlatforms.start();
  ({ chargem, mobility } = platforms);
  chargem.locations.push(locationOf(7));
  chargem.tariffs.push(tariff);
  mobility.tokens.push(tokenOf('CARD3'));
  oldEmsp.versions = ['2.1.1'];
  oldEmsp.readsRawOnly = true;
  oldCpo.versions = ['2.1.1'];
  for (const [partner, platform] of [
    [emsp, chargem],
    [oldEmsp, chargem],
    [cpo, mobility],
    [oldCpo, mobility],
  ] as const) {
    await partner.start();
    const { tokenA = '' } = await platform.console.ask('introducePartner', { actor, partner: { name: partner.partyId + partner.role } });
    const version = partner.versions.at(-1);
    const { body } = await partner.register(`${platform.url}/${platform === chargem ? 'cpo' : 'emsp'}/${version}`, tokenA);
    expect(body.status_code).toBe(1000);
  }
  for (const partner of [emsp, oldEmsp]) {
    const version = partner.versions.at(-1);
    const token = { ...wireToken('CARD1'), party_id: partner.partyId, auth_id: 'US-RAW-1' };
    await partner.call('PUT', `${chargem.url}/cpo/${version}/tokens/US/${partner.partyId}/CARD1`, { body: token });
  }
});

afterAll(async () => {
  await Promise.all([emsp, oldEmsp, cpo, oldCpo].map((partner) => partner.stop()));
  await platforms?.stop();
});

const say = (payer: string, name: string) =>
  chargem.ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf(payer, name) }, idOf('rules', name));

describe('what we send', () => {
  it('AUT-1: has the token as Base64, and as it is to a partner that was found to want that', async () => {
    await say('US-RAW', 'to-new');
    await say('US-OLD', 'to-old');
    await eventually(() => emsp.received.length > 0 && oldEmsp.received.length > 0);
    expect(emsp.received[0]?.headers.authorization).toBe(`Token ${Buffer.from(emsp.tokenB).toString('base64')}`);
    expect(oldEmsp.received[0]?.headers.authorization).toBe(`Token ${oldEmsp.tokenB}`);
  });

  it('HDR-1: has UUIDs for its request, another one for each, and for what belongs together', async () => {
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    await say('US-RAW', 'another');
    await eventually(() => emsp.received.length > 1);
    const ids = emsp.received.map(({ headers }) => headers['x-request-id']);
    for (const { headers } of emsp.received) {
      expect(headers['x-request-id']).toMatch(uuid);
      expect(headers['x-correlation-id']).toMatch(uuid);
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('SEC-2: does not follow a redirect, which would carry our token elsewhere', async () => {
    const elsewhere = new ScriptedPartner('EMSP', 'ELS', 'nobody');
    await elsewhere.start();
    const before = emsp.received.length;
    emsp.script.push({ http: 307, headers: { location: elsewhere.versionsUrl.replace('versions', 'sessions') } });
    await say('US-RAW', 'redirected');
    // It is sent again to where it should go.
    await eventually(() => emsp.received.length === before + 2);
    expect(emsp.received.slice(before).map(({ path }) => path)).toEqual(Array(2).fill(emsp.received.at(-1)?.path));
    expect(elsewhere.received).toEqual([]);
    await elsewhere.stop();
  });
});

describe('what an eMSP answers in real time', () => {
  const info = { allowed: 'ALLOWED', token: wireToken('CARD1'), authorization_reference: 'REF-1' };
  it.each([
    ['as it should be', info],
    ['in a list', [info]],
  ])('is understood %s', async (_case, data) => {
    emsp.script.push({ http: 200, ocpi: 1000, data });
    const asked = { party: 'US-RAW', token: { uid: 'CARD1', type: 'RFID' } } as const;
    expect(await chargem.registry.ask('authorizeWithPartner', asked)).toEqual({ verdict: 'Accepted', authorizationReference: 'REF-1' });
  });
});

describe('what we answer', () => {
  it('STA-5: is 3000 in HTTP 200 while something of ours fails, and the right thing afterwards', async () => {
    const list = () => emsp.call('GET', `${chargem.url}/cpo/2.2.1/locations`);
    chargem.registryFails = true;
    expect(await list()).toMatchObject({ status: 200, body: { status_code: 3000 } });
    chargem.registryFails = false;
    expect(await list()).toMatchObject({ status: 200, body: { status_code: 1000 } });
  });

  it('HDR-10: is the same with a slash at the end of the address', async () => {
    for (const path of ['locations', 'locations/LOC-7', 'tariffs', 'credentials']) {
      const [plain, slashed] = await Promise.all(['', '/'].map((end) => emsp.call('GET', `${chargem.url}/cpo/2.2.1/${path}${end}`)));
      expect(slashed?.status).toBe(200);
      expect(slashed?.body.data).toEqual(plain?.body.data);
    }
  });

  it('STA-3: is 405 to a PATCH of a tariff since 2.2', async () => {
    const url = `${mobility.url}/emsp/2.2.1/tariffs/US/RAW/T1`;
    expect((await cpo.call('PUT', url, { body: wireTariff('T1') })).status).toBe(201);
    expect((await cpo.call('PATCH', url, { body: { currency: 'EUR', last_updated: '2026-05-02T00:00:00Z' } })).status).toBe(405);
  });
});

describe('what a CPO tells us', () => {
  it('LOC-4: is kept of every EVSE of a location, also when all are told of at the same moment', async () => {
    const url = `${mobility.url}/emsp/2.2.1/locations/US/RAW/BUSY`;
    const uids = Array.from({ length: 12 }, (_, index) => `E${index}`);
    const last_updated = '2026-05-02T00:00:00Z';
    const evses = uids.map((uid) => ({ uid, status: 'AVAILABLE', connectors: [wireConnector()], last_updated }));
    expect((await cpo.call('PUT', url, { body: { ...wireLocation('BUSY'), evses } })).status).toBe(201);
    const patch = { status: 'CHARGING', last_updated: '2026-05-03T00:00:00Z' };
    await Promise.all(uids.map((uid) => cpo.call('PATCH', `${url}/${uid}`, { body: patch })));
    expect((await cpo.call('GET', url)).body.data).toMatchObject({ evses: uids.map((uid) => ({ uid, status: 'CHARGING' })) });
  });

  it('LOC-7, TAR-1, TAR-7: is fetched without its pushing anything', async () => {
    await platforms.introduceEachOther();
    const held = (path: string) => chargem.readAt(mobility, `emsp/2.3.0/${path}`);
    await eventually(async () => ((await held('locations/US/CHG/LOC-7')) as { status_code: number }).status_code === 1000);
    expect(await held('locations/US/CHG/LOC-7')).toMatchObject({ data: { id: 'LOC-7', evses: [{ uid: 'LOC-7-1' }] } });
    await eventually(async () => ((await held(`tariffs/US/CHG/${tariff.id}`)) as { status_code: number }).status_code === 1000);
    // Later the same way: only what has changed.
    chargem.locations.push({ ...locationOf(8), lastUpdated: new Date().toISOString() });
    await eventually(async () => ((await held('locations/US/CHG/LOC-8')) as { status_code: number }).status_code === 1000);
  });

  it('SES-7, CDR-5: is found in its lists where no push has brought it, and taken once', async () => {
    const before = mobility.cdrsReceived.length;
    const session = wireSession('S-PULLED', []);
    const foreign = { ...wireSession('S-FOREIGN', []), party_id: 'ELS' };
    cpo.lists.set('/sessions', [session, foreign]);
    cpo.lists.set('/cdrs', [
      { ...wireCdr(), id: 'C-PULLED' },
      { ...wireCdr(), id: 'C-BROKEN', total_cost: 'much' },
    ]);
    const held = async () => (await cpo.call('GET', `${mobility.url}/emsp/2.2.1/sessions/US/RAW/S-PULLED`)).body.data;
    await eventually(async () => mobility.cdrsReceived.length > before && (await held()) !== undefined, 10_000);
    expect(await held()).toMatchObject({ id: 'S-PULLED', kwh: 1 });
    const asked = (module: string) => cpo.fetched.filter((path) => path.startsWith(`/${module}?`));
    // Of sessions the beginning is always named.
    expect(asked('sessions').every((path) => path.includes('date_from='))).toBe(true);
    const rounds = asked('cdrs').length;
    await eventually(() => asked('cdrs').length > rounds + 1, 10_000);
    expect(mobility.cdrsReceived.slice(before).map(({ cdrId }) => cdrId)).toEqual(['C-PULLED']);
    expect((await mobility.storedText()).match(/"id":"S-PULLED"/g)).toHaveLength(1);
    expect(await mobility.storedText()).not.toContain('S-FOREIGN');
    cpo.lists.clear();
  });

  it('may name a token without its owner, as OCPI 2.2 did, where its contract is ours', async () => {
    const emspSide = `${mobility.url}/emsp/2.2.1`;
    const { country_code: _, party_id: __, ...bare } = wireCdr().cdr_token;
    const stranger = { ...bare, contract_id: 'US-MOB-NOBODY' };
    const put = (cdr_token: object) =>
      cpo.call('PUT', `${emspSide}/sessions/US/RAW/S-BARE`, { body: { ...wireSession('S-BARE', []), cdr_token } });
    const post = (cdr_token: object) => cpo.call('POST', `${emspSide}/cdrs`, { body: { ...wireCdr(), id: 'C-BARE', cdr_token } });
    for (const answer of [await put(stranger), await post(stranger)])
      expect(answer).toMatchObject({ status: 200, body: { status_code: 2001, status_message: expect.stringContaining('names no owner') } });
    for (const answer of [await put(bare), await post(bare)]) expect(answer).toMatchObject({ status: 201, body: { status_code: 1000 } });
    for (const path of ['sessions/US/RAW/S-BARE', 'cdrs/US/RAW/C-BARE'])
      expect((await cpo.call('GET', `${emspSide}/${path}`)).body.data).toMatchObject({ cdr_token: wireCdr().cdr_token });
    const token = identity.referenceTo({ uid: bare.uid, type: 'RFID' });
    await eventually(() => mobility.cdrsReceived.some(({ cdrId }) => cdrId === 'C-BARE'));
    expect(mobility.cdrsReceived.find(({ cdrId }) => cdrId === 'C-BARE')).toMatchObject({ token });
  });

  it('TAR-4: may be a part of a tariff in 2.1.1', async () => {
    const url = `${mobility.url}/emsp/2.1.1/tariffs/US/OLD/T1`;
    const { country_code: _, party_id: __, ...whole } = wireTariff('T1');
    expect((await oldCpo.call('PUT', url, { body: whole })).status).toBe(201);
    const elements = [{ price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] }];
    expect((await oldCpo.call('PATCH', url, { body: { elements, last_updated: '2026-05-02T00:00:00Z' } })).status).toBe(200);
    expect((await oldCpo.call('GET', url)).body.data).toMatchObject({ id: 'T1', currency: 'USD', elements });
  });

  it('PUT-9: may hold fields that we do not know, which are kept, and words that came later, which fail nothing', async () => {
    const url = `${mobility.url}/emsp/2.2.1/locations/US/RAW/L9`;
    const location = { ...wireLocation('L9'), parking_type: 'ON_THE_MOON', roof: { solar: true } };
    expect(await cpo.call('PUT', url, { body: location })).toMatchObject({ status: 201, body: { status_code: 1000 } });
    expect((await cpo.call('GET', url)).body.data).toMatchObject({ parking_type: 'ON_THE_MOON', roof: { solar: true } });
  });
});
