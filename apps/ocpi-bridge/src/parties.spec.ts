// Several parties on one platform, which come and go by its credentials; and OCPI 2.1.1, where a platform has one party and a registration each.
import { idOf } from '@evenkeel/contracts';
import { eventually, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { cdrOf } from './testing/charging';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';
import { locationOf, wireToken } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';

const actor = { operator: 'spec' };
jest.setTimeout(60_000);

let nats: RunningNats;
let postgres: RunningPostgres;
let chargem: PlatformUnderTest;

beforeAll(async () => {
  nats = await startNats({ platforms: [{ name: 'CHARGEM', passwordOf }] });
  postgres = await startPostgres();
  chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO' }, nats, postgres);
  chargem.locations.push(locationOf(7));
});
afterAll(async () => {
  await chargem?.stop();
  await postgres?.stop();
  await nats?.stop();
});

const invite = async (name: string) => (await chargem.console.ask('introducePartner', { actor, partner: { name } })).tokenA ?? '';
const tokenOf = (party_id: string) => ({ ...wireToken('CARD1'), party_id });

describe('a platform of two eMSPs', () => {
  const partner = new ScriptedPartner('EMSP', 'ONE', 'token-b-of-two-emsps');
  const credentialsOf = (...parties: string[]) => {
    const { roles: _, ...address } = partner.credentials as { roles: unknown };
    const roles = parties.map((party_id) => ({ role: 'EMSP', country_code: 'US', party_id, business_details: { name: party_id } }));
    return { ...address, roles };
  };
  let cpo = '';
  const put = async (owner: string) => (await partner.call('PUT', `${cpo}/tokens/US/${owner}/CARD1`, { body: tokenOf(owner) })).status;
  const cdrsOf = async (from?: string) => {
    const headers: Record<string, string> = from === undefined ? {} : { 'ocpi-from-country-code': 'us', 'ocpi-from-party-id': from };
    return (await partner.call('GET', `${cpo}/cdrs`, { headers })).body.data;
  };

  beforeAll(async () => {
    await partner.start();
    cpo = `${chargem.url}/cpo/2.2.1`;
    const body = credentialsOf('ONE', 'TWO');
    const answer = await partner.call('POST', `${cpo}/credentials`, { token: await invite('Two'), body });
    partner.token = (answer.body.data as { token: string }).token;
  });
  afterAll(() => partner.stop());

  it('HSK-8: is one partner: both own what they send, and each hears what is its own', async () => {
    expect([await put('ONE'), await put('TWO'), await put('SIX')]).toEqual([201, 201, 404]);
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-TWO', 'two') }, idOf('p', 1));
    await eventually(() => partner.received.some(({ path }) => path === '/cdrs'));
    expect(partner.received[0]?.headers).toMatchObject({ 'ocpi-to-party-id': 'TWO', 'ocpi-from-party-id': 'CHG' });
    expect([await cdrsOf('two'), await cdrsOf('one'), await cdrsOf()]).toMatchObject([[{}], [], [{}]]);
  });

  it('hears once of what concerns everybody', async () => {
    const lastUpdated = '2026-06-01T00:00:00.000Z';
    await chargem.registrySays.say('locationChanged', 'US-CHG', { party: 'US-CHG', locationId: 'LOC-7', lastUpdated }, idOf('p', 2));
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-ONE', 'after') }, idOf('p', 3));
    await eventually(() => partner.received.filter(({ path }) => path === '/cdrs').length === 2);
    await eventually(async () => (await chargem.console.ask('listPartners', {})).items.every((each) => each.deliveriesPending === 0));
    expect(partner.received.filter(({ path }) => path.startsWith('/locations/'))).toHaveLength(1);
  });

  it('HSK-9, CRE-3: changes its parties by new credentials: who is gone owns nothing and gets nothing, who has come does', async () => {
    const renew = async (...parties: string[]) => {
      const { body } = await partner.call('PUT', `${cpo}/credentials`, { body: credentialsOf(...parties) });
      partner.token = (body.data as { token: string }).token;
    };
    await renew('ONE', 'SIX');
    expect([await put('ONE'), await put('TWO'), await put('SIX')]).toEqual([200, 404, 201]);
    partner.received.length = 0;
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-TWO', 'gone') }, idOf('p', 4));
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-SIX', 'come') }, idOf('p', 5));
    await eventually(() => partner.received.length > 0);
    expect(partner.received).toMatchObject([{ path: '/cdrs', headers: { 'ocpi-to-party-id': 'SIX' } }]);
    await renew('TWO');
    await eventually(() => partner.received.length === 2);
    expect(partner.received[1]).toMatchObject({ path: '/cdrs', headers: { 'ocpi-to-party-id': 'TWO' } });
  });
});

describe('in OCPI 2.1.1', () => {
  const partners = ['P1X', 'P2X'].map((party) => new ScriptedPartner('EMSP', party, `token-b-of-${party}`));
  afterAll(() => Promise.all(partners.map((partner) => partner.stop())));

  it('HSK-8: each party has a registration of its own, and speaks for itself only', async () => {
    const cpo = `${chargem.url}/cpo/2.1.1`;
    for (const partner of partners) {
      partner.versions = ['2.1.1'];
      await partner.start();
      expect((await partner.register(cpo, await invite(partner.partyId))).body.status_code).toBe(1000);
    }
    const { items } = await chargem.console.ask('listPartners', {});
    expect(items.filter(({ version }) => version === '2.1.1').map(({ roles }) => roles)).toMatchObject([
      [{ party: 'US-P1X', role: 'EMSP' }],
      [{ party: 'US-P2X', role: 'EMSP' }],
    ]);
    const [first, second] = partners;
    const token = {
      uid: '1',
      type: 'RFID',
      auth_id: 'A',
      issuer: 'I',
      valid: true,
      whitelist: 'ALLOWED',
      last_updated: '2026-01-01T00:00:00Z',
    };
    const put = async (as: ScriptedPartner | undefined, owner: string) =>
      (await as?.call('PUT', `${cpo}/tokens/US/${owner}/1`, { body: token }))?.status;
    expect([await put(first, 'P1X'), await put(first, 'P2X'), await put(second, 'P2X')]).toEqual([201, 404, 201]);
    const info = { country_code: 'US', party_id: 'P2X', role: 'EMSP', status: 'CONNECTED', last_updated: '2026-01-01T00:00:00Z' };
    expect((await first?.call('PUT', `${cpo}/hubclientinfo/US/P2X`, { body: info }))?.status).toBe(404);
  });
});
