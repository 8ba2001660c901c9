import type { StationCommand } from '@evenkeel/contracts';
import type { StationRow } from '../view/registry-tables';
import { TransactionDesk } from './transaction-desk';

const station = { registered: { stationId: 'CP1', party: 'US-CHG' } } as Partial<StationRow> as StationRow;
const question = { party: 'US-CHG', stationId: 'CP1', transactionId: 'tx-1', cause: 'c' } as const;

function deskWhoseStation(status: StationCommand['status'], answer?: Record<string, unknown>) {
  const said: unknown[] = [];
  const say = async (_: StationRow, action: string, request: object): Promise<StationCommand> => {
    said.push([action, request]);
    const calls = [{ action, request: { ...request }, ...(answer ? { answer } : {}) }];
    return { commandId: 'c', party: 'US-CHG', stationId: 'CP1', calls, requestedAt: '', status };
  };
  const find = async (stationId: string) => (stationId === 'CP1' ? station : undefined);
  return { desk: new TransactionDesk({ say }, { find }), said };
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
