// How a session and its bill follow from what a station reports, rule by rule: identity, gaps, late and missing messages, clocks, meters.
import type { SessionSnapshot } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import fc from 'fast-check';
import { type SessionCommand, session } from './session';
import type { SessionEvent, SessionFact } from './session-events';
import {
  at,
  available,
  booted,
  ended,
  event,
  lastSaid,
  promptly,
  reading,
  recordAll,
  registerSample,
  run,
  settleAt,
  started,
  status,
  terms,
  token,
  types,
} from './session-scenarios';

const agree: SessionCommand = { kind: 'agree', terms: terms() };
const otherToken = { key: 'b'.repeat(32), type: 'RFID' } as const;

/** The bill of a whole session, told in this order. */
function billOf(facts: readonly SessionFact[], agreed = terms()): SessionSnapshot {
  const said = lastSaid(run([...recordAll(facts), { kind: 'agree', terms: agreed }, settleAt('23:00')]));
  if (said === undefined) throw new Error('nothing was said');
  return said;
}

const periodsOf = ({ periods }: SessionSnapshot) =>
  periods.map(({ startedAt, state, energyWh }) => [startedAt.slice(11, 16), state, energyWh]);
const minutesOf = ({ periods, endedAt = '' }: SessionSnapshot, kind: string) =>
  periods.reduce((sum, period, index) => {
    const end = periods[index + 1]?.startedAt ?? endedAt;
    return period.kind === kind ? sum + (Date.parse(end) - Date.parse(period.startedAt)) / 60_000 : sum;
  }, 0);

// F-9: a parking bay is taken, the cable comes, then the card; the full car stays.
const bay = [
  event(0, '09:00', 'started', { trigger: 'EVDetected' }),
  event(1, '09:05', 'updated', { trigger: 'CablePluggedIn', chargingState: 'EVConnected', evseId: 1, connectorId: 1 }),
  event(2, '09:06', 'updated', { trigger: 'Authorized', token }),
  event(3, '09:07', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'Charging', wh: '100', context: 'Transaction.Begin' }),
  event(4, '10:07', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'SuspendedEV', wh: '7100' }),
  event(5, '10:30', 'updated', { trigger: 'StopAuthorized', token, chargingState: 'EVConnected' }),
  event(6, '10:45', 'updated', { trigger: 'EVCommunicationLost' }),
  event(7, '10:50', 'ended', { trigger: 'EVDeparted', stopReason: 'EVDisconnected', wh: '7100', context: 'Transaction.End' }),
];

describe('OCPP 2.0.1', () => {
  it('F-9: charges 7 kWh in 60 of 110 minutes; the six before the card are not billed (TX-77, TX-80)', () => {
    const bill = billOf(bay);
    expect(bill).toMatchObject({ energyWh: '7000', startedAt: at('09:00'), endedAt: at('10:50'), authorizedAt: at('09:06') });
    expect([minutesOf(bill, 'charging'), minutesOf(bill, 'parking')]).toEqual([60, 50]);
    expect(bill.periods.filter(({ billable }) => billable === false).map(({ startedAt }) => startedAt)).toEqual([at('09:00'), at('09:05')]);
    expect(periodsOf(bill)).toEqual([
      ['09:00', 'Occupied', '0'],
      ['09:05', 'Connected', '0'],
      ['09:06', 'Connected', '0'],
      ['09:07', 'Charging', '7000'],
      ['10:07', 'SuspendedEV', '0'],
      ['10:30', 'Connected', '0'],
      ['10:45', 'Occupied', '0'],
    ]);
  });

  it('F-10: has the same energy and times where one event never came, and says that it is missing (TX-64, TX-65)', () => {
    const offline = (fact: SessionFact | undefined) => ({ ...fact, offline: true }) as SessionFact;
    const bill = billOf([...bay.slice(0, 4), bay[7], offline(bay[4]), offline(bay[6])] as SessionFact[]);
    expect(bill).toMatchObject({ energyWh: '7000', endedAt: at('10:50') });
    expect(minutesOf(bill, 'charging')).toBe(60);
    expect(bill.flags).toEqual(expect.arrayContaining(['gaps', 'offline']));
  });

  it('TX-63: sees no gap where a station counts on from its last transaction', () => {
    const counting = bay.map(
      (fact) => ({ ...fact, sequenceNumber: Number((fact as { sequenceNumber: number }).sequenceNumber) + 400 }) as SessionFact,
    );
    expect(billOf(counting).flags).not.toContain('gaps');
  });

  it('TX-65: waits for missing events as long as the party says, and no longer once they came', () => {
    const policy = { settleSeconds: 5, gapSettleSeconds: 600 };
    const without5 = bay.filter((_, index) => index !== 5);
    const waiting = run([
      agree,
      ...without5.map((fact) => recordAll([fact], policy)[0] as SessionCommand),
      agree,
      settleAt('11:00', policy),
    ]);
    expect(waiting.at(-1)).toMatchObject({ type: 'SettlementAwaited', data: { settleAt: at('11:10'), forGaps: true } });
    expect(types(run([settleAt('11:09', policy)], waiting)).at(-1)).toBe('SettlementAwaited');
    expect(types(run([settleAt('11:10', policy)], waiting)).at(-1)).toBe('SessionCompleted');
    const [late] = recordAll([bay[5] as SessionFact]);
    const complete = run([late as SessionCommand, settleAt('11:01', policy)], waiting);
    expect(complete.at(-1)).toMatchObject({ type: 'SettlementAwaited', data: { settleAt: at('11:01:05'), forGaps: false } });
  });

  it('TX-62: takes a repeated event once, and keeps two that share a number', () => {
    expect(billOf([...bay, ...bay]).flags).not.toContain('seqNoConflict');
    const other = event(4, '10:10', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'SuspendedEVSE' });
    expect(billOf([...bay, other]).flags).toContain('seqNoConflict');
  });

  it('TX-68: stays ended after an event with a higher number; of two ends the higher counts', () => {
    const after = event(8, '11:00', 'updated', { trigger: 'MeterValuePeriodic', wh: '9000' });
    expect(billOf([...bay, after])).toMatchObject({
      endedAt: at('10:50'),
      energyWh: '7000',
      flags: expect.arrayContaining(['eventAfterEnd']),
    });
    const second = event(9, '11:05', 'ended', { trigger: 'EVDeparted', wh: '7300', context: 'Transaction.End' });
    expect(billOf([...bay, second])).toMatchObject({ endedAt: at('11:05'), energyWh: '7200' });
  });

  it('TX-70: orders by number where the clock ran backwards, and no interval is negative', () => {
    const facts = [
      event(0, '10:00', 'started', {
        trigger: 'Authorized',
        chargingState: 'Charging',
        evseId: 1,
        token,
        wh: '0',
        context: 'Transaction.Begin',
      }),
      event(1, '10:30', 'updated', { trigger: 'MeterValuePeriodic', wh: '3000' }),
      // The clock was an hour fast and is set: half an hour later it shows 10:00.
      event(2, '10:00', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'SuspendedEV', wh: '6000' }),
      event(3, '10:50', 'ended', { trigger: 'EVDeparted', wh: '6000', context: 'Transaction.End' }),
    ];
    const bill = billOf(facts);
    expect(bill).toMatchObject({ energyWh: '6000', endedAt: at('10:50') });
    expect(bill.flags).toContain('clockSuspect');
    expect([minutesOf(bill, 'charging'), minutesOf(bill, 'parking')]).toEqual([30, 20]);
  });

  it('F-11: has no energy where the cable never came (TX-115 asks for a register only where the car charged)', () => {
    const bill = billOf([
      event(0, '10:00', 'started', { trigger: 'Authorized', token }),
      event(1, '10:01', 'ended', { trigger: 'EVConnectTimeout', stopReason: 'Timeout' }),
    ]);
    expect(bill).toMatchObject({ energyWh: '0' });
    expect(bill.anomalies).toBeUndefined();
    expect([minutesOf(bill, 'charging'), minutesOf(bill, 'parking')]).toEqual([0, 1]);
  });

  it('TX-61: begins with whatever came first', () => {
    const bill = billOf(bay.slice(3));
    expect(bill).toMatchObject({ startedAt: at('09:07'), energyWh: '7000', flags: expect.arrayContaining(['startNeverReported']) });
  });

  it('TX-81: is paid by the first token that was accepted; a second one is noted', () => {
    const facts = [
      event(0, '09:00', 'started', { trigger: 'CablePluggedIn', evseId: 1 }),
      event(1, '09:01', 'updated', { trigger: 'Authorized', token: otherToken, tokenVerdict: 'Blocked' }),
      event(2, '09:02', 'updated', { trigger: 'Authorized', token, tokenVerdict: 'Accepted' }),
    ];
    const state = fold(session, run(recordAll(facts)));
    expect(state.facts.token).toEqual(token);
    expect(state.facts.flags()).toContain('secondToken');
    expect(state.facts.authorization?.factId).toBe(facts[2]?.factId);
  });

  it('TX-76: ends without a reading, and with Local where no reason is told', () => {
    const bill = billOf([...bay.slice(0, 5), event(5, '10:40', 'ended', { trigger: 'EVDeparted' })]);
    expect(bill).toMatchObject({ stopReason: 'Local', energyWh: '7000', flags: expect.arrayContaining(['noMeterEnd']) });
  });

  it('TX-80: is billed at the EVSE that was told first', () => {
    const moved = { ...bay[5], evseId: 2 } as SessionFact;
    const bill = billOf(bay.map((fact, index) => (index === 5 ? moved : fact)));
    expect(bill).toMatchObject({ evseId: 1, flags: expect.arrayContaining(['evseChanged']) });
  });

  it('TX-82: notes a charging time that the station counts differently', () => {
    const last = { ...bay[7], timeSpentChargingSeconds: 3_600 } as SessionFact;
    expect(billOf([...bay.slice(0, 7), last]).flags).not.toContain('timeSpentDiffers');
    expect(billOf([...bay.slice(0, 7), { ...last, timeSpentChargingSeconds: 3_000 } as SessionFact]).flags).toContain('timeSpentDiffers');
  });

  it('TX-67: that was told from an offline queue is billed as if it had been told at once, and marked', () => {
    const queued = bay.map((fact) => ({ ...fact, offline: true, receivedAt: at('20:00') }) as SessionFact);
    expect(billOf(queued)).toMatchObject({
      energyWh: '7000',
      startedAt: at('09:00'),
      endedAt: at('10:50'),
      flags: expect.arrayContaining(['offline']),
    });
  });

  it('TX-75: without any token is kept, and nobody pays', () => {
    const silent = bay.map((fact) => ({ ...fact, token: undefined }) as SessionFact);
    const { payer: _, ...nobody } = terms();
    const bill = billOf(silent, nobody);
    expect(bill).toMatchObject({ energyWh: '7000' });
    expect(bill.terms.payer).toBeUndefined();
    expect(bill.authorizedAt).toBeUndefined();
  });

  it('TX-83: takes readings of a trigger that nobody knows', () => {
    const odd = event(4, '09:37', 'updated', { trigger: 'SomethingNew', wh: '3600' });
    const facts = [...bay.slice(0, 4), odd, event(5, '10:07', 'ended', { trigger: 'AlsoNew', wh: '7100' })];
    expect(billOf(facts).energyWh).toBe('7000');
  });
});

describe('OCPP 2.1', () => {
  it('F-13: goes on after an outage with the same transaction; the outage is parking time (TX-93)', () => {
    const facts = [
      event(0, '10:00', 'started', {
        trigger: 'Authorized',
        chargingState: 'Charging',
        evseId: 1,
        token,
        wh: '0',
        context: 'Transaction.Begin',
      }),
      event(1, '10:10', 'updated', { trigger: 'MeterValuePeriodic', wh: '1500' }),
      event(2, '10:20', 'updated', { trigger: 'MeterValuePeriodic', wh: '3000' }),
      event(4, '10:26', 'updated', { trigger: 'TxResumed', chargingState: 'Charging' }),
      event(5, '10:46', 'ended', { trigger: 'EVDeparted', wh: '6000', context: 'Transaction.End' }),
    ];
    const bill = billOf([...facts.slice(0, 3), booted('10:25'), ...facts.slice(3)]);
    expect(bill).toMatchObject({ energyWh: '6000', flags: expect.arrayContaining(['resumed']) });
    expect([minutesOf(bill, 'charging'), minutesOf(bill, 'parking')]).toEqual([40, 6]);
    expect(periodsOf(bill)).toEqual([
      ['10:00', 'Charging', '3000'],
      ['10:20', 'Connected', '0'],
      ['10:26', 'Charging', '3000'],
    ]);
  });

  it('F-14: keeps what the car gave back apart from what it took (TX-99)', () => {
    const exported = (time: string, value: string) => ({ ...registerSample(time, value), measurand: 'Energy.Active.Export.Register' });
    const both = (sequence: number, time: string, phase: 'started' | 'ended', wh: string, out: string) => {
      const fact = event(sequence, time, phase, { chargingState: 'Charging', evseId: 1, token }) as Extract<
        SessionFact,
        { kind: 'transaction-reported' }
      >;
      return { ...fact, samples: [registerSample(time, wh), exported(time, out)] };
    };
    expect(billOf([both(0, '10:00', 'started', '1000', '200'), both(1, '11:00', 'ended', '6000', '2200')])).toMatchObject({
      energyWh: '5000',
      exportedWh: '2000',
    });
  });
});

describe('OCPP 1.6', () => {
  const charging = [started('10:00', '1000'), status('10:00', 'Charging'), reading('10:30', '4000')];

  it('F-3: of a refused token is metered and marked (TX-2, TX-16)', () => {
    const refused = { ...started('10:00', '1000'), tokenVerdict: 'Invalid' } as SessionFact;
    expect(billOf([refused, ended('10:02', '1010')])).toMatchObject({ energyWh: '10', flags: expect.arrayContaining(['unbillableToken']) });
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

describe('meters of any version', () => {
  const sampled = (measurand: string, time: string, value: string, rest: object = {}) => ({
    ...registerSample(time, value),
    measurand,
    ...rest,
  });
  const told = (samples: object[], sequence: number, time: string, phase: 'started' | 'updated' | 'ended') =>
    ({ ...event(sequence, time, phase, { chargingState: 'Charging', evseId: 1, token }), samples }) as SessionFact;

  it('TX-111: sum three phases, leave out a set that lacks one, and prefer a total', () => {
    const phases = (time: string, ...values: string[]) =>
      values.map((value) => registerSample(time, value)).map((sample, index) => ({ ...sample, phase: `L${index + 1}` }));
    const facts = [
      told(phases('10:00', '100', '200', '300'), 0, '10:00', 'started'),
      told(phases('10:30', '900', '900'), 1, '10:30', 'updated'),
      told(phases('11:00', '1100', '1200', '1300'), 2, '11:00', 'ended'),
    ];
    expect(billOf(facts).energyWh).toBe('3000');
    const withTotal = [
      told([...phases('10:00', '100', '200', '300'), registerSample('10:00', '600')], 0, '10:00', 'started'),
      told([...phases('11:00', '1100', '1200', '1300'), registerSample('11:00', '3500')], 1, '11:00', 'ended'),
    ];
    expect(billOf(withTotal).energyWh).toBe('2900');
  });

  it('TX-112: are billed at the outlet and nowhere else', () => {
    const inlet = registerSample('10:30', '99999');
    const facts = [
      told([registerSample('10:00', '0')], 0, '10:00', 'started'),
      told([{ ...inlet, location: 'Inlet' }], 1, '10:30', 'updated'),
      told([{ ...registerSample('11:00', '4000'), location: 'Outlet' }], 2, '11:00', 'ended'),
    ];
    expect(billOf(facts)).toMatchObject({ energyWh: '4000' });
  });

  it('TX-113: add intervals where there is no register, and use the net register where there is neither', () => {
    const intervals = ['10:15', '10:30', '11:00'].map((time, index) =>
      told([sampled('Energy.Active.Import.Interval', time, '1000')], index + 1, time, index === 2 ? 'ended' : 'updated'),
    );
    expect(billOf([told([], 0, '10:00', 'started'), ...intervals]).energyWh).toBe('3000');
    const net = [
      told([sampled('Energy.Active.Net', '10:00', '500')], 0, '10:00', 'started'),
      told([sampled('Energy.Active.Net', '11:00', '2500')], 1, '11:00', 'ended'),
    ];
    expect(billOf(net).energyWh).toBe('2000');
  });

  it('TX-114: find their begin in the first update, where the EVSE was not known at the start', () => {
    const facts = [
      event(0, '10:00', 'started', { trigger: 'Authorized', token }),
      event(1, '10:05', 'updated', {
        trigger: 'ChargingStateChanged',
        chargingState: 'Charging',
        evseId: 1,
        wh: '100',
        context: 'Transaction.Begin',
      }),
      event(2, '11:00', 'ended', { trigger: 'EVDeparted', wh: '5100', context: 'Transaction.End' }),
    ];
    expect(billOf(facts)).toMatchObject({ energyWh: '5000', flags: [] });
  });

  it('TX-115: that showed nothing while the car charged leave the energy unknown, which is not 0', () => {
    const facts = [told([], 0, '10:00', 'started'), told([], 1, '11:00', 'ended')];
    expect(billOf(facts).anomalies).toMatchObject([{ code: 'energyUnknown' }]);
  });

  it('TX-117: are attached by time: nothing before the start or after the end counts', () => {
    const facts = [
      told([registerSample('10:00', '1000')], 0, '10:00', 'started'),
      told([registerSample('09:50', '900'), registerSample('11:30', '9000')], 1, '10:30', 'updated'),
      told([registerSample('11:00', '4000')], 2, '11:00', 'ended'),
    ];
    expect(billOf(facts)).toMatchObject({ energyWh: '3000', meterStartWh: '1000', meterStopWh: '4000' });
  });

  it('TX-119: take no energy from state of charge, voltage or temperature', () => {
    const noise = ['SoC', 'Voltage', 'Temperature', 'Power.Offered'].map((measurand) => sampled(measurand, '10:30', '80', { unit: 'x' }));
    const facts = [
      told([registerSample('10:00', '0')], 0, '10:00', 'started'),
      told(noise, 1, '10:30', 'updated'),
      told([registerSample('11:00', '4000')], 2, '11:00', 'ended'),
    ];
    expect(billOf(facts).energyWh).toBe('4000');
  });

  it('TX-118: are samples, whatever context they name', () => {
    const facts = ['Trigger', 'Other', 'Interruption.Begin'].map((context, index) =>
      told([{ ...registerSample(`10:1${index}`, String(1000 + index)), context }], index + 1, `10:1${index}`, 'updated'),
    );
    const all = [
      told([registerSample('10:00', '0')], 0, '10:00', 'started'),
      ...facts,
      told([registerSample('11:00', '4000')], 9, '11:00', 'ended'),
    ];
    expect(billOf(all)).toMatchObject({ energyWh: '4000', meterStartWh: '0' });
  });

  it('TX-102: keep signed readings in their facts and name the first and the last', () => {
    const signed = (time: string, data: string) => ({ ...registerSample(time, '0'), signed: { signedMeterData: data } });
    const facts = [
      told([signed('10:00', 'OCMF|a')], 0, '10:00', 'started'),
      told([signed('10:30', 'OCMF|b')], 1, '10:30', 'updated'),
      told([signed('11:00', 'OCMF|c')], 2, '11:00', 'ended'),
    ];
    expect(billOf(facts).signedEvidence).toEqual([facts[0]?.factId, facts[2]?.factId]);
  });

  it('tell power and current as minima and maxima, and are cut where a tariff’s bound is crossed', () => {
    const power = (time: string, watts: string) => ({ at: at(time), measurand: 'Power.Active.Import', value: watts, unit: 'W' });
    const amperes = (time: string, value: string, phase: string) => ({
      at: at(time),
      measurand: 'Current.Import',
      value,
      unit: 'A',
      phase,
    });
    const facts = [
      told(
        [registerSample('10:00', '0'), power('10:00', '10000'), amperes('10:00', '10', 'L1'), amperes('10:00', '6', 'L2')],
        0,
        '10:00',
        'started',
      ),
      told([power('10:30', '20000')], 1, '10:30', 'updated'),
      told([registerSample('11:00', '12000'), power('10:59', '22000')], 2, '11:00', 'ended'),
    ];
    const elements = [
      { priceComponents: [{ type: 'ENERGY' as const, price: '0.60', stepSize: 1 }], restrictions: { minPowerKw: '15' } },
      { priceComponents: [{ type: 'ENERGY' as const, price: '0.40', stepSize: 1 }] },
    ];
    const bill = billOf(facts, terms(elements));
    expect(
      bill.periods.map(({ startedAt, minPowerW, maxPowerW, minCurrentA }) => [startedAt.slice(11, 16), minPowerW, maxPowerW, minCurrentA]),
    ).toEqual([
      ['10:00', '10000', '10000', '16'],
      ['10:15', '20000', '22000', '16'],
    ]);
  });
});

describe('clocks', () => {
  it('TX-53: that are ahead of ours, or stand in the past, are doubted and never a reason to refuse', () => {
    const ahead = { ...started('10:00', '0'), receivedAt: at('09:50') };
    expect(billOf([ahead, ended('11:00', '4000')]).anomalies).toMatchObject([{ code: 'clockSuspect', evidence: [ahead.factId] }]);
    const ancient = { ...started('10:00', '0'), at: '1970-01-01T00:01:00.000Z' };
    expect(billOf([ancient, { ...ended('11:00', '4000'), at: '1970-01-01T01:01:00.000Z' }])).toMatchObject({
      anomalies: [{ code: 'clockSuspect' }],
      energyWh: '4000',
    });
  });

  it('TX-54: keep the times of the station', () => {
    const skewed = (fact: SessionFact) => ({ ...fact, receivedAt: new Date(Date.parse(fact.at) - 3_600_000).toISOString() });
    expect(billOf([started('10:00', '0'), ended('11:00', '4000')].map(skewed))).toMatchObject({
      startedAt: at('10:00'),
      endedAt: at('11:00'),
    });
  });

  it('TX-55: that were set during the session give way to the times of receipt', () => {
    const stop = { ...ended('09:30', '4000'), receivedAt: at('11:00') };
    const bill = billOf([started('10:00', '0'), { ...reading('10:30', '2000') }, stop]);
    expect(bill).toMatchObject({ startedAt: at('10:00'), endedAt: at('11:00'), energyWh: '4000', anomalies: [{ code: 'clockSuspect' }] });
  });
});

describe('a session in doubt', () => {
  const policy = { hold: ['meterReset', 'energyJump'] as const };
  const doubtful = [started('10:00', '50000'), status('10:00', 'Charging'), reading('10:20', '53000'), ended('11:00', '2200')];
  const hold = { ...promptly, hold: [...policy.hold] };
  const held = run([...recordAll(doubtful, hold), agree, settleAt('23:00', hold)]);
  const release = (readings?: { meterStartWh?: string; meterStopWh?: string }): SessionCommand => ({
    kind: 'release',
    reason: 'the display was photographed',
    ...(readings ? { readings } : {}),
  });
  const decide = (command: SessionCommand, history: readonly SessionEvent[]) => session.decide(fold(session, history), command);

  it('is quarantined instead of billed, with what would be billed and why', () => {
    expect(held.at(-1)).toMatchObject({
      type: 'SessionQuarantined',
      data: { anomalies: [{ code: 'meterReset' }], session: { energyWh: '5200' } },
    });
    expect(types(held)).not.toContain('SessionCompleted');
  });

  it('is billed by a party that does not hold for this', () => {
    expect(types(run([...recordAll(doubtful), agree, settleAt('23:00')])).at(-1)).toBe('SessionCompleted');
  });

  it('is released by an operator as it stands, or with the readings that are right', () => {
    const asIs = run([release()], held);
    expect(types(asIs).slice(-2)).toEqual(['SessionReleased', 'SessionCompleted']);
    expect(lastSaid(asIs)).toMatchObject({ energyWh: '5200' });
    const corrected = run([release({ meterStopWh: '55000' })], held);
    expect(lastSaid(corrected)).toMatchObject({ energyWh: '5000', meterStartWh: '50000', meterStopWh: '55000' });
    expect(lastSaid(corrected)?.periods.reduce((sum, { energyWh }) => sum + Number(energyWh), 0)).toBe(5000);
  });

  it('cannot be released with readings that fall, nor when it is not held', () => {
    expect(decide(release({ meterStopWh: '49000' }), held)).toMatchObject({ accepted: false, rejection: { code: 'readings-impossible' } });
    const billed = run([release()], held);
    expect(decide(release(), billed)).toMatchObject({ accepted: false, rejection: { code: 'nothing-to-release' } });
    expect(decide({ kind: 'deny', reason: 'x' }, run(recordAll(doubtful.slice(0, 2))))).toMatchObject({
      rejection: { code: 'nothing-to-deny' },
    });
  });

  it('is denied by an operator, once, and stays so whatever comes late', () => {
    const denied = run([{ kind: 'deny', reason: 'a test by the installer' }], held);
    expect(denied.at(-1)).toMatchObject({ type: 'SessionDenied', data: { reason: 'a test by the installer' } });
    expect(decide({ kind: 'deny', reason: 'again' }, denied)).toMatchObject({ accepted: false });
    const late = run(recordAll([reading('10:40', '1000')], hold), denied);
    expect(types(late).slice(denied.length)).toEqual(['FactRecorded']);
  });

  it('is billed by itself once the facts that were missing put it right', () => {
    const [stop] = recordAll([{ ...ended('11:00', '55000'), at: at('10:59') }], hold);
    const cured = run([stop as SessionCommand, settleAt('23:01', hold)], held);
    expect(types(cured).slice(-1)).toEqual(['SessionCompleted']);
    expect(lastSaid(cured)).toMatchObject({ energyWh: '5000' });
  });

  it('that a person looked at is held again when other energy is in doubt', () => {
    const released = run([release()], held);
    const sameEnergy = run(recordAll([reading('10:30', '53000')], hold), released);
    expect(types(sameEnergy).slice(released.length)).not.toContain('SessionQuarantined');
    const otherEnergy = run(recordAll([reading('10:50', '1000'), reading('10:25', '54000')], hold), released);
    expect(types(otherEnergy).at(-1)).toBe('SessionQuarantined');
  });

  it('that was billed already keeps its bill until a person decides', () => {
    const normal = run([...recordAll([started('10:00', '0'), ended('11:00', '4000')], hold), agree, settleAt('23:00', hold)]);
    const corrected = run([release({ meterStopWh: '4500' })], normal);
    expect(types(corrected).slice(-2)).toEqual(['SessionReleased', 'SessionAmended']);
    expect(lastSaid(corrected)).toMatchObject({ energyWh: '4500' });
  });
});

describe('the settle window', () => {
  const policy = { settleSeconds: 5 };
  const all = [started('10:00', '0'), status('10:00', 'Charging'), ended('11:00', '4000')];
  const waiting = run([...recordAll(all, policy), agree, settleAt('11:00', policy)]);

  it('gives stragglers time before the bill', () => {
    expect(waiting.at(-1)).toMatchObject({ type: 'SettlementAwaited', data: { settleAt: at('11:00:05'), endedAt: at('11:00') } });
    const [straggler] = recordAll([status('10:40', 'SuspendedEV')]);
    const billed = run([straggler as SessionCommand, settleAt('11:00:03', policy), settleAt('11:00:05', policy)], waiting);
    expect(types(billed).slice(waiting.length)).toEqual(['FactRecorded', 'SessionCompleted']);
  });

  it('gathers late facts of a billed session into one amendment, or none (TX-3)', () => {
    const billed = run([settleAt('11:00:05', policy)], waiting);
    const late = [status('10:20', 'SuspendedEV'), status('10:30', 'Charging'), status('10:40', 'SuspendedEV')];
    const commands = late.flatMap((fact) => [recordAll([fact])[0] as SessionCommand, settleAt('12:00', policy)]);
    const amended = run([...commands, settleAt('12:00:05', policy)], billed);
    expect(types(amended).slice(billed.length)).toEqual([
      'FactRecorded',
      'SettlementAwaited',
      'FactRecorded',
      'FactRecorded',
      'SessionAmended',
    ]);
    const [harmless] = recordAll([reading('10:30', '2000')]);
    const kept = run([harmless as SessionCommand, settleAt('12:00', policy), settleAt('12:00:05', policy)], billed);
    expect(types(kept).slice(billed.length)).toEqual(['FactRecorded', 'SettlementAwaited', 'SettlementKept']);
  });
});

describe('any order, any repetition', () => {
  const stories: Record<string, readonly SessionFact[]> = {
    '1.6 with a reset, a dip and late states': [
      started('10:00', '50000'),
      status('09:59', 'EVConnected'),
      status('10:00', 'Charging'),
      reading('10:10', '52000'),
      reading('10:15', '0'),
      reading('10:20', '53000'),
      reading('10:30', '200'),
      status('10:40', 'SuspendedEV'),
      ended('11:00', '2200'),
    ],
    '2.0.1 from the parking bay on': bay,
    '2.0.1 with a gap and two ends': [
      ...bay.filter((_, index) => index !== 5),
      event(9, '11:05', 'ended', { trigger: 'EVDeparted', wh: '7300' }),
    ],
    '2.1 over an outage': [
      event(0, '10:00', 'started', {
        trigger: 'Authorized',
        chargingState: 'Charging',
        evseId: 1,
        token,
        wh: '0',
        context: 'Transaction.Begin',
      }),
      event(1, '10:20', 'updated', { trigger: 'MeterValuePeriodic', wh: '3000' }),
      event(2, '10:26', 'updated', { trigger: 'TxResumed', chargingState: 'Charging' }),
      event(3, '10:40', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'SuspendedEVSE', wh: '5000' }),
      event(4, '10:46', 'ended', { trigger: 'EVDeparted', wh: '5000', context: 'Transaction.End' }),
    ],
    'a clock that runs backwards': [
      event(0, '10:00', 'started', {
        trigger: 'Authorized',
        chargingState: 'Charging',
        evseId: 1,
        token,
        wh: '0',
        context: 'Transaction.Begin',
      }),
      event(1, '10:30', 'updated', { trigger: 'MeterValuePeriodic', wh: '3000' }),
      event(2, '10:00', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'SuspendedEV', wh: '6000' }),
      event(3, '10:50', 'ended', { trigger: 'EVDeparted', wh: '6000', context: 'Transaction.End' }),
    ],
  };

  it.each(Object.keys(stories))('bills the same: %s', (name) => {
    const facts = stories[name] ?? [];
    const agreed = terms([
      { priceComponents: [{ type: 'ENERGY', price: '0.62', stepSize: 1 }], restrictions: { minKwh: '2' } },
      { priceComponents: [{ type: 'ENERGY', price: '0.39', stepSize: 1 }] },
    ]);
    const billed = (order: readonly SessionFact[]) => ({ ...billOf(order, agreed), revision: 0 });
    const expected = billed(facts);
    const disorder = fc
      .tuple(fc.shuffledSubarray([...facts], { minLength: facts.length }), fc.array(fc.constantFrom(...facts), { maxLength: 8 }))
      .chain(([order, repeats]) => fc.shuffledSubarray([...order, ...repeats], { minLength: order.length + repeats.length }));
    fc.assert(
      fc.property(disorder, (order) => expect(billed(order)).toEqual(expected)),
      { numRuns: 300 },
    );
  });
});
