// Charging profiles of partners as operations of a station, and what became of them in the words of OCPI.
import { Problem, type StationCommand } from '@evenkeel/contracts';
import { ocpiVersions } from '@evenkeel/ocpi';
import {
  isProfileOrder,
  type ProfileOrder,
  profileOperationOf,
  profileOutcomeOf,
  profileOutcomeOfProblem,
  sayProfileOutcome,
} from './profile-order';

const at = '2026-04-01T10:00:00.000Z';
const place = { sessionId: 'S', stationId: 'CP7', evseId: 2, transactionId: '7', mostA: 32 };
const set: ProfileOrder = { command: 'SET_PROFILE', limits: { unit: 'A', periods: [{ startSeconds: 0, limit: 10 }] }, ...place };
const clear: ProfileOrder = { command: 'CLEAR_PROFILE', ...place };
const read: ProfileOrder = { command: 'READ_PROFILE', durationSeconds: 900, ...place };
const tell: ProfileOrder = { command: 'TELL_PROFILE', durationSeconds: 900, ...place };

function settled(
  status: StationCommand['status'],
  more: Partial<StationCommand> & { answer?: Record<string, unknown> } = {},
): StationCommand {
  const { answer, ...rest } = more;
  const calls = [{ action: 'GetCompositeSchedule', request: {}, ...(answer === undefined ? {} : { answer }) }];
  return { commandId: 'c', party: 'US-CHG', stationId: 'CP7', calls, requestedAt: at, status, ...rest };
}

describe('a charging profile of a partner', () => {
  it('is for the transaction, above the profiles that are ours, and begins with the charging unless it says when', () => {
    const profile = { chargingProfilePurpose: 'TxProfile', stackLevel: 1, transactionId: '7', chargingProfileKind: 'Relative' };
    expect(profileOperationOf(set)).toMatchObject({ operation: 'charging-profile', parameters: { evseId: 2, profile } });
    const whole = { ...set.limits, startAt: at, durationSeconds: 60, minimumRate: 6 };
    expect(profileOperationOf({ ...set, limits: whole })).toMatchObject({
      parameters: {
        profile: { chargingProfileKind: 'Absolute', chargingSchedule: [{ startSchedule: at, duration: 60, minChargingRate: 6 }] },
      },
    });
  });

  it('is taken back alone, and read for the time that was asked for', () => {
    const of = { chargingProfilePurpose: 'TxProfile', stackLevel: 1 };
    expect(profileOperationOf(clear)).toMatchObject({ operation: 'clear-limits', parameters: { evseId: 2, of } });
    for (const order of [read, tell])
      expect(profileOperationOf(order)).toMatchObject({ operation: 'read-limits', parameters: { evseId: 2, durationSeconds: 900 } });
    expect([set, clear, read, tell].every(isProfileOrder)).toBe(true);
    expect(isProfileOrder({ command: 'STOP_SESSION' })).toBe(false);
  });

  it.each<[string, ProfileOrder, StationCommand, object | undefined]>([
    ['nothing yet', set, settled('requested'), undefined],
    ['a yes', set, settled('done'), { result: 'ACCEPTED' }],
    ['a no', set, settled('rejected', { detail: 'Rejected' }), { result: 'REJECTED', detail: 'Rejected' }],
    ['no profile to clear', clear, settled('rejected', { detail: 'Unknown' }), { result: 'UNKNOWN', detail: 'Unknown' }],
    ['an error', set, settled('refused', { errorCode: 'NotSupported' }), { result: 'REJECTED' }],
    ['nothing, because it is away', set, settled('not-sent', { detail: 'offline' }), { result: 'REJECTED', detail: 'offline' }],
    ['nothing in time', set, settled('unknown'), { result: 'TIMEOUT' }],
  ])('of which the charger has said %s', (_, order, command, expected) => {
    expect(profileOutcomeOf(order, command)).toEqual(expected);
  });

  it('that the charger would have to refuse is refused', () => {
    expect(profileOutcomeOfProblem(new Problem('conflict', 'no'))).toEqual({ result: 'REJECTED', detail: 'no' });
    expect(profileOutcomeOfProblem(new Problem('timeout', 'late'))).toEqual({ result: 'TIMEOUT', detail: 'late' });
  });
});

describe('what holds at a charger', () => {
  const schedule = {
    ...{ scheduleStart: '2026-04-01T10:00:01Z', chargingRateUnit: 'W' },
    chargingSchedulePeriod: [
      { startPeriod: 0, limit: 7_000 },
      { startPeriod: 60, limit: 0 },
    ],
  };

  it('is its own calculation, for as long as it says', () => {
    const periods = [
      { startSeconds: 0, limit: 7_000 },
      { startSeconds: 60, limit: 0 },
    ];
    const active = { startAt: '2026-04-01T10:00:01.000Z', durationSeconds: 900, unit: 'W', periods };
    expect(profileOutcomeOf(read, settled('done', { answer: { schedule } }))).toEqual({ result: 'ACCEPTED', active });
    const short = settled('done', { answer: { schedule: { ...schedule, duration: 60 } } });
    expect(profileOutcomeOf(read, short)?.active?.durationSeconds).toBe(60);
    const timeless = settled('done', { answer: { schedule: { ...schedule, scheduleStart: '' } } });
    expect(profileOutcomeOf(read, timeless)?.active?.startAt).toBe(at);
  });

  it.each([
    ['no schedule', {}],
    ['one without periods', { schedule: { ...schedule, chargingSchedulePeriod: [] } }],
    ['one without limits', { schedule: { ...schedule, chargingSchedulePeriod: [{ startPeriod: 0 }] } }],
  ])('is the most of the EVSE where there is %s', (_, answer) => {
    const active = { startAt: at, durationSeconds: 900, unit: 'A', periods: [{ startSeconds: 0, limit: 32 }] };
    expect(profileOutcomeOf(tell, settled('done', { answer }))).toEqual({ result: 'ACCEPTED', active });
  });
});

describe('what is told', () => {
  const { profiles } = ocpiVersions['2.3.0'];
  if (!profiles) throw new Error('the version has profiles');
  const active = { startAt: at, unit: 'A' as const, periods: [{ startSeconds: 0, limit: 32 }] };

  it('is the result, and what holds where that was asked for', () => {
    const said = (order: ProfileOrder, outcome: { result: string; active?: typeof active }) => sayProfileOutcome(profiles, order, outcome);
    expect(said(set, { result: 'ACCEPTED' })).toMatchObject({ ok: true, wire: { result: 'ACCEPTED' } });
    expect(said(clear, { result: 'UNKNOWN' })).toMatchObject({ ok: true, wire: { result: 'UNKNOWN' } });
    expect(said(read, { result: 'ACCEPTED', active })).toMatchObject({
      ok: true,
      wire: { result: 'ACCEPTED', profile: { start_date_time: at } },
    });
    expect(said(read, { result: 'REJECTED' })).toEqual({ ok: true, wire: { result: 'REJECTED' }, losses: [] });
    expect(said(tell, { result: 'ACCEPTED', active })).toMatchObject({ ok: true, wire: { start_date_time: at } });
  });

  it('is nothing where nobody knows', () => {
    expect(sayProfileOutcome(profiles, set, { result: 'TIMEOUT' }).ok).toBe(false);
    expect(sayProfileOutcome(profiles, tell, { result: 'REJECTED' }).ok).toBe(false);
  });
});
