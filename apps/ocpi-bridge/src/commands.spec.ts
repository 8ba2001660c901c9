// Two bridges of ours in each version of OCPI: an eMSP starts, stops, reserves and unlocks at a CPO's charger.
import { randomUUID } from 'node:crypto';
import { idOf, type PartnerCommand, Problem, type Request, type SessionSnapshot } from '@evenkeel/contracts';
import { eventually, held } from '@evenkeel/testkit';
import { sessionOf } from './testing/charging';
import type { PlatformUnderTest } from './testing/platform-under-test';
import { locationOf, wireSession, wireToken } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';
import { TwoPlatforms } from './testing/two-platforms';

const actor = { operator: 'spec' };
const place = { locationId: 'LOC-7', evseUid: 'LOC-7-1' };
const card = { uid: 'CARD1', type: 'RFID' } as const;
jest.setTimeout(90_000);

let two: TwoPlatforms | undefined;
let chargem: PlatformUnderTest;
let mobility: PlatformUnderTest;

async function startPlatforms(versions?: string): Promise<TwoPlatforms> {
  two = await TwoPlatforms.start(versions);
  ({ chargem, mobility } = two);
  chargem.locations.push(locationOf(7));
  return two;
}

type Order = Request<'sendPartnerCommand'>['order'];
const send = (order: Order, partner = 'US-CHG') => mobility.console.ask('sendPartnerCommand', { actor, partner, order });
const found = (commandId: string) => mobility.console.ask('getPartnerCommand', { commandId });
const becomes = (commandId: string, status: PartnerCommand['status']) =>
  eventually(async () => {
    const shown = await found(commandId);
    return shown.status === status && shown;
  }, 20_000);

describe.each(['2.1.1', '2.2.1', '2.3.0'])('OCPI %s', (version) => {
  const hasReference = version !== '2.1.1';
  let session: SessionSnapshot;

  beforeAll(async () => {
    const platforms = await startPlatforms(version);
    expect(await platforms.introduceEachOther()).toMatchObject({ status: 'registered', version });
  });
  afterAll(() => two?.stop());

  it('CMD-1, CMD-5, COM-8, RTA-7: starts a session that its reference leads back to', async () => {
    const sent = await send({ command: 'START_SESSION', token: card, ...place, connectorId: '1' });
    expect(sent).toMatchObject({ partner: 'US-CHG', command: 'START_SESSION', result: 'ACCEPTED' });
    await becomes(sent.commandId, 'done');
    const reference = hasReference ? { authorizationReference: sent.commandId } : {};
    expect(chargem.operations).toMatchObject([
      { stationId: 'CP7', operation: 'start', parameters: { token: card, evseId: 1 }, authorization: { issuer: 'US-MOB', token: card } },
    ]);
    expect(chargem.operations[0]?.authorization).toEqual({ issuer: 'US-MOB', token: card, ...reference });

    const begun = sessionOf('US-MOB', 'commanded', { revision: 1, status: 'active', startedAt: new Date().toISOString() });
    const payer = begun.terms.payer && { ...begun.terms.payer, authMethod: 'COMMAND' as const, ...reference };
    session = { ...begun, terms: { ...begun.terms, ...(payer ? { payer } : {}) } };
    await chargem.ledger.say('sessionStarted', 'US-CHG', { session }, idOf('c', 1));
    await eventually(async () => (await found(sent.commandId)).sessionId === session.sessionId, 20_000);
  });

  it('CMD-1, COM-7: stops it, and no session of somebody else', async () => {
    const foreign = sessionOf('US-RAW', 'foreign', { revision: 1, status: 'active' });
    await chargem.ledger.say('sessionStarted', 'US-CHG', { session: foreign }, idOf('c', 2));
    const sent = await send({ command: 'STOP_SESSION', sessionId: session.sessionId });
    await becomes(sent.commandId, 'done');
    expect(chargem.operations.at(-1)).toMatchObject({ stationId: 'CP7', operation: 'stop', parameters: { transactionId: 'commanded' } });
    const before = chargem.operations.length;
    for (const sessionId of [foreign.sessionId, 'nobody'])
      expect(await send({ command: 'STOP_SESSION', sessionId })).toMatchObject({ status: 'refused', result: 'UNKNOWN_SESSION' });
    expect(chargem.operations).toHaveLength(before);
  });

  it('CMD-3, CMD-4: unlocks a connector, and says so where it is stuck', async () => {
    chargem.stationSays = async () => ({ status: 'rejected', detail: 'UnlockFailed' });
    const stuck = await send({ command: 'UNLOCK_CONNECTOR', ...place, connectorId: '1' });
    expect(await becomes(stuck.commandId, 'failed')).toMatchObject({ result: hasReference ? 'FAILED' : 'REJECTED' });
    chargem.stationSays = async () => ({ status: 'done' });
    await becomes((await send({ command: 'UNLOCK_CONNECTOR', ...place, connectorId: '1' })).commandId, 'done');
    expect(chargem.operations.at(-1)).toMatchObject({ operation: 'unlock', parameters: { evseId: 1, connectorId: 1 } });
  });

  it('CMD-2, COM-5: reserves under a number that the charger keeps, and takes it back', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const reserved = await send({ command: 'RESERVE_NOW', token: card, ...place, expiresAt });
    await becomes(reserved.commandId, 'done');
    const { reservationId = '' } = reserved;
    const { operation, parameters } = chargem.operations.at(-1) ?? {};
    expect([operation, parameters]).toMatchObject(['reserve', { token: card, evseId: 1, expiresAt }]);
    const cancel = () => send({ command: 'CANCEL_RESERVATION', reservationId });
    if (!hasReference) return expect(cancel()).rejects.toMatchObject({ code: 'not-supported' });
    await becomes((await cancel()).commandId, 'done');
    expect(chargem.operations.at(-1)).toMatchObject({
      operation: 'cancel-reservation',
      parameters: { reservationId: parameters?.reservationId },
    });
    expect(await cancel()).toMatchObject({ status: 'refused', result: 'REJECTED' });
  });

  it('refuses what cannot be meant', async () => {
    const before = chargem.operations.length;
    const unlock = { command: 'UNLOCK_CONNECTOR', ...place, connectorId: '1' } as const;
    expect(await send({ ...unlock, locationId: 'ELSEWHERE' })).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('2003'),
    });
    expect(await send({ ...unlock, evseUid: 'NONE' })).toMatchObject({ status: 'refused', result: 'REJECTED' });
    expect(await send({ ...unlock, connectorId: '9' })).toMatchObject({ status: 'refused', result: 'REJECTED' });
    await expect(send({ command: 'START_SESSION', token: { uid: 'NOBODY', type: 'RFID' }, ...place })).rejects.toThrow(Problem);
    await expect(send(unlock, 'US-NOT')).rejects.toMatchObject({ code: 'not-found' });
    await expect(found(idOf('never', 1))).rejects.toMatchObject({ code: 'not-found' });
    expect(chargem.operations).toHaveLength(before);
  });

  it('tells what became of a command although the CPO crashed meanwhile, and has it done once', async () => {
    const { hold, letGo } = held({ status: 'done' as const });
    chargem.stationSays = () => hold;
    const before = chargem.operations.length;
    const sent = await send({ command: 'START_SESSION', token: card, ...place });
    expect(sent.status).toBe('accepted');
    await eventually(() => chargem.operations.length === before + 1);
    await chargem.killBridge();
    letGo();
    expect((await found(sent.commandId)).status).toBe('accepted');
    await chargem.startBridge();
    expect(await becomes(sent.commandId, 'done')).toMatchObject({ result: 'ACCEPTED' });
    expect(chargem.operations).toHaveLength(before + 1);
  });

  it('is told what became of a command although it crashed meanwhile', async () => {
    const { hold, letGo } = held({ status: 'done' as const });
    chargem.stationSays = () => hold;
    const { commandId } = await send({ command: 'START_SESSION', token: card, ...place });
    await mobility.killBridge();
    letGo();
    await mobility.startBridge();
    expect(await becomes(commandId, 'done')).toMatchObject({ result: 'ACCEPTED' });
  });

  it('COM-3: is told, too, where it crashed before the CPO had answered, and does not send the command again', async () => {
    const { hold, letGo } = held(undefined);
    let isHeld = false;
    chargem.beforeKeeping = () => {
      isHeld = true;
      return hold;
    };
    const before = chargem.operations.length;
    // Whoever asked hears nothing of a process that died.
    void send({ command: 'START_SESSION', token: card, ...place }).catch((problem: Problem) => problem);
    await eventually(() => isHeld);
    await mobility.killBridge();
    letGo();
    await eventually(() => chargem.operations.length === before + 1);
    await mobility.startBridge();
    const [commandId = ''] = [...(await mobility.storedText()).matchAll(/sentcommand-([0-9a-f-]{36})/g)].map(([, id]) => id).slice(-1);
    expect(await becomes(commandId, 'done')).toMatchObject({ result: 'ACCEPTED' });
    expect(chargem.operations).toHaveLength(before + 1);
  });

  it('COM-3: asked for twice under one id it is sent once, and the id is of no other command', async () => {
    chargem.beforeKeeping = async () => undefined;
    chargem.stationSays = async () => ({ status: 'done' });
    const before = chargem.operations.length;
    const order = { command: 'START_SESSION', token: card, ...place } as const;
    const commandId = randomUUID();
    const ask = (asked: Order) => mobility.console.ask('sendPartnerCommand', { actor, partner: 'US-CHG', order: asked, commandId });
    await Promise.allSettled([ask(order), ask(order)]);
    await becomes(commandId, 'done');
    expect(await ask(order)).toMatchObject({ commandId, status: 'done' });
    expect(chargem.operations).toHaveLength(before + 1);
    const { command: _, token: __, ...other } = { ...order, connectorId: '1' };
    await expect(ask({ command: 'UNLOCK_CONNECTOR', ...other })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('leaves nothing that says who drives', async () => {
    for (const platform of [chargem, mobility]) {
      const text = await platform.storedText();
      expect(text).toContain('START_SESSION');
      expect(text).not.toMatch(/CARD\d|US-MOB-C/);
      expect(platform.log.join('\n')).not.toMatch(/CARD\d|US-MOB-C/);
    }
  });
});

describe('at scripted partners', () => {
  const emsp = new ScriptedPartner('EMSP', 'RAW', 'token-b-of-the-scripted-emsp');
  const cpo = new ScriptedPartner('CPO', 'RAW', 'token-b-of-the-scripted-cpo');
  const other = new ScriptedPartner('CPO', 'OTH', 'token-b-of-another-cpo');

  beforeAll(async () => {
    await startPlatforms();
    for (const [partner, platform] of [
      [emsp, chargem],
      [cpo, mobility],
      [other, mobility],
    ] as const) {
      await partner.start();
      const { tokenA = '' } = await platform.console.ask('introducePartner', { actor, partner: { name: partner.partyId + partner.role } });
      await partner.register(`${platform.url}/${platform === chargem ? 'cpo' : 'emsp'}/2.2.1`, tokenA);
    }
  });
  afterAll(async () => {
    await Promise.all([emsp, cpo, other].map((partner) => partner.stop()));
    await two?.stop();
  });

  const url = (command: string) => `${chargem.url}/cpo/2.2.1/commands/${command}`;
  const here = () => emsp.versionsUrl.replace('/versions', '/results/1');
  const start = (change: object = {}) => ({
    response_url: here(),
    token: wireToken('RAW1'),
    location_id: 'LOC-7',
    evse_uid: 'loc-7-1',
    ...change,
  });

  it('lists the module in the details of both roles', async () => {
    for (const [partner, platform, role] of [
      [emsp, chargem, 'RECEIVER'],
      [cpo, mobility, 'SENDER'],
    ] as const) {
      const { data } = (await partner.call('GET', `${platform.url}/2.2.1`)).body;
      expect((data as { endpoints: unknown[] }).endpoints).toContainEqual(expect.objectContaining({ identifier: 'commands', role }));
    }
  });

  it.each([
    ['another host', () => 'http://127.0.0.1:9/results/1'],
    ['a name that looks like it', () => here().replace('127.0.0.1', 'localhost')],
    ['a file', () => 'file:///etc/passwd'],
  ])('COM-6, SEC-1: refuses a result to be told at %s', async (_, response_url) => {
    const answer = await emsp.call('POST', url('START_SESSION'), { body: start({ response_url: response_url() }) });
    expect(answer).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect(chargem.operations).toEqual([]);
  });

  it('refuses what is not as OCPI has it', async () => {
    const post = (command: string, body: unknown) => emsp.call('POST', url(command), { body });
    expect(await post('START_SESSION', start({ token: { ...wireToken('M'), party_id: 'MOB' } }))).toMatchObject({
      body: { status_code: 2001 },
    });
    expect(await post('START_SESSION', start({ token: undefined }))).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect(await post('START_SESSION', start({ location_id: 'NONE' }))).toMatchObject({ status: 200, body: { status_code: 2003 } });
    expect((await post('DANCE', start())).status).toBe(404);
    expect((await emsp.call('GET', url('START_SESSION'))).status).toBe(405);
    expect(chargem.operations).toEqual([]);
  });

  it('CMD-4, COM-1, COM-6: tells the result once, with our token, and again only where nobody has answered', async () => {
    emsp.script.push('hang up', { http: 200, ocpi: 1000 });
    const headers = { 'x-request-id': 'request-1' };
    const answers = [1, 2].map(() => emsp.call('POST', url('START_SESSION'), { body: start({ authorization_reference: 'REF' }), headers }));
    for (const answer of await Promise.all(answers)) expect(answer.body.data).toEqual({ result: 'ACCEPTED', timeout: 60 });
    await eventually(() => emsp.received.length >= 2, 15_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(emsp.received).toHaveLength(2);
    const [first, second] = emsp.received;
    expect(first).toMatchObject({ method: 'POST', path: '/results/1', body: { result: 'ACCEPTED' } });
    expect(second?.body).toEqual(first?.body);
    expect(first?.headers.authorization).toBe(`Token ${Buffer.from(emsp.tokenB).toString('base64')}`);
    expect(chargem.operations).toMatchObject([{ operation: 'start', authorization: { authorizationReference: 'REF' } }]);
    expect(chargem.tokensReceived.at(-1)?.token).toMatchObject({ party: 'US-RAW', uid: 'RAW1' });
  });

  it('tells that a charger is away', async () => {
    emsp.received.length = 0;
    chargem.stationSays = async () => {
      throw new Problem('offline', 'the station is not connected');
    };
    await emsp.call('POST', url('START_SESSION'), { body: start() });
    await eventually(() => emsp.received.length === 1, 15_000);
    const message = [{ language: 'en', text: 'the station is not connected' }];
    expect(emsp.received[0]?.body).toEqual({ result: 'FAILED', message });
  });

  it('CMD-6, COM-1: takes a result once, from the partner that was asked', async () => {
    cpo.script.push({ http: 200, ocpi: 1000, data: { result: 'ACCEPTED', timeout: 30 } });
    const { commandId, status } = await send({ command: 'UNLOCK_CONNECTOR', ...place, connectorId: '1' }, 'US-RAW');
    expect(status).toBe('accepted');
    const { response_url = '' } = (cpo.received.at(-1)?.body ?? {}) as { response_url?: string };
    expect(response_url).toBe(`${mobility.url}/emsp/2.2.1/commands/UNLOCK_CONNECTOR/${commandId}`);
    const post = (partner: ScriptedPartner, result: string) => partner.call('POST', response_url, { body: { result } });
    expect((await post(other, 'ACCEPTED')).status).toBe(404);
    // A CPO that crashed before it heard our answer tells it again.
    for (let round = 0; round < 2; round++)
      expect(await post(cpo, 'EVSE_OCCUPIED')).toMatchObject({ status: 200, body: { status_code: 1000 } });
    expect(await post(cpo, 'ACCEPTED')).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect(await found(commandId)).toMatchObject({ status: 'failed', result: 'EVSE_OCCUPIED' });
  });

  it('COM-2: waits for a result no longer than the CPO said, and still recognises the session', async () => {
    cpo.script.push({ http: 200, ocpi: 1000, data: { result: 'ACCEPTED', timeout: 1 } });
    const { commandId } = await send({ command: 'START_SESSION', token: card, locationId: 'L1' }, 'US-RAW');
    await becomes(commandId, 'timeout');
    const session = { ...wireSession('S9', []), authorization_reference: commandId };
    expect((await cpo.call('PUT', `${mobility.url}/emsp/2.2.1/sessions/US/RAW/S9`, { body: session })).status).toBe(201);
    expect(await found(commandId)).toMatchObject({ status: 'timeout', sessionId: 'S9' });
  });

  it.each([
    ['accepted', 'without a timeout', { result: 'ACCEPTED' }],
    ['refused', 'without a timeout', { result: 'REJECTED' }],
    ['accepted', 'in a list', [{ result: 'ACCEPTED', timeout: 60 }]],
    ['sent', 'in no words', [{}, {}]],
  ])('is %s by an answer %s', async (status, _case, data) => {
    cpo.script.push({ http: 200, ocpi: 1000, data });
    const sent = await send({ command: 'UNLOCK_CONNECTOR', ...place, connectorId: '1' }, 'US-RAW');
    expect(sent.status).toBe(status);
    expect(Date.parse(sent.awaitedUntil) - Date.parse(sent.sentAt)).toBe(60_000);
  });

  it('COM-3: does not send a command again that nobody answers', async () => {
    const before = cpo.received.length;
    cpo.script.push('hang up');
    const { commandId, status } = await send({ command: 'START_SESSION', token: card, locationId: 'L1' }, 'US-RAW');
    expect(status).toBe('sent');
    cpo.script.push({ http: 200, ocpi: 2001 });
    expect(await send({ command: 'START_SESSION', token: card, locationId: 'L1' }, 'US-RAW')).toMatchObject({ status: 'refused' });
    expect(cpo.received).toHaveLength(before + 2);
    expect(await found(commandId)).toMatchObject({ status: 'sent', reason: expect.any(String) });
  });
});
