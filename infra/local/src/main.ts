// Starts the two networks of the demonstration, tells its story, and keeps everything running until Ctrl-C.
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findNatsServer } from '@evenkeel/testkit';
import { checkPorts, readPorts } from './addresses';
import { demoStation, introducePartners, loginToConsoles, networkFileOf, tellStory } from './demonstration';
import { Network } from './network';
import { platforms } from './platforms';
import { printSummary } from './summary';
import { Terminal } from './terminal';

const USAGE =
  'usage: npm start -- [--fresh] [--no-demo]\n  --fresh    begin anew: forget the data of earlier starts\n  --no-demo  seed the networks and tell no story';

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => !['--fresh', '--no-demo', '--help'].includes(arg));
  if (unknown !== undefined) throw new Error(`${unknown} is not an option\n${USAGE}`);
  const terminal = new Terminal();
  if (args.includes('--help')) return terminal.text(USAGE);
  const ports = readPorts(process.env);
  const host = process.env.HOST ?? '127.0.0.1';
  const dataFolder = resolve(process.env.EVENKEEL_DATA ?? '.data');
  if (args.includes('--fresh')) await rm(dataFolder, { recursive: true, force: true });
  await checkPorts(ports);

  terminal.heading('Starting Chargem (charge point operator) and MobilityYou (mobility provider)');
  await findNatsServer((line) => terminal.text(`  ${line}`));
  const starting = Network.start({
    dataFolder,
    ports,
    host,
    progress: (line) => terminal.step(line),
    onServiceLine: (platform, service, line) => showTrouble(terminal, `${platform}: ${service}`, line),
  });
  const stop = stopOnce(starting);
  stopOnSignals(stop, terminal);
  const network = await starting;
  try {
    const consoles = await loginToConsoles(network);
    await introducePartners(network, consoles, terminal);
    if (!args.includes('--no-demo')) await tellStory(network, consoles, terminal);
    const [networkFile, partnerFile] = await Promise.all([networkFileOf('chargem'), networkFileOf('mobilityyou')]);
    printSummary(terminal, network, { platforms, demoStation, networkFile, partnerFile });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A stop that is asked for while things still start waits for them, so that nothing is left behind. */
function stopOnce(starting: Promise<Network>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= starting.then(
      (network) => network.stop(),
      // A start that failed has stopped what it had started.
      () => undefined,
    );
    return stopping;
  };
}

function stopOnSignals(stop: () => Promise<void>, terminal: Terminal): void {
  let signalled = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (signalled) return;
      signalled = true;
      terminal.text('\nStopping ...');
      stop().then(
        () => {
          terminal.text('Stopped.');
          process.exit(0);
        },
        (error) => {
          terminal.trouble(String(error));
          process.exit(1);
        },
      );
    });
  }
}

/** The services' logs are shown only where they report trouble. */
function showTrouble(terminal: Terminal, source: string, line: string): void {
  if (!/"level":"(warn|error|fatal)"/.test(line)) return;
  const entry = JSON.parse(line) as { msg?: string; reason?: string; error?: { message?: string } };
  terminal.trouble(`${source}: ${entry.msg ?? ''} ${entry.reason ?? entry.error?.message ?? ''}`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
