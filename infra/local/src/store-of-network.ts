// The event stores of the two networks for the tools that read them through: `npm run rebuild` and `npm run verify`. The networks may be
// running or not.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EventStoreDb } from '@evenkeel/event-store';
import { isFree, startEventStore } from '@evenkeel/testkit';
import { type PortName, readPorts } from './addresses';
import { type PlatformName, platforms } from './platforms';

export const dataFolder = resolve(process.env.EVENKEEL_DATA ?? '.data');

/** @returns the sum of what the work returned. */
export async function eachStore(work: (store: EventStoreDb, name: string, platform: PlatformName) => Promise<number>): Promise<number> {
  let sum = 0;
  for (const { name, businessName, eventStorePort } of Object.values(platforms)) {
    const folder = join(dataFolder, name, 'events');
    if (!existsSync(folder)) throw new Error(`there is no data in ${dataFolder}; run npm start first`);
    sum += await withServer(folder, eventStorePort, (url) => withStore(url, (store) => work(store, businessName, name)));
  }
  return sum;
}

export async function withStore<T>(url: string, work: (store: EventStoreDb) => Promise<T>): Promise<T> {
  const store = new EventStoreDb(url);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Ends the process: 0 when nothing was found, 1 when something was, 2 when the tool could not look. */
export function exitWith(found: Promise<number>): void {
  found.then(
    (count) => process.exit(count === 0 ? 0 : 1),
    (error) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(2);
    },
  );
}

/** The folder has one owner at a time: the server that runs, or one that is started for the work. */
async function withServer(folder: string, portName: PortName, work: (url: string) => Promise<number>): Promise<number> {
  const port = readPorts(process.env)[portName];
  if (!(await isFree(port))) return work(`esdb://127.0.0.1:${port}?tls=false`);
  const server = await startEventStore({ dataFolder: folder });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}
