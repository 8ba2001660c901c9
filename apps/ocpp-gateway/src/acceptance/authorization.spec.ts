// How verdicts, groups, EVSE lists and certificates are spelled in each version, and what the registry is told of the occasion.
import type { Request } from '@evenkeel/contracts';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';

let gateway: GatewayUnderTest;
let names = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  const { tokens } = gateway.registry;
  tokens.set('ELSEWHERE', { verdict: 'NotAtThisLocation' });
  tokens.set('PLUG', { verdict: 'NotAllowedTypeEVSE' });
  tokens.set('TWICE', { verdict: 'ConcurrentTx' });
  tokens.set('GRP1', { verdict: 'Accepted', groupId: 'G' });
  tokens.set('GRP2', { verdict: 'Accepted', groupId: 'G' });
  tokens.set('SOME', { verdict: 'Accepted', evseIds: [2, 3] });
  tokens.set('PNC', { verdict: 'Invalid', contractStatus: 'CertificateRevoked' });
});
afterAll(() => gateway.stop());

async function station(protocol: string) {
  names += 1;
  const identity = `AUTH-${names}`;
  gateway.registry.register(identity);
  const raw = await RawStation.connect(gateway.url, { identity, protocols: [protocol] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  let calls = 0;
  return async (action: string, payload: object) => {
    const [type, , answer] = await raw.call(`m${++calls}`, action, payload);
    expect(type).toBe(3);
    return answer as Record<string, unknown>;
  };
}

const idToken = (uid: string, type = 'ISO14443') => ({ idToken: uid, type });
const lastAsked = () => gateway.registry.asked.findLast(({ name }) => name === 'authorizeToken')?.request as Request<'authorizeToken'>;

it('T6-03: the parent is in the answers to Authorize, start and stop, each asked for what it is', async () => {
  const say = await station('ocpp1.6');
  const purposes: unknown[] = [];
  const grouped = { idTagInfo: { status: 'Accepted', parentIdTag: 'G' } };
  expect(await say('Authorize', { idTag: 'GRP1' })).toEqual(grouped);
  purposes.push(lastAsked().purpose);
  const started = await say('StartTransaction', { connectorId: 1, idTag: 'GRP1', meterStart: 0, timestamp: '2026-03-01T10:00:00Z' });
  expect(started).toMatchObject(grouped);
  purposes.push(lastAsked().purpose);
  const stop = { transactionId: started.transactionId, idTag: 'GRP2', meterStop: 10, timestamp: '2026-03-01T11:00:00Z' };
  expect(await say('StopTransaction', stop)).toEqual(grouped);
  purposes.push(lastAsked().purpose);
  expect(purposes).toEqual(['authorize', 'start', 'stop']);
});

it('T6-02: says in the words of 1.6 what it has no words for', async () => {
  const say = await station('ocpp1.6');
  for (const [idTag, status] of [
    ['ELSEWHERE', 'Blocked'],
    ['PLUG', 'Blocked'],
    ['TWICE', 'ConcurrentTx'],
    ['UNK', 'Invalid'],
  ] as const) {
    expect(await say('Authorize', { idTag })).toEqual({ idTagInfo: { status } });
  }
});

it.each(['ocpp2.0.1', 'ocpp2.1'])('T2-03, T2-04, C01.FR.19: verdicts, groups and EVSEs in %s', async (protocol) => {
  const say = await station(protocol);
  for (const [uid, status] of [
    ['ELSEWHERE', 'NotAtThisLocation'],
    ['PLUG', 'NotAllowedTypeEVSE'],
    ['TWICE', 'ConcurrentTx'],
  ] as const) {
    expect(await say('Authorize', { idToken: idToken(uid) })).toEqual({ idTokenInfo: { status } });
  }
  expect(await say('Authorize', { idToken: idToken('SOME') })).toEqual({ idTokenInfo: { status: 'Accepted', evseId: [2, 3] } });
  const groupIdToken = { idToken: 'G', type: 'Central' };
  expect(await say('Authorize', { idToken: idToken('GRP1') })).toMatchObject({ idTokenInfo: { groupIdToken } });
  const event = { timestamp: '2026-03-01T10:00:00Z', transactionInfo: { transactionId: 'tx-1' }, evse: { id: 1 } };
  const started = { ...event, eventType: 'Started', triggerReason: 'Authorized', seqNo: 0, idToken: idToken('GRP1') };
  expect(await say('TransactionEvent', started)).toMatchObject({ idTokenInfo: { groupIdToken } });
  expect(lastAsked()).toMatchObject({ purpose: 'start', evseId: 1 });
  const stopped = { ...event, eventType: 'Updated', triggerReason: 'StopAuthorized', seqNo: 1, idToken: idToken('GRP2') };
  expect(await say('TransactionEvent', stopped)).toMatchObject({ idTokenInfo: { groupIdToken } });
  expect(lastAsked()).toMatchObject({ purpose: 'stop' });
});

it('V21-06: the tariff for the station is in the answer of 2.1 only', async () => {
  const tariff = { tariffId: 'T', currency: 'USD', energy: { prices: [{ priceKwh: 0.3 }] } };
  gateway.registry.tokens.set('PRICED', { verdict: 'Accepted', stationTariff: tariff });
  const asked = { idToken: idToken('PRICED') };
  expect(await (await station('ocpp2.1'))('Authorize', asked)).toEqual({ idTokenInfo: { status: 'Accepted' }, tariff });
  expect(await (await station('ocpp2.0.1'))('Authorize', asked)).toEqual({ idTokenInfo: { status: 'Accepted' } });
});

it('C07.FR.13: the status of the contract is in the answer where a certificate was in the question', async () => {
  const say = await station('ocpp2.0.1');
  const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'ab', issuerKeyHash: 'cd', serialNumber: '1', responderURL: 'http://o.example' };
  const asked = { idToken: idToken('PNC', 'eMAID'), certificate: 'PEM', iso15118CertificateHashData: [hash] };
  expect(await say('Authorize', asked)).toEqual({ idTokenInfo: { status: 'Invalid' }, certificateStatus: 'CertificateRevoked' });
  expect(lastAsked().contract).toEqual({ certificate: 'PEM', hashes: [hash] });
  await say('Authorize', { idToken: idToken('GRP1') });
  expect(lastAsked()).not.toHaveProperty('contract');
});
