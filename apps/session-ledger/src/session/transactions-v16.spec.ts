// How a session and its bill follow from what an OCPP 1.6 station reports, and from what it never does.
import { fold } from '@evenkeel/decider';
import { type SessionCommand, session } from './session';
import type { SessionFact } from './session-events';
import {
  agree,
  at,
  available,
  billOf,
  booted,
  ended,
  lastSaid,
  otherToken,
  promptly,
  reading,
  recordAll,
  registerSample,
  run,
  settleAt,
  started,
  status,
  token,
  types,
} from './session-scenarios';

describe('OCPP 1.6', () => {
  const charging = [started('10:00', '1000'), status('10:00', 'Charging'), reading('10:30', '4000')];

  it('F-3: of a refused token is metered and marked (TX-2, TX-16)', () => {
    const refused = { ...started('10:00', '1000'), tokenVerdict: 'Invalid' } as SessionFact;
    expect(billOf([refused, ended('10:02', '1010')])).toMatchObject({ energyWh: '10', flags: expect.arrayContaining(['unbillableToken']) });
    // TX-15: blocked meanwhile, and good when it started offline.
    const late = { ...refused, receivedAt: at('12:00') } as typeof refused;
    expect(billOf([late, ended('10:02', '1010')]).flags).not.toContain('unbillableToken');
  });

  it('TX-17: that was told hours later is billed by the times of the station', () => {
    const late = (fact: SessionFact) => ({ ...fact, receivedAt: at('20:00') });
    expect(billOf([...charging, ended('11:00', '6000')].map(late))).toMatchObject({
      startedAt: at('10:00'),
      endedAt: at('11:00'),
      energyWh: '5000',
      flags: ['offline'],
    });
  });

  it('TX-32: stops for the reason Local where none is told, and TX-39: is paid by who started', () => {
    const stop = { ...ended('11:00', '6000'), token: otherToken } as SessionFact;
    expect(billOf([...charging, stop])).toMatchObject({ stopReason: 'Local' });
    expect(fold(session, run(recordAll([...charging, stop]))).facts.token).toEqual(token);
  });

  it('TX-38: with a stop before its start lasts no time, and its energy is read as it is', () => {
    expect(billOf([started('10:00', '1000'), ended('09:59:59', '1200')])).toMatchObject({ endedAt: at('10:00'), energyWh: '200' });
  });

  it('TX-36: takes the readings of transactionData once, wherever they come from', () => {
    const stop = { ...ended('11:00', '6000'), samples: [registerSample('10:30', '4000'), registerSample('10:45', '5000')] } as SessionFact;
    expect(billOf([...charging, stop])).toMatchObject({ energyWh: '5000' });
  });

  it('TX-114: begins with meterStart, whatever a sample calls itself', () => {
    const begin = { ...registerSample('10:00', '0'), context: 'Transaction.Begin' };
    const stop = { ...ended('11:00', '6000'), samples: [begin] } as SessionFact;
    expect(billOf([...charging, stop])).toMatchObject({ energyWh: '5000', meterStartWh: '1000' });
  });

  it('TX-30: needs no reading in between, and TX-116: no register that begins at 0', () => {
    expect(billOf([started('10:00', '1234567'), ended('11:00', '1239567')])).toMatchObject({
      energyWh: '5000',
      flags: ['assumedCharging'],
    });
  });

  it('TX-78: that a fault ended is billed as it was metered', () => {
    for (const stopReason of ['EmergencyStop', 'PowerLoss', 'Reboot', 'GroundFault']) {
      expect(billOf([...charging, { ...ended('11:00', '6000'), stopReason } as SessionFact])).toMatchObject({
        stopReason,
        energyWh: '5000',
      });
    }
  });

  it('TX-121: adds thousandths of a watt-hour exactly', () => {
    expect(billOf([started('10:00', '0.1'), ended('11:00', '1000.3')]).energyWh).toBe('1000.2');
  });

  it('TX-4: says of what quality its bill is', () => {
    const poor = billOf([reading('10:30', '4000'), ended('11:00', '6000')]);
    expect(poor.flags).toEqual(expect.arrayContaining(['startNeverReported', 'estimatedStart', 'assumedCharging']));
    expect(billOf([...charging, ended('11:00', '6000')]).flags).toEqual([]);
  });

  describe('without a stop', () => {
    const lost = [started('10:00', '1000'), status('10:00', 'Charging'), reading('10:30', '4000')];
    const watchAt = (time: string): SessionCommand => ({ kind: 'watch', now: at(time), policy: promptly });

    it('F-8: is closed at its last evidence once the connector is free after a reboot; a late stop replaces it (TX-40, TX-41, TX-42, TX-44)', () => {
      const free = run([...recordAll([...lost, booted('10:35'), available('10:36')]), agree, watchAt('10:45')]);
      expect(types(free)).not.toContain('SessionClosed');
      const closed = run([watchAt('10:46')], free);
      expect(types(closed).slice(-2)).toEqual(['SessionClosed', 'SessionCompleted']);
      expect(closed.at(-2)).toMatchObject({ data: { why: 'vacant', endedAt: at('10:30'), lastReadingWh: '4000' } });
      expect(lastSaid(closed)).toMatchObject({ endedAt: at('10:30'), energyWh: '3000', stopReason: 'Other' });
      expect(lastSaid(closed)?.flags).toEqual(expect.arrayContaining(['adminClosed', 'estimatedEnd', 'noMeterEnd']));

      // TX-44: the stop that comes at last replaces the end that was assumed.
      const stopped = run(recordAll([{ ...ended('10:34', '4300'), stopReason: 'PowerLoss' } as SessionFact]), closed);
      expect(types(stopped).slice(-2)).toEqual(['FactRecorded', 'SessionAmended']);
      expect(lastSaid(stopped)).toMatchObject({ endedAt: at('10:34'), energyWh: '3300', stopReason: 'PowerLoss' });
      expect(lastSaid(stopped)?.flags).not.toContain('adminClosed');
    });

    it('TX-41: is closed after an hour where nobody rebooted, and not while the connector is used again', () => {
      const free = run([...recordAll([...lost, available('10:36')]), agree]);
      expect(types(run([watchAt('11:35')], free))).not.toContain('SessionClosed');
      expect(types(run([watchAt('11:36')], free))).toContain('SessionClosed');
      const busy = run([...recordAll([...lost, available('10:36'), status('10:40', 'Charging')]), agree, watchAt('12:00')]);
      expect(types(busy)).not.toContain('SessionClosed');
    });

    it('TX-43: stays open without evidence, and a person is told after a day', () => {
      const quiet = run([...recordAll(lost), agree]);
      const nextDay = (time: string): SessionCommand => ({ kind: 'watch', now: `2026-03-02T${time}:00.000Z`, policy: promptly });
      expect(types(run([nextDay('10:29')], quiet))).not.toContain('SessionStalled');
      const stalled = run([nextDay('10:30'), nextDay('20:00')], quiet);
      expect(stalled.at(-1)).toEqual({ type: 'SessionStalled', data: { why: 'silent', since: at('10:30') } });
      expect(types(stalled)).not.toContain('SessionClosed');
      const heard = { ...reading('22:59', '5000'), receivedAt: '2026-03-02T20:01:00.000Z' };
      const recovered = run([{ kind: 'record', opened: stalled[0]?.data as never, fact: heard }, settleAt('23:00')], stalled);
      expect(types(recovered)).toContain('SessionRecovered');
    });

    it('is closed by a party that closes silent sessions, at the last reading', () => {
      const policy = { ...promptly, silent: { alarmAfterMinutes: 60, closeAfterMinutes: 120 } };
      const closed = run([...recordAll(lost), agree, { kind: 'watch', now: at('12:30'), policy }]);
      expect(closed.find(({ type }) => type === 'SessionClosed')).toMatchObject({
        data: { why: 'silent', endedAt: at('10:30'), lastReadingWh: '4000' },
      });
      expect(lastSaid(closed)).toMatchObject({ energyWh: '3000' });
    });

    it('TX-18: is superseded by the next start there, whose register closes it', () => {
      const closure = {
        why: 'superseded',
        notAfter: at('11:00'),
        closingReading: { wh: '4200', factId: 'next' },
        evidence: ['next'],
      } as const;
      const closed = run([...recordAll(lost), agree, { kind: 'close', closure: { ...closure, evidence: ['next'] } }, settleAt('11:01')]);
      expect(lastSaid(closed)).toMatchObject({
        energyWh: '3200',
        endedAt: at('10:30'),
        flags: expect.arrayContaining(['superseded', 'estimatedEnd']),
      });
      const lower = { ...closure, closingReading: { wh: '0', factId: 'next' }, evidence: ['next'] };
      expect(lastSaid(run([...recordAll(lost), agree, { kind: 'close', closure: lower }, settleAt('11:01')]))?.energyWh).toBe('3000');
      const stopped = run(recordAll([ended('10:50', '4150')]), closed);
      expect(lastSaid(stopped)).toMatchObject({ endedAt: at('10:50'), energyWh: '3150' });
    });

    it('and without energy for half an hour needs a person (started, and nothing flows)', () => {
      const idle = run([...recordAll([started('10:00', '1000'), reading('10:20', '1000')]), agree, watchAt('10:29')]);
      expect(types(idle)).not.toContain('SessionStalled');
      const stalled = run([watchAt('10:30'), watchAt('10:40')], idle);
      expect(stalled.filter(({ type }) => type === 'SessionStalled')).toMatchObject([{ data: { why: 'noEnergy', since: at('10:00') } }]);
    });
  });

  it('TX-26: whose station goes on without naming it needs a person: it never got the id', () => {
    const unnamed: SessionFact = {
      ...(reading('10:05', '1500') as Extract<SessionFact, { kind: 'transaction-reported' }>),
      kind: 'meter-values-reported',
      evseId: 1,
    } as never;
    const watched = run([...recordAll([started('10:00', '1000'), unnamed]), agree, { kind: 'watch', now: at('10:11'), policy: promptly }]);
    expect(watched.at(-1)).toEqual({ type: 'SessionStalled', data: { why: 'noTransactionId', since: at('10:00') } });
  });
});
