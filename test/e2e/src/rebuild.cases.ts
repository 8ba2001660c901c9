// Everything is derived again from the streams: no difference in what really happened, and one altered event is found.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EventStoreDb, type StoredEvent } from '@evenkeel/event-store';
import { eventually, rebuild } from '@evenkeel/local';
import { startEventStore } from '@evenkeel/testkit';
import { net } from './one-network';

let events: StoredEvent[];

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

describe('what is derived again from the streams', () => {
  beforeAll(async () => {
    const streams = new Set<string>();
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
      const { sessionId } = await eventually('the CDR', async () => {
        const session = await net.consoles.chargem.sessionOf(stationId, record.transactionId);
        return session && (await net.consoles.chargem.cdrsOf(session.sessionId))[0];
      });
      for (const kind of ['session', 'cdr']) streams.add(`${kind}-${sessionId}`);
    }
    events = [];
    const store = new EventStoreDb(net.network.stores.chargem.url);
    await store.readAll(['session-', 'cdr-'], async (batch) => void events.push(...batch.filter(({ stream }) => streams.has(stream))));
    await store.close();
  });

  it('finds no difference in what really happened', async () => {
    const { copy, store } = await copyWith(({ data }) => data);
    expect(await rebuild(store)).toEqual({ sessions: 2, cdrs: 2, differences: [] });
    await store.close();
    await copy.stop();
  });

  it('names the session and the CDR of an altered event and exits 1', async () => {
    const victim = events.find(
      ({ type, data }) => type === 'FactRecorded' && (data as { fact: { phase?: string } }).fact.phase === 'ended',
    );
    if (!victim) throw new Error('no end was recorded');
    const { copy, store } = await copyWith((event) =>
      event.id === victim.id
        ? JSON.parse(
            JSON.stringify(event.data).replaceAll(/"(meterStopWh|value)":"(\d+)"/g, (_, name, wh) => `"${name}":"${Number(wh) + 1000}"`),
          )
        : event.data,
    );
    await store.close();
    const program = require.resolve('@evenkeel/local/dist/rebuild-main.js');
    const outcome = await promisify(execFile)(process.execPath, [program, '--store', copy.url]).catch(
      (error) => error as { code: number; stdout: string },
    );
    expect(outcome).toMatchObject({ code: 1 });
    const session = victim.stream.replace('session-', '');
    const named = outcome.stdout.split('\n').filter((line) => /differs/.test(line));
    expect(named.length).toBeGreaterThan(0);
    expect(named.every((line) => line.includes(session) || line.includes('CDR'))).toBe(true);
    expect(named.some((line) => line.includes(`session ${session}: SessionCompleted`))).toBe(true);
    await copy.stop();
  });
});
