// A pod as a process of its own, to be killed: node sums-pod.js <database URL> <event store URL> <stream prefix>. It takes its time, so that
// there is a middle to be killed in.
import { EventStoreDb } from '@evenkeel/event-store';
import { openDatabase } from '../database';
import type { Projection } from '../projection';
import { Projector } from '../projector';
import { sums, type TotalTables } from './sums';

async function main([databaseUrl = '', storeUrl = '', prefix = '']: readonly string[]): Promise<void> {
  const slow: Projection<TotalTables> = {
    ...sums,
    streamPrefixes: [prefix],
    maxBatch: 100,
    async apply(transaction, events) {
      await sums.apply(transaction, events);
      await new Promise((resolve) => setTimeout(resolve, 200));
    },
  };
  const database = await openDatabase<TotalTables>(databaseUrl, { projections: [slow] });
  const onFailure = (error: unknown) => void process.stderr.write(`${String(error)}\n`);
  const projector = new Projector({ database, store: new EventStoreDb(storeUrl), projection: slow, onFailure, pollMs: 50 });
  await projector.start();
  process.stdout.write('ready\n');
}

void main(process.argv.slice(2));
