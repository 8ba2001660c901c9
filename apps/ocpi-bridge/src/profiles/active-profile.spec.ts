// What holds for a session, by the newest word of its CPO.
import { fold } from '@evenkeel/decider';
import { type ActiveProfileEvent, activeProfile, activeProfileStream } from './active-profile';

const told = (startAt: string, limit: number) => ({
  ...{ partner: 'US-CHG', sessionId: 'S', at: '2026-04-01T10:00:09.000Z' },
  active: { startAt, unit: 'A' as const, periods: [{ startSeconds: 0, limit }] },
});
const event = (data: ActiveProfileEvent['data']): ActiveProfileEvent => ({ type: 'ActiveProfileTold', data });
const first = told('2026-04-01T10:00:00.000Z', 16);
const later = told('2026-04-01T10:00:05.000Z', 8);

describe('what holds for a session at a partner', () => {
  it.each<[string, ActiveProfileEvent[], ReturnType<typeof told>, ActiveProfileEvent[]]>([
    ['is what it tells first', [], first, [event(first)]],
    ['is what it has calculated later', [event(first)], later, [event(later)]],
    ['is not what it had calculated before', [event(first), event(later)], first, []],
  ])('%s', (_, history, command, events) => {
    expect(activeProfile.decide(fold(activeProfile, history), command)).toEqual({ accepted: true, events });
  });

  it('is of one partner and one session, whose id is compared without case', () => {
    expect(fold(activeProfile, [event(first), event(later)])).toEqual({ told: later });
    expect(activeProfileStream('US-CHG', 'abc')).toBe(activeProfileStream('US-CHG', 'ABC'));
    expect(activeProfileStream('US-CHG', 'abc')).not.toBe(activeProfileStream('US-RAW', 'abc'));
  });
});
