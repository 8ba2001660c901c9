// What we change at partners by ourselves: new credentials and the end of a registration, with crashes between the steps.
import { idOf } from '@evenkeel/contracts';
import { eventually, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { cdrOf, sessionOf } from './testing/charging';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';
import { tokenOf, wireToken } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';

const actor = { operator: 'spec' };
let nats: RunningNats;
let postgres: RunningPostgres;
let chargem: PlatformUnderTest;
let cpo: string;

jest.setTimeout(60_000);

beforeAll(async () => {
  nats = await startNats({ platforms: ['CHARGEM', 'MOBILITYYOU'].map((name) => ({ name, passwordOf })) });
  postgres = await startPostgres();
  const settings = { HANDSHAKE_SETTLES_MS: '60000' };
  chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO', settings }, nats, postgres);
  cpo = `${chargem.url}/cpo/2.2.1`;
});

afterAll(async () => {
  await chargem?.stop();
  await postgres?.stop();
  await nats?.stop();
});

const rotate = (partnerId: string) => chargem.console.ask('rotatePartner', { actor, partnerId });
const unregister = (partnerId: string, force = false) => chargem.console.ask('unregisterPartner', { actor, partnerId, force });
const tokensOf = async (partnerId: string) =>
  (await chargem.console.ask('getPartner', { partnerId })).tokens.map(({ token }) => token).sort();
const sentTo = (partner: ScriptedPartner) => partner.received.map(({ headers }) => headers.authorization);
const basic = (token: string) => `Token ${Buffer.from(token).toString('base64')}`;

async function register(partner: ScriptedPartner, name: string): Promise<string> {
  await partner.start();
  const { partnerId, tokenA = '' } = await chargem.console.ask('introducePartner', { actor, partner: { name } });
  expect((await partner.register(cpo, tokenA)).body.status_code).toBe(1000);
  return partnerId;
}

describe('at a scripted eMSP', () => {
  const partner = new ScriptedPartner('EMSP', 'RAW', 'token-b-of-the-scripted-emsp');
  let partnerId: string;

  beforeAll(async () => {
    partnerId = await register(partner, 'Raw');
    await partner.call('PUT', `${cpo}/tokens/US/RAW/CARD1`, { body: wireToken('CARD1') });
  });
  afterAll(() => partner.stop());

  it('CRE-3, HSK-5, HSK-7: a rotation whose answer is lost leaves both tokens good, and goes on with the same one after a crash', async () => {
    const before = partner.token;
    partner.credentialsScript.push('hang up');
    await expect(rotate(partnerId)).rejects.toMatchObject({ code: 'unavailable' });
    const offered = partner.token;
    expect(offered).not.toBe(before);
    // The partner has called us with it while we waited for its answer.
    expect(partner.foundAtPoster?.status).toBe(200);
    expect(await tokensOf(partnerId)).toEqual(['ours', 'ours-next', 'theirs']);
    await chargem.killBridge();
    await chargem.startBridge();
    for (const token of [before, offered, before]) expect((await partner.call('GET', `${cpo}/locations`, { token })).status).toBe(200);

    partner.tokenB = 'the-next-token-of-the-scripted-emsp';
    expect(await rotate(partnerId)).toMatchObject({ status: 'registered', version: '2.2.1' });
    expect(partner.credentialsReceived.slice(-2)).toEqual([
      { method: 'PUT', token: offered },
      { method: 'PUT', token: offered },
    ]);
    expect(await tokensOf(partnerId)).toEqual(['ours', 'ours-before', 'theirs']);
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-RAW', 'rotated') }, idOf('rotated'));
    await eventually(() => partner.received.length > 0);
    expect(sentTo(partner)).toEqual([basic(partner.tokenB)]);

    expect((await partner.call('GET', `${cpo}/locations`, { token: before })).status).toBe(200);
    expect((await partner.call('GET', `${cpo}/credentials`, { token: offered })).body.data).toMatchObject({ token: offered });
    expect((await partner.call('GET', `${cpo}/locations`, { token: before })).status).toBe(401);
    expect(await tokensOf(partnerId)).toEqual(['ours', 'theirs']);
  });

  it('a rotation that is refused changes nothing', async () => {
    const before = partner.token;
    partner.credentialsScript.push({ http: 200, ocpi: 3001 });
    await expect(rotate(partnerId)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('3001') });
    expect((await partner.call('GET', `${cpo}/locations`, { token: before })).status).toBe(200);
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-RAW', 'refused') }, idOf('refused'));
    await eventually(() => partner.received.length === 2);
    expect(sentTo(partner).at(-1)).toBe(basic(partner.tokenB));
  });

  it('a rotation never leads back to an older version', async () => {
    const { versions } = partner;
    partner.versions = ['2.1.1'];
    const message = 'no common version: we speak 2.3.0, 2.2.1, the partner 2.1.1';
    await expect(rotate(partnerId)).rejects.toMatchObject({ code: 'unavailable', message });
    partner.versions = versions;
  });

  it('CRE-4, HSK-6: an end that the partner has not answered is not one; asked again, it is, and what was exchanged stays', async () => {
    partner.credentialsScript.push({ http: 500 }, 'hang up', { http: 401 });
    const token = partner.token;
    for (let time = 0; time < 2; time++) await expect(unregister(partnerId)).rejects.toMatchObject({ code: 'unavailable' });
    expect((await partner.call('GET', `${cpo}/locations`, { token })).status).toBe(200);
    // It had done it the second time, and knows our token no more.
    expect(await unregister(partnerId)).toMatchObject({ status: 'unregistered', roles: [], tokens: [] });
    expect(partner.credentialsReceived.filter(({ method }) => method === 'DELETE')).toHaveLength(3);
    expect((await partner.call('GET', `${cpo}/locations`, { token })).status).toBe(401);
    await expect(unregister(partnerId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(rotate(partnerId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(rotate('nobody')).rejects.toMatchObject({ code: 'not-found' });

    const before = partner.received.length;
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-RAW', 'afterwards') }, idOf('afterwards'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(partner.received).toHaveLength(before);
    const stored = await chargem.storedText();
    for (const name of ['rotated', 'refused', 'afterwards']) expect(stored).toContain(cdrOf('US-RAW', name).cdrId);
  });
});

describe('at an eMSP that is not done with the handshake', () => {
  const slow = new ScriptedPartner('EMSP', 'SLO', 'token-b-of-a-slow-emsp');
  afterAll(() => slow.stop());

  it('the first push is made again soon', async () => {
    slow.script.push({ http: 401 }, { http: 401 });
    await register(slow, 'Slow');
    await slow.call('PUT', `${cpo}/tokens/US/SLO/CARD1`, { body: { ...wireToken('CARD1'), party_id: 'SLO' } });
    await chargem.ledger.say('sessionStarted', 'US-CHG', { session: sessionOf('US-SLO', 'slow') }, idOf('slow'));
    await eventually(() => slow.received.length === 3);
    expect(sentTo(slow)).toEqual(Array(3).fill(basic('token-b-of-a-slow-emsp')));
  });
});

it('ends a registration without the word of a partner that is gone, where that is wanted', async () => {
  const partner = new ScriptedPartner('EMSP', 'GON', 'token-b-of-a-partner-that-goes');
  const partnerId = await register(partner, 'Gone');
  await partner.stop();
  await expect(unregister(partnerId)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await unregister(partnerId, true)).toMatchObject({ status: 'unregistered' });
});

describe('between two platforms of ours', () => {
  let partnerId: string;
  let mobility: PlatformUnderTest;
  const seenByMobility = async () => (await mobility.console.ask('listPartners', {})).items[0];

  beforeAll(async () => {
    mobility = await PlatformUnderTest.start({ account: 'MOBILITYYOU', party: 'US-MOB', role: 'EMSP', versions: '2.2.1' }, nats, postgres);
    mobility.tokens.push(tokenOf('CARD1'));
    const invited = await chargem.console.ask('introducePartner', { actor, partner: { name: 'MobilityYou' } });
    const { tokenA, versionsUrl } = invited;
    partnerId = invited.partnerId;
    await mobility.console.ask('introducePartner', { actor, partner: { name: 'Chargem', versionsUrl, tokenA } });
    await eventually(() => chargem.tokensReceived.some(({ token }) => token.party === 'US-MOB'));
  });
  afterAll(() => mobility?.stop());

  it('CRE-3, HSK-10: a rotation goes to the newer version that both speak by now, and both go on in it', async () => {
    await mobility.killBridge();
    mobility.offer('2.3.0,2.2.1');
    await mobility.startBridge();
    expect(await rotate(partnerId)).toMatchObject({ version: '2.3.0', status: 'registered' });
    expect(await seenByMobility()).toMatchObject({ version: '2.3.0', status: 'registered' });
    await chargem.ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf('US-MOB', 'newer') }, idOf('n', 1));
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', 'newer') }, idOf('n', 2));
    await eventually(() => mobility.cdrsReceived.length === 1, 20_000);
    // And the other way: the eMSP answers in real time, and its tokens are pulled.
    const asked = { party: 'US-MOB', token: { uid: 'CARD1', type: 'RFID' } };
    expect(await chargem.registry.ask('authorizeWithPartner', asked)).toMatchObject({ verdict: 'Accepted' });
  });

  it('an interrupted rotation is done by the next one', async () => {
    await mobility.killBridge();
    await expect(rotate(partnerId)).rejects.toMatchObject({ code: 'unavailable' });
    await mobility.startBridge();
    await chargem.killBridge();
    await chargem.startBridge();
    expect(await rotate(partnerId)).toMatchObject({ status: 'registered' });
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', 'rotated') }, idOf('r', 1));
    await eventually(() => mobility.cdrsReceived.length === 2, 20_000);
    await eventually(async () => (await tokensOf(partnerId)).join() === 'ours,theirs');
  });

  it('the end of a registration is the end on both sides', async () => {
    expect(await unregister(partnerId)).toMatchObject({ status: 'unregistered' });
    expect(await seenByMobility()).toMatchObject({ status: 'unregistered' });
  });
});
