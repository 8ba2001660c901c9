import { Problem, type StationCommand } from '@evenkeel/contracts';
import { locationOf } from '../testing/roaming';
import { outcomeOf, outcomeOfProblem } from './command-outcome';
import { placeIn } from './command-place';

const station = (change: Partial<StationCommand>): StationCommand => ({
  ...{ commandId: 'c', party: 'US-CHG', stationId: 'CP7', calls: [{ action: 'A', request: {} }], requestedAt: '', status: 'done' },
  ...change,
});

describe('CMD-4: what became of a command', () => {
  it.each([
    ['ACCEPTED', 'START_SESSION', { status: 'accepted' }],
    ['ACCEPTED', 'UNLOCK_CONNECTOR', { status: 'done' }],
    ['ACCEPTED', 'START_SESSION', { status: 'no-effect' }],
    ['REJECTED', 'START_SESSION', { status: 'rejected', detail: 'Rejected' }],
    ['EVSE_OCCUPIED', 'RESERVE_NOW', { status: 'rejected', detail: 'Occupied' }],
    ['EVSE_INOPERATIVE', 'RESERVE_NOW', { status: 'rejected', detail: 'Unavailable' }],
    ['UNKNOWN_RESERVATION', 'CANCEL_RESERVATION', { status: 'rejected', detail: 'Rejected' }],
    ['FAILED', 'UNLOCK_CONNECTOR', { status: 'rejected', detail: 'UnlockFailed' }],
    ['NOT_SUPPORTED', 'UNLOCK_CONNECTOR', { status: 'refused', errorCode: 'NotImplemented' }],
    ['FAILED', 'UNLOCK_CONNECTOR', { status: 'refused', errorCode: 'InternalError' }],
    ['TIMEOUT', 'STOP_SESSION', { status: 'unknown' }],
  ] as const)('is %s of %s that is %j', (result, command, change) => {
    expect(outcomeOf(command, station(change))?.result).toBe(result);
  });

  it('is not known while the charger has not answered', () => {
    expect(outcomeOf('START_SESSION', station({ status: 'requested' }))).toBeUndefined();
  });

  it.each([
    ['FAILED', 'offline'],
    ['NOT_SUPPORTED', 'not-supported'],
    ['TIMEOUT', 'timeout'],
    ['FAILED', 'unavailable'],
  ] as const)('is %s where the registry says %s', (result, code) => {
    expect(outcomeOfProblem(new Problem(code, 'why'))).toEqual({ result, detail: 'why' });
  });
});

describe('where a command is meant', () => {
  const { evses } = locationOf(7);
  const [first] = evses;
  const two = first ? [first, { ...first, uid: 'LOC-7-2', evseId: 2 }] : [];
  const apart = first ? [first, { ...first, uid: 'LOC-8-1', stationId: 'CP8' }] : [];

  it('is one EVSE and connector, whatever the case of the uid', () => {
    expect(placeIn(two, 'loc-7-2', '1')).toEqual({ ok: true, stationId: 'CP7', evseId: 2, connectorId: 1 });
    expect(placeIn(two, 'loc-7-2', undefined)).toEqual({ ok: true, stationId: 'CP7', evseId: 2 });
    expect(placeIn(two, 'loc-7-3', undefined).ok).toBe(false);
    expect(placeIn(two, 'loc-7-2', '2').ok).toBe(false);
  });

  it('is the station where nothing is named and there is only one', () => {
    expect(placeIn(two, undefined, undefined)).toEqual({ ok: true, stationId: 'CP7' });
    expect(placeIn(apart, undefined, undefined).ok).toBe(false);
    expect(placeIn(two, undefined, '1').ok).toBe(false);
    expect(placeIn([], undefined, undefined).ok).toBe(false);
  });
});
