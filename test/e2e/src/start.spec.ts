// `npm start` as a newcomer meets it: the story, a second start that continues, a fresh one that does not, and a port that is taken.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CdrSummary, SettlementStatement, TrialBalance } from '@evenkeel/contracts';
import { freePorts, type Ports, RestClient } from '@evenkeel/local';
import { eventually, type ServerProcess, startServer } from '@evenkeel/testkit';
import { START_MS } from './network-under-test';

const program = require.resolve('@evenkeel/local/dist/main.js');
let dataFolder: string;
let ports: Ports;
let running: ServerProcess | undefined;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-start-'));
  ports = await freePorts();
});
afterAll(async () => {
  await running?.stop(30_000);
  await rm(dataFolder, { recursive: true, force: true });
}, 60_000);

async function start(...args: string[]): Promise<{ process: ServerProcess; lines: string[] }> {
  const lines: string[] = [];
  const env = { ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])), EVENKEEL_DATA: dataFolder };
  const process = await startServer({
    name: 'npm start',
    command: globalThis.process.execPath,
    args: [program, ...args],
    env,
    onLine: (line) => void lines.push(line),
    // The summary ends with the list of services.
    readyWhen: (line) => line.includes('Health and metrics'),
    readyWithinMs: START_MS,
  });
  running = process;
  return { process, lines };
}

function chargem(): Promise<RestClient> {
  return RestClient.login(`http://127.0.0.1:${ports.CONSOLE_PORT}/api`, 'admin', 'chargem-admin');
}

async function issuedCdrs(): Promise<CdrSummary[]> {
  return (await (await chargem()).get<{ items: CdrSummary[] }>('/cdrs')).items;
}

/** Both CDRs are numbered and booked, and what the partner owes is what it was told and has got. */
async function booksTie(): Promise<boolean> {
  const console = await chargem();
  const numbers = (await issuedCdrs()).map(({ number }) => number).sort();
  const { findings, totals } = await console.get<TrialBalance>('/trial-balance');
  const month = new Date().toISOString().slice(0, 'yyyy-mm'.length);
  const statement = await console.get<SettlementStatement>(`/statements?partner=US-MOB&month=${month}`);
  const [owed] = statement.totals;
  const [line] = statement.items;
  const isStated = statement.items.length === 1 && owed?.ties === true && owed.due === line?.due;
  const isSettled = line?.delivery?.status === 'delivered' && statement.reconciliation?.agrees === true;
  return numbers.join() === '1,2' && findings.length === 0 && totals[0]?.balance === '0.00' && isStated && isSettled;
}

it(
  'tells the story of two sessions and keeps their data',
  async () => {
    const first = await start();
    const told = first.lines.join('\n');
    for (const part of ['StartTransaction', 'SessionStarted', 'SessionCompleted', 'CdrIssued', 'DeliverySucceeded', 'PartnerCdrBooked']) {
      expect(told).toContain(part);
    }
    expect(told.match(/: CDR [0-9a-f-]{36}$/gm)).toHaveLength(2);
    expect(told).toMatch(/MobilityYou holds CDR [0-9a-f-]{36}: \d+\.\d\d USD, the same to the cent/);
    expect(told).toContain(`ws://127.0.0.1:${ports.OCPP_PORT}/ocpp/<stationId>`);
    const cdrs = await issuedCdrs();
    expect(cdrs).toHaveLength(2);
    await eventually(booksTie);
    await first.process.stop(30_000);
    expect(await first.process.ended).toBe(0);

    const second = await start('--no-demo');
    expect(second.lines.join('\n')).not.toContain('StartTransaction');
    expect((await issuedCdrs()).map(({ cdrId }) => cdrId).sort()).toEqual(cdrs.map(({ cdrId }) => cdrId).sort());
    await second.process.stop(30_000);

    const fresh = await start('--fresh', '--no-demo');
    expect(await issuedCdrs()).toEqual([]);
    await fresh.process.stop(30_000);
  },
  4 * START_MS,
);

it('names the port that is taken and the variable that moves it', async () => {
  const squatter = createServer().listen(ports.OCPP_PORT, '127.0.0.1');
  await expect(start()).rejects.toThrow(new RegExp(`port ${ports.OCPP_PORT} is taken; set OCPP_PORT to another one`));
  await new Promise((resolve) => squatter.close(resolve));
}, 30_000);

it('refuses an option it does not know', async () => {
  await expect(start('--frsh')).rejects.toThrow(/--frsh is not an option/);
}, 30_000);
