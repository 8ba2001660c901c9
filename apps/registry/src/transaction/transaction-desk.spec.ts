import type { CostToShow, Reply, Request, StationCommand } from '@evenkeel/contracts';
import { Known } from '../mirror/known';
import type { StationRow } from '../view/registry-tables';
import { PriceTeller } from './price-teller';
import { TransactionDesk } from './transaction-desk';

const station = { registered: { stationId: 'CP1', party: 'US-CHG' } } as Partial<StationRow> as StationRow;
const question = { party: 'US-CHG', stationId: 'CP1', transactionId: 'tx-1', cause: 'c' } as const;

function knows(key: string, value: string): Known {
  const put = [[key, { variableAttribute: [{ value }] }]] as const;
  return new Known().apply({ kind: 'variable', put, removed: [] });
}

function deskWhoseStation(status: StationCommand['status'], answer?: Record<string, unknown>, version = '2.0.1', known = new Known()) {
  const said: unknown[] = [];
  const say = async (_: StationRow | string, action: string, request: object): Promise<StationCommand> => {
    said.push([action, request]);
    const calls = [{ action, request: { ...request }, ...(answer ? { answer } : {}) }];
    return { commandId: 'c', party: 'US-CHG', stationId: 'CP1', calls, requestedAt: '', status };
  };
  const operate = (stationId: string, operation: string, parameters: object) => say(stationId, operation, parameters);
  const find = async (stationId: string) => (stationId === 'CP1' ? { ...station, ocpp_version: version } : undefined);
  return { desk: new TransactionDesk({ say, callRaw: say, operate }, { find }, { knownOf: async () => known }), said };
}

it('TX-66: asks the station how its transaction stands', async () => {
  const { desk, said } = deskWhoseStation('done', { ongoingIndicator: false, messagesInQueue: true });
  expect(await desk.status(question)).toEqual({ ongoing: false, messagesInQueue: true });
  expect(said).toEqual([['GetTransactionStatus', { transactionId: 'tx-1' }]]);
});

it('TX-66: tells nothing of a station that refuses the question, and fails where nobody answered', async () => {
  expect(await deskWhoseStation('refused').desk.status(question)).toEqual({});
  await expect(deskWhoseStation('unknown').desk.status(question)).rejects.toMatchObject({ code: 'timeout' });
  await expect(deskWhoseStation('done').desk.status({ ...question, stationId: 'CP2' })).rejects.toMatchObject({ code: 'not-found' });
});

it('has a station stop a transaction, and says whether it will', async () => {
  const { desk, said } = deskWhoseStation('accepted');
  expect(await desk.stop(question)).toEqual({ stopped: true });
  expect(said).toEqual([['stop', { transactionId: 'tx-1' }]]);
  expect(await deskWhoseStation('rejected').desk.stop(question)).toEqual({ stopped: false });
});

const toShow: CostToShow = {
  party: 'US-CHG',
  stationId: 'CP1',
  transactionId: '42',
  at: '2026-03-01T10:30:00.000Z',
  cost: { amount: '1.35', currency: 'USD' },
  final: false,
  charging: true,
  readingWh: '4000.4',
  rates: { perKwh: '0.45', idlePerHour: '6' },
  cause: 'c',
};
const announced = knows('OCPP16/CustomDisplayCostAndPrice', 'true');
const dataOf = (said: readonly unknown[]) =>
  (said as [string, { data: string }][]).map(([action, { data, ...rest }]) => [action, rest, JSON.parse(data)]);

it('TX-85: tells a 2.x station by CostUpdated, unless it has said that it shows none', async () => {
  const { desk, said } = deskWhoseStation('done');
  expect(await desk.showCost(toShow)).toEqual({ shown: true });
  expect(said).toEqual([['CostUpdated', { transactionId: '42', totalCost: 1.35 }]]);
  const disabled = deskWhoseStation('done', {}, '2.0.1', knows('TariffCostCtrlr/Enabled[Cost]', 'false'));
  expect(await disabled.desk.showCost(toShow)).toEqual({ shown: false });
  expect(disabled.said).toEqual([]);
  expect(await deskWhoseStation('refused').desk.showCost(toShow)).toEqual({ shown: false });
});

it('I02, I03: tells a 1.6 station that announces it the running and the final cost, and no other', async () => {
  const { desk, said } = deskWhoseStation('done', {}, '1.6', announced);
  expect(await desk.showCost(toShow)).toEqual({ shown: true });
  expect(await desk.showCost({ ...toShow, final: true, cost: { amount: '2.00', currency: 'USD' } })).toEqual({ shown: true });
  const vendorId = 'org.openchargealliance.costmsg';
  expect(dataOf(said)).toEqual([
    [
      'DataTransfer',
      { vendorId, messageId: 'RunningCost' },
      {
        transactionId: 42,
        cost: 1.35,
        timestamp: '2026-03-01T10:30:00.000Z',
        meterValue: 4000,
        state: 'Charging',
        chargingPrice: { kWhPrice: 0.45 },
        idlePrice: { hourPrice: 6 },
      },
    ],
    ['DataTransfer', { vendorId, messageId: 'FinalCost' }, { transactionId: 42, cost: 2, priceText: '2.00 USD' }],
  ]);
  const silent = deskWhoseStation('done', {}, '1.6');
  expect(await silent.desk.showCost(toShow)).toEqual({ shown: false });
  expect(silent.said).toEqual([]);
});

it('I01: tells a 1.6 station that announces it the price of a driver who is accepted', async () => {
  const calls: Request<'callStation'>[] = [];
  const requester = {
    callStation: async (request: Request<'callStation'>): Promise<Reply<'callStation'>> => {
      calls.push(request);
      return { outcome: 'timeout' };
    },
  };
  const registered = { party: 'US-CHG', evses: [{ evseId: 1, connectors: [{ tariffId: 'T' }] }] } as StationRow['registered'];
  const row: Partial<StationRow> = { ocpp_version: '1.6', registered };
  const stations = { find: async () => row as StationRow };
  const catalogue = { tariffAt: async () => ({ altText: '$0.45 per kWh' }) as never };
  const teller = new PriceTeller(
    stations,
    catalogue,
    { knownOf: async () => announced },
    requester as never,
    { info: () => undefined } as never,
  );
  const asked = { party: 'US-CHG', stationId: 'CP1', token: { uid: '04AB', type: 'RFID' } } as const;
  await teller.authorized(asked, { verdict: 'Blocked' });
  expect(calls).toEqual([]);
  await teller.authorized(asked, { verdict: 'Accepted' });
  const [said] = calls.map(({ call: { payload } }) => payload);
  expect(said).toMatchObject({ messageId: 'SetUserPrice' });
  expect(JSON.parse(String(said?.data))).toEqual({ idToken: '04AB', priceText: '$0.45 per kWh' });
});
