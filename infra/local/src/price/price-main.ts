// `npm run -s price -- ...`: prices a session by a tariff, checks a partner's CDR against the tariff that it carries, or runs a file of vectors.
// Exits with 0 when all is well, 1 when something differs, 2 when it could not look, with one line that says why.
import { parseArgs } from 'node:util';
import { pricingVersionOf, readCdrToCheck, readStretch, readTariff, type VersionNumber, versionNumbers } from '@evenkeel/ocpi';
import { priceSession } from '@evenkeel/tariff';
import { differencesOf } from './check-cdr';
import { checkVectors } from './check-vectors';
import { BadInput, messageOf, readJson, timeZoneOf, understood } from './price-input';
import { resultOf } from './price-result';

const USAGE =
  'usage: npm run -s price -- (--tariff FILE --session FILE | --cdr FILE | --vectors FILE) [--time-zone ZONE] [--version 2.1.1|2.2.1|2.3.0]';

interface Arguments {
  readonly tariff?: string;
  readonly session?: string;
  readonly cdr?: string;
  readonly vectors?: string;
  readonly timeZone: string;
  readonly version?: VersionNumber;
}

function main(args: string[]): number {
  const { tariff, session, cdr, vectors, timeZone, version } = argumentsOf(args);
  if (tariff !== undefined && session !== undefined) return price(tariff, session, timeZone, version);
  if (cdr !== undefined) return check(cdr, timeZone, version);
  if (vectors !== undefined) return run(vectors, version);
  throw new BadInput(USAGE);
}

function argumentsOf(args: string[]): Arguments {
  const text = { type: 'string' } as const;
  const options = { tariff: text, session: text, cdr: text, vectors: text, version: text, 'time-zone': text };
  const { values } = parseOrExplain(() => parseArgs({ args, options }));
  const asked = [values.tariff ?? values.session, values.cdr, values.vectors].filter((each) => each !== undefined);
  if (asked.length !== 1 || (values.tariff === undefined) !== (values.session === undefined)) throw new BadInput(USAGE);
  const version = versionNumbers.find((known) => known === values.version);
  if (values.version !== undefined && version === undefined)
    throw new BadInput(`--version ${values.version}: it is ${versionNumbers.join(', ')}`);
  const { 'time-zone': timeZone = 'Etc/UTC', version: _, ...files } = values;
  return { ...files, timeZone: timeZoneOf(timeZone), ...(version === undefined ? {} : { version }) };
}

function parseOrExplain<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new BadInput(`${messageOf(error)}; ${USAGE}`);
  }
}

function price(tariffFile: string, sessionFile: string, timeZone: string, version?: VersionNumber): number {
  const wire = readJson(tariffFile);
  const tariff = understood(readTariff(version ?? pricingVersionOf(wire), wire), tariffFile);
  const session = understood(readStretch(readJson(sessionFile)), sessionFile);
  print(
    resultOf(
      priced(() => priceSession({ tariff, timeZone, session: { ...session, periods: ofThatTariff(session.periods) } }), sessionFile),
    ),
  );
  return 0;
}

/** The session is to be priced by the tariff of the other file, whatever its periods call theirs. */
function ofThatTariff<Period extends { readonly tariffId?: string }>(periods: readonly Period[]): Omit<Period, 'tariffId'>[] {
  return periods.map(({ tariffId: _, ...period }) => period);
}

function check(file: string, timeZone: string, version?: VersionNumber): number {
  const wire = readJson(file);
  const cdr = understood(readCdrToCheck(version ?? pricingVersionOf(wire), wire), file);
  const differences = priced(() => differencesOf(cdr, timeZone), file);
  print(differences);
  return differences.length === 0 ? 0 : 1;
}

function run(file: string, version?: VersionNumber): number {
  const outcomes = checkVectors(file, readJson(file), version);
  for (const { id, failures } of outcomes)
    process.stdout.write(`${failures.length === 0 ? 'pass' : 'FAIL'} ${[id, ...failures].join('; ')}\n`);
  const failed = outcomes.filter(({ failures }) => failures.length > 0).length;
  process.stdout.write(`${outcomes.length - failed} of ${outcomes.length} pass\n`);
  return failed === 0 ? 0 : 1;
}

function priced<T>(work: () => T, file: string): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new BadInput(`${file}: ${messageOf(error)}`);
    throw error;
  }
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
