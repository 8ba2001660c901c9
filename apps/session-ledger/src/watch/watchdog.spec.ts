// What fails at the moment when it should follow is found again later, without waiting for another fact.
import { type EventStore, InMemoryEventStore, StoreUnavailable } from '@evenkeel/event-store';
import type { SessionEvent } from '../session/session-events';
import { at, ended, event, lastSaid, promptly, sessionId, started, terms, token, types } from '../session/session-scenarios';
import { LedgerUnderTest, registryIsSilent } from '../testing/ledger-under-test';

const policy = { ...promptly, settleSeconds: 5 };
const withoutPayer = () => {
  const { payer: _, token: __, ...rest } = terms();
  return rest;
};
const startFact = event(0, '10:00', 'started', { wh: '0', evseId: 1, connectorId: 1, token });
const later = [event(1, '10:30', 'updated', { wh: '3000' }), event(2, '11:00', 'ended', { wh: '6000' })];

it('finds the payer of a billed session whose start came late while the registry was silent', async () => {
  let isSilent = false;
  const ledger = new LedgerUnderTest({
    policy,
    terms: (request) => (isSilent ? registryIsSilent() : request.token ? terms() : withoutPayer()),
    startMs: Date.parse(at('11:01')),
  });
  await ledger.hear(...later);
  await ledger.pass(1);
  expect(lastSaid(await ledger.eventsOf(sessionId))?.terms.payer).toBeUndefined();
  isSilent = true;
  await ledger.hear(startFact);
  await ledger.pass(5);
  expect(lastSaid(await ledger.eventsOf(sessionId))?.terms.payer).toBeUndefined();
  isSilent = false;
  await ledger.pass(2);
  expect(lastSaid(await ledger.eventsOf(sessionId))).toMatchObject({ terms: { payer: { verdict: 'Accepted' } }, energyWh: '6000' });
  await ledger.stop();
});

it('settles a session soon although the store failed right behind its terms', async () => {
  class FailingOnce extends InMemoryEventStore {
    private hasFailed = false;
    override async append(...args: Parameters<EventStore['append']>) {
      if (!this.hasFailed && args[2].some(({ type }) => type === 'SettlementAwaited')) {
        this.hasFailed = true;
        throw new StoreUnavailable('full');
      }
      return super.append(...args);
    }
  }
  let isSilent = true;
  const ledger = new LedgerUnderTest({
    policy,
    terms: () => (isSilent ? registryIsSilent() : terms()),
    startMs: Date.parse(at('11:01')),
    store: new FailingOnce(),
  });
  await ledger.hear(startFact, ...later);
  isSilent = false;
  await ledger.pass(1);
  const said = async (): Promise<SessionEvent[]> => (await ledger.eventsOf(sessionId)).filter(({ type }) => type !== 'FactRecorded');
  expect(types(await said())).toEqual(['SessionOpened', 'SessionStarted']);
  await ledger.pass(3);
  expect(types(await said())).toEqual(['SessionOpened', 'SessionStarted', 'SettlementAwaited', 'SessionCompleted']);
  await ledger.stop();
});

it('bills a session within seconds although looks at it failed more than once after a crash', async () => {
  class FullAtTheEnd extends InMemoryEventStore {
    failures = 0;
    override async append(...args: Parameters<EventStore['append']>) {
      if (this.failures < 3 && args[2].some(({ type }) => type === 'SessionCompleted')) {
        this.failures += 1;
        throw new StoreUnavailable('full');
      }
      return super.append(...args);
    }
  }
  const store = new FullAtTheEnd();
  const ledger = new LedgerUnderTest({ policy, terms: () => terms(), startMs: Date.parse(at('11:01')), store });
  await ledger.hear(startFact, ...later);
  ledger.restart();
  // The window's 5 s, the 15 s that another pod waits, and three failures.
  await ledger.passSeconds(45);
  expect(store.failures).toBe(3);
  expect(lastSaid(await ledger.eventsOf(sessionId))).toMatchObject({ status: 'completed', energyWh: '6000' });
  await ledger.stop();
});

it('bills a stray whose start came after all while the registry was silent, however late, also after a crash', async () => {
  let isSilent = true;
  const ledger = new LedgerUnderTest({
    policy,
    terms: () => (isSilent ? registryIsSilent() : terms()),
    startMs: Date.parse(at('11:01')),
  });
  await ledger.hear(ended('11:00', '6000'));
  await ledger.pass(90);
  expect(ledger.statusOf(sessionId)).toBe('stray');
  await ledger.hear(started('10:00', '0'));
  expect(ledger.statusOf(sessionId)).toBe('pending');
  ledger.restart();
  isSilent = false;
  await ledger.pass(2);
  expect(lastSaid(await ledger.eventsOf(sessionId))).toMatchObject({ status: 'completed', energyWh: '6000' });
  expect(lastSaid(await ledger.eventsOf(sessionId))?.flags).not.toContain('orphan');
  await ledger.stop();
});
