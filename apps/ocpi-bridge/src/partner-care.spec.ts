// What operators do about a partner: a bridge of ours, and a scripted eMSP that refuses, forgets and calls from elsewhere.
import { idOf } from '@evenkeel/contracts';
import { eventually, freePort, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { cdrOf, sessionOf } from './testing/charging';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';
import { wireToken } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';

const actor = { operator: 'spec' };
const MESSAGES_KEPT = 60;
const INBOUND_PER_SECOND = 25;
const partner = new ScriptedPartner('EMSP', 'RAW', 'token-b-of-the-scripted-emsp');
let nats: RunningNats;
let postgres: RunningPostgres;
let chargem: PlatformUnderTest;
let partnerId: string;
let cpo: string;
let healthPort: number;

jest.setTimeout(60_000);

beforeAll(async () => {
  nats = await startNats({ platforms: [{ name: 'CHARGEM', passwordOf }] });
  postgres = await startPostgres();
  healthPort = await freePort();
  const settings = {
    ...{ MESSAGES_KEPT: String(MESSAGES_KEPT), INBOUND_PER_SECOND: String(INBOUND_PER_SECOND) },
    ...{ TRUSTED_PROXIES: '127.0.0.0/8', HEALTH_PORT: String(healthPort) },
  };
  chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO', settings }, nats, postgres);
  await partner.start();
  const introduced = await chargem.console.ask('introducePartner', { actor, partner: { name: 'Raw' } });
  partnerId = introduced.partnerId;
  cpo = `${chargem.url}/cpo/2.2.1`;
  await partner.register(cpo, introduced.tokenA ?? '');
  await partner.call('PUT', `${cpo}/tokens/US/RAW/CARD1`, { body: wireToken('CARD1') });
});

afterAll(async () => {
  await partner.stop();
  await chargem?.stop();
  await postgres?.stop();
  await nats?.stop();
});

const details = () => chargem.console.ask('getPartner', { partnerId });
const deliveries = (query: object = {}) => chargem.console.ask('listDeliveries', { partnerId, ...query });
const messages = (query: object = {}) => chargem.console.ask('listPartnerMessages', { partnerId, ...query });
const sent = (path: string) => partner.received.filter((one) => one.path === path).map(({ body }) => body);
const bill = (name: string) => chargem.billing.say('cdrIssued', 'US-CHG', { cdr: cdrOf('US-RAW', name) }, idOf('bill', name));
const delivered = async () => (await deliveries({ status: 'delivered', module: 'cdrs' })).items;

async function metrics(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
}

describe('deliveries', () => {
  it('that are parked are listed, and sent once more when they are asked for, in the same words', async () => {
    partner.script.push({ http: 200, ocpi: 2001, message: 'card CARD1 of US-RAW-1 is blocked' });
    await bill('parked');
    const [parked] = await eventually(async () => {
      const { items } = await deliveries({ status: 'parked' });
      return items.length > 0 && items;
    });
    const { cdrId } = cdrOf('US-RAW', 'parked');
    expect(parked).toMatchObject({ module: 'cdrs', objectId: cdrId, recipient: 'US-RAW', revision: 0 });
    expect(parked?.reason).toBe('refused with 2001: card [token] of [token] is blocked');
    expect(await details()).toMatchObject({ deliveriesParked: 1 });

    const retry = { actor, partnerId, deliveryId: parked?.deliveryId ?? '' };
    expect(await chargem.console.ask('retryDelivery', retry)).toMatchObject({ status: 'due', attempts: 0 });
    await eventually(async () => (await delivered()).length === 1);
    expect(sent('/cdrs')).toHaveLength(2);
    expect(sent('/cdrs')[1]).toEqual(sent('/cdrs')[0]);
    expect(await details()).toMatchObject({ deliveriesParked: 0, deliveriesPending: 0 });
    await eventually(() => chargem.delivered.some((one) => one.cdrId === cdrId));
    // It was settled: nothing is sent a third time.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(sent('/cdrs')).toHaveLength(2);

    await expect(chargem.console.ask('retryDelivery', retry)).rejects.toMatchObject({ code: 'conflict' });
    const absent = { ...retry, deliveryId: idOf('nothing') };
    await expect(chargem.console.ask('retryDelivery', absent)).rejects.toMatchObject({ code: 'not-found' });
    const other = await chargem.console.ask('introducePartner', { actor, partner: { name: 'Other' } });
    const ofAnother = { ...retry, partnerId: other.partnerId };
    await expect(chargem.console.ask('retryDelivery', ofAnother)).rejects.toMatchObject({ code: 'not-found' });
    expect(await chargem.console.ask('listDeliveries', { partnerId: other.partnerId })).toEqual({ items: [] });
    await expect(chargem.console.ask('retryDelivery', { ...retry, partnerId: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('of a module are sent again from an instant on, once for each request', async () => {
    for (const name of ['again-1', 'again-2']) await bill(name);
    await eventually(async () => (await delivered()).length === 3);
    const before = sent('/cdrs').length;
    const ask = (terms: { from: string; requestId?: string }) =>
      chargem.console.ask('redeliver', { actor, partnerId, module: 'cdrs', ...terms });
    const { issuedAt } = cdrOf('US-RAW', 'again-1');
    const first = await ask({ from: issuedAt });
    expect(first).toMatchObject({ requested: 3, left: 0 });
    await eventually(async () => sent('/cdrs').length === before + 3 && (await delivered()).length === 3);
    const ids = sent('/cdrs').map((body) => (body as { id: string }).id);
    expect(new Set(ids.slice(before))).toEqual(new Set(ids.slice(0, before)));

    expect(await ask({ from: issuedAt, requestId: first.requestId })).toEqual({ requestId: first.requestId, requested: 0, left: 0 });
    expect(await ask({ from: '2026-03-01T10:30:05.001Z' })).toMatchObject({ requested: 0 });
    expect(await chargem.console.ask('redeliver', { actor, partnerId, module: 'sessions', from: issuedAt })).toMatchObject({
      requested: 0,
    });
    expect(await ask({ from: issuedAt })).toMatchObject({ requested: 3 });
    await eventually(async () => sent('/cdrs').length === before + 6 && (await delivered()).length === 3);
  });

  it('are listed in pages, what became due last first', async () => {
    await chargem.ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf('US-RAW', 'listed') }, idOf('listed'));
    await eventually(async () => (await deliveries({ status: 'delivered', module: 'sessions' })).items.length === 1);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { items, next } = await deliveries({ limit: 1, ...(after === undefined ? {} : { after }) });
      seen.push(...items.map(({ deliveryId }) => deliveryId));
      after = next;
    } while (after !== undefined && seen.length < 10);
    expect(new Set(seen).size).toBe(4);
    expect(seen).toHaveLength(4);
    const { items } = await deliveries();
    expect(items.map(({ deliveryId }) => deliveryId)).toEqual(seen);
    expect(items.map(({ dueAt }) => dueAt)).toEqual(
      items
        .map(({ dueAt }) => dueAt)
        .sort()
        .reverse(),
    );
    expect(items[0]?.module).toBe('sessions');
    await expect(deliveries({ after: 'anything' })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a partner', () => {
  it('is shown with what was agreed on and how it fares', async () => {
    const shown = await eventually(async () => {
      const one = await details();
      return one.lastHour.acknowledged >= 9 && one;
    });
    expect(shown).toMatchObject({ name: 'Raw', version: '2.2.1', roles: [{ role: 'EMSP', party: 'US-RAW' }], pushLagSeconds: 0 });
    expect(shown.endpoints).toContainEqual({ module: 'cdrs', side: 'RECEIVER' });
    expect(shown.tokens.map(({ token }) => token)).toEqual(['ours', 'theirs']);
    expect(shown.tokens[0]?.ageSeconds).toBeLessThan(60);
    expect(shown.lastHour).toMatchObject({ refused: 1, unauthorized: 0, transient: 0, unreachable: 0 });
    expect(shown.lastError?.reason).toBe('card [token] of [token] is blocked');
    expect(shown.circuit).toEqual({ state: 'open' });
    expect(Date.parse(shown.lastSuccessAt ?? '')).toBeGreaterThan(Date.parse(shown.lastError?.at ?? ''));
    await expect(chargem.console.ask('getPartner', { partnerId: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('that refuses our token is behind, and its circuit is paused; so say the metrics', async () => {
    partner.script.push({ http: 401 });
    await bill('paused');
    const shown = await eventually(async () => {
      const one = await details();
      return one.circuit.state === 'paused' && one.pushLagSeconds >= 1 && one;
    });
    expect(shown.lastHour.unauthorized).toBe(1);
    expect(Date.parse(shown.circuit.until ?? '')).toBeGreaterThan(Date.now() + 4 * 60_000);
    const text = await eventually(async () => {
      const scraped = await metrics();
      return scraped.includes('evenkeel_ocpi_circuit{partner="Raw",service="ocpi-bridge"} 2') && scraped;
    }, 15_000);
    expect(Number(/evenkeel_ocpi_push_lag_seconds\{partner="Raw",[^}]*\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
  });
});

describe('messages', () => {
  it('are kept in both directions, and say nothing of persons and tokens', async () => {
    await partner.call('GET', `${cpo}/locations?limit=3&contract=US-RAW-1`, { headers: { 'x-request-id': 'q'.repeat(100) } });
    await partner.call('PUT', `${cpo}/tokens/US/RAW/CARD1`, { body: { ...wireToken('CARD2') } });
    await partner.call('GET', `${cpo}/tokens/US/RAW/CARD9`);
    await partner.call('GET', `${cpo}/locations`, { token: 'guessed' });
    const { items } = await eventually(async () => {
      const page = await messages();
      return page.items.some(({ ocpiStatus }) => ocpiStatus === 2004) && page;
    });
    const summaries = items.map(({ direction, method, path, httpStatus, ocpiStatus }) =>
      [direction, method, path, httpStatus, ocpiStatus].join(' '),
    );
    expect(summaries).toContain('in GET /ocpi/cpo/2.2.1/locations?limit=3 200 1000');
    expect(summaries).toContain('in PUT /ocpi/cpo/2.2.1/tokens/US/RAW/[token] 200 2001');
    expect(summaries).toContain('out POST /cdrs 200 1000');
    expect(summaries).toContain('out POST /cdrs 401 ');
    expect(summaries).toContain('out GET /versions 200 1000');
    expect(items.find(({ ocpiStatus }) => ocpiStatus === 2001)?.statusMessage).toBe('the body is about [token], the path about [token]');
    expect(items.find(({ path }) => path.endsWith('?limit=3'))?.requestId).toBe('q'.repeat(64));
    expect(JSON.stringify(items)).not.toMatch(/CARD\d|US-RAW-1|guessed|token-b/);
    expect(items.map(({ at }) => at)).toEqual(
      items
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
  });

  it('are told in pages, and only so many of the latest are kept', async () => {
    for (let call = 0; call < MESSAGES_KEPT; call++) {
      await partner.call('GET', `${cpo}/locations?limit=1&offset=${call}`);
      await new Promise((resolve) => setTimeout(resolve, 1_000 / INBOUND_PER_SECOND));
    }
    const newest = `offset=${MESSAGES_KEPT - 1}`;
    await eventually(async () => (await messages({ limit: 10 })).items.some(({ path }) => path.includes(newest)));
    const first = await messages({ limit: 40 });
    const second = await messages({ limit: 40, after: first.next ?? '' });
    expect([first.items.length, second.items.length, second.next]).toEqual([40, MESSAGES_KEPT - 40, undefined]);
    // Among them is what the bridge asks from time to time.
    const offsets = [...first.items, ...second.items].flatMap(({ path }) => /offset=(\d+)/.exec(path)?.[1] ?? []).map(Number);
    expect(offsets.length).toBeGreaterThan(MESSAGES_KEPT / 2);
    expect(offsets).toEqual(offsets.map((_, index) => MESSAGES_KEPT - 1 - index));
  });
});

describe('a partner that calls', () => {
  it('SEC-4: too often is told when to come again', async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const answers = await Promise.all(
      Array.from({ length: 4 * INBOUND_PER_SECOND }, () => partner.call('GET', `${cpo}/locations?limit=1`)),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2 * INBOUND_PER_SECOND);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(refused[0]?.body.status_code).toBe(2000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await partner.call('GET', `${cpo}/locations?limit=1`)).status).toBe(200);
  });

  it('from an address that is not allowed is answered as nobody’s token is', async () => {
    const change = (...allowedAddresses: string[]) =>
      chargem.console.ask('changePartner', { actor, partnerId, change: { allowedAddresses } });
    const from = (address?: string) =>
      partner.call('GET', `${cpo}/locations?limit=2`, address === undefined ? {} : { headers: { 'x-forwarded-for': address } });
    expect(await change('192.0.2.0/24')).toMatchObject({ allowedAddresses: ['192.0.2.0/24'] });
    expect((await from('192.0.2.77')).status).toBe(200);
    const elsewhere = await from('203.0.113.9');
    const unknown = await partner.call('GET', `${cpo}/locations`, { token: 'guessed' });
    expect(elsewhere.status).toBe(401);
    expect({ ...elsewhere.body, timestamp: '' }).toEqual({ ...unknown.body, timestamp: '' });
    // What the client has written in front of the proxy's word is not believed.
    expect((await from('192.0.2.77, 203.0.113.9')).status).toBe(401);
    expect((await from()).status).toBe(401);
    expect(await metrics()).toContain('evenkeel_ocpi_refused_addresses_total{partner="Raw",service="ocpi-bridge"} 3');
    await eventually(async () => (await messages({ limit: 5 })).items.filter(({ httpStatus }) => httpStatus === 401).length === 3);
    await expect(change('192.0.2.0/40')).rejects.toMatchObject({ code: 'invalid' });
    await change();
    expect((await from()).status).toBe(200);
  });
});
