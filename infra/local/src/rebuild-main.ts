// `npm run rebuild`: derives every session, every CDR and the books of both networks again and exits 1 on any difference. `-- --store URL` looks at one event
// store instead, for example a copy.
import type { EventStore } from '@evenkeel/event-store';
import { rebuild } from './rebuild';
import { eachStore, exitWith, withStore } from './store-of-network';

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0) return eachStore(rebuildOne);
  const [option, url] = args;
  if (option !== '--store' || url === undefined) throw new Error('usage: npm run rebuild [-- --store esdb://host:port?tls=false]');
  return withStore(url, (store) => rebuildOne(store, 'store'));
}

async function rebuildOne(store: EventStore, name: string): Promise<number> {
  const { sessions, cdrs, numbers, entries, differences } = await rebuild(store);
  for (const difference of differences) process.stdout.write(`${name}: ${difference}\n`);
  const derived = `${sessions} sessions, ${cdrs} CDRs, ${numbers} numbers and ${entries} journal entries derived again`;
  process.stdout.write(`${name}: ${derived}, ${differences.length} differences\n`);
  return differences.length;
}

exitWith(main(process.argv.slice(2)));
