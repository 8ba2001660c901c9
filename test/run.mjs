// `npm test`: builds, lints, checks the boundaries between packages, runs every test, and closes with one line that counts them.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
const workspaces = ['packages', 'apps', 'test']
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .concat('infra/local')
  .filter((folder) => existsSync(join(folder, 'package.json')));
for (const folder of workspaces) rmSync(join(folder, '.test-counts.json'), { force: true });

const steps = [
  ['building', 'turbo', ['run', 'build', '--output-logs=errors-only']],
  ['checking style', 'biome', ['check', '.']],
  ['checking boundaries', 'turbo', ['boundaries']],
  // Two packages at a time: the end-to-end tests start many processes.
  ['testing', 'turbo', ['run', 'test', '--continue', '--concurrency=2', '--output-logs=new-only']],
];
let failedSteps = 0;
for (const [what, command, args] of steps) {
  process.stdout.write(`\n=== ${what} ===\n`);
  if ((await run('npx', ['--no-install', command, ...args])) !== 0) {
    failedSteps += 1;
    process.stdout.write(`${what} failed\n`);
    if (what === 'building') break;
  }
}

let [passed, failed] = [0, 0];
for (const folder of workspaces) {
  const file = join(folder, '.test-counts.json');
  if (!existsSync(file)) continue;
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  passed += counts.passed;
  failed += counts.failed;
}
// A step that failed outside a test counts as one failure, so that the line never looks better than the run was.
if (failedSteps > 0 && failed === 0) failed = failedSteps;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
