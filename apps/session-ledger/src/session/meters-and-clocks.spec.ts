// What is made of meters and clocks of every version: units, phases, contexts, resets, wrong times.
import type { SessionFact } from './session-events';
import { at, billOf, ended, event, reading, registerSample, started, terms, token } from './session-scenarios';

describe('meters of any version', () => {
  const sampled = (measurand: string, time: string, value: string, rest: object = {}) => ({
    ...registerSample(time, value),
    measurand,
    ...rest,
  });
  const told = (samples: object[], sequence: number, time: string, phase: 'started' | 'updated' | 'ended') =>
    ({ ...event(sequence, time, phase, { chargingState: 'Charging', evseId: 1, token }), samples }) as SessionFact;

  it('TX-111: sum three phases, leave out a set that lacks one, and prefer a total', () => {
    const phases = (time: string, ...values: string[]) =>
      values.map((value) => registerSample(time, value)).map((sample, index) => ({ ...sample, phase: `L${index + 1}` }));
    const facts = [
      told(phases('10:00', '100', '200', '300'), 0, '10:00', 'started'),
      told(phases('10:30', '900', '900'), 1, '10:30', 'updated'),
      told(phases('11:00', '1100', '1200', '1300'), 2, '11:00', 'ended'),
    ];
    expect(billOf(facts).energyWh).toBe('3000');
    const withTotal = [
      told([...phases('10:00', '100', '200', '300'), registerSample('10:00', '600')], 0, '10:00', 'started'),
      told([...phases('11:00', '1100', '1200', '1300'), registerSample('11:00', '3500')], 1, '11:00', 'ended'),
    ];
    expect(billOf(withTotal).energyWh).toBe('2900');
  });

  it('TX-112: are billed at the outlet and nowhere else', () => {
    const inlet = registerSample('10:30', '99999');
    const facts = [
      told([registerSample('10:00', '0')], 0, '10:00', 'started'),
      told([{ ...inlet, location: 'Inlet' }], 1, '10:30', 'updated'),
      told([{ ...registerSample('11:00', '4000'), location: 'Outlet' }], 2, '11:00', 'ended'),
    ];
    expect(billOf(facts)).toMatchObject({ energyWh: '4000' });
  });

  it('TX-113: add intervals where there is no register, and use the net register where there is neither', () => {
    const intervals = ['10:15', '10:30', '11:00'].map((time, index) =>
      told([sampled('Energy.Active.Import.Interval', time, '1000')], index + 1, time, index === 2 ? 'ended' : 'updated'),
    );
    expect(billOf([told([], 0, '10:00', 'started'), ...intervals]).energyWh).toBe('3000');
    const net = [
      told([sampled('Energy.Active.Net', '10:00', '500')], 0, '10:00', 'started'),
      told([sampled('Energy.Active.Net', '11:00', '2500')], 1, '11:00', 'ended'),
    ];
    expect(billOf(net).energyWh).toBe('2000');
  });

  it('TX-114: find their begin in the first update, where the EVSE was not known at the start', () => {
    const facts = [
      event(0, '10:00', 'started', { trigger: 'Authorized', token }),
      event(1, '10:05', 'updated', {
        trigger: 'ChargingStateChanged',
        chargingState: 'Charging',
        evseId: 1,
        wh: '100',
        context: 'Transaction.Begin',
      }),
      event(2, '11:00', 'ended', { trigger: 'EVDeparted', wh: '5100', context: 'Transaction.End' }),
    ];
    expect(billOf(facts)).toMatchObject({ energyWh: '5000', flags: [] });
  });

  it('TX-115: that showed nothing while the car charged leave the energy unknown, which is not 0', () => {
    const facts = [told([], 0, '10:00', 'started'), told([], 1, '11:00', 'ended')];
    expect(billOf(facts).anomalies).toMatchObject([{ code: 'energyUnknown' }]);
  });

  it('TX-117: are attached by time: nothing before the start or after the end counts', () => {
    const facts = [
      told([registerSample('10:00', '1000')], 0, '10:00', 'started'),
      told([registerSample('09:50', '900'), registerSample('11:30', '9000')], 1, '10:30', 'updated'),
      told([registerSample('11:00', '4000')], 2, '11:00', 'ended'),
    ];
    expect(billOf(facts)).toMatchObject({ energyWh: '3000', meterStartWh: '1000', meterStopWh: '4000' });
  });

  it('TX-119: take no energy from state of charge, voltage or temperature', () => {
    const noise = ['SoC', 'Voltage', 'Temperature', 'Power.Offered'].map((measurand) => sampled(measurand, '10:30', '80', { unit: 'x' }));
    const facts = [
      told([registerSample('10:00', '0')], 0, '10:00', 'started'),
      told(noise, 1, '10:30', 'updated'),
      told([registerSample('11:00', '4000')], 2, '11:00', 'ended'),
    ];
    expect(billOf(facts).energyWh).toBe('4000');
  });

  it('TX-118: are samples, whatever context they name', () => {
    const facts = ['Trigger', 'Other', 'Interruption.Begin'].map((context, index) =>
      told([{ ...registerSample(`10:1${index}`, String(1000 + index)), context }], index + 1, `10:1${index}`, 'updated'),
    );
    const all = [
      told([registerSample('10:00', '0')], 0, '10:00', 'started'),
      ...facts,
      told([registerSample('11:00', '4000')], 9, '11:00', 'ended'),
    ];
    expect(billOf(all)).toMatchObject({ energyWh: '4000', meterStartWh: '0' });
  });

  it('TX-102: keep signed readings in their facts and name the first and the last', () => {
    const signed = (time: string, data: string) => ({ ...registerSample(time, '0'), signed: { signedMeterData: data } });
    const facts = [
      told([signed('10:00', 'OCMF|a')], 0, '10:00', 'started'),
      told([signed('10:30', 'OCMF|b')], 1, '10:30', 'updated'),
      told([signed('11:00', 'OCMF|c')], 2, '11:00', 'ended'),
    ];
    expect(billOf(facts).signedEvidence).toEqual([facts[0]?.factId, facts[2]?.factId]);
  });

  it('tell power and current as minima and maxima, and are cut where a tariff’s bound is crossed', () => {
    const power = (time: string, watts: string) => ({ at: at(time), measurand: 'Power.Active.Import', value: watts, unit: 'W' });
    const amperes = (time: string, value: string, phase: string) => ({
      at: at(time),
      measurand: 'Current.Import',
      value,
      unit: 'A',
      phase,
    });
    const facts = [
      told(
        [registerSample('10:00', '0'), power('10:00', '10000'), amperes('10:00', '10', 'L1'), amperes('10:00', '6', 'L2')],
        0,
        '10:00',
        'started',
      ),
      told([power('10:30', '20000')], 1, '10:30', 'updated'),
      told([registerSample('11:00', '12000'), power('10:59', '22000')], 2, '11:00', 'ended'),
    ];
    const elements = [
      { priceComponents: [{ type: 'ENERGY' as const, price: '0.60', stepSize: 1 }], restrictions: { minPowerKw: '15' } },
      { priceComponents: [{ type: 'ENERGY' as const, price: '0.40', stepSize: 1 }] },
    ];
    const bill = billOf(facts, terms(elements));
    expect(
      bill.periods.map(({ startedAt, minPowerW, maxPowerW, minCurrentA }) => [startedAt.slice(11, 16), minPowerW, maxPowerW, minCurrentA]),
    ).toEqual([
      ['10:00', '10000', '10000', '16'],
      ['10:15', '20000', '22000', '16'],
    ]);
  });
});

describe('clocks', () => {
  it('TX-53: that are ahead of ours, or stand in the past, are doubted and never a reason to refuse', () => {
    const ahead = { ...started('10:00', '0'), receivedAt: at('09:50') };
    expect(billOf([ahead, ended('11:00', '4000')]).anomalies).toMatchObject([{ code: 'clockSuspect', evidence: [ahead.factId] }]);
    const ancient = { ...started('10:00', '0'), at: '1970-01-01T00:01:00.000Z' };
    expect(billOf([ancient, { ...ended('11:00', '4000'), at: '1970-01-01T01:01:00.000Z' }])).toMatchObject({
      anomalies: [{ code: 'clockSuspect' }],
      energyWh: '4000',
    });
  });

  it('TX-54: keep the times of the station', () => {
    const skewed = (fact: SessionFact) => ({ ...fact, receivedAt: new Date(Date.parse(fact.at) - 3_600_000).toISOString() });
    expect(billOf([started('10:00', '0'), ended('11:00', '4000')].map(skewed))).toMatchObject({
      startedAt: at('10:00'),
      endedAt: at('11:00'),
    });
  });

  it('TX-55: that were set during the session give way to the times of receipt', () => {
    const stop = { ...ended('09:30', '4000'), receivedAt: at('11:00') };
    const bill = billOf([started('10:00', '0'), { ...reading('10:30', '2000') }, stop]);
    expect(bill).toMatchObject({ startedAt: at('10:00'), endedAt: at('11:00'), energyWh: '4000', anomalies: [{ code: 'clockSuspect' }] });
  });
});
