// Sites that share power, over the real streams; the stations are models that hold what they were told.
import { randomUUID } from 'node:crypto';
import type { ChargingBudget, DriverPreferences, StationCommand, StationFact } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';
import { BudgetDesk } from './budget-desk';
import type { Profile } from './charging-rate';
import { PreferencesDesk } from './preferences-desk';
import { ShareSender } from './share-sender';
import { AT, ended, evse, notice, started, variables } from './station-under-test';

const CONTEXT = { cause: 'test', operator: 'ada' };
const BUDGET: ChargingBudget = { budgetId: 'site', party: 'US-CHG', locationId: 'L1', unit: 'A', limit: 60 };

type Status = StationCommand['status'];

/** Stations A, B and C of location L1 with one EVSE each. */
function site() {
  const store = new InMemoryEventStore();
  const mirror = new MirrorDesk(store);
  const rows = ['A', 'B', 'C'].map((stationId): StationRow => {
    const registered = { stationId, party: 'US-CHG', evses: [evse(1)] } as Partial<StationRow['registered']> as StationRow['registered'];
    return {
      station_key: stationId.toLowerCase(),
      location_id: 'L1',
      connected: true,
      ocpp_version: '2.0.1',
      registered,
    } as Partial<StationRow> as StationRow;
  });
  const rowOf = (stationId: string) => rows.find(({ registered }) => registered.stationId === stationId) as StationRow;
  const sent: { stationId: string; evseId: number; chargingProfile: Profile }[] = [];
  const answers = new Map<string, Status>();
  const note = (stationId: string, news: Parameters<MirrorDesk['note']>[1]) => mirror.note(stationId, news, { cause: randomUUID() });
  const cleared: string[] = [];
  const commands = {
    say: async ({ registered: { stationId } }: StationRow, action: string, request: object) => {
      const status = answers.get(stationId) ?? 'done';
      if (action === 'ClearChargingProfile') cleared.push(stationId);
      else sent.push({ stationId, ...(request as { evseId: number; chargingProfile: Profile }) });
      if (status === 'done')
        await note(stationId, { kind: 'call', action, request: { ...request }, answer: { status: 'Accepted' }, at: AT });
      return { status } as Partial<StationCommand> as StationCommand;
    },
  };
  const desk = new BudgetDesk({
    store,
    mirror,
    stations: {
      find: async (id) => rows.find(({ station_key }) => station_key === id.toLowerCase()),
      rowsAt: async (locationId) => rows.filter(({ location_id }) => location_id === locationId),
    },
    sender: new ShareSender(commands, { warn: () => undefined }),
    log: { warn: () => undefined } as never,
  });
  /** What was sent since the last time, as `station/evse limit`. */
  const told = () =>
    sent.splice(0).map(({ stationId, evseId, chargingProfile }) => {
      const limits = chargingProfile.chargingSchedule[0]?.chargingSchedulePeriod.map(({ limit }) => limit);
      return `${stationId}/${evseId} ${limits?.join()}`;
    });
  const share = () => desk.look(new Date());
  const works: (() => Promise<void>)[] = [];
  const drivers = new PreferencesDesk({
    stations: { find: async (id) => rowOf(id) },
    mirror,
    shares: desk,
    afterAnswer: (work) => works.push(work),
  });
  const prefer = async (transactionId: string, preferences: DriverPreferences) => {
    const stationId = transactionId.slice(1).toUpperCase();
    const { answer } = await drivers.prefer({ stationId, transactionId, preferences, cause: randomUUID() });
    for (const work of works.splice(0)) await work();
    return answer;
  };
  return { desk, rowOf, note, told, share, answers, cleared, sent, prefer };
}

describe('a site with a budget', () => {
  it('installs the default first, then gives what charges its share, and tells only what changes', async () => {
    const { desk, note, told, share } = site();
    await note('A', started(1, 'ta'));
    await desk.set(BUDGET, CONTEXT);
    await share();
    // 60 A less 6 A for each of the two that wait.
    expect(told()).toEqual(['A/0 6', 'B/0 6', 'C/0 6', 'A/1 32']);
    await share();
    expect(told()).toEqual([]);
    await note('B', started(1, 'tb'));
    await share();
    expect(told()).toEqual(['A/1 27', 'B/1 27']);
    expect(await desk.stateOf('site')).toMatchObject({
      limit: 60,
      reserved: 60,
      uncontrolled: [],
      shares: [
        { stationId: 'A', accepted: 27 },
        { stationId: 'B', accepted: 27 },
      ],
    });
    await note('A', ended('ta'));
    await share();
    expect(told()).toEqual(['B/1 32']);
  });

  it('counts what a station that is gone has accepted last, and one that never took its default with all that it can draw', async () => {
    const { desk, rowOf, note, told, share } = site();
    Object.assign(rowOf('C'), { connected: false });
    await note('A', started(1, 'ta'));
    await desk.set(BUDGET, CONTEXT);
    await share();
    // 60 A less 32 A of C, which nobody has told anything, and 6 A of B.
    expect(told()).toEqual(['A/0 6', 'B/0 6', 'A/1 22']);
    expect(await desk.stateOf('site')).toMatchObject({ uncontrolled: ['C'], reserved: 60 });
    Object.assign(rowOf('A'), { connected: false });
    Object.assign(rowOf('C'), { connected: true });
    await note('B', started(1, 'tb'));
    await share();
    // A goes on with its 22 A; when C waits with 6 A, B gets more than that.
    expect(told()).toEqual(['C/0 6', 'B/1 6', 'B/1 32']);
  });

  it('does not raise anybody before the station that has to give has said yes', async () => {
    const { desk, note, told, share, answers } = site();
    await note('A', started(1, 'ta'));
    await desk.set({ ...BUDGET, limit: 44 }, CONTEXT);
    await share();
    expect(told()).toEqual(['A/0 6', 'B/0 6', 'C/0 6', 'A/1 32']);
    answers.set('A', 'unknown');
    await note('B', started(1, 'tb'));
    await share();
    expect(new Set(told())).toEqual(new Set(['A/1 19']));
    answers.set('A', 'done');
    await share();
    expect(told()).toEqual(['A/1 19', 'B/1 19']);
  });

  it('K12: gives what another limit leaves unused to the others, and hears of it', async () => {
    const { desk, note, told, share } = site();
    await note('A', started(1, 'ta'));
    await note('B', started(1, 'tb'));
    await desk.set(BUDGET, CONTEXT);
    await share();
    expect(told().slice(3)).toEqual(['A/1 27', 'B/1 27']);
    const chargingSchedule = [{ id: 1, startSchedule: AT, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] }];
    await note('A', notice('NotifyChargingLimit', { evseId: 1, chargingLimit: { chargingLimitSource: 'EMS' }, chargingSchedule }));
    const fact = {
      kind: 'station-notice-reported',
      action: 'NotifyChargingLimit',
      stationId: 'A',
      factId: 'f',
    } as Partial<StationFact> as StationFact;
    await desk.observe(fact);
    expect(told()).toEqual(['A/1 10', 'B/1 32']);
  });

  it('K15: tells a vehicle that has said its needs its share again, in as many periods as it can take, and by its departure', async () => {
    const { desk, rowOf, note, told, share } = site();
    await note('A', started(1, 'ta'));
    await note('B', started(1, 'tb'));
    await desk.set(BUDGET, CONTEXT);
    await share();
    told();
    const departureTime = new Date(Date.now() + 3_600_000).toISOString();
    // 21 kWh in an hour are 30.4 A.
    const acChargingParameters = { energyAmount: 21_000, evMinCurrent: 6, evMaxCurrent: 32, evMaxVoltage: 230 };
    const chargingNeeds = { requestedEnergyTransfer: 'AC_three_phase', departureTime, acChargingParameters };
    await note('A', notice('NotifyEVChargingNeeds', { evseId: 1, maxScheduleTuples: 1, chargingNeeds }));
    await desk.offerShare(rowOf('A'), 1, CONTEXT);
    expect(told().map((each) => each.replace(/\.\d/, ''))).toEqual(['B/1 23', 'A/1 27', 'A/1 30']);
    await desk.offerShare(rowOf('A'), 1, CONTEXT);
    // Also where nothing has changed: a vehicle waits for it.
    expect(told().map((each) => each.slice(0, 6))).toContain('A/1 30');
  });

  it('OCPP 1.6 ChargingScheduleAllowedChargingRateUnit: tells a station its share in the unit that it takes', async () => {
    const { desk, rowOf, note, told, share } = site();
    Object.assign(rowOf('A'), { ocpp_version: '1.6' });
    await note('A', variables({ 'SmartChargingCtrlr/RateUnit': 'Power' }));
    await note('A', started(1, '17'));
    await desk.set({ ...BUDGET, limit: 22 }, CONTEXT);
    await share();
    expect(told()).toEqual(['A/0 4140', 'B/0 6', 'C/0 6', 'A/1 6900']);
  });

  it('carries its windows into the profile, so that a station that is gone keeps to them', async () => {
    const { desk, note, sent, share } = site();
    await note('A', started(1, 'ta'));
    const hour = new Date(Date.now() + 3_600_000).getUTCHours();
    const time = (each: number) => `${String(each % 24).padStart(2, '0')}:00`;
    await desk.set({ ...BUDGET, windows: [{ from: time(hour), until: time(hour + 1), limit: 20 }] }, CONTEXT);
    await share();
    const profile = sent.find(({ evseId }) => evseId === 1)?.chargingProfile;
    // 32 A, in the window 20 A less 12 A for the two that wait, and after a day the lowest.
    expect(profile?.chargingSchedule[0]?.chargingSchedulePeriod.map(({ limit }) => limit)).toEqual([32, 8, 32, 8]);
  });

  it('is one for each station, of a location or of stations, and takes back what it has told when it ends', async () => {
    const { desk, rowOf, cleared } = site();
    await desk.set(BUDGET, CONTEXT);
    const other = { budgetId: 'other', party: 'US-CHG', unit: 'W' as const, limit: 1 };
    await expect(desk.set({ ...other, stationIds: ['A'] }, CONTEXT)).rejects.toMatchObject({ code: 'conflict' });
    await expect(desk.set(other, CONTEXT)).rejects.toMatchObject({ code: 'invalid' });
    await expect(desk.set({ ...other, locationId: 'L2', timeZone: 'Mars/Olympus' }, CONTEXT)).rejects.toMatchObject({ code: 'invalid' });
    Object.assign(rowOf('C'), { connected: false });
    expect(await desk.remove('site', CONTEXT)).toEqual({ budgetId: 'site', notTold: ['C'] });
    expect(new Set(cleared)).toEqual(new Set(['A', 'B']));
    expect(await desk.list()).toEqual([]);
    await expect(desk.stateOf('site')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a driver of a partner at a site that shares its power (OCPI mod_sessions, Charging Preferences)', () => {
  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
  const wants = (energyWh: string): DriverPreferences => ({ profileType: 'REGULAR', departureAt: inAnHour(), energyWh });

  async function twoCharging() {
    const under = site();
    await under.note('A', started(1, 'ta'));
    await under.note('B', started(1, 'tb'));
    await under.desk.set(BUDGET, CONTEXT);
    await under.share();
    expect(under.told().slice(3)).toEqual(['A/1 27', 'B/1 27']);
    return under;
  }

  it('gets what is needed until it leaves, from what the others can do without, until its transaction ends', async () => {
    const { prefer, told, note, share } = await twoCharging();
    // 21 kWh in an hour are 30.4 A.
    expect(await prefer('ta', wants('21000'))).toBe('ACCEPTED');
    expect(told().map((each) => each.slice(0, 6))).toEqual(['B/1 23', 'A/1 27', 'A/1 30']);
    // Without a wish both are alike again.
    expect(await prefer('ta', { profileType: 'REGULAR' })).toBe('ACCEPTED');
    expect(told()).toContain('B/1 27');
    await prefer('ta', wants('21000'));
    told();
    await note('A', ended('ta'));
    await note('A', started(1, 'tz', new Date().toISOString()));
    await share();
    expect(new Set(told())).toEqual(new Set(['B/1 27', 'A/1 27']));
  });

  it('is not promised more than its share can be, and nothing changes then', async () => {
    const { prefer, told } = await twoCharging();
    // 30 kWh in an hour are 43.5 A, and the EVSE gives 32 A; after the first driver 23.5 A are left for the second.
    expect(await prefer('ta', wants('30000'))).toBe('NOT_POSSIBLE');
    expect(told()).toEqual([]);
    await prefer('ta', wants('21000'));
    told();
    expect(await prefer('tb', wants('18000'))).toBe('NOT_POSSIBLE');
    expect(told()).toEqual([]);
  });

  it('cannot prefer where nothing is shared, nor for what does not run', async () => {
    const { prefer, note, desk } = site();
    await note('A', started(1, 'ta'));
    await expect(prefer('ta', wants('1000'))).rejects.toMatchObject({ code: 'not-supported' });
    await desk.set(BUDGET, CONTEXT);
    await expect(prefer('tb', wants('1000'))).rejects.toMatchObject({ code: 'conflict' });
  });
});
