import { type ChargePlan, meterReadings } from './charge-plan';

const plan: ChargePlan = { connectorId: 1, token: 'OK1', energyWh: 20_000, meterValues: 4, secondsBetweenMeterValues: 900 };

describe('meter readings', () => {
  test('an even curve spreads the energy evenly: 5 kWh a quarter of an hour is 20 kW', () => {
    expect(meterReadings({ ...plan, powerCurve: [1] }, 0, 1_000)).toEqual([
      { atMilliseconds: 900_000, registerWh: 6_000, powerW: 20_000 },
      { atMilliseconds: 1_800_000, registerWh: 11_000, powerW: 20_000 },
      { atMilliseconds: 2_700_000, registerWh: 16_000, powerW: 20_000 },
      { atMilliseconds: 3_600_000, registerWh: 21_000, powerW: 20_000 },
    ]);
  });

  test('a curve of 3 to 1 draws three quarters of the energy in the first half', () => {
    const registers = meterReadings({ ...plan, powerCurve: [3, 1] }, 0, 0).map(({ registerWh }) => registerWh);
    expect(registers).toEqual([7_500, 15_000, 17_500, 20_000]);
  });

  test('whole Wh, never falling, exact at the end, whatever the numbers', () => {
    for (const meterValues of [1, 3, 7, 11]) {
      const registers = meterReadings({ ...plan, energyWh: 10_001, meterValues }, 0, 5).map(({ registerWh }) => registerWh);
      expect(registers).toHaveLength(meterValues);
      expect(registers.at(-1)).toBe(10_006);
      expect(registers.every((register, index) => Number.isInteger(register) && register >= (registers[index - 1] ?? 5))).toBe(true);
    }
  });
});
