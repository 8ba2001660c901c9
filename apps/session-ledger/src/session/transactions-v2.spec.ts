// How a session and its bill follow from what OCPP 2.0.1 and 2.1 stations report: numbers, gaps, triggers, ends.
import { fold } from '@evenkeel/decider';
import { type SessionCommand, session } from './session';
import type { SessionFact } from './session-events';
import {
  agree,
  at,
  bay,
  billOf,
  booted,
  charging,
  event,
  minutesOf,
  otherToken,
  periodsOf,
  recordAll,
  registerSample,
  run,
  settleAt,
  terms,
  token,
  types,
} from './session-scenarios';

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

  it('V21-07, F-15: keeps the cost that the station has calculated, and marks the session (TX-94, TX-95)', () => {
    const stationCost = { currency: 'USD', beforeTaxes: '3.15', durationSeconds: 4200, idleSeconds: 1800 };
    const [end] = bay.slice(-1);
    const bill = billOf([...bay.slice(0, -1), { ...end, stationCost } as SessionFact]);
    expect(bill).toMatchObject({ stationCost, energyWh: '7000' });
    expect(bill.flags).toContain('costByStation');
    expect(billOf(bay).flags).not.toContain('costByStation');
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
      charging,
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
      charging,
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
