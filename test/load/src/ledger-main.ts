// What a fact costs the ledger, however long its session is, and what live sessions cost in memory: the real book over a real event store,
// with the book alone in this process. `npm run load:ledger` prints the tables of the README beside this folder.
import { type ChargingTerms, idOf, type StationFact } from '@evenkeel/contracts';
import { type EventStore, EventStoreDb, unsealed } from '@evenkeel/event-store';
import { SessionBook } from '@evenkeel/session-ledger/dist/session/session-book';
import { promptly, terms } from '@evenkeel/session-ledger/dist/session/session-scenarios';
import { startEventStore } from '@evenkeel/testkit';

const START_MS = Date.parse('2026-03-01T10:00:00.000Z');
const FACTS_A_RUN = 40_000;
const READINGS = [10, 100, 1_000, 10_000];
const FACTS_A_MESSAGE = 64;
const LIVE_SESSIONS = 100_000;
const READINGS_OF_A_LIVE_SESSION = 8;

const agreed: ChargingTerms = terms();
const print = (line: string) => process.stdout.write(`${line}\n`);
let nextSession = 0;

async function main(): Promise<void> {
  const server = await startEventStore();
  const store = new EventStoreDb(server.url);
  await costOfFacts(store, 100);
  print('| readings a session | facts made durable a second | CPU µs a fact |\n| --- | --- | --- |');
  for (const readings of READINGS) {
    const { rate, micros } = await costOfFacts(store, readings);
    print(`| ${readings} | ${rate.toFixed(0)} | ${micros.toFixed(0)} |`);
  }
  print(await memoryOfLiveSessions(store));
  await store.close();
  await server.stop();
}

/** Sessions side by side, so many at once that a message of several stations is full. */
async function costOfFacts(store: EventStore, readings: number): Promise<{ rate: number; micros: number }> {
  const book = bookOver(store, 10_000);
  const sessions = Math.max(4, Math.round(FACTS_A_RUN / (readings + 1)));
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  for (let done = 0; done < sessions; done += FACTS_A_MESSAGE) {
    const together = newSessions(Math.min(FACTS_A_MESSAGE, sessions - done));
    const factsOfEach = Math.ceil(FACTS_A_MESSAGE / together.length);
    for (let from = 0; from <= readings; from += factsOfEach) {
      await hear(
        book,
        together.flatMap((session) => factsOf(session, from, Math.min(from + factsOfEach, readings + 1))),
      );
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  const facts = sessions * (readings + 1);
  return { rate: (facts * 1000) / (performance.now() - startedAt), micros: (user + system) / facts };
}

async function memoryOfLiveSessions(store: EventStore): Promise<string> {
  const book = bookOver(store, LIVE_SESSIONS);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let done = 0; done < LIVE_SESSIONS; done += 500) {
    await hear(
      book,
      newSessions(500).flatMap((session) => factsOf(session, 0, READINGS_OF_A_LIVE_SESSION + 1)),
    );
  }
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const mib = (bytes: number) => Math.round(bytes / 1_048_576);
  return `\n${LIVE_SESSIONS} live sessions of ${READINGS_OF_A_LIVE_SESSION} readings in memory: ${mib(heapUsed - before)} MiB of heap, process ${mib(rss)} MiB`;
}

function bookOver(store: EventStore, cachedSessions: number): SessionBook {
  return new SessionBook({
    store,
    policyOf: () => promptly,
    cachedSessions,
    sealer: unsealed,
    runningAt: async () => [],
    freeWithoutEnergy: true,
    now: () => new Date().toISOString(),
  });
}

async function hear(book: SessionBook, facts: readonly StationFact[]): Promise<void> {
  const { readyForTerms } = await book.record(facts);
  await Promise.all([...readyForTerms].map((sessionId) => book.agree(sessionId, agreed)));
}

function newSessions(count: number): number[] {
  return Array.from({ length: count }, () => nextSession++);
}

/** A start and readings a minute apart; from and to count them, the start being 0. */
function factsOf(session: number, from: number, to: number): StationFact[] {
  return Array.from({ length: to - from }, (_, offset): StationFact => {
    const index = from + offset;
    const at = new Date(START_MS + index * 60_000).toISOString();
    const [factId, wh] = [idOf('load', session, index), String(1_000 + index * 100)];
    const common = {
      factId,
      party: 'US-CHG',
      stationId: `CP${session}`,
      ocppVersion: '1.6' as const,
      at,
      receivedAt: at,
      messageId: `m${index}`,
    };
    const said = { ...common, kind: 'transaction-reported' as const, transactionId: '1', evseId: 1, connectorId: 1 };
    if (index === 0) return { ...said, phase: 'started', meterStartWh: wh, samples: [], token: { key: 'a'.repeat(32), type: 'RFID' } };
    return { ...said, phase: 'updated', samples: [{ at, measurand: 'Energy.Active.Import.Register', value: wh, unit: 'Wh' }] };
  });
}

void main();
