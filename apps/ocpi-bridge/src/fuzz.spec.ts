// Requests that nobody wrote: right ones with something changed in them, in each version, at both sides. Whatever comes, the answer is one that
// OCPI knows, in time: no 5xx, no hang, no failure of ours (3000), and every object in it is strict. The same seed makes the same requests;
// FUZZ_REQUESTS makes more of them, FUZZ_SEED others.
import { idOf } from '@evenkeel/contracts';
import { canonical, type OcpiVersion, ocpiVersions, type VersionObject, versionNumbers } from '@evenkeel/ocpi';
import { Chance, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { cdrOf, sessionOf, tariff } from './testing/charging';
import { mutated } from './testing/mutation';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';
import { financialAdvice, locationOf, terminal, tokenOf } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 3_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_301);
const AT_ONCE = 8;
const LONGEST_ANSWER_MS = 10_000;
const actor = { operator: 'spec' };
jest.setTimeout(Math.max(180_000, REQUESTS * 60));

interface Door {
  side: 'cpo' | 'emsp';
  version: OcpiVersion;
  partner: ScriptedPartner;
  platform: PlatformUnderTest;
}

let nats: RunningNats;
let postgres: RunningPostgres;
let platforms: PlatformUnderTest[] = [];
const doors: Door[] = [];

beforeAll(async () => {
  nats = await startNats({ platforms: ['CHARGEM', 'MOBILITYYOU'].map((name) => ({ name, passwordOf })) });
  postgres = await startPostgres();
  const chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO' }, nats, postgres);
  const mobility = await PlatformUnderTest.start({ account: 'MOBILITYYOU', party: 'US-MOB', role: 'EMSP' }, nats, postgres);
  platforms = [chargem, mobility];
  mobility.tokens.push(tokenOf('CARD1'), tokenOf('CARD2'));
  const location = locationOf(7);
  const capabilities = ['CHARGING_PROFILE_CAPABLE', 'CHARGING_PREFERENCES_CAPABLE'];
  chargem.locations.push({ ...location, evses: location.evses.map((evse) => ({ ...evse, capabilities })) });
  chargem.tariffs.push(tariff);
  for (const [index, number] of versionNumbers.entries()) {
    doors.push(await doorOf(chargem, 'cpo', number, `E${index}X`), await doorOf(mobility, 'emsp', number, `C${index}X`));
  }
  doors.push(await doorOf(chargem, 'cpo', '2.3.0', 'P0X', true));
  for (const door of doors.filter(({ side }) => side === 'cpo')) {
    const session = runningAt(door);
    await chargem.ledger.say('sessionStarted', 'US-CHG', { session }, idOf('running', session.sessionId));
  }
}, 60_000);
afterAll(async () => {
  await Promise.all(platforms.map((platform) => platform.stop()));
  await Promise.all(doors.map(({ partner }) => partner.stop()));
  await postgres?.stop();
  await nats?.stop();
});

async function doorOf(
  platform: PlatformUnderTest,
  side: Door['side'],
  number: OcpiVersion['number'],
  partyId: string,
  isProvider = false,
): Promise<Door> {
  const partner = new ScriptedPartner(side === 'cpo' ? 'EMSP' : 'CPO', partyId, `token-b-of-${partyId}`);
  partner.versions = [number];
  partner.isProvider = isProvider;
  partner.isHub = number !== '2.1.1' && !isProvider;
  await partner.start();
  const { tokenA = '' } = await platform.console.ask('introducePartner', { actor, partner: { name: partyId } });
  const answer = await partner.register(`${platform.url}/${side}/${number}`, tokenA);
  if (answer.body.status_code !== 1000) throw new Error(`${number} at ${side}: ${JSON.stringify(answer.body)}`);
  return { side, version: ocpiVersions[number], partner, platform };
}

type Strict = keyof Pick<OcpiVersion, 'location' | 'evse' | 'connector' | 'tariff' | 'session' | 'cdr' | 'token'>;

interface Template {
  side: Door['side'];
  methods: readonly [string, ...string[]];
  /** Below the version, with the owner's path where `{o}` stands, a running session at `{s}`, and where results go at `{r}`. */
  path: string;
  body?: (door: Door) => unknown;
  /** What the answer's data are. */
  answers?: Strict;
}

const profile = { charging_rate_unit: 'A', min_charging_rate: 6, charging_profile_period: [{ start_period: 0, limit: 10.5 }] };
const runningAt = ({ partner }: Door) => sessionOf(`US-${partner.partyId}`, partner.partyId, { revision: 1, status: 'active' });
const resultsAt = ({ partner }: Door) => partner.versionsUrl.replace('/versions', '/results/1');

/** What each side takes, said right. */
const templates: readonly [Template, ...Template[]] = [
  { side: 'cpo', methods: ['GET'], path: 'locations', answers: 'location' },
  { side: 'cpo', methods: ['GET'], path: 'locations/LOC-7', answers: 'location' },
  { side: 'cpo', methods: ['GET'], path: 'locations/LOC-7/LOC-7-1', answers: 'evse' },
  { side: 'cpo', methods: ['GET'], path: 'locations/LOC-7/LOC-7-1/1', answers: 'connector' },
  { side: 'cpo', methods: ['GET'], path: 'tariffs', answers: 'tariff' },
  { side: 'cpo', methods: ['GET'], path: 'sessions?date_from=2026-01-01T00:00:00Z' },
  { side: 'cpo', methods: ['GET'], path: 'cdrs' },
  { side: 'cpo', methods: ['PUT', 'PATCH', 'GET'], path: 'tokens/{o}/RAW1?type=RFID', body: (door) => tokenIn(door) },
  {
    side: 'cpo',
    methods: ['PUT'],
    path: 'chargingprofiles/{s}',
    body: (door) => ({ charging_profile: profile, response_url: resultsAt(door) }),
  },
  { side: 'cpo', methods: ['GET', 'DELETE'], path: 'chargingprofiles/{s}?duration=60&response_url={r}' },
  {
    side: 'cpo',
    methods: ['PUT'],
    path: 'sessions/{s}/charging_preferences',
    body: () => ({ profile_type: 'REGULAR', departure_time: '2027-01-01T00:00:00Z', energy_need: 12.5 }),
  },
  { side: 'cpo', methods: ['GET', 'POST', 'PUT'], path: 'credentials', body: ({ partner }) => partner.credentials },
  { side: 'cpo', methods: ['PUT', 'GET'], path: 'hubclientinfo/{o}', body: (door) => clientInfoIn(door) },
  { side: 'cpo', methods: ['POST'], path: 'payments/terminals', body: () => terminal },
  { side: 'cpo', methods: ['GET'], path: `payments/terminals/${terminal.terminal_id}` },
  { side: 'cpo', methods: ['POST'], path: 'payments/financial-advice-confirmations', body: () => financialAdvice },
  { side: 'cpo', methods: ['GET'], path: `payments/financial-advice-confirmations/${financialAdvice.id}` },
  { side: 'emsp', methods: ['PUT', 'GET'], path: 'hubclientinfo/{o}', body: (door) => clientInfoIn(door) },
  { side: 'emsp', methods: ['GET'], path: 'tokens', answers: 'token' },
  {
    side: 'emsp',
    methods: ['POST'],
    path: 'tokens/CARD1/authorize?type=RFID',
    body: () => ({ location_id: 'LOC-7', evse_uids: ['LOC-7-1'] }),
  },
  {
    side: 'emsp',
    methods: ['PUT', 'PATCH', 'GET'],
    path: 'locations/{o}/LOC-7',
    body: (door) => said(door.version.location, locationAs(door)),
  },
  {
    side: 'emsp',
    methods: ['PUT', 'PATCH', 'GET'],
    path: 'locations/{o}/LOC-7/LOC-7-1',
    body: (door) => said(door.version.evse, locationAs(door).evses?.[0] ?? none()),
  },
  {
    side: 'emsp',
    methods: ['PUT', 'PATCH', 'GET'],
    path: 'locations/{o}/LOC-7/LOC-7-1/1',
    body: (door) => said(door.version.connector, locationAs(door).evses?.[0]?.connectors[0] ?? none()),
  },
  {
    side: 'emsp',
    methods: ['PUT', 'PATCH', 'GET', 'DELETE'],
    path: 'tariffs/{o}/DAY',
    body: (door) => said(door.version.tariff, tariffAs(door)),
  },
  {
    side: 'emsp',
    methods: ['PUT', 'PATCH', 'GET'],
    path: 'sessions/{o}/S1',
    body: (door) => said(door.version.session, sessionAs(door), locationAs(door)),
  },
  {
    side: 'emsp',
    methods: ['PUT'],
    path: 'chargingprofiles/S1',
    body: () => ({ start_date_time: '2026-04-01T08:00:00Z', charging_profile: profile }),
  },
  { side: 'emsp', methods: ['POST'], path: 'chargingprofiles/SET_PROFILE/1', body: () => ({ result: 'ACCEPTED' }) },
  {
    side: 'emsp',
    methods: ['POST'],
    path: 'chargingprofiles/READ_PROFILE/1',
    body: () => ({ result: 'ACCEPTED', profile: { start_date_time: '2026-04-01T08:00:00Z', charging_profile: profile } }),
  },
  { side: 'emsp', methods: ['POST'], path: 'cdrs', body: (door) => said(door.version.cdr, cdrAs(door), locationAs(door)) },
];

const ownerOf = ({ partner }: Door) => ({ country_code: 'US', party_id: partner.partyId });
const none = (): never => {
  throw new Error('the fixture has an EVSE with a connector');
};

function wireOf<T>(written: { ok: true; wire: T } | { ok: false; reason: string }): T {
  if (!written.ok) throw new Error(written.reason);
  return written.wire;
}
function said<T>(object: VersionObject<T>, value: T, location?: ReturnType<typeof locationAs>): unknown {
  return wireOf(object.write(value, location ? { location } : {}));
}
const locationAs = (door: Door) => ({ ...wireOf(canonical.location.write(locationOf(7), 'C')), ...ownerOf(door) });
const tariffAs = (door: Door) => ({ ...wireOf(canonical.tariff.write(tariff)), ...ownerOf(door) });
const sessionAs = (door: Door) => ({
  ...wireOf(canonical.session.write(sessionOf('US-MOB', 'f'), tokenOf('CARD1'))),
  ...ownerOf(door),
  id: 'S1',
});
const cdrAs = (door: Door) => ({ ...wireOf(canonical.cdr.write(cdrOf('US-MOB', 'f'), tokenOf('CARD1'))), ...ownerOf(door) });
const tokenIn = (door: Door) => said(door.version.token, { ...wireOf(canonical.token.write(tokenOf('RAW1'))), ...ownerOf(door) });
const clientInfoIn = (door: Door) => {
  const info = { ...ownerOf(door), role: door.partner.role, status: 'CONNECTED', last_updated: '2026-01-01T00:00:00.000Z' };
  return door.version.clientInfo ? said(door.version.clientInfo, info) : info;
};

/** How often each status code was answered. */
const answered = new Map<unknown, number>();

interface Drawn {
  door: Door;
  template: Template;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

function drawn(chance: Chance): Drawn {
  const template = chance.one(templates);
  const [first, ...others] = doors.filter(({ side }) => side === template.side);
  if (!first) throw new Error('each side has doors');
  const door = chance.one([first, ...others]);
  const drawnMethod = chance.happens(0.9) ? chance.one(template.methods) : chance.one(['GET', 'PUT', 'PATCH', 'POST', 'DELETE']);
  // A partner that has left hears nothing but 401.
  const method = template.path === 'credentials' && drawnMethod === 'DELETE' ? 'GET' : drawnMethod;
  let path = template.path
    .replace('{o}', `US/${door.partner.partyId}`)
    .replace('{s}', runningAt(door).sessionId)
    .replace('{r}', encodeURIComponent(resultsAt(door)));
  const isOdd = chance.happens(0.15);
  if (isOdd) path = changedPath(path, chance);
  const number = chance.happens(0.97) ? door.version.number : chance.one(['2.1.1', '2.2.1', '2.3.0', '3.0', '..']);
  const token = chance.happens(0.95) ? door.partner.token : chance.one(['', 'guessed', 'a b', '\u00ff'.repeat(8), 'x'.repeat(500)]);
  const headers: Record<string, string> = {
    authorization: `Token ${chance.happens(0.5) ? token : Buffer.from(token).toString('base64')}`,
    ...(chance.happens(0.3) ? { 'ocpi-from-country-code': 'US', 'ocpi-from-party-id': door.partner.partyId } : {}),
    ...(chance.happens(0.1)
      ? { 'ocpi-to-country-code': chance.one(['US', 'xx', '']), 'ocpi-to-party-id': chance.one(['CHG', 'MOB', '?']) }
      : {}),
    ...(chance.happens(0.3) ? { 'x-request-id': chance.one(['1', 'a'.repeat(300), '\u00e9']) } : {}),
  };
  const right = method === 'GET' ? undefined : template.body?.(door);
  // A PATCH is a part of the object, and says when it was made.
  const object = method === 'PATCH' && right !== undefined ? part(right as Record<string, unknown>, chance) : right;
  const body =
    method === 'GET' || object === undefined ? undefined : bodyOf(chance.happens(0.25) ? object : mutated(object, chance), chance);
  if (body !== undefined)
    headers['content-type'] = chance.happens(0.97) ? 'application/json' : chance.one(['text/plain', 'application/xml', '']);
  const { answers: _, ...unsure } = template;
  return {
    door,
    template: isOdd ? unsure : template,
    method,
    url: `${door.platform.url}/${template.side}/${number}/${path}`,
    headers,
    body,
  };
}

function bodyOf(object: unknown, chance: Chance): string {
  const text = JSON.stringify(object) ?? '';
  return chance.happens(0.96)
    ? text
    : chance.one(['', '{', text.slice(0, text.length / 2), '[]', 'null', '"x"', '1e999', `${text}${text}`]);
}

function part(object: Record<string, unknown>, chance: Chance): Record<string, unknown> {
  const kept = Object.entries(object).filter(([name]) => name === 'last_updated' || chance.happens(0.4));
  return { ...Object.fromEntries(kept), ...(chance.happens(0.9) ? { last_updated: '2027-01-01T00:00:00Z' } : {}) };
}

function changedPath(path: string, chance: Chance): string {
  const odd = ['', '%00', '%2e%2e', '%ff', '\u{1f600}', 'x'.repeat(400), 'US', '0', "'", '%7B%7D', 'LOC-8'] as const;
  const changes: readonly [(text: string) => string, ...((text: string) => string)[]] = [
    (text) => `${text}/${encodeURI(chance.one(odd))}`,
    (text) => text.replace(/[^/?]+(?=\?|$)/, () => chance.one(odd)),
    (text) => text.split('/').slice(0, -1).join('/'),
    (text) =>
      `${text}${text.includes('?') ? '&' : '?'}${chance.one(['limit', 'offset', 'date_from', 'date_to', 'type', 'duration', 'response_url'])}=${encodeURIComponent(chance.one(['-1', '0', '1e9', 'x', '99999999999999', '2026-02-31T00:00:00Z', '2026-01-01T00:00:00Z', '']))}`,
  ];
  return chance.one(changes)(path);
}

/** @returns in words what is wrong with the answer. */
async function wrongWith({ door, template, method, url, headers, body }: Drawn): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    // Some of what is drawn is no HTTP at all, and never leaves.
    return error instanceof TypeError && /header|URL|parse/i.test(`${error.message} ${String(error.cause)}`) ? undefined : String(error);
  }
  const text = await response.text();
  if (response.status >= 500) return `HTTP ${response.status} ${text}`;
  let answer: { status_code?: unknown; timestamp?: unknown; data?: unknown };
  try {
    answer = JSON.parse(text);
  } catch {
    return `no JSON: HTTP ${response.status} ${text.slice(0, 200)}`;
  }
  answered.set(answer.status_code, (answered.get(answer.status_code) ?? 0) + 1);
  if (!Number.isInteger(answer.status_code)) return `no status code: ${text.slice(0, 200)}`;
  if (answer.status_code === 3000) return `a failure of ours: ${text.slice(0, 200)}`;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(answer.timestamp))) return `no timestamp: ${text.slice(0, 200)}`;
  if (response.headers.get('x-request-id') === null) return 'no x-request-id';
  const { token } = (answer.data ?? {}) as { token?: unknown };
  if (answer.status_code === 1000 && method === 'PUT' && typeof token === 'string') door.partner.token = token;
  if (answer.status_code !== 1000 || template.answers === undefined || method !== 'GET') return undefined;
  const items = Array.isArray(answer.data) ? answer.data : [answer.data];
  return items
    .map((item) => notStrict(door.version[template.answers as Strict] as VersionObject<unknown>, item))
    .find((wrong) => wrong !== undefined);
}

function notStrict(object: VersionObject<unknown>, item: unknown): string | undefined {
  const read = object.read(item, { owner: 'US-CHG' });
  if (!read.ok) return `unreadable: ${read.reason}`;
  const again = object.write(read.value);
  return again.ok ? undefined : `not strict: ${again.reason}: ${JSON.stringify(item).slice(0, 200)}`;
}

function rotates({ method, template }: Drawn): boolean {
  return method === 'PUT' && template.path === 'credentials';
}

it('answers whatever comes in the words of OCPI, and in time', async () => {
  const chance = new Chance(SEED);
  const wrong: string[] = [];
  const drawnFrom = new Set<string>();
  for (let done = 0; done < REQUESTS && wrong.length < 5; done += AT_ONCE) {
    const requests = Array.from({ length: AT_ONCE }, () => drawn(chance));
    const found = await Promise.all(requests.map((request) => (rotates(request) ? undefined : wrongWith(request))));
    // One after the other: each brings the token that the next one needs.
    for (const [index, request] of requests.entries()) if (rotates(request)) found[index] = await wrongWith(request);
    for (const [index, request] of requests.entries()) {
      drawnFrom.add(`${request.template.side} ${request.template.path}`);
      const said = found[index];
      if (said !== undefined) wrong.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${request.body}: ${said}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(drawnFrom.size).toBe(templates.length);
  // Enough of them were right to see more than refusals.
  expect(answered.get(1000)).toBeGreaterThan(REQUESTS / 4);
  expect(answered.get(2001)).toBeGreaterThan(REQUESTS / 20);
  // Both are still there, and as they were.
  for (const { partner, platform, side, version } of doors) {
    const path = side === 'cpo' ? 'locations' : 'tokens';
    expect((await partner.call('GET', `${platform.url}/${side}/${version.number}/${path}`)).body).toMatchObject({ status_code: 1000 });
  }
});
