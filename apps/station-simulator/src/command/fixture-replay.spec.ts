import type { FixtureStep, SessionFixture } from '@evenkeel/contracts';
import { ScriptedBackEnd } from '../testing/scripted-back-end';
import { replayFixture } from './fixture-replay';

const at = '2026-03-02T10:00:00.000Z';
const booted = { status: 'Accepted', currentTime: at, interval: 60 };

function fixture(ocppVersion: SessionFixture['ocppVersion'], steps: FixtureStep[]): SessionFixture {
  return {
    ...{ story: 'A test.', format: 'evenkeel-session-1', masked: [], ocppVersion, timeZone: 'UTC', tokens: [], steps, outcomes: [] },
    connectors: [{ evseId: 1, connectorId: 1, standard: 'IEC_62196_T2', format: 'SOCKET', powerType: 'AC_1_PHASE' }],
    tariff: {
      id: 'T',
      currency: 'USD',
      elements: [{ priceComponents: [{ type: 'ENERGY', price: '1', stepSize: 1 }] }],
      taxIncluded: 'N/A',
      lastUpdated: at,
    },
  };
}

test('a 1.6 session is played with the number that the back end gives it, and with tokens that it knows', async () => {
  let refusals = 1;
  const backEnd = new ScriptedBackEnd('1.6', ({ action }) => {
    if (action === 'BootNotification') return booted;
    if (action === 'StartTransaction') return { transactionId: 77, idTagInfo: { status: 'Accepted' } };
    if (action === 'MeterValues' && refusals-- > 0) return 'refuse';
    return {};
  });
  await backEnd.listen();
  const meterValue = [{ timestamp: at, sampledValue: [{ value: '7' }] }];
  const steps: FixtureStep[] = [
    { at, frame: [2, 'm1', 'StartTransaction', { connectorId: 1, idTag: 'TOKEN-1', meterStart: 5, timestamp: at }], answered: 1 },
    { at, frame: [2, 'm2', 'MeterValues', { connectorId: 1, transactionId: 1, meterValue }] },
    { at, frame: [2, 'm3', 'StopTransaction', { transactionId: -1, idTag: 'TOKEN-2', meterStop: 9, timestamp: at }] },
    { at, release: { transaction: '1', reason: 'It is right.' } },
  ];
  const where = { url: backEnd.url, identity: 'SIM', fixture: fixture('1.6', steps), tokens: { 'TOKEN-1': '04AA' } };
  const { transactions, leftOut } = await replayFixture(where);
  await backEnd.die();
  expect([...transactions]).toEqual([['1', '77']]);
  expect(leftOut).toEqual([steps[3]]);
  expect(backEnd.violations).toEqual([]);
  expect(backEnd.payloadsOf('StartTransaction')).toMatchObject([{ idTag: '04AA', timestamp: at }]);
  expect(backEnd.payloadsOf('MeterValues').at(-1)).toMatchObject({ transactionId: 77 });
  expect(backEnd.payloadsOf('StopTransaction')).toMatchObject([{ transactionId: -1, idTag: 'TOKEN-2' }]);
  expect(backEnd.payloadsOf('StatusNotification')).toEqual([]);
});

test('a 2.0.1 transaction gets a name of its own at each replay', async () => {
  const backEnd = new ScriptedBackEnd('2.0.1', ({ action }) => (action === 'BootNotification' ? booted : {}));
  await backEnd.listen();
  const event = (eventType: string, seqNo: number): FixtureStep => ({
    at,
    frame: [
      2,
      'm',
      'TransactionEvent',
      { eventType, timestamp: at, triggerReason: 'Authorized', seqNo, transactionInfo: { transactionId: 'TX-1' } },
    ],
  });
  const played = fixture('2.0.1', [event('Started', 0), event('Ended', 1)]);
  for (const identity of ['SIM', 'SIM2']) await replayFixture({ url: backEnd.url, identity, fixture: played });
  await backEnd.die();
  const names = backEnd
    .payloadsOf('TransactionEvent')
    .map((payload) => (payload as { transactionInfo: { transactionId: string } }).transactionInfo.transactionId);
  expect([names[0] === names[1], names[2] === names[3], new Set(names).size, names.includes('TX-1')]).toEqual([true, true, 2, false]);
});
