// Sessions that are held for a person, and sessions that wait for stragglers.
import { fold } from '@evenkeel/decider';
import { type SessionCommand, session } from './session';
import type { SessionEvent } from './session-events';
import { agree, at, ended, lastSaid, promptly, reading, recordAll, run, settleAt, started, status, types } from './session-scenarios';

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
