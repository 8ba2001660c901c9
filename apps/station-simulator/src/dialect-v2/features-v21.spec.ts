// What OCPP 2.1 adds, as the back end sees it; and what a station of it tells of its own accord.
import { type Bench, bench, START } from '../testing/bench';
import { eventually, wellMeaning } from '../testing/scripted-back-end';

let under: Bench;
let transactionAnswer: object = {};
let bootMilliseconds = 0;
beforeEach(async () => {
  transactionAnswer = {};
  bootMilliseconds = 0;
  const well = wellMeaning('2.1');
  under = await bench('2.1', {}, async (call) => {
    const answer = await well(call);
    if (call.action === 'BootNotification') await new Promise((resolve) => setTimeout(resolve, bootMilliseconds));
    return call.action === 'TransactionEvent' ? { ...Object(answer), ...transactionAnswer } : answer;
  });
});
afterEach(async () => {
  expect(await under.end()).toEqual([]);
});

interface Event {
  readonly triggerReason: string;
  readonly eventType: string;
  readonly seqNo: number;
  readonly costDetails?: object;
  readonly transactionInfo: { readonly transactionId: string; readonly stoppedReason?: string; readonly tariffId?: string };
}

const inSeconds = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const statusOf = async (action: string, payload: object) => (await under.command(action, payload)).status;
const events = () => under.backEnd.payloadsOf<Event>('TransactionEvent');
const triggered = (reason: string) => events().some(({ triggerReason }) => triggerReason === reason);
const plan = {
  connectorId: 1,
  token: 'A',
  energyWh: 6_000,
  meterValues: 6,
  secondsBetweenMeterValues: 60,
  powerCurve: [1],
  authorizeFirst: false,
};

async function startRemotely(): Promise<string> {
  await statusOf('RequestStartTransaction', { idToken: { idToken: 'A', type: 'ISO14443' }, remoteStartId: 1, evseId: 1 });
  return (await under.heard<Event>('TransactionEvent'))[0]?.transactionInfo.transactionId ?? '';
}

describe('limits and tariffs', () => {
  it.each([
    [{ maxEnergy: 2_500 }, 'EnergyLimitReached', 'EnergyLimitReached', 2_500],
    [{ maxTime: 120 }, 'TimeLimitReached', 'TimeLimitReached', 2_000],
    [{ maxSoC: 25 }, 'SoCLimitReached', 'SOCLimitReached', 3_000],
  ])('E16: a transaction with the limit %j ends when it reaches it', async (transactionLimit, trigger, reason, drawnWh) => {
    transactionAnswer = { transactionLimit };
    expect(await under.station.charge(plan)).toMatchObject({ stopReason: reason, meterStopWh: drawnWh });
    expect(events().filter(({ triggerReason }) => triggerReason === 'LimitSet')).toHaveLength(1);
    expect(triggered(trigger)).toBe(true);
    expect(events().at(-1)).toMatchObject({ eventType: 'Ended', transactionInfo: { stoppedReason: reason } });
  });

  it('C17: prepaid credit ends with the cost the back end tells', async () => {
    transactionAnswer = { transactionLimit: { maxCost: 5 }, totalCost: 5.2 };
    expect(await under.station.charge(plan)).toMatchObject({ stopReason: 'LocalOutOfCredit' });
    expect(triggered('CostLimitReached')).toBe(true);
  });

  it('I07, I11: the station works out the cost by its tariff: 6 kWh at 0.50, 6 minutes at 0.10, 1.00 to begin, are 4.60', async () => {
    const tariff = {
      tariffId: 'T1',
      currency: 'EUR',
      energy: { prices: [{ priceKwh: 0.5 }] },
      chargingTime: { prices: [{ priceMinute: 0.1 }] },
      fixedFee: { prices: [{ priceFixed: 1 }] },
    };
    expect(await statusOf('SetDefaultTariff', { evseId: 1, tariff })).toBe('Accepted');
    expect(await statusOf('SetDefaultTariff', { evseId: 2, tariff })).toBe('DuplicateTariffId');
    const conditional = { ...tariff, energy: { prices: [{ priceKwh: 1, conditions: { minEnergy: 5 } }] } };
    expect(await statusOf('SetDefaultTariff', { evseId: 1, tariff: conditional })).toBe('ConditionNotSupported');
    expect(await under.command('GetTariffs', { evseId: 1 })).toMatchObject({ tariffAssignments: [{ tariffId: 'T1', evseIds: [1] }] });
    await under.station.charge(plan);
    expect(events().at(-1)?.costDetails).toMatchObject({
      totalCost: {
        currency: 'EUR',
        fixed: { exclTax: 1 },
        energy: { exclTax: 3 },
        chargingTime: { exclTax: 0.6 },
        total: { exclTax: 4.6 },
      },
      totalUsage: { energy: 6, chargingTime: 360, idleTime: 0 },
    });
    expect(await under.command('ClearTariffs', { tariffIds: ['T1', 'T9'] })).toEqual({
      clearTariffsResult: [
        { tariffId: 'T1', status: 'Accepted' },
        { tariffId: 'T9', status: 'NoTariff' },
      ],
    });
    expect(await statusOf('GetTariffs', { evseId: 0 })).toBe('NoTariff');
  });

  it('I10: the tariff of a running transaction is changed, but not its currency', async () => {
    const tariff = (tariffId: string, currency = 'EUR') => ({ tariffId, currency, energy: { prices: [{ priceKwh: 0.5 }] } });
    await statusOf('SetDefaultTariff', { evseId: 0, tariff: tariff('T1') });
    const transactionId = await startRemotely();
    const change = (to: object, id = transactionId) => statusOf('ChangeTransactionTariff', { transactionId: id, tariff: to });
    expect([await change(tariff('T2', 'USD')), await change(tariff('T2'), 'none')]).toEqual(['NoCurrencyChange', 'TxNotFound']);
    expect(await change(tariff('T2'))).toBe('Accepted');
    await eventually(() => triggered('TariffChanged'));
    expect(events().find(({ triggerReason }) => triggerReason === 'TariffChanged')?.transactionInfo.tariffId).toBe('T2');
  });
});

describe('charging that changes', () => {
  const profile = (more: object) => ({
    id: 5,
    stackLevel: 1,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Dynamic',
    chargingSchedule: [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 3_000 }] }],
    ...more,
  });
  const limit = async () => {
    const answer = await under.command<{ schedule: { chargingSchedulePeriod: ReadonlyArray<{ limit: number }> } }>('GetCompositeSchedule', {
      evseId: 1,
      duration: 10,
      chargingRateUnit: 'W',
    });
    return answer.schedule.chargingSchedulePeriod[0]?.limit;
  };

  it('K28: a dynamic profile is updated by the back end, and pulled by the station', async () => {
    await statusOf('SetChargingProfile', { evseId: 1, chargingProfile: profile({}) });
    expect(await statusOf('UpdateDynamicSchedule', { chargingProfileId: 5, scheduleUpdate: { limit: 4_000 } })).toBe('Accepted');
    expect(await statusOf('UpdateDynamicSchedule', { chargingProfileId: 6, scheduleUpdate: { limit: 4_000 } })).toBe('Rejected');
    expect(await limit()).toBe(4_000);
    await statusOf('SetChargingProfile', { evseId: 1, chargingProfile: profile({ dynUpdateInterval: 10 }) });
    await under.heard('PullDynamicScheduleUpdate', 2);
    expect(await limit()).toBe(5_000);
    await statusOf('ClearChargingProfile', { chargingProfileId: 5 });
  });

  it('K21, K22: priority is given only where there is a profile for it, and told when the driver takes it', async () => {
    const transactionId = await startRemotely();
    const use = (activate: boolean, id = transactionId) => statusOf('UsePriorityCharging', { transactionId: id, activate });
    expect([await use(true, 'none'), await use(true)]).toEqual(['Rejected', 'NoProfile']);
    const slow = profile({ chargingProfileKind: 'Relative' });
    const fast = { ...slow, id: 6, chargingProfilePurpose: 'PriorityCharging' };
    const fastSchedule = [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 20_000 }] }];
    await statusOf('SetChargingProfile', { evseId: 1, chargingProfile: slow });
    await statusOf('SetChargingProfile', { evseId: 1, chargingProfile: { ...fast, chargingSchedule: fastSchedule } });
    expect(await limit()).toBe(3_000);
    expect(await use(true)).toBe('Accepted');
    expect(await limit()).toBe(20_000);
    await under.station.reports.priorityCharging(1, false);
    expect(await under.heard('NotifyPriorityCharging')).toEqual([{ transactionId, activated: false }]);
    expect(await limit()).toBe(3_000);
  });

  it('K12, K13: a limit from outside holds, is reported, and cannot be cleared by the back end', async () => {
    await under.station.reports.externalLimit(1, 2_000);
    expect(await limit()).toBe(2_000);
    expect(await statusOf('ClearChargingProfile', { chargingProfileCriteria: { evseId: 1 } })).toBe('Unknown');
    expect(await statusOf('GetChargingProfiles', { requestId: 1, chargingProfile: { chargingLimitSource: ['EMS'] } })).toBe('Accepted');
    expect((await under.heard('ReportChargingProfiles'))[0]).toMatchObject({ chargingLimitSource: 'EMS' });
    await under.station.reports.externalLimit(1, undefined);
    expect((await under.heard('ClearedChargingLimit'))[0]).toEqual({ chargingLimitSource: 'EMS', evseId: 1 });
    expect(await limit()).toBe(22_080);
  });

  it('Q: signals and allowed transfers are for running transactions', async () => {
    const signal = () => statusOf('AFRRSignal', { timestamp: inSeconds(0), signal: 3 });
    expect(await signal()).toBe('Rejected');
    const transactionId = await startRemotely();
    expect(await signal()).toBe('Accepted');
    const allow = (id: string) => statusOf('NotifyAllowedEnergyTransfer', { transactionId: id, allowedEnergyTransfer: ['DC_BPT'] });
    expect([await allow('none'), await allow(transactionId)]).toEqual(['Rejected', 'Accepted']);
    expect((await under.heard('NotifyEVChargingNeeds'))[0]).toMatchObject({ chargingNeeds: { requestedEnergyTransfer: 'DC_BPT' } });
  });
});

describe('resets', () => {
  it('B12, TC_B_116: ImmediateAndResume boots under a transaction that goes on', async () => {
    const charging = under.station.charge({ ...plan, energyWh: 12_000, meterValues: 12, secondsBetweenMeterValues: 20 });
    await eventually(() => triggered('MeterValuePeriodic'));
    bootMilliseconds = 400;
    expect(await statusOf('Reset', { type: 'ImmediateAndResume' })).toBe('Accepted');
    await eventually(() => triggered('TxResumed'));
    const afterBoot = under.backEnd.received.slice(under.backEnd.actions().indexOf('BootNotification'));
    const untilResumed = afterBoot.findIndex(({ payload }) => payload.triggerReason === 'TxResumed');
    // One reading may have been on its way; four would have been taken meanwhile.
    expect(afterBoot.slice(0, untilResumed).filter(({ action }) => action === 'TransactionEvent').length).toBeLessThanOrEqual(1);
    expect(await charging).toMatchObject({ stopReason: 'Local', meterStopWh: 12_000 });
    expect(new Set(events().map(({ transactionInfo }) => transactionInfo.transactionId)).size).toBe(1);
    expect(events().map(({ seqNo }) => seqNo)).toEqual(events().map((_, index) => index));
  });
});

describe('periodic event streams', () => {
  const temperature = { component: { name: 'ChargingStation' }, variable: { name: 'Temperature' } };

  it('N11 to N15, RPC-49: opened with the back end, filled, adjusted, listed, and closed with their monitor', async () => {
    const order = { ...temperature, type: 'Periodic', value: 10, severity: 5, periodicEventStream: { interval: 20, values: 2 } };
    const { setMonitoringResult } = await under.command<{ setMonitoringResult: ReadonlyArray<{ id: number }> }>('SetVariableMonitoring', {
      setMonitoringData: [order],
    });
    const [{ id: variableMonitoringId } = { id: 0 }] = setMonitoringResult;
    expect((await under.heard('OpenPeriodicEventStream'))[0]).toEqual({
      constantStreamData: { id: 1, params: { interval: 20, values: 2 }, variableMonitoringId },
    });
    expect((await under.heard<{ data: readonly object[] }>('NotifyPeriodicEventStream'))[0]?.data).toMatchObject([
      { t: 0, v: '25' },
      { v: '25' },
    ]);
    expect(await statusOf('AdjustPeriodicEventStream', { id: 1, params: { interval: 10, values: 1 } })).toBe('Accepted');
    expect(await statusOf('AdjustPeriodicEventStream', { id: 9, params: { interval: 10 } })).toBe('Rejected');
    expect(await under.command('GetPeriodicEventStream', {})).toMatchObject({ constantStreamData: [{ id: 1, params: { interval: 10 } }] });
    await under.command('ClearVariableMonitoring', { id: [variableMonitoringId] });
    expect(await under.heard('ClosePeriodicEventStream')).toEqual([{ id: 1 }]);
    expect(await under.command('GetPeriodicEventStream', {})).toEqual({});
  });
});

describe('the grid', () => {
  const control = (controlId: string, priority: number, more: object = {}) => ({
    isDefault: false,
    controlId,
    controlType: 'FixedVar',
    fixedVar: { priority, setpoint: 10, unit: 'PctMaxVar', startTime: inSeconds(0), duration: 20, ...more },
  });

  it('R02 to R04: controls start, end, supersede, are reported and cleared', async () => {
    expect(await under.command('SetDERControl', control('one', 5, { duration: 100_000 }))).toEqual({ status: 'Accepted' });
    expect(await under.command('SetDERControl', control('two', 1))).toEqual({ status: 'Accepted', supersededIds: ['one'] });
    expect(await statusOf('SetDERControl', { isDefault: true, controlId: 'x', controlType: 'VoltVar' })).toBe('Rejected');
    const told = await under.heard('NotifyDERStartStop', 3);
    expect(told.map(({ controlId, started }) => `${controlId} ${started}`)).toEqual(['one true', 'two true', 'two false']);
    expect(told[1]).toMatchObject({ supersededIds: ['one'] });
    expect(await statusOf('GetDERControl', { requestId: 1, controlId: 'one' })).toBe('Accepted');
    expect((await under.heard('ReportDERControl'))[0]).toMatchObject({ fixedVar: [{ id: 'one', isSuperseded: true, isDefault: false }] });
    expect(await statusOf('ClearDERControl', { isDefault: false })).toBe('Accepted');
    expect(await statusOf('GetDERControl', { requestId: 2 })).toBe('NotFound');
  });

  it('R05: an alarm', async () => {
    await under.station.reports.derAlarm({ controlType: 'LVMustTrip', gridEventFault: 'UnderVoltage' });
    expect((await under.heard('NotifyDERAlarm'))[0]).toMatchObject({ controlType: 'LVMustTrip' });
  });
});

describe('batteries and payment', () => {
  it('S02, S03: a battery is handed in and another taken, or not', async () => {
    const swap = (requestId: number) => statusOf('RequestBatterySwap', { idToken: { idToken: 'A', type: 'ISO14443' }, requestId });
    const told = () => under.backEnd.payloadsOf('BatterySwap').map(({ requestId, eventType }) => `${requestId} ${eventType}`);
    expect(await swap(1)).toBe('Accepted');
    await under.heard('BatterySwap', 2);
    under.station.behave({ batterySwap: 'BatteryOutTimeout' });
    expect(await swap(2)).toBe('Accepted');
    await under.heard('BatterySwap', 4);
    expect(told()).toEqual(['1 BatteryIn', '1 BatteryOut', '2 BatteryIn', '2 BatteryOutTimeout']);
    under.station.behave({ batterySwap: 'NoBatteryAvailable' });
    expect(await swap(3)).toBe('Rejected');
  });

  it('C25: an EVSE is held for the driver who pays on the web page', async () => {
    expect(await under.command('NotifyWebPaymentStarted', { evseId: 1, timeout: 100_000 })).toEqual({});
    await expect(under.station.charge(plan)).rejects.toThrow('Connector 1');
    await startRemotely();
    await expect(under.station.charge({ ...plan, connectorId: 2 })).resolves.toMatchObject({ stopReason: 'Local' });
  });
});

describe('what a station tells of its own accord', () => {
  it('A04, N07, C20: security events, values that changed, settlements and the answers to them', async () => {
    const { reports } = under.station;
    await reports.securityEvent('TamperDetectionActivated', 'door');
    expect((await under.heard('SecurityEventNotification'))[0]).toMatchObject({ type: 'TamperDetectionActivated', techInfo: 'door' });
    await reports.event({ name: 'ChargingStation' }, { name: 'Problem' }, 'true');
    // The value itself, and the hard-wired monitor that watches it.
    await under.command('GetMonitoringReport', { requestId: 1 });
    await reports.event({ name: 'ChargingStation' }, { name: 'Problem' }, 'false');
    const events = await under.heard<{ eventData: ReadonlyArray<{ variableMonitoringId?: number }> }>('NotifyEvent', 3);
    expect(events.map(({ eventData }) => eventData[0]?.variableMonitoringId)).toEqual([undefined, 1, undefined]);
    const settlement = { pspRef: 'P1', status: 'Settled' as const, settlementAmount: 4.6, settlementTime: inSeconds(0) };
    expect(await reports.settlement(settlement)).toEqual({});
    reports.signCertificate('V2G20Certificate');
    expect((await under.heard('SignCertificate'))[0]).toMatchObject({ certificateType: 'V2G20Certificate' });
  });
});
