// Smart charging on the running system: profiles, composite schedules, vehicles that say their needs, and a budget that stations share.
import { setTimeout as pause } from 'node:timers/promises';
import type { ChargingBudgetState, StationCommand } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/testkit';
import type { HeardCall, MinimalStation, Payload, Version } from './minimal-station';
import { modest, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

type Station = MinimalStation & { stationId: string };

const now = () => new Date().toISOString();
const token = { uid: 'OK1', type: 'RFID' };

/** Begins a transaction at EVSE 1, and waits until the operator's side knows of it. @returns its id. */
async function begin(station: Station): Promise<string> {
  const transactionId = await reportBegin(station);
  await eventually(async () => transactionId in (await system.items(station.stationId, 'transaction')));
  return transactionId;
}

async function reportBegin(station: Station): Promise<string> {
  if (station.version === '1.6') {
    const started = await station.ask('StartTransaction', { connectorId: 1, idTag: 'OK1', meterStart: 0, timestamp: now() });
    return String(started.transactionId);
  }
  const transactionInfo = { transactionId: `tx-${station.stationId}`, chargingState: 'Charging' };
  const idToken = { idToken: 'OK1', type: 'ISO14443' };
  await station.ask('TransactionEvent', {
    eventType: 'Started',
    timestamp: now(),
    triggerReason: 'Authorized',
    seqNo: 0,
    evse: { id: 1, connectorId: 1 },
    idToken,
    transactionInfo,
  });
  return transactionInfo.transactionId;
}

/** An operator's wish, and what the station was told; it answers with yes unless told otherwise. */
async function wish(station: Station, operation: string, parameters: Payload, action: string, answer: Payload = { status: 'Accepted' }) {
  const [command, asked] = await Promise.all([system.operate(station.stationId, operation, parameters), station.obey(action, answer)]);
  return { command, asked };
}

const periodsOf = (asked: Payload) => {
  const { chargingProfile } = asked as { chargingProfile: { chargingSchedule: { chargingSchedulePeriod: Payload[] }[] } };
  return chargingProfile.chargingSchedule[0]?.chargingSchedulePeriod ?? [];
};

describe('C6-05: OCPP 1.6', () => {
  it('TC_056, TC_057, TC_059, TC_066, TC_067: profiles as they must be, a composite schedule, and a clearing', async () => {
    const station = await system.newStation('1.6');
    const transactionId = await begin(station);
    const byDefault = await wish(station, 'limit', { evseId: 1, limit: 10, unit: 'A' }, 'SetChargingProfile');
    expect(byDefault.asked).toMatchObject({
      connectorId: 1,
      csChargingProfiles: {
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingSchedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
      },
    });
    const ofTransaction = await wish(station, 'limit', { transactionId, limit: 8, unit: 'A' }, 'SetChargingProfile');
    expect(ofTransaction.asked).toMatchObject({
      connectorId: 1,
      csChargingProfiles: { chargingProfilePurpose: 'TxProfile', transactionId: Number(transactionId) },
    });
    const start = await wish(station, 'start', { token, evseId: 2, limit: { limit: 6, unit: 'A' } }, 'RemoteStartTransaction');
    expect(start.asked).toMatchObject({ connectorId: 2, chargingProfile: { chargingProfilePurpose: 'TxProfile' } });
    expect(start.asked.chargingProfile).not.toHaveProperty('transactionId');
    const chargingSchedule = {
      duration: 600,
      startSchedule: now(),
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
    };
    const schedule = { status: 'Accepted', connectorId: 1, scheduleStart: now(), chargingSchedule };
    await wish(station, 'read-limits', { evseId: 1, durationSeconds: 600 }, 'GetCompositeSchedule', schedule);
    // It has lost the 8 A of the transaction.
    const { 1: composite } = await eventually(async () => {
      const items = await system.items(station.stationId, 'composite-schedule');
      return items['1']?.expected !== undefined && items;
    });
    expect(composite).toMatchObject({ expected: [{ startPeriod: 0, limit: 8 }], differs: [{ startPeriod: 0, expected: 8, reported: 16 }] });
    const cleared = system.operate(station.stationId, 'clear-limits', { evseId: 1 });
    for (let purpose = 0; purpose < 3; purpose++) await station.obey('ClearChargingProfile');
    expect((await cleared).status).toBe('done');
    expect(await system.items(station.stationId, 'charging-profile')).toEqual({});
  });

  it('says what is limited in W to a station that takes A, and sends nothing that it would refuse', async () => {
    const station = await system.newStation('1.6');
    const keys = [
      { key: 'ChargingScheduleAllowedChargingRateUnit', readonly: true, value: 'Current' },
      { key: 'ChargeProfileMaxStackLevel', readonly: true, value: '2' },
    ];
    const read = {
      variables: ['ChargingScheduleAllowedChargingRateUnit', 'ChargeProfileMaxStackLevel'].map((variable) => ({
        component: 'OCPP16',
        variable,
      })),
    };
    await wish(station, 'read-configuration', read, 'GetConfiguration', { configurationKey: keys });
    const { asked } = await wish(station, 'limit', { evseId: 1, limit: 12_000, unit: 'W' }, 'SetChargingProfile');
    // 12000 W / (400 V x 3).
    expect(asked).toMatchObject({
      csChargingProfiles: { chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ limit: 10 }] } },
    });
    const profile = {
      stackLevel: 3,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Absolute',
      chargingSchedule: [{ startSchedule: now(), chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 8 }] }],
    };
    await expect(system.operate(station.stationId, 'charging-profile', { evseId: 1, profile })).rejects.toThrow('stack levels up to 2');
    await expect(system.operate(station.stationId, 'limit', { transactionId: '9', limit: 8, unit: 'A' })).rejects.toThrow(
      'no transaction 9 runs',
    );
    expect(station.unanswered.filter(({ action }) => action === 'SetChargingProfile')).toEqual([]);
  });
});

describe.each<Version>(['2.0.1', '2.1'])('OCPP %s', (version) => {
  it('C2-04, TC_K_01, 10, 15, 60, 70: a refusal is seen, the next command works, and no two profiles have one place', async () => {
    const station = await system.newStation(version);
    const transactionId = await begin(station);
    const limit = (amount: number) => ({ transactionId, limit: amount, unit: 'A' });
    const refused = system.operate(station.stationId, 'limit', limit(16)).then(
      (command: StationCommand) => command.status,
      (problem: Error) => problem.message,
    );
    station.refuse(await station.heardCall('SetChargingProfile'), 'NotSupported');
    expect(String(await refused)).toMatch(/refused|NotSupported/);
    const first = await wish(station, 'limit', limit(10), 'SetChargingProfile');
    const second = await wish(station, 'limit', limit(12), 'SetChargingProfile');
    expect([first, second].map(({ command }) => command.status)).toEqual(['done', 'done']);
    const profiles = [first, second].map(({ asked }) => asked.chargingProfile as Payload);
    expect(profiles).toMatchObject([{ transactionId }, { transactionId }]);
    expect(profiles[0]?.id).toBe(profiles[1]?.id);
  });

  it('C2-05, TC_K_53, 59: needs are accepted, and a schedule with no more periods than asked for follows; without a transaction neither', async () => {
    const station = await system.newStation(version);
    const needs = { evseId: 1, maxScheduleTuples: 3, chargingNeeds: { requestedEnergyTransfer: 'AC_three_phase' } };
    expect(await station.ask('NotifyEVChargingNeeds', needs)).toMatchObject({ status: 'Rejected' });
    const transactionId = await reportBegin(station);
    // Said right after the beginning, which takes another way.
    expect(await station.ask('NotifyEVChargingNeeds', needs)).toMatchObject({ status: 'Accepted' });
    const asked = await station.obey('SetChargingProfile');
    expect(asked).toMatchObject({ evseId: 1, chargingProfile: { chargingProfilePurpose: 'TxProfile', transactionId } });
    expect(periodsOf(asked).length).toBeLessThanOrEqual(3);
    const chargingSchedule = { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 20 }] };
    expect(await station.ask('NotifyEVChargingSchedule', { evseId: 1, timeBase: now(), chargingSchedule })).toMatchObject({
      status: 'Accepted',
    });
    const beyond = { ...chargingSchedule, chargingSchedulePeriod: [{ startPeriod: 0, limit: 63 }] };
    expect(await station.ask('NotifyEVChargingSchedule', { evseId: 1, timeBase: now(), chargingSchedule: beyond })).toMatchObject({
      status: 'Rejected',
    });
    await station.obey('SetChargingProfile');
  });
});

describe('OCPP 2.1', () => {
  it('V21-10, TC_K_118, TC_K_121, TC_Q_110: priority, dynamic schedules, and controls of the grid', async () => {
    const station = await system.newStation('2.1');
    const transactionId = await begin(station);
    await wish(station, 'use-priority-charging', { transactionId, activate: true }, 'UsePriorityCharging');
    expect(await station.ask('NotifyPriorityCharging', { transactionId, activated: true })).toEqual({});
    const chargingSchedule = [{ startSchedule: now(), chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 9 }] }];
    const profile = {
      id: 77,
      stackLevel: 1,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Dynamic',
      dynUpdateInterval: 60,
      chargingSchedule,
    };
    await wish(station, 'charging-profile', { evseId: 1, profile }, 'SetChargingProfile');
    const pull = (chargingProfileId: number) => station.ask('PullDynamicScheduleUpdate', { chargingProfileId });
    expect(await pull(77)).toEqual({ status: 'Accepted', scheduleUpdate: { limit: 9 } });
    await wish(station, 'update-dynamic-schedule', { profileId: 77, update: { limit: 7 } }, 'UpdateDynamicSchedule');
    expect(await pull(77)).toEqual({ status: 'Accepted', scheduleUpdate: { limit: 7 } });
    expect(await pull(78)).toMatchObject({ status: 'Rejected' });
    const control = {
      controlType: 'FixedVar',
      isDefault: true,
      controlId: 'fv',
      settings: { priority: 1, setpoint: 10, unit: 'PctMaxVar' },
    };
    await wish(station, 'set-der-control', control, 'SetDERControl');
    expect(await system.items(station.stationId, 'der-control')).toHaveProperty('fv');
    await wish(station, 'clear-der-control', { isDefault: true, controlId: 'fv' }, 'ClearDERControl');
    await wish(station, 'signal-frequency-reserve', { timestamp: now(), signal: 3 }, 'AFRRSignal');
    const older = await system.newStation('2.0.1');
    await eventually(async () => (await system.station(older.stationId)).ocppVersion);
    await expect(system.operate(older.stationId, 'signal-frequency-reserve', { timestamp: now(), signal: 3 })).rejects.toThrow(
      'OCPP 2.0.1 has no',
    );
  });
});

describe('a budget', () => {
  it('is shared by stations of different versions, and never handed out twice', async () => {
    const limits = new Map<string, number>();
    const obeying = (name: string) => (call: HeardCall) => {
      if (call.action === 'ClearChargingProfile') return { status: 'Accepted' };
      if (call.action !== 'SetChargingProfile') return modest(call);
      const {
        csChargingProfiles: old,
        chargingProfile: profile = old,
        connectorId,
        evseId = connectorId,
      } = call.payload as { csChargingProfiles?: Payload; chargingProfile?: Payload; connectorId?: number; evseId?: number };
      const schedules = [profile?.chargingSchedule].flat() as { chargingSchedulePeriod: { limit: number }[] }[];
      limits.set(`${name}/${evseId}`, schedules[0]?.chargingSchedulePeriod[0]?.limit ?? -1);
      return { status: 'Accepted' };
    };
    const a = await system.newStation('1.6', {}, { manners: obeying('a') });
    const b = await system.newStation('2.0.1', {}, { manners: obeying('b') });
    const budgetId = system.newName('BUDGET');
    await begin(a);
    await system.rest.put(`/budgets/${budgetId}`, { stationIds: [a.stationId, b.stationId], unit: 'A', limit: 40 });
    // 40 A less 6 A for each of the three EVSEs that wait.
    await eventually(() => limits.get('a/1') === 22, 10_000);
    expect([limits.get('a/0'), limits.get('b/0')]).toEqual([6, 6]);
    await begin(b);
    await eventually(() => limits.get('b/1') === 14 && limits.get('a/1') === 14, 10_000);
    const state = () => system.rest.get<ChargingBudgetState>(`/budgets/${budgetId}`);
    expect(await eventually(async () => (await state()).shares.every(({ accepted }) => accepted === 14) && state())).toMatchObject({
      limit: 40,
      reserved: 40,
      uncontrolled: [],
    });
    // One goes: its last share counts, so the other cannot have more.
    await b.close();
    await system.rest.put(`/budgets/${budgetId}`, { stationIds: [a.stationId, b.stationId], unit: 'A', limit: 50 });
    await eventually(() => limits.get('a/1') === 24, 10_000);
    await pause(500);
    expect((await state()).reserved).toBeLessThanOrEqual(50);
    expect(await system.rest.delete(`/budgets/${budgetId}`)).toEqual({ budgetId, notTold: [b.stationId] });
  });
});
