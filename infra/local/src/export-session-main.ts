// `npm run export-session -- --session ID [--out FILE]`: writes a session as a fixture that can be played again, with nobody in it.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { consoleAt, consoleOptions } from './console-options';
import { exportSession } from './export-session';
import { exitWith } from './store-of-network';

const USAGE = 'usage: npm run export-session -- --session ID [--out FILE] [--url http://host:port/api] [--api-key KEY]';

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...consoleOptions, session: { type: 'string' }, out: { type: 'string' } } });
  if (values.session === undefined) throw new Error(USAGE);
  const fixture = await exportSession(await consoleAt(values), values.session);
  const text = `${JSON.stringify(fixture, undefined, 2)}\n`;
  if (values.out === undefined) process.stdout.write(text);
  else await writeFile(values.out, text);
  const lacking = fixture.lackingFrames === undefined ? '' : `; ${fixture.lackingFrames} facts have no frame, a replay lacks them`;
  process.stderr.write(`${fixture.steps.length} steps and ${fixture.outcomes[0]?.cdrs.length ?? 0} CDRs${lacking}\n`);
  return 0;
}

exitWith(main(process.argv.slice(2)));
