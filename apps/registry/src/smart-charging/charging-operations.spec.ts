import type { OperationParameters, Problem, StationOperationName } from '@evenkeel/contracts';
import { requestSchema, sayIn } from '@evenkeel/ocpp';
import { callsOf } from '../command/operation-calls';
import type { WantedCall } from '../command/wanted-call';
import type { MirrorNews } from '../mirror/mirror';
import { AT, evse, install, knowledgeOf, profile, started, TX, variables } from './station-under-test';

const NOW = AT;

function callsTo<N extends StationOperationName>(
  version: '1.6' | '2.0.1' | '2.1',
  news: readonly MirrorNews[],
  operation: N,
  parameters: OperationParameters<N>,
): readonly WantedCall[] {
  let last = 100;
  const charging = knowledgeOf(version, [evse(1), evse(2)], ...news);
  const atOnce = { getVariablesAtOnce: 1, setVariablesAtOnce: 1, setMonitorsAtOnce: 1, clearMonitorsAtOnce: 1 };
  const station = { version, charging, ...atOnce, localListVersion: 0, networkSlot: undefined, securityProfile: 1 };
  const calls = callsOf(operation, parameters, station, { now: NOW, next: () => ++last, password: () => '' });
  for (const each of calls) {
    // Whatever is wanted can be said in the station's version, and fits its schema.
    if (each.kind === 'neutral') expect(requestSchema(version, sayIn(version, each.action, each.request).action)).toBeDefined();
  }
  return calls;
}

function refusalOf<N extends StationOperationName>(...given: Parameters<typeof callsTo<N>>): [string, string] {
  try {
    callsTo(...given);
  } catch (problem) {
    return [(problem as Problem).code, (problem as Problem).message];
  }
  throw new Error('it was not refused');
}

type Order = OperationParameters<'charging-profile'>['profile'];
const period = { startPeriod: 0, limit: 10 };
const order = (more: Partial<Order> = {}): Order => ({
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Absolute',
  chargingSchedule: [{ startSchedule: NOW, chargingRateUnit: 'A', chargingSchedulePeriod: [period] }],
  ...more,
});
const scheduled = (...periods: Order['chargingSchedule'][number]['chargingSchedulePeriod']): Order =>
  order({ chargingSchedule: [{ startSchedule: NOW, chargingRateUnit: 'A', chargingSchedulePeriod: periods }] });
const ofTx: Partial<Order> = { chargingProfilePurpose: 'TxProfile', transactionId: TX };
const refused = (profileOrdered: Order, { evseId = 1, version = '2.0.1' as '1.6' | '2.0.1' | '2.1', news = [] as MirrorNews[] } = {}) =>
  refusalOf(version, news, 'charging-profile', { evseId, profile: profileOrdered });

describe('a limit', () => {
  it('C6-05, TC_056, TC_057, C2-04: is a profile of the station, of an EVSE, or of a transaction with its id', () => {
    const profileFor = (parameters: OperationParameters<'limit'>) => callsTo('2.0.1', [started(2, TX)], 'limit', parameters)[0]?.request;
    expect(profileFor({ limit: 11_000, unit: 'W' })).toMatchObject({
      evseId: 0,
      chargingProfile: { chargingProfilePurpose: 'ChargingStationMaxProfile' },
    });
    expect(profileFor({ evseId: 1, limit: 11_000, unit: 'W' })).toMatchObject({
      evseId: 1,
      chargingProfile: { chargingProfilePurpose: 'TxDefaultProfile' },
    });
    expect(profileFor({ transactionId: TX, limit: 11_000, unit: 'W' })).toMatchObject({
      evseId: 2,
      chargingProfile: {
        chargingProfilePurpose: 'TxProfile',
        transactionId: TX,
        chargingSchedule: [{ chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] }],
      },
    });
  });

  it('C6-05: of a transaction that does not run is not sent', () => {
    expect(refusalOf('1.6', [], 'limit', { transactionId: '9', limit: 1, unit: 'A' })).toEqual([
      'conflict',
      'no transaction 9 runs at the station',
    ]);
  });

  it('OCPP 1.6 ChargingScheduleAllowedChargingRateUnit, OCPP 2.0.1 SmartChargingCtrlr.RateUnit: is said in the unit that the station takes', () => {
    for (const [version, RateUnit] of [
      ['1.6', 'Current'],
      ['2.0.1', 'A'],
    ] as const) {
      const [set] = callsTo(version, [variables({ 'SmartChargingCtrlr/RateUnit': RateUnit })], 'limit', {
        evseId: 1,
        limit: 11_100,
        unit: 'W',
      });
      // 11100 W / (230 V x 3) = 16.08 A, rounded down to one decimal.
      expect(set?.request).toMatchObject({
        chargingProfile: { chargingSchedule: [{ chargingRateUnit: 'A', chargingSchedulePeriod: [{ limit: 16 }] }] },
      });
    }
    const [start] = callsTo('1.6', [variables({ 'SmartChargingCtrlr/RateUnit': 'Power' })], 'start', {
      token: { uid: 'T', type: 'RFID' },
      evseId: 1,
      limit: { limit: 16, unit: 'A' },
    });
    expect(start?.request).toMatchObject({
      chargingProfile: { chargingSchedule: [{ chargingRateUnit: 'W', chargingSchedulePeriod: [{ limit: 11_040 }] }] },
    });
  });

  it('C2-04, K01.FR.06, K01.FR.39: replaces the one that is at the same place, under its id', () => {
    const installed = install(1, profile('TxDefaultProfile', 5_000, { id: 42 }));
    expect(callsTo('2.0.1', [installed], 'limit', { evseId: 1, limit: 6_000, unit: 'W' })[0]?.request).toMatchObject({
      chargingProfile: { id: 42 },
    });
    expect(callsTo('2.0.1', [installed], 'limit', { evseId: 2, limit: 6_000, unit: 'W' })[0]?.request).toMatchObject({
      chargingProfile: { id: 101 },
    });
  });
});

describe('a charging profile', () => {
  it('TC_K_01, TC_K_10, C6-05: is sent as it was ordered', () => {
    const ordered = { evseId: 1, profile: order({ ...ofTx, stackLevel: 2 }) };
    for (const version of ['1.6', '2.0.1', '2.1'] as const) {
      const news = [started(1, '17')];
      expect(
        callsTo(version, news, 'charging-profile', { ...ordered, profile: { ...ordered.profile, transactionId: '17' } }),
      ).toMatchObject([
        {
          action: 'SetChargingProfile',
          request: {
            evseId: 1,
            chargingProfile: { stackLevel: 2, transactionId: '17', chargingSchedule: [{ chargingSchedulePeriod: [period] }] },
          },
        },
      ]);
    }
  });

  it('C2-04, K01.FR.03, K01.FR.22: of a transaction names one that runs there, and one of the station is for the station', () => {
    expect(refused(order({ chargingProfilePurpose: 'TxProfile' }))[1]).toBe('a TxProfile names its transaction');
    expect(refused(order(ofTx))).toEqual(['conflict', `no transaction ${TX} runs at the station`]);
    expect(refused(order(ofTx), { news: [started(2)] })).toEqual(['conflict', `transaction ${TX} runs at EVSE 2`]);
    expect(refused(order(ofTx), { evseId: 0, news: [started(1)] })[1]).toBe('a TxProfile is set for an EVSE');
    expect(refused(order({ transactionId: TX }))[1]).toBe('a TxDefaultProfile names no transaction');
    expect(refused(order({ chargingProfilePurpose: 'ChargingStationMaxProfile' }))[0]).toBe('invalid');
  });

  it('C2-04, K01.FR.06, K01.FR.39, K01.FR.52: is not beside another one with its purpose and level', () => {
    const installed = [install(1, profile('TxDefaultProfile', 5_000, { id: 42 }))];
    expect(refused(order({ id: 7 }), { news: installed })).toEqual(['conflict', 'profile 42 has this purpose and stack level already']);
    expect(refused(order({ id: 7 }), { evseId: 0, news: installed })[0]).toBe('conflict');
    const placed = (more: Partial<Order>) =>
      callsTo('2.0.1', installed, 'charging-profile', { evseId: 1, profile: order({ id: 7, ...more }) });
    expect(placed({ stackLevel: 1 })).toHaveLength(1);
    expect(placed({ id: 42 })).toHaveLength(1);
  });

  it('K01.FR.06: has the place of one that holds at another time', () => {
    const spring = install(1, profile('TxDefaultProfile', 1, { id: 42, validTo: '2026-06-01T00:00:00.000Z' }));
    const later = order({ id: 7, validFrom: '2026-06-01T00:00:00.000Z' });
    expect(callsTo('2.0.1', [spring], 'charging-profile', { evseId: 1, profile: later })).toHaveLength(1);
  });

  it('ChargeProfileMaxStackLevel, PeriodsPerSchedule, MaxChargingProfilesInstalled: fits what the station holds', () => {
    const can = (values: Record<string, string>) => ({ version: '1.6' as const, news: [variables(values)] });
    expect(refused(order({ stackLevel: 4 }), can({ 'SmartChargingCtrlr/ProfileStackLevel': '3' }))).toEqual([
      'not-supported',
      'the station knows stack levels up to 3',
    ]);
    const two = scheduled(period, { startPeriod: 60, limit: 8 });
    expect(refused(two, can({ 'SmartChargingCtrlr/PeriodsPerSchedule': '1' }))[1]).toBe('the station takes at most 1 periods a schedule');
    const full = can({ 'SmartChargingCtrlr/Entries[ChargingProfiles]': '1' });
    expect(
      refused(order({ stackLevel: 1 }), { ...full, news: [...full.news, install(0, profile('ChargingStationMaxProfile', 1))] }),
    ).toEqual(['conflict', 'the station holds at most 1 profiles']);
  });

  it('OCPP 1.6 section 7.13, K01.FR.19, K01.FR.20: has periods from 0 on, one decimal, and chooses a phase only where that is possible', () => {
    expect(refused(scheduled({ startPeriod: 1, limit: 1 }))[1]).toContain('periods begin at 0');
    expect(refused(scheduled(period, period))[1]).toContain('periods begin at 0');
    expect(refused(scheduled({ startPeriod: 0, limit: 6.25 }))[1]).toBe('a rate has at most one decimal');
    expect(callsTo('2.0.1', [], 'charging-profile', { evseId: 1, profile: scheduled({ startPeriod: 0, limit: 16.1 }) })).toHaveLength(1);
    const chosen = scheduled({ ...period, numberPhases: 1, phaseToUse: 2 });
    const switches = variables({ 'SmartChargingCtrlr/ACPhaseSwitchingSupported': 'true' });
    expect(refused(chosen)).toEqual(['not-supported', 'the EVSE cannot choose its phase']);
    expect(refused(scheduled({ ...period, numberPhases: 3, phaseToUse: 2 }), { news: [switches] })[0]).toBe('invalid');
    expect(refused(chosen, { version: '1.6', news: [switches] })[0]).toBe('not-supported');
    expect(callsTo('2.0.1', [switches], 'charging-profile', { evseId: 1, profile: chosen })).toHaveLength(1);
  });

  it('K01, K21, K28: of a kind that the version has, with what that kind needs', () => {
    const { startSchedule: _, ...unanchored } = order().chargingSchedule[0] ?? { chargingRateUnit: 'A', chargingSchedulePeriod: [] };
    expect(refused(order({ chargingProfileKind: 'Recurring' }))[1]).toBe('a recurring profile says how often');
    expect(refused(order({ chargingProfileKind: 'Relative' }))[1]).toBe('a relative schedule starts with its transaction');
    expect(refused(order({ chargingSchedule: [unanchored] }))[1]).toContain('says when it starts');
    expect(refused(order({ chargingProfileKind: 'Dynamic' }))).toEqual(['not-supported', 'OCPP 2.0.1 has no Dynamic profiles']);
    const priority = order({ chargingProfilePurpose: 'PriorityCharging' });
    expect(refused(priority)[0]).toBe('not-supported');
    const brief = { ...priority, chargingSchedule: priority.chargingSchedule.map((each) => ({ ...each, duration: 60 })) };
    expect(refused(brief, { version: '2.1' })[1]).toContain('priority has no duration');
    expect(callsTo('2.1', [], 'charging-profile', { evseId: 0, profile: priority })).toHaveLength(1);
    expect(refused(scheduled({ startPeriod: 0, limit: 1, dischargeLimit: -1 }))[0]).toBe('not-supported');
    const several = order({ chargingSchedule: [1, 2].flatMap(() => order().chargingSchedule) });
    expect(refused(several)[1]).toBe('such a profile has at most 1 schedules');
  });
});

describe('what only OCPP 2.1 has', () => {
  const orders: { [N in StationOperationName]?: OperationParameters<N> } = {
    'use-priority-charging': { transactionId: TX, activate: true },
    'update-dynamic-schedule': { profileId: 1, update: { limit: 900 } },
    'signal-frequency-reserve': { timestamp: NOW, signal: 1 },
    'allow-energy-transfer': { transactionId: TX, allowed: ['AC_BPT'] },
    'set-der-control': { controlType: 'FixedVar', isDefault: true, settings: { priority: 1, setpoint: 10, unit: 'PctMaxVar' } },
    'clear-der-control': { isDefault: true, controlType: 'FixedVar' },
    'read-der-controls': { isDefault: true },
  };
  const actions = [
    'UsePriorityCharging',
    'UpdateDynamicSchedule',
    'AFRRSignal',
    'NotifyAllowedEnergyTransfer',
    'SetDERControl',
    'ClearDERControl',
    'GetDERControl',
  ];

  it('TC_K_118, TC_K_121, TC_Q_107, TC_Q_109, TC_Q_120, TC_R_107: is said to a 2.1 station, and to no other', () => {
    const said = Object.entries(orders).map(([name, parameters]) => {
      const operation = name as StationOperationName;
      for (const version of ['1.6', '2.0.1'] as const) {
        expect(refusalOf(version, [started(1)], operation, parameters as never)[0]).toBe('not-supported');
      }
      return callsTo('2.1', [started(1)], operation, parameters as never)[0]?.action;
    });
    expect(said).toEqual(actions);
  });

  it('R04: a control has the settings of its type, and others are refused', () => {
    const curve = { priority: 1, yUnit: 'PctMaxW', curveData: [{ x: 50, y: 100 }] };
    expect(
      callsTo('2.1', [], 'set-der-control', { controlType: 'FreqWatt', isDefault: false, controlId: 'c', settings: curve })[0]?.request,
    ).toEqual({
      controlType: 'FreqWatt',
      isDefault: false,
      controlId: 'c',
      curve,
    });
    expect(refusalOf('2.1', [], 'set-der-control', { controlType: 'EnterService', isDefault: false, settings: curve })[0]).toBe('invalid');
  });

  it('Q07, K21: of a transaction, only while it runs; K28: of a dynamic profile, only of such a one', () => {
    expect(refusalOf('2.1', [], 'use-priority-charging', { transactionId: TX, activate: true })[0]).toBe('conflict');
    expect(refusalOf('2.1', [], 'allow-energy-transfer', { transactionId: TX, allowed: ['DC'] })[0]).toBe('conflict');
    const installed = [install(0, profile('TxDefaultProfile', 1))];
    expect(refusalOf('2.1', installed, 'update-dynamic-schedule', { profileId: 1, update: { limit: 1 } })[0]).toBe('conflict');
  });
});
