// Two bridges, a CPO's and an eMSP's, over real sockets, brokers, event stores and databases; and a scripted partner that does what a
// well-behaved one would not.
import { idOf } from '@evenkeel/contracts';
import { eventually, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { cdrOf, identity, sessionOf, tariff } from './testing/charging';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';
import { locationOf, tokenOf, wireCdr, wireConnector, wireLocation, wireSession, wireTariff, wireToken } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';

const actor = { operator: 'spec' };
let nats: RunningNats;
let postgres: RunningPostgres;
let chargem: PlatformUnderTest;
let mobility: PlatformUnderTest;

jest.setTimeout(40_000);

beforeAll(async () => {
  nats = await startNats({ platforms: ['CHARGEM', 'MOBILITYYOU'].map((name) => ({ name, passwordOf })) });
  postgres = await startPostgres();
  chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO' }, nats, postgres);
  mobility = await PlatformUnderTest.start({ account: 'MOBILITYYOU', party: 'US-MOB', role: 'EMSP' }, nats, postgres);
});

afterAll(async () => {
  await chargem?.stop();
  await mobility?.stop();
  await postgres?.stop();
  await nats?.stop();
});

describe('between two platforms of ours', () => {
  it('HSK-1, TOK-7, PAG-4: performs the handshake and then pulls, page by page', async () => {
    mobility.tokens.push(...Array.from({ length: 1_200 }, (_, index) => tokenOf(`CARD${index}`)));
    chargem.locations.push(...Array.from({ length: 700 }, (_, index) => locationOf(index)));
    chargem.tariffs.push(tariff);
    const { tokenA, versionsUrl } = await chargem.console.ask('introducePartner', { actor, partner: { name: 'MobilityYou' } });
    const introduced = await mobility.console.ask('introducePartner', { actor, partner: { name: 'Chargem', versionsUrl, tokenA } });
    expect(introduced).toMatchObject({
      status: 'registered',
      version: '2.3.0',
      roles: [{ role: 'CPO', party: 'US-CHG', name: 'CHARGEM' }],
    });
    expect(introduced).not.toHaveProperty('tokenA');
    expect((await chargem.console.ask('listPartners', {})).items).toMatchObject([{ name: 'MobilityYou', status: 'registered' }]);

    await eventually(() => chargem.tokensReceived.length >= 1_200);
    expect(new Set(chargem.tokensReceived.map(({ token }) => token.uid)).size).toBe(1_200);
    expect(chargem.tokensReceived[0]?.token).toEqual(mobility.tokens[0]);
  });

  it('refuses a second introduction and an invitation that nobody made', async () => {
    await expect(chargem.console.ask('introducePartner', { actor, partner: { name: 'MobilityYou' } })).rejects.toMatchObject({
      code: 'conflict',
    });
    const partner = { name: 'Stranger', versionsUrl: `${chargem.url}/versions`, tokenA: 'nobody-gave-us-this' };
    await expect(mobility.console.ask('introducePartner', { actor, partner })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('TOK-6: pushes a changed token', async () => {
    const token = { ...tokenOf('CARD1'), valid: false, lastUpdated: '2026-02-01T00:00:00.000Z' };
    mobility.tokens.push(token);
    const { party, uid, type, lastUpdated } = token;
    const changed = { token: { party, ...identity.referenceTo({ uid, type }) }, lastUpdated };
    await mobility.registrySays.say('tokenChanged', 'US-MOB', changed, idOf('changed', 1));
    const received = await eventually(() => chargem.tokensReceived.find((one) => one.token.uid === 'CARD1' && !one.token.valid));
    expect(received.token).toEqual(token);
  });

  it('withdraws a token at once at every CPO, and names the one that it cannot reach', async () => {
    const tokens = [{ ...tokenOf('CARD5'), lastUpdated: '2026-02-01T00:00:00.000Z' }];
    expect(await mobility.registry.ask('withdrawTokens', { tokens })).toEqual({ notTold: [] });
    expect(chargem.tokensReceived.at(-1)?.token).toEqual({ ...tokens[0], valid: false });
    expect(await chargem.registry.ask('withdrawTokens', { tokens })).toEqual({ notTold: [] });
    await chargem.killBridge();
    expect(await mobility.registry.ask('withdrawTokens', { tokens })).toEqual({ notTold: ['Chargem'] });
    await chargem.startBridge();
  });

  it('TOK-2, TOK-8, RTA-5: authorizes in real time at the party that issued the token', async () => {
    const ask = (uid: string, party = 'US-MOB') =>
      chargem.registry.ask('authorizeWithPartner', { party, token: { uid, type: 'RFID' }, locationId: 'LOC-1', evseUid: 'LOC-1-1' });
    expect(await ask('CARD2')).toEqual({ verdict: 'Accepted', authorizationReference: 'REF-CARD2' });
    expect(await ask('NOBODY')).toEqual({ verdict: 'Invalid' });
    mobility.tokens.push({ ...tokenOf('STOLEN'), valid: false });
    expect(await ask('STOLEN')).toEqual({ verdict: 'Blocked' });
    await expect(ask('CARD2', 'US-XXX')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('SES-6, CDR-4, QUE-2: delivers a session and its CDR once, although both sides die on the way', async () => {
    await chargem.ledger.say(
      'sessionStarted',
      'US-CHG',
      { session: sessionOf('US-MOB', 'walk', { revision: 1, status: 'active' }) },
      idOf('w', 1),
    );
    await eventually(async () => (await pendingAt('MobilityYou')) === 0);
    await mobility.killBridge();
    await chargem.ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf('US-MOB', 'walk') }, idOf('w', 2));
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', 'walk') }, idOf('w', 3));
    await eventually(async () => (await pendingAt('MobilityYou')) === 2);
    await chargem.killBridge();
    await chargem.startBridge();
    expect(await pendingAt('MobilityYou')).toBe(2);
    await mobility.startBridge();
    await eventually(async () => (await pendingAt('MobilityYou')) === 0, 20_000);
    const cdr = await eventually(() => mobility.cdrsReceived[0]);
    expect(cdr).toMatchObject({
      party: 'US-CHG',
      cdrId: cdrOf('US-MOB', 'walk').cdrId,
      energyWh: '6000',
      durationSeconds: 1800,
      total: { beforeTaxes: '2.7' },
      timeZone: 'America/Los_Angeles',
    });
    // Said again after yet another crash of the sender, it is the same CDR.
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', 'walk') }, idOf('w', 4));
    await chargem.killBridge();
    await chargem.startBridge();
    await eventually(async () => (await pendingAt('MobilityYou')) === 0);
    expect(mobility.cdrsReceived).toHaveLength(1);
    // And it was told to billing once that the partner has it.
    await eventually(() => chargem.delivered.length > 0);
    const { cdrId, sessionId } = cdrOf('US-MOB', 'walk');
    expect(chargem.delivered).toEqual([
      {
        ...{ party: 'US-CHG', partner: 'US-MOB', cdrId, sessionId, credit: false, currency: 'USD' },
        ...{ totalBeforeTaxes: '2.70', totalAfterTaxes: '2.70', deliveredAt: expect.stringMatching(/Z$/) },
      },
    ]);
  });
});

describe('towards a scripted eMSP', () => {
  const partner = new ScriptedPartner('EMSP', 'RAW', 'token-b-of-the-scripted-emsp');
  let cpo = '';

  beforeAll(async () => {
    await partner.start();
    cpo = `${chargem.url}/cpo/2.2.1`;
  });
  afterAll(() => partner.stop());

  it('VER-1, VER-2, CRE-1, CRE-2, HSK-2, HSK-3, HSK-4, AUT-2: lets token A open the handshake only, and only once', async () => {
    const { tokenA = '' } = await chargem.console.ask('introducePartner', { actor, partner: { name: 'Raw' } });
    const withA = { token: tokenA };
    const versions = await partner.call('GET', `${chargem.url}/versions`, withA);
    expect(versions.body).toMatchObject({
      status_code: 1000,
      data: ['2.3.0', '2.2.1', '2.1.1'].map((version) => ({ version, url: `${chargem.url}/${version}` })),
    });
    const details = await partner.call('GET', `${chargem.url}/2.2.1`, withA);
    const { endpoints } = details.body.data as { endpoints: { identifier: string; role: string; url: string }[] };
    expect(endpoints).toContainEqual({ identifier: 'tokens', role: 'RECEIVER', url: `${cpo}/tokens` });
    expect(endpoints.map(({ identifier, role }) => `${identifier} ${role}`).sort()).toEqual([
      'cdrs SENDER',
      'chargingprofiles RECEIVER',
      'commands RECEIVER',
      'credentials SENDER',
      'hubclientinfo RECEIVER',
      'locations SENDER',
      'sessions SENDER',
      'tariffs SENDER',
      'tokens RECEIVER',
    ]);
    expect((await partner.call('GET', `${cpo}/locations`, withA)).status).toBe(401);
    expect((await partner.call('PUT', `${cpo}/credentials`, { ...withA, body: partner.credentials })).status).toBe(405);
    expect((await partner.call('DELETE', `${cpo}/credentials`, withA)).status).toBe(405);

    const noVersion = new ScriptedPartner('EMSP', 'RAW', 'another-token-b');
    noVersion.versions = ['2.0'];
    await noVersion.start();
    expect(await noVersion.register(cpo, tokenA)).toMatchObject({ status: 200, body: { status_code: 3002 } });
    await noVersion.stop();
    expect(await noVersion.register(cpo, tokenA)).toMatchObject({ status: 200, body: { status_code: 3001 } });
    const incomplete = await partner.call('POST', `${cpo}/credentials`, { ...withA, body: { token: 'x' } });
    expect(incomplete).toMatchObject({ status: 200, body: { status_code: 2001 } });

    const answer = await partner.register(cpo, tokenA);
    expect(answer).toMatchObject({
      status: 200,
      body: { status_code: 1000, data: { url: `${chargem.url}/versions`, roles: [{ role: 'CPO' }] } },
    });
    expect((await partner.call('GET', `${chargem.url}/versions`, withA)).status).toBe(401);
    expect((await partner.call('POST', `${cpo}/credentials`, { body: partner.credentials })).status).toBe(405);
    expect((await partner.call('GET', `${cpo}/credentials`)).body.data).toMatchObject({ token: partner.token });
    expect((await partner.call('GET', `${cpo}/credentials`, { raw: true })).status).toBe(200);
  });

  it('CRE-3, HSK-5: rotates the credentials; the old token lives until the new one is used', async () => {
    const old = partner.token;
    const { body } = await partner.call('PUT', `${cpo}/credentials`, { body: partner.credentials });
    const { token } = body.data as { token: string };
    expect((await partner.call('GET', `${chargem.url}/versions`, { token: old })).status).toBe(200);
    expect((await partner.call('GET', `${chargem.url}/versions`, { token })).status).toBe(200);
    expect((await partner.call('GET', `${chargem.url}/versions`, { token: old })).status).toBe(401);
    partner.token = token;
  });

  it('LOC-1, PAG-1, PAG-2: walks the pages of the locations', async () => {
    let url: string | undefined = `${cpo}/locations?limit=300&date_from=2025-01-01T00:00:00Z`;
    const ids: string[] = [];
    const sizes: number[] = [];
    while (url !== undefined) {
      const { body, headers }: Awaited<ReturnType<typeof partner.call>> = await partner.call('GET', url);
      expect(headers.get('x-total-count')).toBe('700');
      expect(headers.get('x-limit')).toBe('1000');
      const items = body.data as { id: string; evses: { evse_id: string }[] }[];
      sizes.push(items.length);
      ids.push(...items.map(({ id }) => id));
      url = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
      if (url !== undefined) expect(new URL(url).searchParams.get('date_from')).toBe('2025-01-01T00:00:00.000Z');
    }
    expect(sizes).toEqual([300, 300, 100]);
    expect(new Set(ids).size).toBe(700);
  });

  it('TOK-3, TOK-4, TOK-5, PUT-1, PUT-2, PUT-3, PUT-8, HDR-1, HDR-2, HDR-3, HDR-4, PAG-6, STA-1, STA-2, STA-3, STA-4, AUT-3, TYP-1, RTA-1: answers each wrong request as OCPI wants it', async () => {
    const put = (body: unknown, uid = 'RAW1') => partner.call('PUT', `${cpo}/tokens/US/RAW/${uid}`, { body });
    const token = { ...wireToken('RAW1') };
    expect(await put(token)).toMatchObject({ status: 201, body: { status_code: 1000 } });
    expect(await put({ ...token, last_updated: '2026-05-01T00:00:00Z' })).toMatchObject({ status: 200, body: { status_code: 1000 } });
    expect(await put(token, 'OTHER')).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect(await put({ ...token, issuer: undefined })).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect(await partner.call('PUT', `${cpo}/tokens/US/MOB/RAW1`, { body: token })).toMatchObject({ status: 404 });
    const patch = (body: unknown, uid = 'RAW1') => partner.call('PATCH', `${cpo}/tokens/US/RAW/${uid}`, { body });
    expect(await patch({ valid: false })).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect(await patch({ valid: false, last_updated: '2026-06-01T00:00:00Z' }, 'NEW')).toMatchObject({
      status: 404,
      body: { status_code: 2004 },
    });
    expect(await patch({ valid: false, last_updated: '2026-06-01T00:00:00Z' })).toMatchObject({ status: 200, body: { status_code: 1000 } });
    expect((await partner.call('GET', `${cpo}/tokens/US/RAW/raw1`)).body.data).toMatchObject({ uid: 'RAW1', valid: false });
    expect((await partner.call('GET', `${cpo}/tokens/US/RAW/RAW1?type=APP_USER`)).status).toBe(404);
    expect((await partner.call('PUT', `${cpo}/tokens/US/RAW/RAW1`, { text: '{"uid": ' })).status).toBe(400);
    expect((await partner.call('PUT', `${cpo}/tokens/US/RAW/RAW1`, { text: JSON.stringify('x'.repeat(3_000_000)) })).status).toBe(413);
    expect((await partner.call('POST', `${cpo}/locations`, { body: {} })).status).toBe(405);
    expect((await partner.call('GET', `${cpo}/locations`, { token: 'guessed' })).status).toBe(401);
    expect((await partner.call('GET', `${chargem.url}/emsp/2.2.1/tokens`)).status).toBe(404);
    expect((await partner.call('GET', `${cpo}/sessions`)).body.status_code).toBe(2001);
    expect((await partner.call('GET', `${cpo}/locations?limit=none`)).body.status_code).toBe(2001);
    const routed = { 'x-request-id': 'q1', 'ocpi-from-country-code': 'us', 'ocpi-from-party-id': 'raw' };
    const { headers } = await partner.call('GET', `${cpo}/tariffs`, { headers: routed });
    expect(headers.get('x-request-id')).toBe('q1');
    expect(headers.get('ocpi-to-party-id')).toBe('RAW');
  });

  it('SES-1, CDR-1, SCD-1, SCD-2, QUE-2: repeats a CDR whose answer was lost, in the same words, and lets the session go first', async () => {
    await partner.call('PUT', `${cpo}/tokens/US/RAW/CARD1`, { body: wireToken('CARD1') });
    partner.script.push({ http: 503 }, { http: 200, ocpi: 3000 }, { http: 200, ocpi: 1000 }, 'hang up');
    await chargem.ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf('US-RAW', 'lost') }, idOf('l', 1));
    await eventually(() => partner.received.length > 0);
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-RAW', 'lost') }, idOf('l', 2));
    await eventually(() => partner.received.filter(({ path }) => path === '/cdrs').length === 2);
    await eventually(async () => (await pendingAt('Raw')) === 0);
    const sent = partner.received.map(({ method, path }) => `${method} ${path.slice(0, 9)}`);
    expect(sent).toEqual(['PUT /sessions', 'PUT /sessions', 'PUT /sessions', 'POST /cdrs', 'POST /cdrs']);
    expect(partner.received[3]?.body).toEqual(partner.received[4]?.body);
    expect(partner.received[3]?.headers).toMatchObject({ 'ocpi-from-party-id': 'CHG', 'ocpi-to-party-id': 'RAW' });
    expect(partner.received[3]?.body).toMatchObject({ cdr_token: { uid: 'CARD1', contract_id: 'US-RAW-1' } });
    expect(partner.received[3]?.body).toMatchObject({ total_energy: 6, total_time: 0.5, total_cost: { excl_vat: 2.7 } });

    const listed = await partner.call('GET', `${cpo}/cdrs`);
    expect(listed.headers.get('x-total-count')).toBe('1');
    expect(listed.body.data).toEqual([partner.received[3]?.body]);
    const sessions = await partner.call('GET', `${cpo}/sessions?date_from=2026-01-01T00:00:00Z`);
    expect(sessions.body.data).toMatchObject([{ status: 'COMPLETED', kwh: 6 }]);
  });

  it('QUE-1, QUE-2: sends only the newest revision of a session, and parks what is refused for good', async () => {
    partner.received.length = 0;
    partner.script.push({ http: 503 });
    const say = (revision: number) =>
      chargem.ledger.say(
        'sessionUpdated',
        'US-CHG',
        { session: sessionOf('US-RAW', 'busy', { revision, energyWh: `${revision}000` }) },
        idOf('n', revision),
      );
    await say(1);
    await eventually(() => partner.received.length === 1);
    for (const revision of [2, 3, 4]) await say(revision);
    await eventually(async () => (await pendingAt('Raw')) === 0);
    expect(partner.received.length).toBeLessThan(5);
    expect(partner.received.at(-1)?.body).toMatchObject({ kwh: 4 });

    partner.script.push({ http: 200, ocpi: 2001 });
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-RAW', 'refused') }, idOf('n', 9));
    const raw = await eventually(async () => (await partnerOf('Raw')).deliveriesParked === 1 && (await partnerOf('Raw')));
    expect(raw).toMatchObject({ deliveriesPending: 0, lastDeliveryError: expect.stringContaining('2001') });
    const [parked] = await eventually(() => chargem.parked.length > 0 && chargem.parked);
    expect(parked).toMatchObject({ cdrId: cdrOf('US-RAW', 'refused').cdrId, partner: 'US-RAW', reason: expect.stringContaining('2001') });
  });

  it('parks what is about somebody who was erased, and lists it no more', async () => {
    partner.received.length = 0;
    const { items } = await chargem.console.ask('listPartners', {});
    const parkedBefore = items.find(({ name }) => name === 'Raw')?.deliveriesParked ?? 0;
    const card = identity.tokenKey('CARD1');
    chargem.erased.add(card);
    try {
      await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-RAW', 'erased') }, idOf('e', 1));
      const raw = await eventually(async () => (await partnerOf('Raw')).deliveriesParked > parkedBefore && (await partnerOf('Raw')));
      expect(raw).toMatchObject({ deliveriesPending: 0, lastDeliveryError: 'cannot be sent: whom it is about was erased' });
      expect(partner.received).toEqual([]);
      expect((await partner.call('GET', `${cpo}/cdrs`)).body.data).toEqual([]);
    } finally {
      chargem.erased.delete(card);
    }
    expect((await partner.call('GET', `${cpo}/cdrs`)).body.data).toHaveLength(3);
  });

  it('leaves a partner alone that refuses our token', async () => {
    partner.received.length = 0;
    partner.script.push({ http: 401 });
    for (const name of ['alone-1', 'alone-2']) {
      await chargem.ledger.say('sessionStarted', 'US-CHG', { session: sessionOf('US-RAW', name) }, idOf(name));
      await eventually(async () => (await partnerOf('Raw')).lastDeliveryError?.includes('401'));
    }
    await eventually(async () => (await pendingAt('Raw')) === 2);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(partner.received).toHaveLength(1);
  });

  it('CRE-4, HSK-6: ends with the partner unregistered', async () => {
    expect((await partner.call('DELETE', `${cpo}/credentials`)).body.status_code).toBe(1000);
    expect((await partner.call('GET', `${cpo}/locations`)).status).toBe(401);
    expect((await partnerOf('Raw')).status).toBe('unregistered');
  });

  it('goes on at once after a new handshake, also at a partner that has refused the token of the one before', async () => {
    const { tokenA = '' } = await chargem.console.ask('introducePartner', { actor, partner: { name: 'Raw' } });
    partner.tokenB = 'another-token-of-the-scripted-emsp';
    expect((await partner.register(cpo, tokenA)).body.status_code).toBe(1000);
    await eventually(async () => (await pendingAt('Raw')) === 0);
    const paths = partner.received.slice(1).map(({ path }) => path);
    expect(paths).toHaveLength(2);
    for (const path of paths) expect(path).toContain('/sessions/');
  });
});

describe('at a scripted eMSP that invites', () => {
  const partner = new ScriptedPartner('EMSP', 'INV', 'token-c-of-the-scripted-emsp');
  beforeAll(() => partner.start());
  afterAll(() => partner.stop());

  it('HSK-1, PAG-4, PAG-5, TOK-7: goes through the handshake as its sender, then fetches tokens: all of them first, what has changed from then on', async () => {
    const invitation = { name: 'Inviting', versionsUrl: partner.versionsUrl, tokenA: 'token-a-by-mail' };
    const introduced = await chargem.console.ask('introducePartner', { actor, partner: invitation });
    expect(introduced).toMatchObject({ status: 'registered', roles: [{ role: 'EMSP', party: 'US-INV', name: 'Scripted' }] });
    // Token B opened our versions while the partner had not answered yet.
    expect(partner.foundAtPoster).toMatchObject({
      status: 200,
      body: { data: [{ version: '2.3.0' }, { version: '2.2.1' }, { version: '2.1.1' }] },
    });
    expect((await partner.call('GET', `${chargem.url}/cpo/2.2.1/locations?limit=1`)).status).toBe(200);
    await eventually(() => partner.fetched.length >= 2);
    const [first, second] = partner.fetched.map((path) => new URL(path, partner.versionsUrl));
    expect(first?.pathname).toBe('/tokens');
    expect(first?.searchParams.get('date_from')).toBeNull();
    const overlapMs = Date.parse(first?.searchParams.get('date_to') ?? '') - Date.parse(second?.searchParams.get('date_from') ?? '');
    expect(overlapMs).toBe(5 * 60_000);
  });
});

describe('from a scripted CPO', () => {
  const partner = new ScriptedPartner('CPO', 'RAW', 'token-b-of-the-scripted-cpo');
  let emsp = '';

  beforeAll(async () => {
    await partner.start();
    emsp = `${mobility.url}/emsp/2.2.1`;
    const { tokenA = '' } = await mobility.console.ask('introducePartner', { actor, partner: { name: 'Raw' } });
    await partner.register(emsp, tokenA);
  });
  afterAll(() => partner.stop());

  it('CDR-2, CDR-3, SCD-3, HDR-4, SEC-3: takes a CDR once', async () => {
    const before = mobility.cdrsReceived.length;
    const first = await partner.call('POST', `${emsp}/cdrs`, { body: wireCdr() });
    const again = await partner.call('POST', `${emsp}/cdrs`, { body: { ...wireCdr(), remark: null } });
    const address = first.headers.get('location') ?? '';
    expect(first).toMatchObject({ status: 201, body: { status_code: 1000 } });
    expect(again).toMatchObject({ status: 200, body: { status_code: 1000 } });
    expect(again.headers.get('location')).toBe(address);
    const different = await partner.call('POST', `${emsp}/cdrs`, { body: { ...wireCdr(), total_energy: 11 } });
    expect(different).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect((await partner.call('GET', address)).body.data).toEqual(wireCdr());
    const foreign = await partner.call('POST', `${emsp}/cdrs`, { body: { ...wireCdr(), party_id: 'CHG' } });
    expect(foreign.status).toBe(404);
    await eventually(() => mobility.cdrsReceived.length > before);
    expect(mobility.cdrsReceived).toHaveLength(before + 1);
    expect(mobility.cdrsReceived.at(-1)?.periods).toEqual([
      { startedAt: '2026-04-01T08:00:00.000Z', kind: 'parking', reportedSeconds: 1_800, energyWh: '0', evidence: [] },
      { startedAt: '2026-04-01T08:00:00.000Z', kind: 'charging', reportedSeconds: 3_600, energyWh: '10250.5', evidence: [] },
    ]);
  });

  it('SES-3, SES-4, SES-5, PUT-3, PUT-4, PUT-6: keeps sessions: PUT replaces, PATCH appends periods, what was overtaken is ignored', async () => {
    const url = `${emsp}/sessions/US/RAW/S1`;
    const period = (at: string) => ({ start_date_time: at, dimensions: [{ type: 'ENERGY', volume: 1 }] });
    const session = wireSession('S1', [period('2026-04-01T08:00:00Z')]);
    expect((await partner.call('PATCH', url, { body: { kwh: 2, last_updated: '2026-04-01T08:10:00Z' } })).status).toBe(404);
    expect((await partner.call('PUT', url, { body: session })).status).toBe(201);
    const patch = { kwh: 2, charging_periods: [period('2026-04-01T08:30:00Z')], last_updated: '2026-04-01T08:30:00Z' };
    expect((await partner.call('PATCH', url, { body: patch })).body.status_code).toBe(1000);
    expect((await partner.call('PATCH', url, { body: { kwh: 1, last_updated: '2026-04-01T08:20:00Z' } })).body.status_code).toBe(1000);
    const cdr_token = { ...session.cdr_token, uid: 'CARD4', contract_id: 'US-MOB-CARD4' };
    const renamed = { cdr_token, remark: 'CARD4', last_updated: '2026-04-01T08:31:00Z' };
    expect((await partner.call('PATCH', url, { body: renamed })).body.status_code).toBe(1000);
    const { data } = (await partner.call('GET', url)).body;
    expect(data).toMatchObject({ cdr_token, kwh: 2, charging_periods: [period('2026-04-01T08:00:00Z'), period('2026-04-01T08:30:00Z')] });
  });

  it('LOC-3, LOC-4, LOC-5, TAR-2, TAR-3, TAR-5, PUT-7: keeps locations, their EVSEs and tariffs', async () => {
    const url = `${emsp}/locations/US/RAW/L1`;
    expect((await partner.call('PUT', url, { body: wireLocation('L1') })).status).toBe(201);
    const evse = { uid: 'E2', status: 'AVAILABLE', connectors: [wireConnector()], last_updated: '2026-05-02T00:00:00Z' };
    expect((await partner.call('PUT', `${url}/E2`, { body: evse })).status).toBe(201);
    expect((await partner.call('PATCH', `${url}/E2`, { body: { status: 'CHARGING', last_updated: '2026-05-03T00:00:00Z' } })).status).toBe(
      200,
    );
    expect((await partner.call('GET', url)).body.data).toMatchObject({
      last_updated: '2026-05-03T00:00:00Z',
      evses: [{ uid: 'E2', status: 'CHARGING' }],
    });
    expect((await partner.call('GET', `${url}/E2/1`)).body.data).toMatchObject({ standard: 'IEC_62196_T2' });
    const tariffUrl = `${emsp}/tariffs/US/RAW/T1`;
    expect((await partner.call('PUT', tariffUrl, { body: wireTariff('T1') })).status).toBe(201);
    expect((await partner.call('DELETE', tariffUrl)).status).toBe(200);
    expect((await partner.call('GET', tariffUrl)).status).toBe(404);
  });
});

describe('what the bridges have stored', () => {
  it('names no card and no contract', async () => {
    for (const platform of [chargem, mobility]) {
      const text = await platform.storedText();
      expect(text).toContain(identity.tokenKey(platform === chargem ? 'CARD1' : 'CARD3'));
      expect(text).not.toMatch(/CARD\d|US-MOB-C|US-RAW-1/);
      expect(platform.log.join('\n')).not.toMatch(/CARD\d|US-MOB-C|US-RAW-1/);
    }
  });
});

async function partnerOf(name: string) {
  const found = (await chargem.console.ask('listPartners', {})).items.find((partner) => partner.name === name);
  if (!found) throw new Error(`no partner is called ${name}`);
  return found;
}

async function pendingAt(name: string): Promise<number> {
  return (await partnerOf(name)).deliveriesPending;
}
