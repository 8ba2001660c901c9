// What somebody with access to the disk of the event store could do to it, done to copies of a store that the real services wrote: `verify`
// names exactly the event that was touched.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EventStoreDb, hashOf, idOfHash, type StoredEvent } from '@evenkeel/event-store';
import { eventually, readWitnessed, Secrets, trustedKeysOf, verify, witnessFileOf } from '@evenkeel/local';
import { startEventStore } from '@evenkeel/testkit';
import { net } from './one-network';

let events: StoredEvent[];
let keys: string[];
let folder: string;
/** The stream of the session that is tampered with, and of its bill. */
let session: string;
let cdr: string;

/** Runs the program on a copy of the store. @returns its exit code, what it found, and its last line. */
async function verifyCopy(change: (events: StoredEvent[]) => StoredEvent[]) {
  const copy = await startEventStore();
  const store = new EventStoreDb(copy.url);
  const revisions = new Map<string, number>();
  for (const { stream, id, type, data, metadata } of change([...events])) {
    const last = revisions.get(stream) ?? -1;
    await store.append(stream, last === -1 ? 'no-stream' : last, [{ id, type, data, metadata }]);
    revisions.set(stream, last + 1);
  }
  await store.close();
  const program = require.resolve('@evenkeel/local/dist/verify-main.js');
  const args = [program, '--store', copy.url, '--witness', join(folder, 'seals.log'), ...keys.flatMap((key) => ['--key', key])];
  const { code, stdout } = await promisify(execFile)(process.execPath, args).then(
    (ended) => ({ ...ended, code: 0 }),
    (error) => error as { code: number; stdout: string },
  );
  await copy.stop();
  const lines = stdout.trim().split('\n');
  return { code, findings: lines.slice(0, -1).filter((line) => !line.includes('newest seal')), last: lines.at(-1) ?? '' };
}

const indexOf = (stream: string, revision: number) => events.findIndex((event) => event.stream === stream && event.revision === revision);
const eventAt = (stream: string, revision: number) => events[indexOf(stream, revision)] as StoredEvent;
const changed = (stream: string, revision: number, change: (event: StoredEvent) => Partial<StoredEvent>) => (all: StoredEvent[]) =>
  all.map((event, index) => (index === indexOf(stream, revision) ? { ...event, ...change(event) } : event));
const without = (gone: (event: StoredEvent) => boolean) => (all: StoredEvent[]) => all.filter((event) => !gone(event));

/** The stream with hashes that fit what it says now: the work of somebody who knows how the chain is made. */
function rehashed(stream: string, all: StoredEvent[]): StoredEvent[] {
  let [previous, revision]: [string | undefined, number] = [undefined, 0];
  return all.map((event) => {
    if (event.stream !== stream) return event;
    previous = hashOf(event, previous, revision++);
    return { ...event, id: idOfHash(previous), metadata: { ...event.metadata, hash: previous } };
  });
}

const meter = (data: unknown) => JSON.parse(JSON.stringify(data).replaceAll(/"value":"(\d+)"/g, (_, wh) => `"value":"${Number(wh) + 1}"`));
const isVictim = (text: string) => (event: StoredEvent) => event.stream === session && JSON.stringify(event.data).includes(text);

interface Manipulation {
  what: string;
  make: () => { change: (all: StoredEvent[]) => StoredEvent[]; named: string };
}
const manipulations: Manipulation[] = [
  {
    what: 'a meter reading was changed by a watt-hour',
    make: () => {
      const victim = events.find(
        (event) => isVictim('"phase":"updated"')(event) && JSON.stringify(event.data).includes('"value"'),
      ) as StoredEvent;
      const { id, revision } = victim;
      const change = changed(session, revision, ({ data }) => ({ data: meter(data) }));
      return { change, named: `${session} revision ${revision}: event ${id} (FactRecorded) was changed: its data, metadata or type` };
    },
  },
  {
    what: 'a cause was changed',
    make: () => ({
      change: changed(session, 1, ({ metadata }) => ({ metadata: { ...metadata, causedBy: 'somebody else' } })),
      named: `${session} revision 1: event ${eventAt(session, 1).id} (FactRecorded) was changed: its data, metadata or type`,
    }),
  },
  {
    what: 'a CDR was changed and its chain made to fit',
    make: () => {
      const cheaper = changed(cdr, 0, ({ data }) => ({
        data: JSON.parse(JSON.stringify(data).replace(/"beforeTaxes":"\d/, '"beforeTaxes":"0')),
      }));
      return { change: (all) => rehashed(cdr, cheaper(all)), named: `${cdr} revision 0: event ` };
    },
  },
  {
    what: 'an event was removed from the middle of a stream',
    make: () => ({
      change: without((event) => event === eventAt(session, 3)),
      named: `${session} revision 3: the event was removed: event ${eventAt(session, 4).id} (${eventAt(session, 4).type}), written as revision 4`,
    }),
  },
  {
    what: 'the end of a stream was removed',
    make: () => {
      const last = events.findLast(({ stream }) => stream === session)?.revision ?? 0;
      return {
        change: without((event) => event === eventAt(session, last)),
        named: `${session} revision ${last}: the event was removed; the stream was sealed and ends before it`,
      };
    },
  },
  {
    what: 'a whole bill was removed',
    make: () => ({ change: without(({ stream }) => stream === cdr), named: `${cdr}: the whole stream was removed` }),
  },
  {
    what: 'two events changed places',
    make: () => ({
      change: (all) => {
        const [a, b] = [indexOf(session, 2), indexOf(session, 3)];
        [all[a], all[b]] = [all[b] as StoredEvent, all[a] as StoredEvent];
        return all;
      },
      named: `${session} revision 2: the events were reordered: event ${eventAt(session, 3).id}`,
    }),
  },
  {
    what: 'an event was inserted',
    make: () => {
      const intruder = { ...eventAt(session, 2), id: '00000000-0000-4000-8000-000000000001' };
      const change = (all: StoredEvent[]) => all.flatMap((event) => (event === eventAt(session, 3) ? [intruder, event] : [event]));
      return { change, named: `${session} revision 3: event ${intruder.id} (${intruder.type}) was inserted` };
    },
  },
  {
    what: 'a fitting event was put behind a stream',
    make: () => ({
      change: (all) =>
        rehashed(
          cdr,
          all.flatMap((event) => (event === eventAt(cdr, 0) ? [event, event] : [event])),
        ),
      named: `${cdr} revision 1: event `,
    }),
  },
  {
    what: 'a number was given to another CDR',
    make: () => {
      const { stream, revision, id } = events.find((event) => event.type === 'CdrsNumbered') as StoredEvent;
      const change = changed(stream, revision, ({ data }) => ({ data: { ...(data as object), first: 2 } }));
      return { change, named: `${stream} revision ${revision}: event ${id} (CdrsNumbered) was changed: its data, metadata or type` };
    },
  },
  {
    what: 'an entry of the journal was removed',
    make: () => {
      const entry = events.find((event) => event.type === 'EntryPosted') as StoredEvent;
      return { change: without((event) => event === entry), named: `${entry.stream} revision ${entry.revision}: the event was removed` };
    },
  },
  {
    what: 'a seal was changed',
    make: () => ({
      change: changed('seal-session-ledger', 1, ({ data }) => ({ data: { ...(data as object), sealedAt: '2020-01-01T00:00:00.000Z' } })),
      named: `seal-session-ledger revision 1: seal ${eventAt('seal-session-ledger', 1).id} was changed, forged or moved`,
    }),
  },
  {
    what: 'a seal was removed',
    make: () => ({
      change: without((event) => event === eventAt('seal-billing', 1)),
      named: 'seal-billing revision 1: ',
    }),
  },
  {
    what: 'the log was cut behind a seal',
    make: () => ({
      change: (all) => all.slice(0, indexOf('seal-session-ledger', 2) + 1),
      named: 'seal-session-ledger revision 3: the seals up to revision',
    }),
  },
];

describe('what somebody has done to the store', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-verify-'));
    const { chargem } = net.consoles;
    for (const stationId of ['CHG-SFO-DC-0013', 'CHG-SFO-DC-0014']) {
      const station = await net.connect(stationId);
      const plan = { connectorId: 1, token: net.tokens.own, energyWh: 9_000, meterValues: 6, secondsBetweenMeterValues: 300 };
      const record = await station.charge({ ...plan, startedAt: Date.now() - 3_600_000 });
      await station.close();
      const found = await eventually('the CDR', async () => {
        const one = await chargem.sessionOf(stationId, record.transactionId);
        return one && (await chargem.cdrsOf(one.sessionId)).length > 0 ? one : undefined;
      });
      [session, cdr] = [`session-${found.sessionId}`, `cdr-${found.sessionId}`];
    }
    const { dataFolder } = net.network.options;
    keys = Object.values(trustedKeysOf(await Secrets.of(dataFolder), 'chargem')).flat();
    const store = new EventStoreDb(net.network.stores.chargem.url);
    const { newestSeals } = await eventually('a seal over everything', async () => {
      const verified = await verify(store);
      return verified.notSealedYet === 0 ? verified : undefined;
    });
    // The next seal closes what stood before this one: from then on nothing there may wait for a seal.
    await eventually('the seals after them', async () =>
      (await verify(store)).newestSeals.every(({ revision }, index) => revision > (newestSeals[index]?.revision ?? 0)) ? true : undefined,
    );
    events = [];
    const chained = ['session-', 'connector-', 'cdr-', 'purchase-', 'cdrbook-', 'journal-'];
    await store.readAll([...chained, 'seal-'], async (batch) => void events.push(...batch));
    await store.close();
    const sealed = (await readWitnessed(witnessFileOf(dataFolder, 'chargem'))).filter(({ stream, revision }) =>
      events.some((event) => event.stream === stream && event.revision === revision),
    );
    const lines = sealed.map(({ stream, revision, hash }) =>
      JSON.stringify({ sealStream: stream, sealRevision: revision, sealHash: hash }),
    );
    await writeFile(join(folder, 'seals.log'), lines.join('\n'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds nothing in what the services wrote', async () => {
    const { code, findings, last } = await verifyCopy((all) => all);
    expect(findings).toEqual([]);
    expect(last).toMatch(/^store: \d\d+ events in \d+ streams and \d+ seals checked: nothing was changed; 0 events are not sealed yet$/);
    expect(code).toBe(0);
  });

  it('works on the store of the running network', async () => {
    const program = require.resolve('@evenkeel/local/dist/verify-main.js');
    const { dataFolder, ports } = net.network.options;
    const env = { ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])), EVENKEEL_DATA: dataFolder };
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env: { ...process.env, ...env } });
    expect(stdout).toMatch(/^Chargem: \d+ events in .*: nothing was changed/m);
    expect(stdout).toMatch(/^MobilityYou: \d+ events in .*: nothing was changed/m);
  });

  it.each(manipulations)('names the place where $what', async ({ make }) => {
    const { change, named } = make();
    const { code, findings, last } = await verifyCopy(change);
    expect(findings[0]).toContain(`store: ${named}`);
    expect(last).toMatch(/BROKEN in \d+ places/);
    expect(code).toBe(1);
  });
});
