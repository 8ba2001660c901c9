// Every platform meets every other: four CPOs and four eMSPs, each with another set of versions of OCPI on offer. What they agree on is the
// newest that both offer; where there is none, both operators learn why, and nobody is registered.
import { eventually, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';

const actor = { operator: 'spec' };
const offers = ['2.1.1', '2.2.1', '2.3.0', '2.3.0,2.2.1,2.1.1'] as const;
const NONE = undefined;
/** A row for each CPO, a column for each eMSP, in the order of `offers`. */
const agreed = [
  ['2.1.1', NONE, NONE, '2.1.1'],
  [NONE, '2.2.1', NONE, '2.2.1'],
  [NONE, NONE, '2.3.0', '2.3.0'],
  ['2.1.1', '2.2.1', '2.3.0', '2.3.0'],
];
const meetings = offers.flatMap((cpo, row) => offers.map((emsp, column) => ({ cpo, emsp, row, column, version: agreed[row]?.[column] })));
const accounts = (role: string) => offers.map((_, index) => `${role}${index}`);

let nats: RunningNats;
let postgres: RunningPostgres;
let cpos: PlatformUnderTest[] = [];
let emsps: PlatformUnderTest[] = [];

beforeAll(async () => {
  nats = await startNats({ platforms: [...accounts('CPO'), ...accounts('EMSP')].map((name) => ({ name, passwordOf })) });
  postgres = await startPostgres();
  const start = (role: 'CPO' | 'EMSP') =>
    accounts(role).map((account, index) => {
      const plan = { account, party: `US-${role.slice(0, 2)}${index}`, role, versions: offers[index] ?? '' };
      return PlatformUnderTest.start(plan, nats, postgres);
    });
  cpos = await Promise.all(start('CPO'));
  emsps = await Promise.all(start('EMSP'));
}, 120_000);
afterAll(async () => {
  await Promise.all([...cpos, ...emsps].map((platform) => platform.stop()));
  await postgres?.stop();
  await nats?.stop();
}, 60_000);

const named = async (platform: PlatformUnderTest, name: string) =>
  (await platform.console.ask('listPartners', {})).items.find((partner) => partner.name === name);

describe.each(meetings)(
  'a CPO that offers $cpo and an eMSP that offers $emsp',
  ({ cpo: cpoOffers, emsp: emspOffers, row, column, version }) => {
    const [cpoName, emspName] = [`CPO ${row}`, `EMSP ${column}`];
    const platforms = () => {
      const [cpo, emsp] = [cpos[row], emsps[column]];
      if (!cpo || !emsp) throw new Error('there are as many platforms as offers');
      return { cpo, emsp };
    };

    it(version === NONE ? 'do not roam, and their operators learn why' : `agree on ${version}`, async () => {
      const { cpo, emsp } = platforms();
      const { tokenA = '', versionsUrl } = await cpo.console.ask('introducePartner', { actor, partner: { name: emspName } });
      const introduced = emsp.console.ask('introducePartner', { actor, partner: { name: cpoName, versionsUrl, tokenA } });
      if (version !== NONE) {
        expect(await introduced).toMatchObject({ status: 'registered', version });
        await eventually(async () => (await named(cpo, emspName))?.status === 'registered');
        expect(await named(cpo, emspName)).toMatchObject({ version, roles: [{ role: 'EMSP' }] });
        return;
      }
      const message = `no common version: we speak ${emspOffers}, the partner ${cpoOffers}`;
      await expect(introduced).rejects.toMatchObject({ code: 'unavailable', message });
      expect([(await named(cpo, emspName))?.status, await named(emsp, cpoName)]).toEqual(['invited', undefined]);

      // One that posts its credentials all the same is told so in the words of OCPI.
      const { tokenA: tokenB } = await emsp.console.ask('introducePartner', { actor, partner: { name: cpoName } });
      const party = { country_code: 'US', party_id: `EM${column}`, business_details: { name: emspName } };
      const address = { token: tokenB, url: `${emsp.url}/versions` };
      const response = await fetch(`${cpo.url}/cpo/${cpoOffers}/credentials`, {
        method: 'POST',
        headers: { authorization: `Token ${Buffer.from(tokenA).toString('base64')}`, 'content-type': 'application/json' },
        body: JSON.stringify(cpoOffers === '2.1.1' ? { ...address, ...party } : { ...address, roles: [{ role: 'EMSP', ...party }] }),
      });
      const status_message = `no common version: we speak ${cpoOffers}, the partner ${emspOffers}`;
      expect(await response.json()).toMatchObject({ status_code: 3002, status_message });
      expect((await named(cpo, emspName))?.status).toBe('invited');
    });
  },
);
