import type { KnownToken, TokenAccount } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/testkit';
import type { Payload, Version } from './minimal-station';
import { SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

type Station = Awaited<ReturnType<SystemUnderTest['newStation']>>;

const idToken = (uid: string) => ({ idToken: uid, type: 'ISO14443' });
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

function event(transactionId: string, seqNo: number, eventType: 'Started' | 'Updated' | 'Ended', change: Payload = {}): Payload {
  const triggerReason = eventType === 'Started' ? 'Authorized' : 'MeterValuePeriodic';
  // Ten minutes apart: no connector here delivers more than some 6 kWh in that time.
  const timestamp = minutesFromNow(10 * (seqNo - 10));
  return {
    eventType,
    timestamp,
    triggerReason,
    seqNo,
    transactionInfo: { transactionId, chargingState: 'Charging' },
    evse: { id: 1, connectorId: 1 },
    ...change,
  };
}

function reading(seqNo: number, wh: number, context: string): Payload {
  const sampledValue = [{ value: wh, context, measurand: 'Energy.Active.Import.Register' }];
  return { meterValue: [{ timestamp: minutesFromNow(10 * (seqNo - 10)), sampledValue }] };
}

async function charge(station: Station, transactionId: string, token: string): Promise<Payload[]> {
  const started = { ...reading(0, 1_000, 'Transaction.Begin'), idToken: idToken(token) };
  return [
    await station.ask('TransactionEvent', event(transactionId, 0, 'Started', started)),
    await station.ask('TransactionEvent', event(transactionId, 1, 'Updated', reading(1, 3_000, 'Sample.Periodic'))),
    await station.ask('TransactionEvent', event(transactionId, 2, 'Ended', reading(2, 6_000, 'Transaction.End'))),
  ];
}

const accountOf = async (uid: string): Promise<{ path: string; read: () => Promise<TokenAccount> }> => {
  const { items } = await system.rest.get<{ items: KnownToken[] }>('/tokens?limit=1000');
  const token = items.find((each) => each.uid === uid);
  const path = `/tokens/${token?.party}/${token?.type}/${token?.key}`;
  return { path, read: () => system.rest.get<TokenAccount>(`${path}/account`) };
};

describe.each<Version>(['2.0.1', '2.1'])('OCPP %s', (version) => {
  it('T2-11: the running and the final cost, 0 where it is free', async () => {
    const [, running, final] = await charge(await system.newStation(version), 't2-11', 'OK1');
    expect([running?.totalCost, final?.totalCost]).toEqual([0.6, 1.5]);
    const [, , free] = await charge(await system.newStation(version, { tariffId: 'FREE' }), 't2-11-free', 'OK1');
    expect(free?.totalCost).toBe(0);
  });

  it('T2-03: verdicts on unknown, blocked and expired tokens, in Authorize and in events', async () => {
    const station = await system.newStation(version);
    for (const [seqNo, [uid, statuses]] of [
      ['UNK', ['Invalid', 'Unknown']],
      ['BLK', ['Blocked']],
      ['EXP', ['Expired']],
    ].entries() as ArrayIterator<[number, [string, string[]]]>) {
      for (const answer of [
        await station.ask('Authorize', { idToken: idToken(uid) }),
        await station.ask('TransactionEvent', event('t2-03', seqNo, seqNo === 0 ? 'Started' : 'Updated', { idToken: idToken(uid) })),
      ]) {
        expect(statuses).toContain((answer.idTokenInfo as Payload).status);
      }
    }
  });

  it('T2-04, T2-05: groups in both answers, and a start button is welcome', async () => {
    const station = await system.newStation(version);
    const groupIdToken = { idToken: 'G' };
    expect(await station.ask('Authorize', { idToken: idToken('GRP1') })).toMatchObject({ idTokenInfo: { groupIdToken } });
    const started = event('t2-04', 0, 'Started', { idToken: idToken('GRP1') });
    expect(await station.ask('TransactionEvent', started)).toMatchObject({ idTokenInfo: { status: 'Accepted', groupIdToken } });
    const pressed = event('t2-05', 0, 'Started', { idToken: { idToken: '', type: 'NoAuthorization' } });
    expect(await station.ask('TransactionEvent', pressed)).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
  });

  it('T2-07: asks about a gap, takes what was missing, and the transaction stays ended', async () => {
    const station = await system.newStation(version);
    const say = (seqNo: number, type: 'Started' | 'Updated' | 'Ended', change: Payload = {}) =>
      station.ask('TransactionEvent', event('t2-07', seqNo, type, change));
    await say(0, 'Started', { ...reading(0, 0, 'Transaction.Begin'), idToken: idToken('OK1') });
    for (const seqNo of [1, 2]) await say(seqNo, 'Updated');
    await say(5, 'Ended', reading(5, 5_000, 'Transaction.End'));
    const asked = await station.obey('GetTransactionStatus', { ongoingIndicator: false, messagesInQueue: true });
    expect(asked).toEqual({ transactionId: 't2-07' });
    for (const seqNo of [3, 4]) await say(seqNo, 'Updated', { offline: true });
    const session = await system.sessionThat(station.stationId, 't2-07', ({ status }) => status === 'completed');
    expect(session.energyWh).toBe('5000');
    expect(session.flags).not.toContain('gaps');
  });
});

it('V21-01: prepaid tokens by what is left, never cached; the bill is taken from it once', async () => {
  const station = await system.newStation('2.1');
  const { path, read } = await accountOf('PRE10');
  await system.rest.post(`${path}/balance`, { balance: '10.00', currency: 'USD', reason: 'case' });
  for (const [uid, status] of [
    ['PRE10', 'Accepted'],
    ['PRE0', 'NoCredit'],
  ] as const) {
    const info = (await station.ask('Authorize', { idToken: idToken(uid) })).idTokenInfo as Payload;
    expect(info.status).toBe(status);
    expect(Date.parse(String(info.cacheExpiryDateTime))).toBeLessThanOrEqual(Date.now());
  }
  const [started] = await charge(station, 'v21-01', 'PRE10');
  expect(started).toMatchObject({ idTokenInfo: { status: 'Accepted' }, transactionLimit: { maxCost: 10 } });
  await system.cdr(station.stationId, 'v21-01');
  expect(await eventually(async () => ((await read()).balance === '10.00' ? undefined : read()))).toMatchObject({ balance: '8.50' });
  for (const _ of ['once', 'again']) await system.rest.post(`${path}/top-ups`, { amount: '5.00', currency: 'USD', reference: 'r-1' });
  expect(await read()).toMatchObject({ balance: '13.50' });
});

it('V21-02: the limit in the first answer, and not after the station has it', async () => {
  const station = await system.newStation('2.1');
  const first = await station.ask('TransactionEvent', event('v21-02', 0, 'Started', { idToken: idToken('LIM') }));
  expect(first.transactionLimit).toEqual({ maxEnergy: 20_000 });
  const transactionInfo = { transactionId: 'v21-02', transactionLimit: { maxEnergy: 20_000 } };
  const set = await station.ask('TransactionEvent', event('v21-02', 1, 'Updated', { triggerReason: 'LimitSet', transactionInfo }));
  const later = await station.ask('TransactionEvent', event('v21-02', 2, 'Updated'));
  for (const answer of [set, later]) expect(answer).not.toHaveProperty('transactionLimit');
});

it('V21-06: the tariff while the station calculates, and not afterwards', async () => {
  const station = await system.newStation('2.1');
  const report = async (value: string, requestId: number) => {
    const reportData = [
      { component: { name: 'TariffCostCtrlr' }, variable: { name: 'Enabled', instance: 'Tariff' }, variableAttribute: [{ value }] },
    ];
    await station.ask('NotifyReport', { requestId, generatedAt: minutesFromNow(0), seqNo: 0, reportData });
  };
  await report('true', 1);
  const told = await eventually(async () => {
    const answer = await station.ask('Authorize', { idToken: idToken('OK1') });
    return 'tariff' in answer && answer;
  });
  expect(told.tariff).toMatchObject({ currency: 'USD', energy: { prices: [{ priceKwh: 0.3 }] } });
  await report('false', 2);
  await eventually(async () => !('tariff' in (await station.ask('Authorize', { idToken: idToken('OK1') }))));
});

it('V21-07: the cost that a station has calculated is on the CDR, which says so', async () => {
  const station = await system.newStation('2.1');
  const started = { ...reading(0, 0, 'Transaction.Begin'), idToken: idToken('OK1') };
  await station.ask('TransactionEvent', event('v21-07', 0, 'Started', started));
  const costDetails = {
    totalCost: { currency: 'USD', typeOfCost: 'NormalCost', total: { exclTax: 1.75 } },
    totalUsage: { energy: 5, chargingTime: 60, idleTime: 0 },
  };
  await station.ask('TransactionEvent', event('v21-07', 1, 'Ended', { ...reading(1, 5_000, 'Transaction.End'), costDetails }));
  const { cdr } = await system.cdr(station.stationId, 'v21-07');
  expect(cdr).toMatchObject({ total: { beforeTaxes: '1.50' }, stationCost: { beforeTaxes: '1.75' } });
  expect(cdr?.flags).toEqual(expect.arrayContaining(['costByStation', 'stationCostDiffers']));
});
