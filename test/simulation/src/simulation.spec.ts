// Thousands of sessions through the cores of all services, with faults between any two effects. The seed is printed; the same seed gives the
// same world and the same faults: `SIMULATION_SEED`, `SIMULATION_STATIONS` and `SIMULATION_SESSIONS` repeat it or make it longer.
import { type Report, simulate } from './simulation';

const seed = Number(process.env.SIMULATION_SEED ?? Math.floor(Math.random() * 1_000_000));
const stations = Number(process.env.SIMULATION_STATIONS ?? 120);
const sessionsPerStation = Number(process.env.SIMULATION_SESSIONS ?? 17);

jest.setTimeout(60 * 60_000);

it(`loses, doubles and misbills nothing (seed ${seed})`, async () => {
  const report = await simulate({ seed, stations, sessionsPerStation });
  process.stdout.write(tableOf(report));
  expect(report).toMatchObject({ lost: [], doubled: [], wrongEnergy: [], undelivered: [], wrongTimes: [], differences: [] });
  expect(report.billedWh).toBe(report.movedWh);
  expect(report.sessions).toBe(stations * sessionsPerStation);
});

function tableOf({ seed: used, sessions, lost, doubled, movedWh, billedWh, credits, released, faults }: Report): string {
  const rows = [
    ['sessions', sessions],
    ['lost', lost.length],
    ['doubled', doubled.length],
    ['moved by paying drivers, Wh', movedWh],
    ['billed to them, Wh', billedWh],
    ['credit CDRs for late truth', credits],
    ['held and released by an operator', released],
    ...faults,
  ];
  return `\nsimulation, seed ${used}\n${rows.map(([name, value]) => `  ${String(name).padEnd(40)} ${value}`).join('\n')}\n`;
}
