// What the ledger makes of whole stations: sessions found by connector and time, stops without a name, starts that supersede, time that
// passes. The real book, watchdog and desks over an event store in memory, on a clock of the test's own.
import { type StationFact, sessionIdOf } from '@evenkeel/contracts';
import { LedgerUnderTest, registryIsSilent } from '../testing/ledger-under-test';
import type { SessionEvent } from './session-events';
import { at, lastSaid, party, promptly, stationId, terms, types } from './session-scenarios';

type TransactionFact = Extract<StationFact, { kind: 'transaction-reported' }>;

const common = (time: string, key: string, receivedAt = at(time)) => ({
  factId: `${key}@${time}`,
  party,
  stationId,
  ocppVersion: '1.6' as const,
  at: at(time),
  receivedAt,
  messageId: 'm',
});

function transaction(
  phase: TransactionFact['phase'],
  transactionId: string,
  time: string,
  rest: Partial<TransactionFact> = {},
): TransactionFact {
  return {
    ...common(time, `${phase} ${transactionId} ${JSON.stringify(rest)}`),
    kind: 'transaction-reported',
    phase,
    transactionId,
    samples: [],
    ...rest,
  };
}

const tokenOf = (holder: string) => ({ key: holder.toLowerCase().repeat(32), type: 'RFID' as const });
const start = (id: string, time: string, meterStartWh: string, evseId = 1, holder = 'A') =>
  transaction('started', id, time, { meterStartWh, evseId, connectorId: evseId, token: tokenOf(holder) });
const stop = (id: string, time: string, meterStopWh: string, holder?: string, rest: Partial<TransactionFact> = {}) =>
  transaction('ended', id, time, { meterStopWh, ...(holder ? { token: tokenOf(holder) } : {}), ...rest });
const sample = (time: string, value: string, context?: string) => ({
  at: at(time),
  measurand: 'Energy.Active.Import.Register',
  value,
  unit: 'Wh',
  ...(context ? { context } : {}),
});
const reading = (id: string, time: string, wh: string, evseId = 1) =>
  transaction('updated', id, time, { evseId, samples: [sample(time, wh)] });
const unnamed = (time: string, wh: string, evseId = 1): StationFact => ({
  ...common(time, `unnamed ${evseId}`),
  kind: 'meter-values-reported',
  evseId,
  samples: [sample(time, wh)],
});
const status = (
  time: string,
  name: string,
  chargingState: 'Charging' | 'Idle' | 'SuspendedEV' | 'EVConnected',
  evseId = 1,
): StationFact => ({
  ...common(time, `status ${evseId} ${name}`),
  kind: 'connector-status-reported',
  evseId,
  connectorId: evseId,
  status: name,
  chargingState,
});
const boot = (time: string): StationFact => ({ ...common(time, 'boot'), kind: 'station-booted', vendor: 'V', model: 'M' });

let ledger: LedgerUnderTest;
const open = (policy: Partial<typeof promptly> = {}) => {
  ledger = new LedgerUnderTest({ policy: { ...promptly, ...policy }, terms: () => terms(), startMs: Date.parse(at('09:00')) });
  return ledger;
};
beforeEach(() => void open());
afterEach(() => ledger.stop());

const idOfTransaction = (id: string) => sessionIdOf(party, stationId, id);
const billOf = async (id: string) => lastSaid(await ledger.eventsOf(id.length > 30 ? id : idOfTransaction(id)));
const eventTypes = async (id: string) => types(await ledger.eventsOf(id.length > 30 ? id : idOfTransaction(id)));
const until = async (time: string) => ledger.pass((Date.parse(at(time)) - ledger.nowMs) / 60_000);
const strays = () => ledger.sessionIds.filter((id) => ['stray', 'merged'].includes(ledger.statusOf(id) ?? ''));

describe('readings and states that name no transaction', () => {
  it('TX-25: belong to the session that was open at their connector at their own time, whichever came first', async () => {
    await ledger.hear(unnamed('10:30', '3000'), status('10:40', 'SuspendedEV', 'SuspendedEV'));
    await ledger.hear(start('1', '10:00', '0'), status('10:00', 'Charging', 'Charging'));
    await ledger.hear(unnamed('10:20', '2000'), stop('1', '11:00', '3000'));
    expect((await billOf('1'))?.periods.map(({ startedAt, kind, energyWh }) => [startedAt, kind, energyWh])).toEqual([
      [at('10:00'), 'charging', '3000'],
      [at('10:40'), 'parking', '0'],
    ]);
  });

  it('TX-25: of connector 0 belong to none', async () => {
    await ledger.hear(start('1', '10:00', '0'), unnamed('10:30', '99999', 0), stop('1', '11:00', '3000'));
    expect((await billOf('1'))?.flags).not.toContain('implausibleReading');
  });

  it('TX-19: are told apart where two sessions are interleaved at two EVSEs', async () => {
    await ledger.hear(start('1', '10:00', '0', 1), start('2', '10:05', '50000', 2, 'B'));
    await ledger.hear(status('10:05', 'Charging', 'Charging', 2), unnamed('10:20', '1000', 1), unnamed('10:25', '52000', 2));
    await ledger.hear(status('10:30', 'SuspendedEV', 'SuspendedEV', 2), stop('2', '11:00', '53000'), stop('1', '11:10', '4000'));
    expect(await billOf('1')).toMatchObject({ energyWh: '4000', evseId: 1 });
    expect(await billOf('2')).toMatchObject({ energyWh: '3000', evseId: 2 });
    expect((await billOf('2'))?.periods.map(({ kind }) => kind)).toEqual(['charging', 'parking']);
  });

  it('TX-27: that name another station’s transaction are given to the session at their connector', async () => {
    await ledger.hear(
      start('1', '10:00', '0'),
      status('10:00', 'Charging', 'Charging'),
      reading('77', '10:30', '2500'),
      stop('1', '11:00', '3000'),
    );
    const bill = await billOf('1');
    expect(bill?.flags).toContain('foreignTransactionId');
    await until('11:30');
    expect(ledger.statusOf(idOfTransaction('77'))).toBe('stray');
    expect((await ledger.eventsOf(idOfTransaction('1'))).filter(({ type }) => type === 'FactRecorded')).toHaveLength(4);
  });

  it('are still found after the connector has carried its state forward many times (any history)', async () => {
    for (let index = 0; index < 450; index++) {
      const time = `0${Math.floor(index / 60)}:${String(index % 60).padStart(2, '0')}`;
      await ledger.hear(unnamed(time, String(index)));
    }
    ledger.restart();
    await ledger.hear(
      status('09:59', 'Charging', 'Charging'),
      start('1', '10:00', '1000'),
      unnamed('10:20', '2000'),
      stop('1', '11:00', '4000'),
    );
    expect(await billOf('1')).toMatchObject({ energyWh: '3000' });
    const events = (await ledger.eventsOf(idOfTransaction('1'))).filter(({ type }) => type === 'FactRecorded');
    expect(events).toHaveLength(4);
  });
});

describe('a stop that names no transaction', () => {
  it('F-4: with -1 closes the transaction of its token whose start was never confirmed (TX-34)', async () => {
    await ledger.hear(start('1', '11:00', '4000'), start('2', '11:05', '900', 2, 'B'));
    await until('12:00');
    await ledger.hear(stop('-1', '12:00', '9000', 'A'));
    expect(await billOf('1')).toMatchObject({ status: 'active' });
    await until('12:20');
    expect(await billOf('1')).toMatchObject({ energyWh: '5000', endedAt: at('12:00'), flags: expect.arrayContaining(['stopMatched']) });
    expect(strays().map((id) => ledger.statusOf(id))).toEqual(['merged']);
    expect(await billOf('2')).toMatchObject({ status: 'active' });
  });

  it('TX-34: closes the only transaction that was never confirmed, also without a token', async () => {
    await ledger.hear(start('1', '11:00', '4000'), start('2', '11:05', '900', 2, 'B'), reading('2', '11:30', '1000', 2));
    await until('12:00');
    await ledger.hear(stop('0', '12:00', '9000'));
    await until('12:20');
    expect(await billOf('1')).toMatchObject({ energyWh: '5000', status: 'completed' });
  });

  it('TX-34: that may be several’s is nobody’s, and waits for a person', async () => {
    await ledger.hear(start('1', '11:00', '4000'), start('2', '11:05', '900', 2));
    await until('12:00');
    await ledger.hear(stop('-1', '12:00', '9000', 'A'));
    await until('12:30');
    expect(strays().map((id) => ledger.statusOf(id))).toEqual(['stray']);
    expect([(await billOf('1'))?.status, (await billOf('2'))?.status]).toEqual(['active', 'active']);
  });

  it('TX-34: is not of a session whose connector cannot have delivered that much', async () => {
    await ledger.stop();
    const at50kW = { ...terms(), place: { ...terms().place, connectorMaxPowerW: 50_000 } };
    ledger = new LedgerUnderTest({ policy: promptly, terms: () => at50kW, startMs: Date.parse(at('09:00')) });
    await ledger.hear(start('1', '11:00', '3959000'), start('2', '11:40', '3220000', 2));
    await until('12:00');
    await ledger.hear(stop('-1', '12:00', '4000000', 'A'));
    await until('12:30');
    expect(await billOf('1')).toMatchObject({ energyWh: '41000', endedAt: at('12:00') });
    expect((await billOf('2'))?.status).toBe('active');
  });

  it('F-5: and was never issued is recorded and waits for a person; nothing is billed (TX-31)', async () => {
    await ledger.hear(start('1', '11:00', '4000'));
    await until('12:00');
    await ledger.hear(stop('77', '12:00', '9000', 'A'));
    await until('12:30');
    expect(ledger.statusOf(idOfTransaction('77'))).toBe('stray');
    expect(await eventTypes('77')).toEqual(['SessionOpened', 'FactRecorded', 'SessionStrayed']);
    expect((await billOf('1'))?.status).toBe('active');
  });

  it('TX-34: is found by the reading of its begin', async () => {
    await ledger.hear(start('1', '11:00', '4000'), start('2', '11:05', '900', 2, 'A'));
    await until('12:00');
    await ledger.hear(stop('77', '12:00', '1900', 'A', { samples: [sample('11:05', '900', 'Transaction.Begin')] }));
    await until('12:30');
    expect(await billOf('2')).toMatchObject({ energyWh: '1000', status: 'completed' });
  });

  it('TX-35: and repeats one that is known, with another id, changes nothing', async () => {
    await ledger.hear(start('58', '11:00', '4000'), stop('58', '12:00', '9000'));
    const before = await billOf('58');
    await until('12:01');
    await ledger.hear(stop('-1', '12:00', '9000'));
    await until('12:30');
    expect(await billOf('58')).toEqual(before);
    expect((await eventTypes('58')).filter((type) => type === 'SessionCompleted' || type === 'SessionAmended')).toHaveLength(1);
    expect(strays().map((id) => ledger.statusOf(id))).toEqual(['merged']);
  });

  it('TX-34: is not given to a session that was over before it', async () => {
    await ledger.hear(start('1', '09:00', '1000'), reading('1', '09:10', '2000'), status('09:20', 'Available', 'Idle'));
    await until('11:00');
    expect(await billOf('1')).toMatchObject({ energyWh: '1000', status: 'completed' });
    await ledger.hear(stop('-1', '11:00', '9000', 'A'));
    await until('11:20');
    expect(await billOf('1')).toMatchObject({ energyWh: '1000', endedAt: at('09:10') });
    expect(strays().map((id) => ledger.statusOf(id))).toEqual(['stray']);
  });

  it('TX-34: that told its time before the session was taken for over is still its own', async () => {
    await ledger.hear(start('1', '09:00', '1000'), status('09:20', 'Available', 'Idle'));
    await until('11:00');
    await ledger.hear(stop('-1', '09:15', '2500', 'A'));
    await until('11:20');
    expect(await billOf('1')).toMatchObject({ energyWh: '1500', endedAt: at('09:15') });
  });

  it('TX-34: stays with the session that has it, when a crash came before the stray was closed', async () => {
    const given = stop('-1', '12:00', '9000', 'A');
    // Another session of the same card is open as well: without the first step, nothing would tell the two apart any more.
    await ledger.hear(start('9', '10:00', '100', 3), reading('9', '10:30', '200', 3), start('1', '11:00', '4000'));
    await until('12:00');
    await ledger.hear(given);
    await ledger.book.recordMatched(idOfTransaction('1'), given, 'unconfirmedStart');
    ledger.restart();
    await until('12:30');
    expect(await billOf('1')).toMatchObject({ energyWh: '5000', endedAt: at('12:00') });
    expect((await billOf('9'))?.status).toBe('active');
    const [stray = ''] = strays();
    expect((await ledger.eventsOf(stray)).at(-1)).toMatchObject({ type: 'SessionMerged', data: { into: idOfTransaction('1') } });
  });

  it('TX-33: gives way to the stop that does name it', async () => {
    await ledger.hear(start('1', '11:00', '4000'));
    await until('12:00');
    await ledger.hear(stop('-1', '12:00', '9000', 'A'));
    await until('12:20');
    await ledger.hear(stop('1', '12:01', '9100', 'A'));
    expect(await billOf('1')).toMatchObject({ endedAt: at('12:01'), energyWh: '5100' });
  });

  it('TX-34: that carries both readings and a token, and is nobody’s, has a bill of its own', async () => {
    await ledger.hear(
      stop('-1', '12:00', '9000', 'A', {
        samples: [sample('11:00', '4000', 'Transaction.Begin'), sample('12:00', '9000', 'Transaction.End')],
      }),
    );
    await until('12:30');
    const [id = ''] = ledger.sessionIds;
    expect(await billOf(id)).toMatchObject({
      startedAt: at('11:00'),
      endedAt: at('12:00'),
      energyWh: '5000',
      flags: expect.arrayContaining(['orphan']),
    });
  });
});

describe('a start', () => {
  it('TX-18: at a connector closes the session before it, whose stop never came', async () => {
    await ledger.hear(start('1', '10:00', '1000'), status('10:00', 'Charging', 'Charging'), reading('1', '10:30', '4000'));
    await until('11:00');
    await ledger.hear(start('2', '11:00', '4200', 1, 'B'));
    await until('11:05');
    expect(await billOf('1')).toMatchObject({
      energyWh: '3200',
      endedAt: at('10:30'),
      flags: expect.arrayContaining(['superseded', 'adminClosed']),
    });
    expect((await ledger.eventsOf(idOfTransaction('1'))).find(({ type }) => type === 'SessionClosed')).toMatchObject({
      data: { why: 'superseded', closingReading: { wh: '4200' } },
    });
    await ledger.hear(stop('1', '10:50', '4150'));
    expect(await billOf('1')).toMatchObject({ energyWh: '3150', endedAt: at('10:50') });
    expect((await billOf('2'))?.status).toBe('active');
  });

  it('TX-18: that was overtaken by the next one closes the session before it after all, at its own register', async () => {
    await ledger.hear(start('1', '10:00', '1000'), reading('1', '10:30', '4000'));
    await until('12:00');
    await ledger.hear(start('3', '12:00', '9000', 1, 'C'));
    await until('12:05');
    expect(await billOf('1')).toMatchObject({ energyWh: '8000', status: 'completed' });
    await ledger.hear(start('2', '11:00', '4200', 1, 'B'), stop('2', '11:40', '9000'));
    expect(await billOf('1')).toMatchObject({ energyWh: '3200', endedAt: at('10:30') });
    expect(await billOf('2')).toMatchObject({ energyWh: '4800' });
  });

  it('TX-18: whose price is not agreed yet closes the session before it all the same, not the start after it', async () => {
    let known = false;
    await ledger.stop();
    ledger = new LedgerUnderTest({
      policy: promptly,
      terms: ({ token }) => (token?.key === tokenOf('B').key && !known ? registryIsSilent() : terms()),
      startMs: Date.parse(at('09:00')),
    });
    await ledger.hear(start('1', '10:00', '1000'), reading('1', '10:30', '4000'));
    await ledger.hear(start('2', '11:00', '4200', 1, 'B'), stop('2', '11:40', '9000'), start('3', '12:00', '9000', 1, 'C'));
    await until('12:05');
    expect(await billOf('1')).toMatchObject({ energyWh: '3200', endedAt: at('10:30') });
    known = true;
    await until('12:10');
    expect(await billOf('1')).toMatchObject({ energyWh: '3200' });
    expect(await billOf('2')).toMatchObject({ energyWh: '4800', status: 'completed' });
  });

  it('TX-45: below the register of the session before is known to be so', async () => {
    await ledger.hear(start('1', '09:00', '910000'), stop('1', '09:30', '915000'));
    await ledger.hear(start('2', '10:00', '0', 1, 'B'), stop('2', '10:30', '917000'));
    const bill = await billOf('2');
    expect(bill?.anomalies).toMatchObject([{ code: 'zeroBaseline' }]);
    expect(await eventTypes('2')).toContain('EarlierReadingKnown');
  });

  it('TX-22: told late, after the next one, is known to be above it all the same', async () => {
    await ledger.hear(start('2', '10:00', '0', 1, 'B'), stop('2', '10:30', '917000'));
    await ledger.hear(start('1', '09:00', '910000'), stop('1', '09:30', '915000'));
    expect((await billOf('2'))?.anomalies).toMatchObject([{ code: 'zeroBaseline' }]);
  });
});

describe('transactions of 2.x', () => {
  const other = (fact: TransactionFact, station: string, transactionId: string): TransactionFact => ({
    ...fact,
    factId: `${fact.factId} ${station}`,
    stationId: station,
    transactionId,
    ocppVersion: '2.0.1',
  });

  it('TX-60: are the station’s own, whatever the case of their id', async () => {
    const [begin, end] = [start('abc', '10:00', '0'), stop('abc', '11:00', '4000')];
    await ledger.hear(other(begin, 'CP1', 'abc'), other(end, 'cp1', 'ABC'), other(begin, 'CP2', 'abc'));
    expect(await billOf(sessionIdOf(party, 'CP1', 'abc'))).toMatchObject({ energyWh: '4000', transactionId: 'abc' });
    expect(await billOf(sessionIdOf(party, 'CP2', 'abc'))).toMatchObject({ status: 'active' });
  });
});

describe('time that passes', () => {
  it('TX-41: closes a session whose connector is free, sooner after a reboot', async () => {
    await ledger.hear(start('1', '10:00', '1000'), reading('1', '10:30', '4000'));
    await until('10:35');
    await ledger.hear(boot('10:35'), status('10:36', 'Available', 'Idle'));
    await until('12:00');
    expect(await billOf('1')).toMatchObject({ status: 'completed', endedAt: at('10:30'), energyWh: '3000' });
    const closed = (await ledger.eventsOf(idOfTransaction('1'))).find(({ type }) => type === 'SessionClosed') as Extract<
      SessionEvent,
      { type: 'SessionClosed' }
    >;
    expect(closed.data).toMatchObject({ why: 'vacant', notAfter: at('10:36') });
  });

  it('ends a settle window, also when the process that opened it is gone', async () => {
    await ledger.stop();
    open({ settleSeconds: 90 });
    await ledger.hear(start('1', '10:00', '0'), stop('1', '11:00', '4000'));
    expect((await eventTypes('1')).at(-1)).toBe('SettlementAwaited');
    ledger.restart();
    await ledger.pass(4);
    expect((await eventTypes('1')).at(-1)).toBe('SessionCompleted');
    expect(ledger.statusOf(idOfTransaction('1'))).toBe('completed');
  });

  it('does not bill a session whose terms nobody can tell, and does once they can', async () => {
    await ledger.stop();
    let silent = true;
    ledger = new LedgerUnderTest({
      policy: promptly,
      terms: () => (silent ? registryIsSilent() : terms()),
      startMs: Date.parse(at('09:00')),
    });
    await ledger.hear(start('1', '10:00', '0'), stop('1', '11:00', '4000'));
    await ledger.pass(3);
    expect(ledger.statusOf(idOfTransaction('1'))).toBe('pending');
    silent = false;
    await ledger.pass(1);
    expect(await billOf('1')).toMatchObject({ energyWh: '4000', status: 'completed' });
  });
});
