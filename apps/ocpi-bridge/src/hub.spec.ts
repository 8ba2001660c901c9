// Two platforms of ours, a CPO and an eMSP, that know each other only through a hub, in each version that has hubs: who is behind it, everything
// that they say to each other, and what happens when one of them is away.
import { idOf } from '@evenkeel/contracts';
import { eventually, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { cdrOf, identity, sessionOf, tariff } from './testing/charging';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';
import { locationOf, tokenOf, wireLocation, wireToken } from './testing/roaming';
import { type Client, infoOf, ScriptedHub } from './testing/scripted-hub';
import { ScriptedPartner } from './testing/scripted-partner';

const actor = { operator: 'spec' };
const HUB = 'US-HUB';
jest.setTimeout(120_000);

const clientOf = (party: string, role: Client['role']): Client => ({
  ...{ party, role, status: 'PLANNED' },
  lastUpdated: '2026-01-01T00:00:00.000Z',
});

describe.each(['2.2.1', '2.3.0'] as const)('OCPI %s', (version) => {
  const hub = new ScriptedHub(HUB, version, [
    ...[clientOf('US-CHG', 'CPO'), clientOf('US-MOB', 'EMSP')],
    // A CPO and an eMSP behind the hub that only speak where the spec says so, and one that we know ourselves.
    ...[clientOf('US-OTH', 'CPO'), clientOf('US-GON', 'EMSP'), clientOf('US-RAW', 'EMSP')],
  ]);
  const direct = new ScriptedPartner('EMSP', 'RAW', 'token-b-of-a-direct-emsp');
  let nats: RunningNats;
  let postgres: RunningPostgres;
  let chargem: PlatformUnderTest;
  let mobility: PlatformUnderTest;

  beforeAll(async () => {
    await hub.start();
    nats = await startNats({ platforms: ['CHARGEM', 'MOBILITYYOU'].map((name) => ({ name, passwordOf })) });
    postgres = await startPostgres();
    // Whatever fails is not tried again within the spec, unless something wakes it.
    const settings = { PUSH_RETRY_FIRST_MS: '200000' };
    chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO', settings }, nats, postgres);
    mobility = await PlatformUnderTest.start({ account: 'MOBILITYYOU', party: 'US-MOB', role: 'EMSP' }, nats, postgres);
    chargem.locations.push(locationOf(7));
    chargem.tariffs.push(tariff);
    mobility.tokens.push(tokenOf('CARD1'), tokenOf('CARD2'));
  });
  afterAll(async () => {
    hub.stop();
    await direct.stop();
    await chargem?.stop();
    await mobility?.stop();
    await postgres?.stop();
    await nats?.stop();
  });

  const hubAt = async (platform: PlatformUnderTest) => {
    const found = (await platform.console.ask('listPartners', {})).items.find(({ name }) => name === 'Hub');
    if (!found) throw new Error('the hub is no partner');
    return found;
  };
  const dueTo = async (recipient: string) => {
    const { partnerId } = await hubAt(chargem);
    const { items } = await chargem.console.ask('listDeliveries', { partnerId, status: 'due' });
    return items.filter((delivery) => delivery.recipient === recipient);
  };
  const backAgain = async () => {
    await hub.says('US-MOB', 'OFFLINE');
    await hub.says('US-MOB', 'CONNECTED');
  };
  /** Of CDRs of US-MOB with this name: how many it has. */
  const has = (name: string) => mobility.cdrsReceived.filter(({ cdrId }) => cdrId === cdrOf('US-MOB', name).cdrId).length;
  /** Whoever stalls on a busy machine fails an attempt; then the party comes back once more. */
  const arrivesWhenBack = async (name: string) => {
    for (let attempt = 1; has(name) === 0; attempt++) {
      await backAgain();
      const arrived = eventually(
        () => has(name) > 0,
        10_000,
        () => dueTo('US-MOB'),
      );
      await (attempt < 3 ? arrived.catch(() => false) : arrived);
    }
    expect(has(name)).toBe(1);
  };
  const hopsOf = (module: string, method?: string) =>
    hub.heard.filter((hop) => hop.path.split('/')[2] === module && (method === undefined || hop.method === method));

  it('goes through the handshake with both, invited and inviting', async () => {
    const { tokenA = '', versionsUrl = '' } = await chargem.console.ask('introducePartner', { actor, partner: { name: 'Hub' } });
    await hub.join(versionsUrl, tokenA);
    const partner = { name: 'Hub', versionsUrl: hub.versionsUrl, tokenA: hub.invite() };
    await mobility.console.ask('introducePartner', { actor, partner });
    for (const [platform, behind] of [
      [chargem, ['CPO US-OTH', 'EMSP US-GON', 'EMSP US-MOB', 'EMSP US-RAW', 'HUB US-HUB']],
      [mobility, ['CPO US-CHG', 'CPO US-OTH', 'EMSP US-GON', 'EMSP US-RAW', 'HUB US-HUB']],
    ] as const) {
      const shown = async () => (await hubAt(platform)).roles.map(({ role, party }) => `${role} ${party}`);
      await eventually(async () => {
        const all = await shown();
        return behind.every((each) => all.includes(each));
      });
      expect(await hubAt(platform)).toMatchObject({ status: 'registered', version });
    }
  });

  it('HCI-1, HCI-2, HDR-2: is told by the hub who is behind it, page by page and without routing', async () => {
    await hub.says('US-MOB', 'CONNECTED');
    const lists = await eventually(() => hopsOf('hubclientinfo').length >= hub.clients.length && hopsOf('hubclientinfo'));
    expect(lists.every(({ from, to }) => from === undefined && to === undefined)).toBe(true);
    const mob = hub.clients.find(({ party }) => party === 'US-MOB') as Client;
    const get = (party: string) => hub.send('US-CHG', 'GET', `hubclientinfo/${party}`, { side: 'RECEIVER' });
    expect((await get('us/mob')).body).toMatchObject({ status_code: 1000, data: infoOf(mob) });
    expect(await get('US/NOT')).toMatchObject({ status: 404, body: { status_code: 2001 } });
    const tell = (client: Client, body?: unknown) => hub.tell('US-CHG', client, body);
    expect(await tell({ ...mob, status: 'OFFLINE', lastUpdated: '2026-01-02T00:00:00.000Z' })).toMatchObject({ status: 200 });
    expect((await get('US/MOB')).body).toMatchObject({ data: { status: 'CONNECTED' } });
    expect(await tell(mob, infoOf({ ...mob, party: 'US-GON' }))).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect(await tell(mob, { ...infoOf(mob), status: null })).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect((await hub.send('US-CHG', 'DELETE', 'hubclientinfo/US/MOB', { side: 'RECEIVER' })).status).toBe(405);
  });

  it('HDR-8: reads of everybody at once, and keeps each object under its owner', async () => {
    const last_updated = '2026-05-01T00:00:00.000Z';
    const own = { ...wireLocation('L1'), evses: undefined, last_updated };
    hub.lists.locations = ['OTH', 'XXX'].map((party_id) => ({ ...own, party_id }));
    await hub.says('US-OTH', 'CONNECTED');
    const read = async (path: string) => (await hub.send('US-MOB', 'GET', `locations/${path}`, { side: 'RECEIVER', from: HUB })).body;
    await eventually(async () => (await read('US/OTH/L1')).status_code === 1000);
    expect((await read('US/CHG/LOC-7')).data).toMatchObject({ party_id: 'CHG', evses: [{ uid: 'LOC-7-1' }] });
    expect((await read('US/XXX/L1')).status_code).toBe(2003);
    expect(mobility.log.some((line) => line.includes('US-XXX is not a party of the partner'))).toBe(true);
    await eventually(() => chargem.tokensReceived.length >= 2);
    for (const module of ['locations', 'tariffs', 'tokens'])
      expect(hopsOf(module, 'GET').every(({ path, to }) => path === `/SENDER/${module}` && to === HUB)).toBe(true);
    // Read again because somebody came: from the beginning, and not from before it.
    expect(hub.heard.filter(({ query }) => query.includes('date_from=196')).map(({ path }) => path)).toEqual([]);
  });

  it('HDR-6: tells everybody of a location, a tariff and a token by one request to the hub', async () => {
    const lastUpdated = '2026-06-01T00:00:00.000Z';
    chargem.locations[0] = { ...locationOf(7), name: 'Renamed', lastUpdated };
    chargem.tariffs[0] = { ...tariff, lastUpdated };
    const { party, uid, type } = tokenOf('CARD2');
    mobility.tokens.push({ ...tokenOf('CARD2'), valid: false, lastUpdated });
    await chargem.registrySays.say('locationChanged', 'US-CHG', { party: 'US-CHG', locationId: 'LOC-7', lastUpdated }, idOf('h', 1));
    await chargem.registrySays.say('tariffChanged', 'US-CHG', { party: 'US-CHG', tariffId: tariff.id, lastUpdated }, idOf('h', 2));
    const token = { party, ...identity.referenceTo({ uid, type }) };
    await mobility.registrySays.say('tokenChanged', 'US-MOB', { token, lastUpdated }, idOf('h', 3));
    for (const [module, from, to] of [
      ['locations', 'US-CHG', 'US-MOB'],
      ['tariffs', 'US-CHG', 'US-MOB'],
      ['tokens', 'US-MOB', 'US-CHG'],
    ] as const) {
      await eventually(() => hub.passedOn.some((hop) => hop.method === 'PUT' && hop.path.startsWith(`/RECEIVER/${module}/`)));
      expect(hopsOf(module, 'PUT')).toMatchObject([{ from, to: HUB }]);
      expect(hub.passedOn.filter((hop) => hop.method === 'PUT' && hop.path.includes(`/${module}/`))).toMatchObject([{ from: HUB, to }]);
    }
    await eventually(() => chargem.tokensReceived.some((received) => received.token.uid === 'CARD2' && !received.token.valid));
    const location = () => hub.send('US-MOB', 'GET', 'locations/US/CHG/LOC-7', { side: 'RECEIVER', from: HUB, to: 'US-MOB' });
    await eventually(async () => ((await location()).body.data as { name?: string }).name === 'Renamed');
    await eventually(async () => (await hubAt(chargem)).deliveriesPending === 0);
    expect(await hubAt(chargem)).toMatchObject({ deliveriesParked: 0 });
    expect(await mobility.registry.ask('withdrawTokens', { tokens: [tokenOf('CARD2')] })).toEqual({ notTold: [] });
    expect(hopsOf('tokens', 'PUT')).toMatchObject([{ to: HUB }, { to: HUB }]);
  });

  it('HDR-1, HDR-2, HDR-5, HDR-7: asks the eMSP behind the hub in real time: another request at each hop, one correlation, the parties swapped in the answer', async () => {
    const ask = (uid: string) => chargem.registry.ask('authorizeWithPartner', { party: 'US-MOB', token: { uid, type: 'RFID' } });
    expect(await ask('CARD1')).toEqual({ verdict: 'Accepted', authorizationReference: 'REF-CARD1' });
    expect(await ask('NOBODY')).toEqual({ verdict: 'Invalid' });
    const [came] = hopsOf('tokens', 'POST');
    const left = hub.passedOn.find(({ method, path }) => method === 'POST' && path === came?.path);
    expect([came, left]).toMatchObject([
      { from: 'US-CHG', to: 'US-MOB' },
      { from: 'US-CHG', to: 'US-MOB' },
    ]);
    expect(left?.correlationId).toBe(came?.correlationId);
    expect(left?.requestId).not.toBe(came?.requestId);
    const answer = await hub.send('US-MOB', 'POST', 'tokens/CARD1/authorize', { side: 'SENDER', from: 'US-CHG', to: 'US-MOB' });
    expect(answer.headers.get('ocpi-from-party-id')).toBe('MOB');
    expect(answer.headers.get('ocpi-to-party-id')).toBe('CHG');
    const open = await hub.send('US-MOB', 'POST', 'tokens/CARD1/authorize', { side: 'SENDER', from: 'US-CHG' });
    expect(open.body.status_code).toBe(1000);
    expect(open.headers.get('ocpi-from-party-id')).toBe('MOB');
  });

  it('starts a session by a command whose result comes back through the hub', async () => {
    const order = { command: 'START_SESSION', token: { uid: 'CARD1', type: 'RFID' }, locationId: 'LOC-7', evseUid: 'LOC-7-1' } as const;
    const { commandId } = await mobility.console.ask('sendPartnerCommand', { actor, partner: 'US-CHG', order });
    const found = () => mobility.console.ask('getPartnerCommand', { commandId });
    await eventually(async () => (await found()).status === 'done', 20_000);
    expect(chargem.operations).toMatchObject([{ operation: 'start', authorization: { issuer: 'US-MOB' } }]);
    expect(hub.passedOn.filter(({ path }) => path.startsWith('/callbacks/'))).toMatchObject([{ from: 'US-CHG', to: 'US-MOB' }]);
  });

  it('HDR-5: takes a session, its CDR and the credit of it, which nobody else gets', async () => {
    const cdr = cdrOf('US-MOB', 'walk');
    await chargem.ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf('US-MOB', 'walk') }, idOf('h', 11));
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr }, idOf('h', 12));
    await eventually(() => mobility.cdrsReceived.length === 1, 20_000);
    const total = { ...cdr.total, beforeTaxes: '-2.70' };
    const credit = { ...cdr, cdrId: `${cdr.cdrId}-CR`, credit: true, creditReferenceId: cdr.cdrId, total };
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: credit }, idOf('h', 13));
    await eventually(() => mobility.cdrsReceived.length === 2, 20_000);
    expect(mobility.cdrsReceived).toMatchObject([
      { party: 'US-CHG', cdrId: cdr.cdrId, credit: false },
      { party: 'US-CHG', credit: true, creditReferenceId: cdr.cdrId },
    ]);
    for (const [module, method] of [
      ['sessions', 'PUT'],
      ['cdrs', 'POST'],
    ] as const) {
      expect(hopsOf(module, method).length).toBeGreaterThan(0);
      expect(hopsOf(module, method).every(({ to }) => to === 'US-MOB')).toBe(true);
    }
    const read = async (from: string) => (await hub.send('US-CHG', 'GET', 'cdrs', { side: 'SENDER', from, to: 'US-CHG' })).body.data;
    expect([await read('US-MOB'), await read('US-GON'), await read(HUB)]).toMatchObject([[{}, {}], [], [{}, {}]]);
  });

  it('keeps what is due to a party that is away, and sends it as soon as it is back', async () => {
    const say = (name: string, cause: number) =>
      chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', name) }, idOf('h', cause));
    await hub.says('US-MOB', 'OFFLINE');
    const roles = async () => (await hubAt(chargem)).roles;
    expect(await roles()).toContainEqual(expect.objectContaining({ party: 'US-MOB', status: 'OFFLINE' }));
    await say('away', 21);
    await eventually(async () => (await dueTo('US-MOB')).length === 1);
    const before = hub.heard.filter(({ to }) => to === 'US-MOB').length;
    // The others behind the hub do not wait for it.
    await hub.says('US-GON', 'CONNECTED');
    const card = { ...wireToken('CARD1'), party_id: 'GON' };
    expect((await hub.send('US-CHG', 'PUT', 'tokens/US/GON/CARD1', { side: 'RECEIVER', from: HUB }, card)).body.status_code).toBe(1000);
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-GON', 'other') }, idOf('h', 22));
    await eventually(() => hub.heard.some(({ path, to }) => path === '/RECEIVER/cdrs' && to === 'US-GON'));
    const ask = chargem.registry.ask('authorizeWithPartner', { party: 'US-MOB', token: { uid: 'CARD1', type: 'RFID' } });
    await expect(ask).rejects.toMatchObject({ code: 'unavailable' });
    const unlock = { command: 'UNLOCK_CONNECTOR', locationId: 'L1', evseUid: 'E1', connectorId: '1' } as const;
    await hub.says('US-OTH', 'SUSPENDED');
    const command = mobility.console.ask('sendPartnerCommand', { actor, partner: 'US-OTH', order: unlock });
    await expect(command).rejects.toMatchObject({ code: 'unavailable' });
    expect(hub.heard.filter(({ to }) => to === 'US-MOB')).toHaveLength(before);
    await arrivesWhenBack('away');
  });

  it('tries again when a party is back what the hub could not bring to it, and the CDR does not overtake its session', async () => {
    hub.faults.push(4003);
    await chargem.ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf('US-MOB', 'back') }, idOf('h', 31));
    await eventually(async () => (await dueTo('US-MOB')).some(({ reason }) => reason?.includes('4003')));
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', 'back') }, idOf('h', 32));
    await eventually(async () => (await dueTo('US-MOB')).length === 2);
    expect(has('back')).toBe(0);
    await arrivesWhenBack('back');

    // It was passed on, and nobody knows: it comes again, and is the same.
    hub.faults.push(4002);
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', 'twice') }, idOf('h', 33));
    await eventually(async () => (await dueTo('US-MOB')).some(({ reason }) => reason?.includes('4002')));
    await eventually(
      () => has('twice') === 1,
      20_000,
      () => dueTo('US-MOB'),
    );
    const posts = hopsOf('cdrs', 'POST').length;
    // What the hub did not tell is in its list.
    await hub.says('US-MOB', 'OFFLINE');
    hub.change('US-MOB', 'CONNECTED');
    await eventually(() => hopsOf('cdrs', 'POST').length > posts);
    await eventually(async () => (await dueTo('US-MOB')).length === 0);
    expect(has('twice')).toBe(1);
  });

  it('HDR-9: parks what the hub knows no receiver for, and takes its ignorance for no verdict on a token', async () => {
    hub.faults.push(4001);
    const ask = chargem.registry.ask('authorizeWithPartner', { party: 'US-MOB', token: { uid: 'CARD1', type: 'RFID' } });
    await expect(ask).rejects.toMatchObject({ code: 'unavailable' });
    hub.faults.push(4001);
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', 'nowhere') }, idOf('h', 41));
    const [parked] = await eventually(() => chargem.parked.length > 0 && chargem.parked);
    expect(parked).toMatchObject({ partner: 'US-MOB', reason: expect.stringContaining('4001') });
    const { partnerId } = await hubAt(chargem);
    const parkedNow = async () => (await chargem.console.ask('listDeliveries', { partnerId, status: 'parked' })).items;
    // Said is not shown yet.
    const items = await eventually(async () => (await parkedNow()).length > 0 && parkedNow());
    expect(items).toMatchObject([{ module: 'cdrs', recipient: 'US-MOB' }]);
  });

  it('HDR-4, SEC-3: refuses who is not behind the hub, what is for somebody else, and a command of nobody', async () => {
    const put = (owner: string, routing: { from?: string; to?: string }) => {
      const body = { ...wireToken('CARD9'), party_id: owner };
      return hub.send('US-CHG', 'PUT', `tokens/US/${owner}/CARD9`, { side: 'RECEIVER', ...routing }, body);
    };
    const refused = { status: 404, body: { status_code: expect.any(Number) } };
    expect(await put('MOB', { from: HUB, to: 'US-CHG' })).toMatchObject({ status: 201 });
    expect(await put('MOB', { from: 'us-hub', to: 'us-chg' })).toMatchObject({ status: 200 });
    expect(await put('MOB', {})).toMatchObject({ status: 200 });
    expect(await put('NOT', { from: HUB, to: 'US-CHG' })).toMatchObject(refused);
    // A CPO behind the hub owns no tokens.
    expect(await put('OTH', { from: HUB, to: 'US-CHG' })).toMatchObject(refused);
    expect(await put('MOB', { from: 'US-NOT', to: 'US-CHG' })).toMatchObject({ status: 404, body: { status_code: 2001 } });
    expect(await put('MOB', { from: 'US-MOB', to: 'US-OTH' })).toMatchObject({ status: 404, body: { status_code: 2001 } });
    const place = { location_id: 'LOC-7', evse_uid: 'LOC-7-1', connector_id: '1', response_url: `${hub.versionsUrl}/1` };
    const command = (name: string, from: string, body: object) =>
      hub.send('US-CHG', 'POST', `commands/${name}`, { side: 'RECEIVER', from, to: 'US-CHG' }, { ...place, ...body });
    expect((await command('UNLOCK_CONNECTOR', HUB, {})).body.status_code).toBe(2002);
    const { sessionId } = sessionOf('US-MOB', 'walk');
    expect((await command('STOP_SESSION', 'US-GON', { session_id: sessionId })).body.data).toMatchObject({ result: 'UNKNOWN_SESSION' });
    const foreign = { token: { ...wireToken('CARD1'), party_id: 'MOB' } };
    expect((await command('START_SESSION', 'US-GON', foreign)).body.status_code).toBe(2001);
  });

  it('believes a party that it knows itself, and no hub that speaks for it', async () => {
    await direct.start();
    const { tokenA = '' } = await chargem.console.ask('introducePartner', { actor, partner: { name: 'Direct' } });
    const cpo = `${chargem.url}/cpo/2.2.1`;
    expect((await direct.register(cpo, tokenA)).body.status_code).toBe(1000);
    await hub.says('US-RAW', 'CONNECTED');
    const put = () => hub.send('US-CHG', 'PUT', 'tokens/US/RAW/RAW1', { side: 'RECEIVER', from: HUB }, wireToken('RAW1'));
    expect((await put()).status).toBe(404);
    expect((await direct.call('PUT', `${cpo}/tokens/US/RAW/CARD1`, { body: wireToken('CARD1') })).status).toBe(201);
    const info = { ...infoOf(clientOf('US-RAW', 'EMSP')) };
    expect((await direct.call('PUT', `${cpo}/hubclientinfo/US/RAW`, { body: info })).status).toBe(404);
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-RAW', 'direct') }, idOf('h', 51));
    await eventually(() => direct.received.some(({ path }) => path === '/cdrs'));
    expect(direct.received.find(({ path }) => path === '/cdrs')?.headers).toMatchObject({ 'ocpi-to-party-id': 'RAW' });
    expect(hub.heard.some(({ to }) => to === 'US-RAW')).toBe(false);
    expect((await direct.call('DELETE', `${cpo}/credentials`)).body.status_code).toBe(1000);
    expect((await put()).body.status_code).toBe(1000);
  });

  it('forgets who has left the hub', async () => {
    hub.clients.splice(
      hub.clients.findIndex(({ party }) => party === 'US-GON'),
      1,
    );
    const put = () =>
      hub.send('US-CHG', 'PUT', 'tokens/US/GON/CARD1', { side: 'RECEIVER', from: HUB }, { ...wireToken('CARD1'), party_id: 'GON' });
    if (version === '2.3.0') {
      expect((await put()).body.status_code).toBe(1000);
      expect((await hub.putCredentials('US-CHG')).status_code).toBe(1000);
    }
    await eventually(async () => (await put()).status === 404);
    expect((await hub.send('US-CHG', 'GET', 'hubclientinfo/US/GON', { side: 'RECEIVER' })).status).toBe(404);
  });
});
