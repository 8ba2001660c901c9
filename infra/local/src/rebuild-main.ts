// `npm run rebuild`: derives every session and CDR of both networks again and exits 1 on any difference. `-- --store URL` looks at one event
// store instead, for example a copy.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EventStoreDb } from '@evenkeel/event-store';
import { isFree, startEventStore } from '@evenkeel/testkit';
import { type PortName, readPorts } from './addresses';
import { platforms } from './network';
import { rebuild } from './rebuild';

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0) return rebuildBoth();
  const [option, url] = args;
  if (option !== '--store' || url === undefined) throw new Error('usage: npm run rebuild [-- --store esdb://host:port?tls=false]');
  return rebuildOne('store', url);
}

async function rebuildBoth(): Promise<number> {
  const dataFolder = resolve(process.env.EVENKEEL_DATA ?? '.data');
  let differences = 0;
  for (const { name, businessName, eventStorePort } of Object.values(platforms)) {
    const folder = join(dataFolder, name, 'events');
    if (!existsSync(folder)) throw new Error(`there is no data in ${dataFolder}; run npm start first`);
    differences += await withStore(folder, eventStorePort, (url) => rebuildOne(businessName, url));
  }
  return differences;
}

/** The networks may be running or not: the folder has one owner at a time. */
async function withStore(dataFolder: string, portName: PortName, work: (url: string) => Promise<number>): Promise<number> {
  const port = readPorts(process.env)[portName];
  if (!(await isFree(port))) return work(`esdb://127.0.0.1:${port}?tls=false`);
  const server = await startEventStore({ dataFolder });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

async function rebuildOne(name: string, url: string): Promise<number> {
  const store = new EventStoreDb(url);
  try {
    const { sessions, cdrs, differences } = await rebuild(store);
    for (const difference of differences) process.stdout.write(`${name}: ${difference}\n`);
    process.stdout.write(`${name}: ${sessions} sessions and ${cdrs} CDRs derived again, ${differences.length} differences\n`);
    return differences.length;
  } finally {
    await store.close();
  }
}

main(process.argv.slice(2)).then(
  (differences) => process.exit(differences === 0 ? 0 : 1),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
