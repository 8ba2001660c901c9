// `npm run rebuild-views -- --service session-ledger [--platform chargem]`: has the tables of a running service built anew from its streams
// while they serve. A command and not a request through the console: it needs the database alone, and works while the rest is in trouble.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rebuildViews } from '@evenkeel/read-model';
import { readPorts } from './addresses';
import { databaseOf } from './network';
import { platforms } from './platforms';
import { Secrets } from './secrets';

async function main(args: readonly string[]): Promise<void> {
  const { service, platform, projection } = parseArgs({
    args: [...args],
    options: { service: { type: 'string' }, platform: { type: 'string', default: 'chargem' }, projection: { type: 'string' } },
  }).values;
  const known = Object.values(platforms).find(({ name }) => name === platform);
  if (!known || service === undefined || !(service in known.services)) {
    throw new Error('usage: npm run rebuild-views -- --service session-ledger [--platform chargem] [--projection sessions]');
  }
  const password = (await Secrets.of(resolve(process.env.EVENKEEL_DATA ?? '.data'))).for('postgres');
  const databaseUrl = `postgres://evenkeel:${password}@127.0.0.1:${readPorts(process.env).POSTGRES_PORT}/${databaseOf(known.name, service)}`;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  await rebuildViews({ databaseUrl, say, ...(projection === undefined ? {} : { projection }) });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
