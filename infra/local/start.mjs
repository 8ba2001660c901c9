// `npm start`: builds what changed, showing that it does, and then starts the networks. Plain JavaScript, because nothing is built yet.
import { spawn } from 'node:child_process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Evenkeel needs Node.js 20.19 or newer; this is ${process.version}\n`);
  process.exit(1);
}
process.stdout.write('Building (the first time takes about a minute) ...\n');
const startedAt = Date.now();
const built = await run('npx', ['--no-install', 'turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped'], {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
});
if (built !== 0) process.exit(built);
process.stdout.write(`Built in ${((Date.now() - startedAt) / 1000).toFixed(0)} s.\n`);
process.exit(await run(process.execPath, ['infra/local/dist/main.js', ...process.argv.slice(2)], process.env));

function run(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    // Ctrl-C reaches the child by itself, as it does the whole process group; what is sent to this process alone is handed on.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', (error) => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(signal ? 130 : (code ?? 1)));
  });
}
