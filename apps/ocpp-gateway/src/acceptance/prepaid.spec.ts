// What a station is told of a token that pays beforehand or has limits.
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';

let gateway: GatewayUnderTest;
let names = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  const { tokens } = gateway.registry;
  tokens.set('PRE0', { verdict: 'NoCredit', uncached: true, limits: { maxCost: '0' } });
  tokens.set('PRE10', { verdict: 'Accepted', uncached: true, limits: { maxCost: '10.00' } });
  tokens.set('LIMITED', { verdict: 'Accepted', limits: { maxEnergyWh: '20000', maxTimeSeconds: 3600 } });
});
afterAll(() => gateway.stop());

async function station(protocol: string) {
  names += 1;
  const identity = `PRE-${names}`;
  gateway.registry.register(identity);
  const raw = await RawStation.connect(gateway.url, { identity, protocols: [protocol] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  return raw;
}

let calls = 0;
const said = (raw: RawStation, action: string, payload: object) => raw.call(`m${++calls}`, action, payload);
const idToken = (uid: string) => ({ idToken: uid, type: 'ISO14443' });

function event(seqNo: number, change: object = {}) {
  return {
    eventType: 'Updated',
    timestamp: new Date(Date.UTC(2026, 2, 1, 10, seqNo)).toISOString(),
    triggerReason: 'MeterValuePeriodic',
    seqNo,
    transactionInfo: { transactionId: 'tx-1' },
    ...change,
  };
}
const started = (uid: string) => event(0, { eventType: 'Started', triggerReason: 'Authorized', idToken: idToken(uid) });

it('V21-01: Accepted or NoCredit, never to be cached, with what is left as the limit of cost', async () => {
  const raw = await station('ocpp2.1');
  for (const [uid, status] of [
    ['PRE10', 'Accepted'],
    ['PRE0', 'NoCredit'],
  ] as const) {
    const [, , { idTokenInfo }] = (await said(raw, 'Authorize', { idToken: idToken(uid) })) as [3, string, Answer];
    expect(idTokenInfo?.status).toBe(status);
    expect(Date.parse(idTokenInfo?.cacheExpiryDateTime ?? '')).toBeLessThanOrEqual(Date.now());
  }
  const [, , first] = (await said(raw, 'TransactionEvent', started('PRE10'))) as [3, string, Answer];
  expect(first).toMatchObject({ idTokenInfo: { status: 'Accepted' }, transactionLimit: { maxCost: 10 } });
  const [, , refused] = await said(raw, 'TransactionEvent', started('PRE0'));
  expect(refused).not.toHaveProperty('transactionLimit');
});

it('V21-02, TX-90: the limit is in the first answer with the token, and left out once the station has it', async () => {
  const raw = await station('ocpp2.1');
  const [, , first] = await said(raw, 'TransactionEvent', started('LIMITED'));
  expect(first).toMatchObject({ transactionLimit: { maxEnergy: 20_000, maxTime: 3_600 } });
  const transactionInfo = { transactionId: 'tx-1', transactionLimit: { maxEnergy: 20_000, maxTime: 3_600 } };
  const limitSet = event(1, { triggerReason: 'LimitSet', transactionInfo, idToken: idToken('LIMITED') });
  for (const later of [limitSet, event(2), event(3, { triggerReason: 'StopAuthorized', idToken: idToken('LIMITED') })]) {
    const [type, , answer] = await said(raw, 'TransactionEvent', later);
    expect(type).toBe(3);
    expect(answer).not.toHaveProperty('transactionLimit');
  }
});

it('V21-01: older versions have no word for limits, and 1.6 none for an empty account', async () => {
  const raw = await station('ocpp2.0.1');
  const [, , answer] = await said(raw, 'TransactionEvent', started('PRE10'));
  expect(answer).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
  expect(answer).not.toHaveProperty('transactionLimit');
  const old = await station('ocpp1.6');
  expect((await said(old, 'Authorize', { idTag: 'PRE0' }))[2]).toEqual({ idTagInfo: { status: 'Blocked' } });
  expect((await said(old, 'Authorize', { idTag: 'PRE10' }))[2]).toEqual({ idTagInfo: { status: 'Accepted' } });
});

interface Answer {
  readonly idTokenInfo?: { readonly status: string; readonly cacheExpiryDateTime?: string };
}
