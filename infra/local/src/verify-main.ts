// `npm run verify`: checks the chains and seals of both networks and exits 1 when something was changed behind the system's back.
// `-- --store URL` looks at one event store instead; `--key HEX` trusts seals of that public key alone, `--witness FILE` compares with the
// seals that a service's log tells of.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type EventStore, sealStreamPrefix } from '@evenkeel/event-store';
import type { PlatformName } from './platforms';
import { readWitnessed, trustedKeysOf, witnessFileOf } from './seal-book';
import { Secrets } from './secrets';
import { dataFolder, eachStore, exitWith, withStore } from './store-of-network';
import { type VerifyOptions, verify } from './verify';

const USAGE = 'usage: npm run verify [-- --store esdb://host:port?tls=false [--key PUBLIC_KEY]... [--witness LOG_FILE]...]';

async function main(args: string[]): Promise<number> {
  if (args.length === 0) return eachStore(async (store, name, platform) => verifyOne(store, name, await knownOf(platform)));
  const { store: url, key, witness = [] } = readOptions(args);
  if (url === undefined) throw new Error(USAGE);
  const witnessed = (await Promise.all(witness.map(readWitnessed))).flat();
  const trustedKeys = key ? Object.fromEntries(['session-ledger', 'billing'].map((name) => [`${sealStreamPrefix}${name}`, key])) : {};
  return withStore(url, (store) => verifyOne(store, 'store', { trustedKeys, witnessed }));
}

function readOptions(args: string[]) {
  try {
    const several = { type: 'string', multiple: true } as const;
    return parseArgs({ args, options: { store: { type: 'string' }, key: several, witness: several } }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

async function knownOf(platform: PlatformName): Promise<VerifyOptions> {
  const file = witnessFileOf(dataFolder, platform);
  return {
    trustedKeys: trustedKeysOf(await Secrets.of(dataFolder), platform),
    witnessed: existsSync(file) ? await readWitnessed(file) : [],
  };
}

async function verifyOne(store: EventStore, name: string, options: VerifyOptions): Promise<number> {
  const { events, streams, seals, notSealedYet, newestSeals, findings } = await verify(store, options);
  for (const { stream, revision, hash, publicKey } of newestSeals) {
    process.stdout.write(`${name}: newest seal ${stream} revision ${revision} is ${hash}, signed with ${publicKey}\n`);
  }
  for (const finding of findings) process.stdout.write(`${name}: ${finding}\n`);
  const outcome = findings.length === 0 ? 'nothing was changed' : `BROKEN in ${findings.length} places`;
  process.stdout.write(
    `${name}: ${events} events in ${streams} streams and ${seals} seals checked: ${outcome}; ${notSealedYet} events are not sealed yet\n`,
  );
  return findings.length;
}

exitWith(main(process.argv.slice(2)));
