// A station is asked once about what is missing of its transaction, and its answer settles the session.
import type { Reply } from '@evenkeel/contracts';
import { at, event, lastSaid, promptly, sessionId, started, terms, token, types } from '../session/session-scenarios';
import { LedgerUnderTest } from '../testing/ledger-under-test';

const policy = { ...promptly, settleSeconds: 5, gapSettleSeconds: 600 };
const startFact = event(0, '10:00', 'started', { wh: '0', evseId: 1, connectorId: 1, token });
const endFact = event(5, '11:00', 'ended', { wh: '6000' });
const between = (number: number, time: string) => event(number, time, 'updated', { wh: String(number * 1000), offline: true });

function ledgerWhoseStationSays(answer: Reply<'transactionStatus'> | undefined) {
  const asked: object[] = [];
  const ledger = new LedgerUnderTest({
    policy,
    terms: () => terms(),
    startMs: Date.parse(at('11:00')),
    ...(answer && {
      transactionStatus: (request) => {
        asked.push(request);
        return answer;
      },
    }),
  });
  return { ledger, asked };
}

it('T2-07, TX-64, TX-66: asks once about numbers that are missing, takes them in late, and stays ended', async () => {
  const { ledger, asked } = ledgerWhoseStationSays({ ongoing: false, messagesInQueue: true });
  await ledger.hear(startFact, event(1, '10:10', 'updated'), event(2, '10:20', 'updated'));
  expect(asked).toEqual([]);
  await ledger.hear(endFact);
  await ledger.settled();
  expect(asked).toMatchObject([{ party: 'US-CHG', stationId: 'CP1', transactionId: '7' }]);
  await ledger.hear(event(5, '11:00', 'ended', { wh: '6000', offline: true }));
  await ledger.settled();
  expect(asked).toHaveLength(1);
  await ledger.pass(1);
  expect(ledger.statusOf(sessionId)).toBe('ended');
  await ledger.hear(between(3, '10:30'), between(4, '10:40'));
  await ledger.pass(1);
  expect(ledger.statusOf(sessionId)).toBe('completed');
  expect(lastSaid(await ledger.eventsOf(sessionId))).toMatchObject({ energyWh: '6000', endedAt: at('11:00') });
  expect(lastSaid(await ledger.eventsOf(sessionId))?.flags).not.toContain('gaps');
  await ledger.stop();
});

it('TX-65: waits no longer for what the station does not have', async () => {
  const { ledger } = ledgerWhoseStationSays({ ongoing: false, messagesInQueue: false });
  await ledger.hear(startFact, endFact);
  await ledger.settled();
  await ledger.pass(1);
  expect(ledger.statusOf(sessionId)).toBe('completed');
  expect(lastSaid(await ledger.eventsOf(sessionId))?.flags).toContain('gaps');
  await ledger.stop();
});

it('TX-41, TX-66: ends a silent transaction of which the station knows nothing any more, at its last evidence', async () => {
  const { ledger, asked } = ledgerWhoseStationSays({ ongoing: false, messagesInQueue: false });
  await ledger.hear(startFact, event(1, '10:30', 'updated', { wh: '3000' }));
  await ledger.pass(26 * 60);
  await ledger.settled();
  expect(asked).toHaveLength(1);
  await ledger.pass(1);
  expect(types(await ledger.eventsOf(sessionId))).toContain('SessionClosed');
  expect(lastSaid(await ledger.eventsOf(sessionId))).toMatchObject({ status: 'completed', endedAt: at('10:30'), energyWh: '3000' });
  await ledger.stop();
});

it('TX-66: waits out the gap where the station does not know the question, cannot be reached, or speaks OCPP 1.6', async () => {
  const without = ledgerWhoseStationSays({});
  await without.ledger.hear(startFact, endFact);
  await without.ledger.settled();
  await without.ledger.hear(event(4, '10:50', 'updated'), event(3, '10:45', 'updated'));
  await without.ledger.settled();
  expect(without.asked.length).toBeLessThanOrEqual(3);
  await without.ledger.pass(1);
  expect(without.ledger.statusOf(sessionId)).toBe('ended');
  await without.ledger.pass(10);
  expect(without.ledger.statusOf(sessionId)).toBe('completed');
  await without.ledger.stop();

  const offline = ledgerWhoseStationSays(undefined);
  await offline.ledger.hear(startFact, endFact);
  await offline.ledger.settled();
  expect(types(await offline.ledger.eventsOf(sessionId))).not.toContain('TransactionStatusTold');
  await offline.ledger.stop();

  const old = ledgerWhoseStationSays({ messagesInQueue: false });
  await old.ledger.hear(started('10:00', '0'));
  await old.ledger.pass(26 * 60);
  expect(old.asked).toEqual([]);
  await old.ledger.stop();
});
