import type { StationFactOf } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import { type ConnectorEvent, connector, factsOf, type SessionHere, sessionsOf } from './connector';

const day = (time: string) => `2026-03-01T${time}:00.000Z`;

function status(time: string): StationFactOf<'connector-status-reported'> {
  return {
    factId: `status-${time}`,
    party: 'US-CHG',
    stationId: 'CP1',
    ocppVersion: '1.6',
    at: day(time),
    receivedAt: day(time),
    messageId: 'm',
    kind: 'connector-status-reported',
    evseId: 1,
    connectorId: 1,
    status: 'Charging',
    chargingState: 'Charging',
  };
}

function session(name: string, time: string): SessionHere {
  return { sessionId: name, party: 'US-CHG', stationId: 'CP1', transactionId: name, ocppVersion: '1.6', startedAt: day(time) };
}

const began = (name: string, time: string): ConnectorEvent => ({ type: 'SessionBegan', data: session(name, time) });
const recorded = (time: string): ConnectorEvent => ({ type: 'ConnectorFactRecorded', data: { fact: status(time) } });
const namesAt = (events: ConnectorEvent[], time: string) =>
  sessionsOf(fold(connector, events), status(time)).map(({ sessionId }) => sessionId);

describe('a connector', () => {
  it('attaches what names no transaction to the session that was open at that time', () => {
    const history = [began('first', '10:00'), began('second', '12:00')];
    expect(namesAt(history, '10:30')).toEqual(['first']);
    expect(namesAt(history, '12:30')).toEqual(['second']);
    expect(namesAt(history, '09:00')).toEqual([]);
  });

  it('tells the next session in which state it began', () => {
    expect(namesAt([began('first', '10:00'), began('second', '12:00')], '11:50')).toEqual(['first', 'second']);
    expect(namesAt([began('only', '10:00')], '09:50')).toEqual(['only']);
  });

  it('finds the same facts for a session whichever came first', () => {
    const factsFirst = fold(connector, [recorded('09:55'), recorded('10:20'), began('first', '10:00')]);
    const sessionFirst = fold(connector, [began('first', '10:00'), recorded('09:55'), recorded('10:20')]);
    expect(factsOf(factsFirst, 'first')).toEqual(factsOf(sessionFirst, 'first'));
    expect(factsOf(factsFirst, 'first')).toHaveLength(2);
  });

  it('records a fact and a session once', () => {
    const state = fold(connector, [began('first', '10:00'), recorded('10:20')]);
    expect(connector.decide(state, { kind: 'record', fact: status('10:20') })).toEqual({ accepted: true, events: [] });
    expect(connector.decide(state, { kind: 'begin', session: session('first', '10:00') })).toEqual({ accepted: true, events: [] });
    expect(connector.decide(state, { kind: 'record', fact: status('10:21') })).toMatchObject({
      events: [{ type: 'ConnectorFactRecorded' }],
    });
  });
});
