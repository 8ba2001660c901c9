// Two bridges of ours in the versions of OCPI that have charging profiles: an eMSP sets, reads and clears the profile of a driver's session at a
// CPO, says what the driver wants, and hears what else has changed.
import { idOf, type PartnerCommand, Problem, type ProfileLimits, type Request, type SessionSnapshot } from '@evenkeel/contracts';
import { eventually, held } from '@evenkeel/testkit';
import { sessionOf } from './testing/charging';
import type { PlatformUnderTest } from './testing/platform-under-test';
import { locationOf, tokenOf } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';
import { TwoPlatforms } from './testing/two-platforms';

const actor = { operator: 'spec' };
const limits: ProfileLimits = { startAt: '2026-03-01T10:00:00.000Z', unit: 'W', periods: [{ startSeconds: 0, limit: 7_400.5 }] };
const scheduleOf = (limit: number, scheduleStart = '2026-03-01T10:05:00Z') => ({
  schedule: { scheduleStart, duration: 600, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
});
jest.setTimeout(90_000);

let two: TwoPlatforms | undefined;
let chargem: PlatformUnderTest;
let mobility: PlatformUnderTest;

async function startPlatforms(versions?: string): Promise<TwoPlatforms> {
  two = await TwoPlatforms.start(versions);
  ({ chargem, mobility } = two);
  const location = locationOf(7);
  const [evse] = location.evses;
  if (!evse) throw new Error('the fixture has an EVSE');
  const can = (uid: string, ...capabilities: string[]) => ({ ...evse, uid, capabilities });
  const evses = [can('LOC-7-1', 'CHARGING_PROFILE_CAPABLE'), can('LOC-7-2', 'CHARGING_PREFERENCES_CAPABLE'), can('LOC-7-3')];
  chargem.locations.push({ ...location, evses });
  return two;
}

/** A running session, told to whoever pays for it. */
async function runs(name: string, payer: string, evseUid = 'LOC-7-1', change: Partial<SessionSnapshot> = {}): Promise<SessionSnapshot> {
  const begun = sessionOf(payer, name, { revision: 1, status: 'active', startedAt: new Date().toISOString(), ...change });
  const session = { ...begun, terms: { ...begun.terms, place: { ...begun.terms.place, evseUid } } };
  await chargem.ledger.say('sessionStarted', 'US-CHG', { session }, idOf('session', name, session.status));
  return session;
}

type Order = Request<'sendPartnerCommand'>['order'];
const send = (order: Order, partner = 'US-CHG') => mobility.console.ask('sendPartnerCommand', { actor, partner, order });
const becomes = (commandId: string, status: PartnerCommand['status']) =>
  eventually(async () => {
    const shown = await mobility.console.ask('getPartnerCommand', { commandId });
    return shown.status === status && shown;
  }, 20_000);
const holds = (sessionId: string) => mobility.console.ask('getPartnerProfile', { partner: 'US-CHG', sessionId });
/** It is kept a moment after the command has its result. */
const toldOrNot = [() => true, () => false] as const;
const changed = (cause: string) =>
  chargem.registrySays.say(
    'chargingProfilesChanged',
    'US-CHG',
    { party: 'US-CHG', stationId: 'CP7', changedAt: new Date().toISOString(), cause },
    idOf('changed', cause),
  );

describe.each(['2.2.1', '2.3.0'])('OCPI %s', (version) => {
  let session: SessionSnapshot;

  beforeAll(async () => {
    const platforms = await startPlatforms(version);
    expect(await platforms.introduceEachOther()).toMatchObject({ status: 'registered', version });
    session = await runs('driven', 'US-MOB');
    const delivered = async () => {
      const { items } = await mobility.console.ask('listPartners', {});
      const answer = await chargem.console.ask('listPartners', {});
      return items.length === 1 && answer.items[0]?.deliveriesPending === 0;
    };
    await eventually(delivered, 20_000);
    await eventually(() => mobility.storedText().then((text) => text.includes(session.sessionId)), 20_000);
  });
  afterAll(() => two?.stop());

  it('PRO-2, PRO-6: sets a profile for the transaction of the session', async () => {
    const sent = await send({ command: 'SET_PROFILE', sessionId: session.sessionId, limits });
    expect(sent).toMatchObject({ partner: 'US-CHG', command: 'SET_PROFILE', result: 'ACCEPTED', sessionId: session.sessionId });
    expect(await becomes(sent.commandId, 'done')).toMatchObject({ result: 'ACCEPTED' });
    const chargingSchedule = [
      { startSchedule: limits.startAt, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_400.5 }] },
    ];
    const place = { stackLevel: 1, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Absolute', transactionId: 'driven' };
    expect(chargem.operations).toMatchObject([
      { stationId: 'CP7', operation: 'charging-profile', parameters: { evseId: 1, profile: { ...place, chargingSchedule } } },
    ]);
  });

  it('PRO-1, PRO-6: reads what holds at the charger', async () => {
    chargem.stationSays = async () => ({ status: 'done', answer: scheduleOf(6_999.96) });
    const sent = await send({ command: 'READ_PROFILE', sessionId: session.sessionId, durationSeconds: 900 });
    const active = {
      ...{ startAt: '2026-03-01T10:05:00.000Z', durationSeconds: 600, unit: 'W' },
      periods: [{ startSeconds: 0, limit: 6_999.9 }],
    };
    expect(await becomes(sent.commandId, 'done')).toMatchObject({ active });
    expect(chargem.operations.at(-1)).toMatchObject({ operation: 'read-limits', parameters: { evseId: 1, durationSeconds: 900 } });
    await eventually(() => holds(session.sessionId).then(...toldOrNot), 5_000);
    expect(await holds(session.sessionId)).toMatchObject({ active });
  });

  it('PRO-5, PRO-7: tells what holds when something else has changed it, and not what its own request has', async () => {
    const own = chargem.operations.find(({ operation }) => operation === 'charging-profile')?.cause ?? '';
    const before = chargem.operations.length;
    chargem.stationSays = async () => ({ status: 'done', answer: scheduleOf(3_000, '2026-03-01T10:06:00Z') });
    await changed(own);
    await changed('an-operator');
    await eventually(async () => (await holds(session.sessionId)).active.periods[0]?.limit === 3_000, 20_000);
    expect(chargem.operations.slice(before)).toMatchObject([{ operation: 'read-limits', parameters: { evseId: 1 } }]);
  });

  it('tells the most of the EVSE where nothing limits it any more', async () => {
    chargem.stationSays = async () => ({ status: 'done', answer: { status: 'Accepted' } });
    await changed('all was cleared');
    await eventually(async () => (await holds(session.sessionId)).active.unit === 'A', 20_000);
    expect((await holds(session.sessionId)).active.periods).toEqual([{ startSeconds: 0, limit: 350 }]);
  });

  it('PRO-3, PRO-6: clears the profile, and says where there is none', async () => {
    chargem.stationSays = async () => ({ status: 'done' });
    const clear = () => send({ command: 'CLEAR_PROFILE', sessionId: session.sessionId });
    await becomes((await clear()).commandId, 'done');
    const of = { chargingProfilePurpose: 'TxProfile', stackLevel: 1 };
    expect(chargem.operations.at(-1)).toMatchObject({ operation: 'clear-limits', parameters: { evseId: 1, of } });
    chargem.stationSays = async () => ({ status: 'rejected', detail: 'Unknown' });
    expect(await becomes((await clear()).commandId, 'failed')).toMatchObject({ result: 'UNKNOWN' });
  });

  it('CHP-1: knows no session of somebody else, no ended one, and none that there is not', async () => {
    const foreign = await runs('foreign', 'US-RAW');
    const ended = await runs('ended', 'US-MOB', 'LOC-7-1', { status: 'completed', endedAt: new Date().toISOString() });
    await eventually(async () => (await chargem.storedText()).includes(ended.sessionId), 20_000);
    const before = chargem.operations.length;
    for (const sessionId of [foreign.sessionId, ended.sessionId, 'nobody'])
      expect(await send({ command: 'SET_PROFILE', sessionId, limits })).toMatchObject({ status: 'refused', result: 'UNKNOWN_SESSION' });
    expect(chargem.operations).toHaveLength(before);
  });

  it('CHP-1: sets nothing at an EVSE that takes no profiles', async () => {
    const { sessionId } = await runs('unable', 'US-MOB', 'LOC-7-3');
    await eventually(async () => (await send({ command: 'CLEAR_PROFILE', sessionId })).result === 'NOT_SUPPORTED', 20_000);
  });

  it('SES-2, SES-8: hands on what the driver wants, and the answer', async () => {
    const { sessionId, transactionId } = await runs('preferring', 'US-MOB', 'LOC-7-2');
    const preferences = { profileType: 'REGULAR', departureAt: '2027-03-01T18:00:00.000Z', energyWh: '12500' } as const;
    const prefer = (id: string) => send({ command: 'SET_PREFERENCES', sessionId: id, preferences });
    await eventually(async () => (await prefer(sessionId)).status === 'done', 20_000);
    expect(chargem.preferred.at(-1)).toMatchObject({ stationId: 'CP7', transactionId, preferences });
    chargem.preferencesAnswer = () => 'NOT_POSSIBLE';
    expect(await prefer(sessionId)).toMatchObject({ status: 'refused', result: 'NOT_POSSIBLE' });
    chargem.preferencesAnswer = () => {
      throw new Problem('conflict', 'the transaction is over');
    };
    expect(await prefer(sessionId)).toMatchObject({ status: 'refused', result: 'NOT_POSSIBLE' });
    chargem.preferencesAnswer = () => {
      throw new Problem('not-supported', 'nothing is shared any more');
    };
    expect(await prefer(sessionId)).toMatchObject({ status: 'refused', reason: expect.stringContaining('2001') });
    const asked = chargem.preferred.length;
    expect(await prefer(session.sessionId)).toMatchObject({ status: 'refused', reason: expect.stringContaining('2001') });
    expect(await prefer('nobody')).toMatchObject({ status: 'refused', reason: expect.stringContaining('2003') });
    expect(chargem.preferred).toHaveLength(asked);
  });

  it('tells what became of a request although the CPO crashed meanwhile, and has it done once', async () => {
    const next = await runs('crashed', 'US-MOB');
    await eventually(async () => (await chargem.storedText()).includes(next.sessionId), 20_000);
    const { hold, letGo } = held({ status: 'done' as const });
    chargem.stationSays = () => hold;
    const before = chargem.operations.length;
    const sent = await send({ command: 'SET_PROFILE', sessionId: next.sessionId, limits });
    expect(sent.status).toBe('accepted');
    await eventually(() => chargem.operations.length === before + 1);
    await chargem.killBridge();
    letGo();
    expect((await mobility.console.ask('getPartnerCommand', { commandId: sent.commandId })).status).toBe('accepted');
    await chargem.startBridge();
    expect(await becomes(sent.commandId, 'done')).toMatchObject({ result: 'ACCEPTED' });
    expect(chargem.operations).toHaveLength(before + 1);
  });
});

describe('at scripted partners', () => {
  const emsp = new ScriptedPartner('EMSP', 'RAW', 'token-b-of-the-scripted-emsp');
  const cpo = new ScriptedPartner('CPO', 'RAW', 'token-b-of-the-scripted-cpo');
  const bare = new ScriptedPartner('CPO', 'OLD', 'token-b-of-a-cpo-without-profiles');

  beforeAll(async () => {
    await startPlatforms();
    bare.hasProfiles = false;
    for (const [partner, platform] of [
      [emsp, chargem],
      [cpo, mobility],
      [bare, mobility],
    ] as const) {
      await partner.start();
      const { tokenA = '' } = await platform.console.ask('introducePartner', { actor, partner: { name: partner.partyId + partner.role } });
      await partner.register(`${platform.url}/${platform === chargem ? 'cpo' : 'emsp'}/2.2.1`, tokenA);
    }
  });
  afterAll(async () => {
    await Promise.all([emsp, cpo, bare].map((partner) => partner.stop()));
    await two?.stop();
  });

  const here = () => emsp.versionsUrl.replace('/versions', '/results/1');
  const url = (path: string) => `${chargem.url}/cpo/2.2.1/${path}`;
  const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };
  const results = () => emsp.received.filter(({ path }) => path.startsWith('/results/'));

  it('lists the module in the details of both roles, and in OCPI 2.1.1 not at all', async () => {
    for (const [partner, platform, role] of [
      [emsp, chargem, 'RECEIVER'],
      [cpo, mobility, 'SENDER'],
    ] as const) {
      const endpoints = async (version: string) =>
        ((await partner.call('GET', `${platform.url}/${version}`)).body.data as { endpoints: { identifier: string }[] }).endpoints;
      expect(await endpoints('2.2.1')).toContainEqual(expect.objectContaining({ identifier: 'chargingprofiles', role }));
      expect((await endpoints('2.1.1')).map(({ identifier }) => identifier)).not.toContain('chargingprofiles');
    }
  });

  it('PRO-4, CHP-2: tells the result once, at the address of the request, and again only where nobody has answered', async () => {
    chargem.tokensReceived.push({ token: { ...tokenOf('CARD1'), party: 'US-RAW' }, asSent: {} });
    const { sessionId } = await runs('raw', 'US-RAW');
    await eventually(() => emsp.received.some(({ path }) => path.includes('/sessions/')), 20_000);
    emsp.script.push('hang up', { http: 200, ocpi: 1000 });
    const body = { charging_profile: profile, response_url: here() };
    const put = () => emsp.call('PUT', url(`chargingprofiles/${sessionId}`), { body, headers: { 'x-request-id': 'request-1' } });
    for (const answer of await Promise.all([put(), put()]))
      expect(answer).toMatchObject({ status: 200, body: { status_code: 1000, data: { result: 'ACCEPTED', timeout: 60 } } });
    await eventually(() => results().length >= 2, 15_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(results().map(({ method, path, body: said }) => [method, path, said])).toEqual([
      ['POST', '/results/1', { result: 'ACCEPTED' }],
      ['POST', '/results/1', { result: 'ACCEPTED' }],
    ]);
    expect(chargem.operations).toMatchObject([
      { operation: 'charging-profile', parameters: { profile: { chargingProfileKind: 'Relative' } } },
    ]);
  });

  it('SCD-6: refuses what is not as OCPI has it', async () => {
    const { sessionId } = sessionOf('US-RAW', 'raw');
    const path = url(`chargingprofiles/${sessionId}`);
    const before = chargem.operations.length;
    const refused = { status: 200, body: { status_code: 2001 } };
    const elsewhere = encodeURIComponent('http://127.0.0.1:9/results/1');
    expect(await emsp.call('DELETE', `${path}?response_url=${elsewhere}`)).toMatchObject(refused);
    expect(await emsp.call('DELETE', path)).toMatchObject(refused);
    for (const duration of ['', '0', '1.5', '-1', 'x', '99999999999'])
      expect(await emsp.call('GET', `${path}?duration=${duration}&response_url=${encodeURIComponent(here())}`)).toMatchObject(refused);
    for (const charging_profile of [
      undefined,
      { ...profile, charging_profile_period: [] },
      { ...profile, charging_rate_unit: 'hp' },
      { ...profile, start_date_time: '2026-03-01T25:00:00Z' },
    ])
      expect(await emsp.call('PUT', path, { body: { charging_profile, response_url: here() } })).toMatchObject(refused);
    expect((await emsp.call('POST', path, { body: {} })).status).toBe(405);
    const preferences = await emsp.call('PUT', url(`sessions/${sessionId}/charging_preferences`), { body: { profile_type: 'REGULAR' } });
    expect(preferences).toMatchObject({ status: 404, body: { status_code: 2001 } });
    expect(chargem.operations).toHaveLength(before);
  });

  it('says nothing of an outcome that nobody knows, and REJECTED where the charger is away', async () => {
    const { sessionId } = sessionOf('US-RAW', 'raw');
    const clear = () => emsp.call('DELETE', `${url(`chargingprofiles/${sessionId}`)}?response_url=${encodeURIComponent(here())}`);
    emsp.received.length = 0;
    chargem.stationSays = async () => ({ status: 'unknown' });
    await clear();
    await eventually(() => chargem.log.some((line) => line.includes('does not know what became of its command')), 15_000);
    chargem.stationSays = async () => ({ status: 'refused', errorCode: 'NotSupported' });
    await clear();
    await eventually(() => results().length > 0, 15_000);
    expect(results().map(({ body }) => body)).toEqual([{ result: 'REJECTED' }]);
  });

  it('CHP-1: takes no more than its chargers bear', async () => {
    const { sessionId } = sessionOf('US-RAW', 'raw');
    const read = () => emsp.call('GET', `${url(`chargingprofiles/${sessionId}`)}?duration=60&response_url=${encodeURIComponent(here())}`);
    const answers = await Promise.all(Array.from({ length: 12 }, read));
    const said = answers.map(({ body }) => (body.data as { result: string }).result);
    expect(said.filter((result) => result === 'TOO_OFTEN').length).toBeGreaterThan(0);
    expect(said.filter((result) => result === 'ACCEPTED').length).toBeGreaterThan(0);
  });

  it('asks a CPO without the module nothing', async () => {
    await expect(send({ command: 'CLEAR_PROFILE', sessionId: 'S' }, 'US-OLD')).rejects.toMatchObject({ code: 'not-supported' });
    expect(bare.received).toEqual([]);
  });

  it('PRO-7: takes a result once, of the kind that was asked for, and waits no longer than the CPO said', async () => {
    cpo.script.push({ http: 200, ocpi: 1000, data: { result: 'ACCEPTED', timeout: 1 } });
    const { commandId } = await send({ command: 'READ_PROFILE', sessionId: 'S/1', durationSeconds: 60 }, 'US-RAW');
    await becomes(commandId, 'timeout');
    expect(cpo.received.map(({ method, path }) => [method, path.split('?')[0]])).toEqual([['GET', '/chargingprofiles/S%2F1']]);
    const post = (kind: string, body: object) =>
      cpo.call('POST', `${mobility.url}/emsp/2.2.1/chargingprofiles/${kind}/${commandId}`, { body });
    const active = { start_date_time: '2026-05-01T10:00:00Z', charging_profile: profile };
    expect((await post('CLEAR_PROFILE', { result: 'ACCEPTED' })).status).toBe(404);
    expect((await post('DANCE', { result: 'ACCEPTED' })).status).toBe(404);
    expect(await post('READ_PROFILE', { result: 'ACCEPTED', profile: active })).toMatchObject({ status: 200, body: { status_code: 1000 } });
    expect(await post('READ_PROFILE', { result: 'REJECTED' })).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect(await becomes(commandId, 'done')).toMatchObject({ active: { startAt: '2026-05-01T10:00:00.000Z', unit: 'A' } });
    expect((await cpo.call('PUT', `${mobility.url}/emsp/2.2.1/chargingprofiles/S9`, { body: active })).status).toBe(404);
  });
});
