// `npm test`: builds, lints, checks the boundaries between packages, runs every test, and closes with one line that counts them.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
const workspaces = ['packages', 'apps', 'test']
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .concat('infra/local')
  .filter((folder) => existsSync(join(folder, 'package.json')));
const countFiles = () =>
  workspaces.flatMap((folder) => readdirSync(folder).flatMap((name) => (/^\.test-counts.*\.json$/.test(name) ? [join(folder, name)] : [])));
for (const file of countFiles()) rmSync(file);

// What runs longest begins early, so that nobody is left alone with it at the end; all that is not named in either list counts as one, and
// what would outlast all the others runs in parts.
const calm = ['test-chaos'];
const longestFirst = [
  { name: 'others' },
  { name: 'test-e2e', part: '2/2' },
  { name: 'ocpp-gateway' },
  { name: 'test-e2e', part: '1/2' },
  { name: 'test-acceptance' },
  { name: 'tariff' },
  { name: 'test-simulation' },
  { name: 'registry' },
];
// One more than the two cores of a small machine: suites that start processes wait for them half of their time.
const LANES = 3;

let failedSteps = 0;
const isBuilt = await step('building', () => turbo('build', '--output-logs=errors-only'));
if (isBuilt) {
  await step('checking style', () => run('biome', 'check', '.'));
  await step('checking boundaries', () => run('turbo', 'boundaries'));
  await step('testing', testAll);
}

let [passed, failed] = [0, 0];
for (const file of countFiles()) {
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  passed += counts.passed;
  failed += counts.failed;
}
// A step that failed outside a test counts as one failure, so that the line never looks better than the run was.
if (failedSteps > 0 && failed === 0) failed = failedSteps;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

async function step(what, work) {
  process.stdout.write(`\n=== ${what} ===\n`);
  const isGood = (await work()) === 0;
  if (isGood) return true;
  failedSteps += 1;
  process.stdout.write(`${what} failed\n`);
  return false;
}

async function testAll() {
  const waiting = [...longestFirst];
  const named = new Set([...calm, ...longestFirst.map(({ name }) => name).filter((name) => name !== 'others')]);
  let worst = 0;
  const test = async ({ name, part }) => {
    const filters = name === 'others' ? [...named].map((each) => `--filter=!@evenkeel/${each}`) : [`--filter=@evenkeel/${name}`];
    const toJest = part === undefined ? [] : ['--', `--shard=${part}`];
    worst = Math.max(worst, await turbo('test', '--continue', '--concurrency=1', '--output-logs=new-only', ...filters, ...toJest));
  };
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await test(next);
  };
  // What must get so far within a minute has one lane beside it, not two.
  const calmed = Promise.all(calm.map((name) => test({ name })));
  await Promise.all([lane(), ...Array.from({ length: LANES - 1 }, () => calmed.then(lane))]);
  return worst;
}

function turbo(task, ...args) {
  return run('turbo', 'run', task, ...args);
}

function run(command, ...args) {
  return new Promise((resolve) => {
    const child = spawn('npx', ['--no-install', command, ...args], { stdio: 'inherit', env });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
