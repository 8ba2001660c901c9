// The test of a partner: at another bridge of ours everything passes, in each version and in both roles; at a scripted partner each fault is found by
// the check that is for it, and by no other.
import { idOf, type PartnerCheck, type PartnerSelfTest } from '@evenkeel/contracts';
import { versionNumbers } from '@evenkeel/ocpi';
import { eventually } from '@evenkeel/testkit';
import { cdrOf, sessionOf, tariff } from '../testing/charging';
import type { PlatformUnderTest } from '../testing/platform-under-test';
import { locationOf, tokenOf, wireCdr, wireLocation, wireSession, wireTariff } from '../testing/roaming';
import { ScriptedPartner, type Sent } from '../testing/scripted-partner';
import { TwoPlatforms } from '../testing/two-platforms';

const actor = { operator: 'spec' };
jest.setTimeout(60_000);

const testOnly = async (platform: PlatformUnderTest): Promise<PartnerSelfTest> => {
  const [partner] = (await platform.console.ask('listPartners', {})).items;
  return platform.console.ask('testPartner', { actor, partnerId: partner?.partnerId ?? '' });
};
const not = (outcome: PartnerCheck['outcome'], { checks }: PartnerSelfTest) =>
  checks.filter((check) => check.outcome !== outcome).map(({ id, outcome: seen, detail }) => [id, seen, detail]);

describe.each(versionNumbers)('another bridge of ours in OCPI %s', (version) => {
  let platforms: TwoPlatforms;

  beforeAll(async () => {
    platforms = await TwoPlatforms.start(version);
    const { chargem, mobility } = platforms;
    mobility.tokens.push(tokenOf('CARD2'));
    chargem.locations.push(locationOf(7), locationOf(8));
    chargem.tariffs.push(tariff);
    await platforms.introduceEachOther();
    await eventually(() => chargem.tokensReceived.length >= 2);
    await chargem.ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf('US-MOB', 'tested') }, idOf('self-test', 1));
    await chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-MOB', 'tested') }, idOf('self-test', 2));
    await eventually(() => mobility.cdrsReceived.length === 1, 20_000);
  }, 120_000);
  afterAll(() => platforms?.stop(), 60_000);

  it('passes every check as a CPO, what has no word in the version aside', async () => {
    const report = await testOnly(platforms.mobility);
    const unsaid = version === '2.1.1' ? [['routing', 'skipped', 'OCPI 2.1.1 has no routing headers']] : [];
    expect(not('passed', report)).toEqual(unsaid);
    expect(report).toMatchObject({ version, counts: { passed: report.checks.length - unsaid.length, warning: 0, failed: 0 } });
    const lists = ['locations', 'tariffs', 'sessions', 'cdrs'];
    expect(report.checks.map(({ id }) => id)).toEqual(expect.arrayContaining(lists.map((module) => `${module}.objects`)));
    expect(report.checks.find(({ id }) => id === 'locations.objects')?.detail).toBe('2 of 2');
  });

  it('passes every check as an eMSP', async () => {
    const report = await testOnly(platforms.chargem);
    expect(not('passed', report)).toEqual(version === '2.1.1' ? [['routing', 'skipped', expect.any(String)]] : []);
    expect(report.checks.map(({ id }) => id)).toContain('tokens.objects');
  });

  it('is told in lines, one a check and one for all, and nothing is changed at it', async () => {
    const { checks, counts, lines } = await testOnly(platforms.mobility);
    expect(lines).toHaveLength(checks.length + 1);
    expect(lines[0]).toBe('passed  versions: The versions are there, and the one that was agreed on is among them');
    expect(lines.at(-1)).toBe(`${counts.passed} passed, 0 warning, 0 failed, ${counts.skipped} skipped`);
  });

  it('is only read from', async () => {
    const since = new Date().toISOString();
    const { partnerId, checks } = await testOnly(platforms.mobility);
    const asked = async () => {
      const { items } = await platforms.mobility.console.ask('listPartnerMessages', { partnerId, limit: 100 });
      return items.filter(({ direction, at }) => direction === 'out' && at >= since).map(({ method }) => method);
    };
    await eventually(async () => (await asked()).length >= checks.length / 2);
    expect(new Set(await asked())).toEqual(new Set(['GET']));
  });
});

describe('a scripted partner', () => {
  const cpo = new ScriptedPartner('CPO', 'RAW', 'token-b-of-the-scripted-cpo');
  let platforms: TwoPlatforms;
  let partnerId = '';

  beforeAll(async () => {
    platforms = await TwoPlatforms.start();
    const { mobility } = platforms;
    cpo.isCareful = true;
    const at = '2026-05-01T00:00:00.000Z';
    const good = { operator: { name: 'Raw' }, last_updated: at };
    cpo.lists.set('/locations', [
      { ...wireLocation('L1'), ...good },
      { ...wireLocation('L2'), ...good },
    ]);
    cpo.lists.set('/tariffs', [{ ...wireTariff('T1'), last_updated: at }]);
    cpo.lists.set('/sessions', [strictly(wireSession('S1', []))]);
    cpo.lists.set('/cdrs', [strictly(wireCdr())]);
    await cpo.start();
    const { tokenA = '' } = await mobility.console.ask('introducePartner', { actor, partner: { name: 'Raw' } });
    await cpo.register(`${mobility.url}/emsp/2.2.1`, tokenA);
    partnerId = (await mobility.console.ask('listPartners', {})).items[0]?.partnerId ?? '';
  }, 120_000);
  afterAll(async () => {
    await platforms?.stop();
    await cpo.stop();
  }, 60_000);
  beforeEach(() => {
    cpo.spoil = (answer) => answer;
  });

  const test = () => platforms.mobility.console.ask('testPartner', { actor, partnerId });

  it('that is careful passes', async () => {
    expect(not('passed', await test())).toEqual([]);
  });

  type Fault = (answer: Sent, path: string) => Sent;
  const bodyOf = ({ body }: Sent) => body as { data: unknown; status_code: number };
  const withData = (answer: Sent, change: (data: never) => unknown): Sent =>
    bodyOf(answer).data === undefined ? answer : { ...answer, body: { ...bodyOf(answer), data: change(bodyOf(answer).data as never) } };
  const within =
    (list: string, fault: Fault): Fault =>
    (answer, path) =>
      path.startsWith(list) ? fault(answer, path) : answer;
  const without =
    (name: string): Fault =>
    (answer) => {
      const { [name]: _, ...headers } = answer.headers;
      return { ...answer, headers };
    };
  const first =
    (change: object): Fault =>
    (answer) =>
      withData(answer, ([head, ...rest]: object[]) => (head ? [{ ...head, ...change }, ...rest] : []));
  const endpoints = (change: (all: { identifier: string; role: string }[]) => unknown): Fault =>
    within('/2.2.1', (answer) =>
      withData(answer, (data: { endpoints: never }) => ({ ...(data as object), endpoints: change(data.endpoints) })),
    );

  it.each<[string, Fault, string, string | RegExp]>([
    [
      'has forgotten the version',
      within('/versions', (answer) => withData(answer, (all: unknown[]) => all.slice(0, 1))),
      'versions',
      /2\.2\.1/,
    ],
    [
      'gives an address that is not followed',
      within('/versions', (answer) =>
        withData(answer, (all: object[]) => all.map((each) => ({ ...each, url: 'http://user:password@127.0.0.1/2.2.1' }))),
      ),
      'details',
      /not followed/,
    ],
    [
      'describes another version',
      within('/2.2.1', (answer) => withData(answer, (data: object) => ({ ...data, version: '2.2' }))),
      'details',
      /2\.2/,
    ],
    ['has no credentials', endpoints((all) => all.slice(1)), 'modules', /credentials/],
    [
      'names a module without its role',
      endpoints((all) => all.map((each) => ({ ...each, role: each.identifier === 'cdrs' ? undefined : each.role }))),
      'modules',
      /cdrs/,
    ],
    [
      'is on the wrong side of a module',
      endpoints((all) => all.map((each) => (each.identifier === 'tokens' ? { ...each, role: 'SENDER' } : each))),
      'modules',
      /tokens/,
    ],
    [
      'takes any token',
      (answer) => (answer.http === 401 ? { ...answer, http: 200, body: { status_code: 1000 } } : answer),
      'wrong-token',
      /200/,
    ],
    [
      'answers a wrong token with HTTP 403',
      (answer) => ({ ...answer, http: answer.http === 401 ? 403 : answer.http }),
      'wrong-token',
      /403/,
    ],
    [
      'says no time',
      within('/tariffs', (answer) => ({ ...answer, body: { ...bodyOf(answer), timestamp: undefined } })),
      'tariffs.envelope',
      /timestamp/,
    ],
    ['answers a list with an object', within('/tariffs', (answer) => withData(answer, () => ({}))), 'tariffs.envelope', /no list/],
    [
      'refuses a list',
      within('/cdrs', (answer) => ({ ...answer, body: { status_code: 3000, status_message: 'broken' } })),
      'cdrs.envelope',
      /3000 broken/,
    ],
    ['does not count', within('/tariffs', without('x-total-count')), 'tariffs.paging', /X-Total-Count/],
    ['names no limit', within('/sessions', without('x-limit')), 'sessions.paging', /X-Limit/],
    [
      'pages no list',
      within('/tariffs', (answer) => withData(answer, (all: object[]) => all.flatMap((each) => [each, each]))),
      'tariffs.paging',
      /1, and there are 2/,
    ],
    ['leads nowhere', within('/locations', without('link')), 'locations.link', /no Link/],
    [
      'leads to another host',
      within('/locations', (answer) => ({
        ...answer,
        headers: { ...answer.headers, ...(answer.headers.link ? { link: '<https://elsewhere.example/2>; rel="next"' } : {}) },
      })),
      'locations.link',
      /elsewhere\.example/,
    ],
    [
      'leads to what is no address',
      within('/locations', (answer) => ({
        ...answer,
        headers: { ...answer.headers, ...(answer.headers.link ? { link: '<http://>; rel="next"' } : {}) },
      })),
      'locations.link',
      /URL/,
    ],
    [
      'forgets the filter',
      within('/locations', (answer) => ({
        ...answer,
        headers: { ...answer.headers, link: (answer.headers.link ?? '').replace('date_from', 'from') },
      })),
      'locations.link',
      /date_from/,
    ],
    ['has a word that nobody can read', within('/locations', first({ publish: 'yes' })), 'locations.objects', /^object 1: \/publish/],
    [
      'knows every location',
      within('/locations/', (answer) => ({ ...answer, http: 200, body: { data: {}, status_code: 1000 } })),
      'unknown-object',
      /neither 404 nor 2003/,
    ],
    [
      'gives every answer the same id',
      (answer) => ({ ...answer, headers: { ...answer.headers, 'x-request-id': 'one' } }),
      'request-id',
      /X-Request-ID/,
    ],
    [
      'does not swap the parties',
      (answer) => ({ ...answer, headers: { ...answer.headers, 'ocpi-from-party-id': 'MOB' } }),
      'routing',
      /US-MOB/,
    ],
  ])('that %s fails by that check alone', async (_case, fault, id, detail) => {
    cpo.spoil = fault;
    const report = await test();
    expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([
      expect.objectContaining({ id, detail: expect.stringMatching(detail) }),
    ]);
    expect(report.counts.failed).toBe(1);
  });

  it.each<[string, Fault, string, RegExp]>([
    [
      'answers with a status code in text',
      within('/tariffs', (answer) => ({ ...answer, body: { ...bodyOf(answer), status_code: '1000' } })),
      'tariffs.envelope',
      /text/,
    ],
    [
      'has too short a position',
      within('/locations', first({ coordinates: { latitude: '37.8', longitude: '-122.27120' } })),
      'locations.objects',
      /^object 1: \/coordinates\/latitude must match/,
    ],
    [
      'leaves out a module',
      endpoints((all) => all.filter(({ identifier }) => identifier !== 'chargingprofiles')),
      'modules',
      /chargingprofiles/,
    ],
    [
      'leaves out the parties',
      (answer) => ({
        ...answer,
        headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !name.startsWith('ocpi-'))),
      }),
      'routing',
      /no routing headers/,
    ],
    [
      'does not know its address with a slash',
      within('/versions/', (answer) => ({ ...answer, http: 404, body: {} })),
      'trailing-slash',
      /slash/,
    ],
  ])('that %s is warned of, and fails nothing', async (_case, fault, id, detail) => {
    cpo.spoil = fault;
    const report = await test();
    expect(not('passed', report)).toEqual([[id, 'warning', expect.stringMatching(detail)]]);
  });

  it('that does not look at dates fails by that check', async () => {
    const all = cpo.lists.get('/tariffs') ?? [];
    cpo.spoil = within('/tariffs', (answer) => ({ ...withData(answer, () => all), headers: { ...answer.headers, 'x-total-count': '1' } }));
    expect(not('passed', await test())).toEqual([['tariffs.dates', 'failed', '1 objects are said to be changed then']]);
  });

  it('that has fields of its own is not blamed for them, and one with empty lists has nothing looked at', async () => {
    cpo.spoil = within('/locations', first({ opening_times: { twentyfourseven: true } }));
    expect(not('passed', await test())).toEqual([]);
    const empty = within('/cdrs', (answer) => ({ ...withData(answer, () => []), headers: { ...answer.headers, 'x-total-count': '0' } }));
    cpo.spoil = empty;
    expect(not('passed', await test())).toEqual([['cdrs.objects', 'skipped', 'the list is empty']]);
  });

  it('that refuses at length is quoted in short', async () => {
    cpo.spoil = within('/cdrs', (answer) => ({ ...answer, body: { status_code: 3000, status_message: 'x'.repeat(2_000_000) } }));
    const { checks } = await test();
    expect(checks.find(({ id }) => id === 'cdrs.envelope')?.detail).toMatch(/^answered HTTP 200.*x$/);
  });

  it('that nobody can reach fails, and what needs an answer is left out', async () => {
    cpo.spoil = () => ({ http: 503, body: 'down', headers: {} });
    const { checks, counts } = await test();
    expect(checks.filter(({ outcome }) => outcome === 'passed')).toEqual([]);
    expect(counts.failed).toBeGreaterThan(4);
  });

  it('that is none is not tested', async () => {
    const { console } = platforms.mobility;
    await expect(console.ask('testPartner', { actor, partnerId: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
    await console.ask('introducePartner', { actor, partner: { name: 'Invited only' } });
    const invited = (await console.ask('listPartners', {})).items.find(({ status }) => status === 'invited');
    await expect(console.ask('testPartner', { actor, partnerId: invited?.partnerId ?? '' })).rejects.toMatchObject({ code: 'conflict' });
  });
});

/** Instants as a strict reader wants them. */
function strictly<T extends object>(object: T): T {
  return JSON.parse(JSON.stringify(object).replaceAll(/(T\d\d:\d\d:\d\d)Z/g, '$1.000Z')) as T;
}
