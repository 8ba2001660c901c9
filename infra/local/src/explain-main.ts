// `npm run explain -- --cdr ID` or `--session ID`: says where every cent of a bill comes from, down to the frames of the station.
import { parseArgs } from 'node:util';
import { consoleAt, consoleOptions } from './console-options';
import { explainBills } from './explain';
import { exitWith } from './store-of-network';

const USAGE = 'usage: npm run explain -- (--cdr ID | --session ID) [--url http://host:port/api] [--api-key KEY]';

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...consoleOptions, session: { type: 'string' }, cdr: { type: 'string' } } });
  if ((values.session === undefined) === (values.cdr === undefined)) throw new Error(USAGE);
  const console = await consoleAt(values);
  const sessionId = values.session ?? (values.cdr && (await console.cdr(values.cdr)).cdr?.sessionId);
  if (sessionId === undefined || sessionId === '')
    throw new Error(`CDR ${values.cdr} was issued by a partner; only its issuer can explain it`);
  const [cdrs, timeline] = await Promise.all([console.billsOf(sessionId), console.timeline(sessionId)]);
  for (const line of explainBills(cdrs, timeline, values.cdr)) process.stdout.write(`${line}\n`);
  if (cdrs.length === 0) process.stdout.write(`session ${sessionId} has no CDR; it is ${timeline.entries.at(-1)?.state.status}\n`);
  return 0;
}

exitWith(main(process.argv.slice(2)));
