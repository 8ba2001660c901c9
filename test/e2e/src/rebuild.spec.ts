// Everything is derived again from the streams: no difference in what really happened, and one altered event is found.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EventStoreDb, type StoredEvent } from '@evenkeel/event-store';
import { eventually, rebuild } from '@evenkeel/local';
import { startEventStore } from '@evenkeel/testkit';
import { type NetworkUnderTest, START_MS, startNetwork } from './network-under-test';

let net: NetworkUnderTest;
let events: StoredEvent[];

beforeAll(async () => {
  net = await startNetwork();
  for (const [stationId, version] of [
    ['CHG-SFO-DC-0010', '1.6'],
    ['CHG-SFO-AC-0010', '2.0.1'],
  ] as const) {
    const station = await net.connect(stationId, version);
    const record = await station.charge({
      connectorId: 1,
      token: net.tokens.own,
      energyWh: 2_500,
      meterValues: 4,
      secondsBetweenMeterValues: 300,
      startedAt: Date.now() - 3_600_000,
    });
    await station.close();
    await eventually('the CDR', async () => {
      const session = await net.consoles.chargem.sessionOf(stationId, record.transactionId);
      return session && (await net.consoles.chargem.cdrsOf(session.sessionId))[0];
    });
  }
  const store = new EventStoreDb(net.network.stores.chargem.url);
  // The books follow the CDRs.
  await eventually('the books', async () => {
    events = [];
    await store.readAll(['session-', 'cdr-', 'cdrbook-', 'journal-'], async (batch) => void events.push(...batch));
    const numbered = events.flatMap(({ type, data }) => (type === 'CdrsNumbered' ? (data as { cdrs: unknown[] }).cdrs : []));
    return events.filter(({ type }) => type === 'EntryPosted').length === 2 && numbered.length === 2;
  });
  await store.close();
}, START_MS);
afterAll(() => net?.stop(), 60_000);

/** A copy of the store, with some events changed on the way. */
async function copyWith(change: (event: StoredEvent) => unknown) {
  const copy = await startEventStore();
  const store = new EventStoreDb(copy.url);
  for (const event of events) {
    const expected = event.revision === 0 ? 'no-stream' : event.revision - 1;
    await store.append(event.stream, expected, [{ id: event.id, type: event.type, data: change(event), metadata: event.metadata }]);
  }
  return { copy, store };
}

it('finds no difference in what really happened', async () => {
  const { copy, store } = await copyWith(({ data }) => data);
  expect(await rebuild(store)).toEqual({ sessions: 2, cdrs: 2, numbers: 2, entries: 2, differences: [] });
  await store.close();
  await copy.stop();
});

it('names the session and the CDR of an altered event and exits 1', async () => {
  const victim = events.find(({ type, data }) => type === 'FactRecorded' && (data as { fact: { phase?: string } }).fact.phase === 'ended');
  if (!victim) throw new Error('no end was recorded');
  const outcome = await outcomeWith((event) =>
    event.id === victim.id
      ? JSON.parse(
          JSON.stringify(event.data).replaceAll(/"(meterStopWh|value)":"(\d+)"/g, (_, name, wh) => `"${name}":"${Number(wh) + 1000}"`),
        )
      : event.data,
  );
  expect(outcome).toMatchObject({ code: 1 });
  const session = victim.stream.replace('session-', '');
  const named = outcome.stdout.split('\n').filter((line) => /differs/.test(line));
  expect(named.length).toBeGreaterThan(0);
  expect(named.every((line) => line.includes(session) || line.includes('CDR'))).toBe(true);
  expect(named.some((line) => line.includes(`session ${session}: SessionCompleted`))).toBe(true);
});

it('names the first difference of an altered book and an altered journal, in a line each, and exits 1', async () => {
  const [number, entry] = ['CdrsNumbered', 'EntryPosted'].map((type) => events.find((event) => event.type === type));
  const outcome = await outcomeWith((event) => {
    if (event.id === entry?.id) return JSON.parse(JSON.stringify(event.data).replace(/"amount":"(\d+)\./, '"amount":"1$1.'));
    return event.id === number?.id ? JSON.parse(JSON.stringify(event.data).replace(/"cdrId":"/, '"cdrId":"x')) : event.data;
  });
  expect(outcome).toMatchObject({ code: 1 });
  const lines = outcome.stdout.split('\n');
  expect(lines.filter((line) => line.startsWith('store: cdrbook-US-CHG: number 1 (event '))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith(`store: ${entry?.stream}: the entry of claim `))).toHaveLength(1);
  expect(lines).toContain('store: 2 sessions, 2 CDRs, 2 numbers and 2 journal entries derived again, 2 differences');
});

/** What the program says of a copy, and its exit code where it is not 0. */
async function outcomeWith(change: (event: StoredEvent) => unknown): Promise<{ code?: number; stdout: string }> {
  const { copy, store } = await copyWith(change);
  await store.close();
  const program = require.resolve('@evenkeel/local/dist/rebuild-main.js');
  const outcome = await promisify(execFile)(process.execPath, [program, '--store', copy.url]).catch(
    (error) => error as { code: number; stdout: string },
  );
  await copy.stop();
  return outcome;
}
