import type { StationFactOf } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import { type LiveFact, type LiveStationEvent, liveStation } from './live-station';
import type { PasswordHash } from './password';
import { type RegisteredStation, type StationCommand, type StationEvent, station } from './station';

const passwordHashes: PasswordHash[] = [{ form: 'key', hash: 'aa' }];
const registered: RegisteredStation = {
  stationId: 'CP1',
  party: 'US-CHG',
  locationId: 'L1',
  versions: ['1.6'],
  securityProfile: 1,
  registration: 'accepted',
  evses: [
    {
      evseId: 1,
      uid: 'CP1-1',
      connectors: [{ connectorId: 1, standard: 'CHADEMO', format: 'CABLE', powerType: 'DC', maxVoltageV: 500, maxCurrentA: 125 }],
    },
  ],
};
const registration: StationEvent = { type: 'StationRegistered', data: { station: registered, passwordHashes } };
const given = (history: StationEvent[], command: StationCommand) => station.decide(fold(station, history), command);
const boot = { stationId: 'CP1', at: '2026-03-01T10:00:00.000Z', vendor: 'V', model: 'M' };

describe('a station', () => {
  it('is registered once', () => {
    const command: StationCommand = { kind: 'register', station: registered, passwordHashes };
    expect(given([], command)).toEqual({ accepted: true, events: [registration] });
    expect(given([registration], command)).toEqual({ accepted: false, rejection: 'already-registered' });
  });

  it('needs a password unless its security profile is 0', () => {
    expect(given([], { kind: 'register', station: registered, passwordHashes: [] })).toEqual({
      accepted: false,
      rejection: 'password-missing',
    });
    expect(given([], { kind: 'register', station: { ...registered, securityProfile: 0 }, passwordHashes: [] })).toMatchObject({
      accepted: true,
    });
    const open: StationEvent = { type: 'StationRegistered', data: { station: { ...registered, securityProfile: 0 }, passwordHashes: [] } };
    expect(given([open], { kind: 'change', change: { securityProfile: 1 } })).toEqual({ accepted: false, rejection: 'password-missing' });
  });

  it('is changed only after it was registered, and keeps what was not changed', () => {
    expect(given([], { kind: 'change', change: { model: 'X' } })).toEqual({ accepted: false, rejection: 'not-registered' });
    const changed = fold(station, [registration, { type: 'StationChanged', data: { stationId: 'CP1', change: { model: 'X' } } }]);
    expect(changed).toMatchObject({ station: { ...registered, model: 'X' }, access: { passwordHashes } });
  });

  it('boots for the record when it is new or has changed, not at every BootNotification', () => {
    const booted: StationEvent = { type: 'StationBooted', data: boot };
    expect(given([registration], { kind: 'boot', boot })).toEqual({ accepted: true, events: [booted] });
    const later = { ...boot, at: '2026-03-02T10:00:00.000Z' };
    expect(given([registration, booted], { kind: 'boot', boot: later })).toEqual({ accepted: true, events: [] });
    expect(given([registration, booted], { kind: 'boot', boot: { ...later, firmwareVersion: '2' } })).toMatchObject({
      events: [{ type: 'StationBooted' }],
    });
    expect(given([], { kind: 'boot', boot })).toEqual({ accepted: true, events: [] });
    const pending: StationEvent = {
      type: 'StationRegistered',
      data: { station: { ...registered, registration: 'pending' }, passwordHashes },
    };
    expect(given([pending], { kind: 'boot', boot })).toEqual({ accepted: true, events: [] });
  });
});

describe('what is going on at a station', () => {
  const common = { factId: 'f', party: 'US-CHG', stationId: 'CP1', ocppVersion: '1.6' as const, receivedAt: '', messageId: 'm' };
  const status = (at: string, value: string): StationFactOf<'connector-status-reported'> => ({
    ...common,
    at,
    kind: 'connector-status-reported',
    evseId: 1,
    connectorId: 1,
    status: value,
  });
  const connection = (at: string, connected: boolean): LiveFact => ({ ...common, at, kind: 'station-connection-changed', connected });
  const after = (...facts: LiveFact[]) => {
    const events: LiveStationEvent[] = [];
    for (const fact of facts) {
      const decision = liveStation.decide(fold(liveStation, events), fact);
      if (decision.accepted) events.push(...decision.events);
    }
    return events;
  };

  it('is as of the newest report, whatever order they come in', () => {
    const [early, late] = [status('2026-03-01T10:00:00.000Z', 'Charging'), status('2026-03-01T11:00:00.000Z', 'Available')];
    expect(fold(liveStation, after(late, early)).connectors.get('1/1')).toMatchObject({ status: 'Available' });
    expect(after(early, early)).toHaveLength(1);
  });

  it('is connected when the new connection is newer than the end of the old one', () => {
    const events = after(connection('10:00', true), connection('10:05', true), connection('10:04', false));
    expect(fold(liveStation, events).connection).toMatchObject({ connected: true });
  });
});
