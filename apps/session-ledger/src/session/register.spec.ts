// What a register that misbehaves makes of a session's energy, and which doubt it raises (TX-45 to TX-49).
import fc from 'fast-check';
import { type RegisterLimits, type RegisterReading, readRegister } from './register';
import { whText } from './watt-hours';

/** Minutes since the start and Wh, the first and the last being the session's own edges. */
function runOf(readings: readonly [minute: number, wh: number][], limits: RegisterLimits = {}, edges = true) {
  const last = readings.length - 1;
  const given = readings.map(([minute, wh], index): RegisterReading => {
    const context = !edges ? undefined : index === 0 ? 'Transaction.Begin' : index === last ? 'Transaction.End' : undefined;
    return { ms: minute * 60_000, microWh: BigInt(Math.round(wh * 1e6)), factId: `r${index}`, ...(context ? { context } : {}) };
  });
  const run = readRegister(given, limits);
  return {
    wh: whText(run.points.at(-1)?.microWh ?? 0n),
    doubts: run.anomalies.map(({ code }) => code),
    leftOut: run.implausible.map(({ factId }) => factId),
    evidence: run.anomalies.flatMap(({ evidence }) => evidence),
  };
}

const ac11kW: RegisterLimits = { maxPowerW: 11_000 };

describe('a register', () => {
  it('that grows gives the difference of its edges', () => {
    expect(
      runOf(
        [
          [0, 1000],
          [30, 4000],
          [70, 6000],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '5000', doubts: [], leftOut: [] });
  });

  it('F-6: that runs over its sixth digit goes on from there (TX-46)', () => {
    const run = runOf(
      [
        [0, 999_500],
        [10, 999_900],
        [20, 300],
        [60, 1_200],
      ],
      ac11kW,
    );
    expect(run).toMatchObject({ wh: '1700', doubts: ['rollover'] });
    expect(run.evidence).toEqual(['r1', 'r2']);
  });

  it('F-7: that is reset counts from 0 from there on (TX-46)', () => {
    expect(
      runOf(
        [
          [0, 50_000],
          [20, 53_000],
          [30, 200],
          [60, 2_200],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '5200', doubts: ['meterReset'] });
  });

  it('TX-47: that ends below its start and shows nothing in between is never negative', () => {
    expect(
      runOf(
        [
          [0, 50_000],
          [60, 2_200],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '2200', doubts: ['meterReset'] });
  });

  it('TX-46: that fell from nearly full by more than the connector can deliver did not run over', () => {
    // 1,000,000 less 950,000, and 83,000 more: 133 kWh in ten minutes are no charging.
    expect(
      runOf(
        [
          [0, 950_000],
          [10, 83_000],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '83000', doubts: ['meterReset', 'energyJump'] });
  });

  it('TX-48: whose reading drops out once, or a few times, is read on', () => {
    expect(
      runOf(
        [
          [0, 1000],
          [10, 0],
          [20, 3000],
          [30, 0],
          [31, 0],
          [40, 5000],
        ],
        ac11kW,
      ),
    ).toMatchObject({
      wh: '4000',
      doubts: [],
      leftOut: ['r1', 'r3', 'r4'],
    });
  });

  it('TX-48: whose reading stands out once above its neighbours is read without it', () => {
    expect(
      runOf(
        [
          [0, 1000],
          [10, 999_999],
          [20, 3000],
          [40, 5000],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '4000', doubts: [], leftOut: ['r1'] });
  });

  it('TX-49: that jumps further than the connector can deliver is doubted and kept', () => {
    const run = runOf(
      [
        [0, 1000],
        [10, 2000],
        [20, 402_000],
        [30, 403_000],
      ],
      ac11kW,
    );
    expect(run).toMatchObject({ wh: '402000', doubts: ['energyJump'], evidence: ['r1', 'r2'] });
    expect(
      runOf([
        [0, 1000],
        [10, 2000],
        [20, 402_000],
        [30, 403_000],
      ]),
    ).toMatchObject({ doubts: [] });
  });

  it('TX-49: that creeps upwards faster than the connector all the time is doubted as a whole', () => {
    const creeping = Array.from({ length: 121 }, (_, minute): [number, number] => [minute / 2, minute * 900]);
    expect(runOf(creeping, ac11kW)).toMatchObject({ doubts: ['energyJump'], evidence: ['r0', 'r120'] });
  });

  it('TX-22: that begins at 0 and goes on at 909,948 has lost its baseline: the first believable reading takes its place', () => {
    expect(
      runOf(
        [
          [0, 0],
          [1, 909_948],
          [5, 910_031],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '83', doubts: ['zeroBaseline'] });
  });

  it('TX-45: that begins at 0 where the session before began higher, and goes on above that, has lost its baseline too', () => {
    const limits = { ...ac11kW, earlierMicroWh: 40_000_000_000n };
    expect(
      runOf(
        [
          [0, 0],
          [600, 45_000],
        ],
        limits,
      ),
    ).toMatchObject({ wh: '5000', doubts: ['zeroBaseline'] });
    // A meter that was exchanged really begins at 0.
    expect(
      runOf(
        [
          [0, 0],
          [600, 5_000],
        ],
        limits,
      ),
    ).toMatchObject({ wh: '5000', doubts: [] });
  });

  it('that says kWh and means Wh is doubted and read in Wh', () => {
    expect(
      runOf(
        [
          [0, 10],
          [5, 895_000],
          [10, 1_200_000],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '1190', doubts: ['unitSuspect'] });
  });

  it('that says Wh and means kWh is doubted and read in kWh', () => {
    expect(
      runOf(
        [
          [0, 1_204_500],
          [20, 1_206.5],
          [60, 1_209.1],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '4600', doubts: ['unitSuspect'] });
  });

  it('that counts from the session in between, and over its lifetime at the edges, is read at the edges', () => {
    expect(
      runOf(
        [
          [0, 910_000],
          [10, 500],
          [20, 1_500],
          [30, 912_000],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '2000', doubts: [], leftOut: ['r1', 'r2'] });
  });

  it('TX-37: whose stop is told in whole Wh below finer samples ends with the stop', () => {
    expect(
      runOf(
        [
          [0, 1000],
          [30, 5999.4],
          [40, 5999.4],
          [50, 5999],
        ],
        ac11kW,
      ),
    ).toMatchObject({ wh: '4999', doubts: [], leftOut: [] });
  });

  it('never gives less than nothing and never falls, whatever it shows', () => {
    const readings = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 2_000_000 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(readings, fc.boolean(), (given, edges) => {
        const inOrder = [...given].sort((a, b) => a[0] - b[0]);
        const last = inOrder.length - 1;
        const run = readRegister(
          inOrder.map(([minute, wh], index) => {
            const context = !edges ? undefined : index === 0 ? 'Transaction.Begin' : index === last ? 'Transaction.End' : undefined;
            return { ms: minute * 60_000, microWh: BigInt(wh) * 1_000_000n, factId: `r${index}`, ...(context ? { context } : {}) };
          }),
          ac11kW,
        );
        const amounts = run.points.map(({ microWh }) => microWh);
        expect(amounts[0]).toBe(0n);
        for (const [index, amount] of amounts.entries()) expect(amount >= (amounts[index - 1] ?? 0n)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
