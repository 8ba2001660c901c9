import type { StationFactOf } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import type { StationRow } from '../view/registry-tables';
import { admit } from './admission';
import { type LiveFact, type LiveStationEvent, liveStation } from './live-station';
import { passwordFits, passwordHashes } from './password';
import { type RegisteredStation, type StationCommand, type StationEvent, station } from './station';

const secret = 'ab'.repeat(32);
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
const registration: StationEvent = { type: 'StationRegistered', data: { station: registered, passwordHashes: ['h'] } };
const given = (history: StationEvent[], command: StationCommand) => station.decide(fold(station, history), command);
const boot = { stationId: 'CP1', at: '2026-03-01T10:00:00.000Z', vendor: 'V', model: 'M' };

describe('a station', () => {
  it('is registered once', () => {
    const command: StationCommand = { kind: 'register', station: registered, passwordHashes: ['h'] };
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
    expect(changed).toMatchObject({ station: { ...registered, model: 'X' }, passwordHashes: ['h'] });
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
      data: { station: { ...registered, registration: 'pending' }, passwordHashes: ['h'] },
    };
    expect(given([pending], { kind: 'boot', boot })).toEqual({ accepted: true, events: [] });
  });
});

describe('a password', () => {
  it('fits as the bytes that were set, and no others', () => {
    const hashes = passwordHashes('pässword-with:colon', secret);
    expect(passwordFits(Buffer.from('pässword-with:colon', 'utf8'), hashes, secret)).toBe(true);
    expect(passwordFits(Buffer.from('pässword-with:colo', 'utf8'), hashes, secret)).toBe(false);
    expect(passwordFits(Buffer.alloc(0), hashes, secret)).toBe(false);
    expect(passwordFits(Buffer.from('pässword-with:colon'), hashes, 'cd'.repeat(32))).toBe(false);
  });

  it('RPC-32, RPC-33: a hexadecimal key fits as the bytes it denotes and as its digits in either case', () => {
    const key = '0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF';
    const hashes = passwordHashes(key, secret);
    for (const form of [Buffer.from(key, 'hex'), Buffer.from(key), Buffer.from(key.toLowerCase())]) {
      expect(passwordFits(form, hashes, secret)).toBe(true);
    }
    expect(passwordFits(Buffer.from(`${key}00`, 'hex'), hashes, secret)).toBe(false);
  });
});

describe('admission', () => {
  const row = { registered, password_hashes: passwordHashes('0123456789abcdefgh', secret), boot: null } as StationRow;
  const password = (text: string) => ({ password: Buffer.from(text).toString('base64') });

  it('tells an unknown station from wrong or missing credentials', () => {
    expect(admit(undefined, password('x'), secret)).toEqual({ admitted: false, reason: 'unknown-station' });
    expect(admit(row, password('wrong'), secret)).toEqual({ admitted: false, reason: 'wrong-credentials' });
    expect(admit(row, {}, secret)).toEqual({ admitted: false, reason: 'wrong-credentials' });
  });

  it('admits the right password with what the gateway must know', () => {
    expect(admit(row, password('0123456789abcdefgh'), secret)).toEqual({
      admitted: true,
      party: 'US-CHG',
      stationId: 'CP1',
      versions: ['1.6'],
      registration: 'accepted',
      booted: false,
    });
  });

  it('asks no password of a station with security profile 0', () => {
    expect(admit({ ...row, registered: { ...registered, securityProfile: 0 } }, {}, secret)).toMatchObject({ admitted: true });
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
