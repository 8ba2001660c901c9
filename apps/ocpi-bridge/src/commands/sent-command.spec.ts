import { fold } from '@evenkeel/decider';
import { type SentCommandEvent, type SentCommandStep, sentCommand, shownAt } from './sent-command';

const at = '2026-04-01T10:00:00.000Z';
const sent: SentCommandEvent = {
  type: 'CommandSent',
  data: { partnerId: 'p', partner: 'US-CHG', order: { command: 'START_SESSION', locationId: 'L' }, at },
};
const answered = (result: string, timeoutSeconds = 30): SentCommandEvent => ({
  type: 'CommandAnswered',
  data: { result, timeoutSeconds, at },
});
const notTaken: SentCommandEvent = { type: 'CommandNotTaken', data: { reason: 'OCPI 2001', at } };
const unanswered: SentCommandEvent = { type: 'CommandUnanswered', data: { reason: 'silence', at } };
const concluded = (result: string): SentCommandEvent => ({ type: 'CommandConcluded', data: { result, at } });
const recognised: SentCommandEvent = { type: 'SessionRecognised', data: { sessionId: 'S', at } };

const conclude: SentCommandStep = { kind: 'conclude', partnerId: 'p', result: 'ACCEPTED', at };
const types = (history: SentCommandEvent[], step: SentCommandStep) => {
  const decision = sentCommand.decide(fold(sentCommand, history), step);
  return decision.accepted ? decision.events.map(({ type }) => type) : decision.rejection;
};

describe('a command to a partner', () => {
  it.each<[string, SentCommandEvent[], SentCommandStep, string[] | string]>([
    ['is sent', [], { kind: 'send', ...sent.data }, ['CommandSent']],
    ['is not sent again', [sent], { kind: 'send', ...sent.data }, []],
    ['is answered', [sent], { kind: 'answer', result: 'ACCEPTED', timeoutSeconds: 30, at }, ['CommandAnswered']],
    ['is not taken', [sent], { kind: 'not-taken', reason: 'OCPI 2001', at }, ['CommandNotTaken']],
    ['is not answered', [sent], { kind: 'unanswered', reason: 'silence', at }, ['CommandUnanswered']],
    ['is concluded after its answer', [sent, answered('ACCEPTED')], conclude, ['CommandConcluded']],
    ['is concluded before its answer', [sent], conclude, ['CommandConcluded']],
    ['is concluded although nobody seemed to answer', [sent, unanswered], conclude, ['CommandConcluded']],
    [
      'that is concluded hears no late answer',
      [sent, concluded('ACCEPTED')],
      { kind: 'answer', result: 'REJECTED', timeoutSeconds: 1, at },
      [],
    ],
    ['is concluded once', [sent, concluded('FAILED')], conclude, 'concluded'],
    ['that is concluded hears the same result again', [sent, concluded('ACCEPTED')], conclude, []],
    ['that is concluded hears it from nobody else', [sent, concluded('ACCEPTED')], { ...conclude, partnerId: 'q' }, 'unknown'],
    ['that was refused has no result', [sent, answered('REJECTED')], conclude, 'concluded'],
    ['that was never sent has none either', [], conclude, 'unknown'],
    ['is concluded by the partner that has it only', [sent], { ...conclude, partnerId: 'q' }, 'unknown'],
    ['is concluded at the address of its kind only', [sent], { ...conclude, command: 'SET_PROFILE' }, 'unknown'],
    ['is concluded at that address', [sent], { ...conclude, command: 'START_SESSION' }, ['CommandConcluded']],
    ['recognises its session', [sent], { kind: 'recognise', partner: 'US-CHG', sessionId: 'S', at }, ['SessionRecognised']],
    ['recognises one session', [sent, recognised], { kind: 'recognise', partner: 'US-CHG', sessionId: 'T', at }, []],
    ['has no session of another partner', [sent], { kind: 'recognise', partner: 'US-RAW', sessionId: 'S', at }, []],
    ['that was never sent has no session', [], { kind: 'recognise', partner: 'US-CHG', sessionId: 'S', at }, []],
  ])('%s', (_, history, step, expected) => {
    expect(types(history, step)).toEqual(expected);
  });

  const early = '2026-04-01T10:00:20.000Z';
  const late = '2026-04-01T10:00:31.000Z';
  it.each<[string, SentCommandEvent[], string]>([
    ['sent', [sent], late],
    ['timeout', [sent], '2026-04-01T10:01:01.000Z'],
    ['sent', [sent, unanswered], early],
    ['accepted', [sent, answered('ACCEPTED')], early],
    ['timeout', [sent, answered('ACCEPTED')], late],
    ['refused', [sent, answered('UNKNOWN_SESSION')], late],
    ['refused', [sent, notTaken], late],
    ['done', [sent, answered('ACCEPTED'), concluded('ACCEPTED')], late],
    ['failed', [sent, answered('ACCEPTED'), concluded('EVSE_OCCUPIED')], early],
    ['timeout', [sent, answered('ACCEPTED'), concluded('TIMEOUT')], early],
  ])('is %s after %j at %s', (status, history, now) => {
    expect(shownAt('c', fold(sentCommand, history), now)?.status).toBe(status);
  });

  it('is shown with everything that is known of it', () => {
    expect(shownAt('c', fold(sentCommand, []), at)).toBeUndefined();
    expect(shownAt('c', fold(sentCommand, [sent, answered('ACCEPTED'), concluded('FAILED'), recognised]), late)).toEqual({
      ...{ commandId: 'c', partner: 'US-CHG', command: 'START_SESSION', status: 'failed', result: 'FAILED', sessionId: 'S' },
      ...{ sentAt: at, awaitedUntil: '2026-04-01T10:00:30.000Z', concludedAt: at },
    });
  });

  it('about a charging profile is shown with its session, and with what holds', () => {
    const order = { command: 'READ_PROFILE', sessionId: 'S', durationSeconds: 60 };
    const active = { startAt: at, unit: 'A' as const, periods: [{ startSeconds: 0, limit: 10 }] };
    const history: SentCommandEvent[] = [
      { type: 'CommandSent', data: { ...sent.data, order } } as SentCommandEvent,
      { type: 'CommandConcluded', data: { result: 'ACCEPTED', active, at } },
    ];
    expect(shownAt('c', fold(sentCommand, history), late)).toMatchObject({ status: 'done', sessionId: 'S', active });
  });
});
