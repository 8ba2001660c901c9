// Both networks with their real processes, on a disk of the event store that can run full, and what an operator can see of them afterwards.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CdrSummary, SessionSummary } from '@evenkeel/contracts';
import {
  type Consoles,
  freePorts,
  introducePartners,
  loginToConsoles,
  Network,
  networkFileOf,
  platforms,
  type RestClient,
  Terminal,
} from '@evenkeel/local';
import { connectBroker } from '@evenkeel/messaging';
import { stationPassword, stationsOf } from '@evenkeel/registry';
import type { Books } from './oracle';
import { type SmallDisk, smallDiskAt } from './small-disk';

/** Seals follow so closely that `verify` need not wait for them. */
const SEALS = { SEAL_EVERY_MS: '1000' };

export class NetworkUnderChaos {
  private constructor(
    readonly network: Network,
    readonly disk: SmallDisk,
    /** How often an event store could not write. */
    readonly refused: { writes: number },
    private readonly dataFolder: string,
    private readonly consoles: Consoles,
  ) {}

  static async start(onServiceLine: (source: string, line: string) => void): Promise<NetworkUnderChaos> {
    const dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-chaos-'));
    const disk = await smallDiskAt(join(dataFolder, 'chargem', 'events'));
    const refused = { writes: 0 };
    const network = await Network.start({
      dataFolder,
      ports: await freePorts(),
      host: '127.0.0.1',
      settings: { 'session-ledger': SEALS, billing: SEALS, registry: SEALS },
      progress: () => undefined,
      onServiceLine: (platform, service, line) => onServiceLine(`${platform}/${service}`, line),
      onStoreLine: (platform, line) => {
        onServiceLine(`${platform}/event-store`, line);
        if (line.includes('cannot write to its disk')) refused.writes += 1;
      },
    });
    const consoles = await loginToConsoles(network);
    await introducePartners(network, consoles, new Terminal(() => undefined));
    return new NetworkUnderChaos(network, disk, refused, dataFolder, consoles);
  }

  /** So many stations, the password of each, and the tokens of a driver of each network. */
  async stations(count: number) {
    const [chargem, mobilityYou] = await Promise.all([networkFileOf('chargem'), networkFileOf('mobilityyou')]);
    const tokenOf = (tokens: readonly { uid: string; valid: boolean }[]) => tokens.find(({ valid }) => valid)?.uid ?? '';
    return {
      identities: [...stationsOf(chargem)].map(({ stationId }) => stationId).slice(1, count + 1),
      passwordOf: (identity: string) => stationPassword(chargem.passwordSecret, identity),
      tokens: { own: tokenOf(chargem.tokens), roaming: tokenOf(mobilityYou.tokens) },
    };
  }

  async books(): Promise<Books> {
    const { chargem, mobilityyou } = this.consoles;
    const [sessions, issued, received] = await Promise.all([
      allOf<SessionSummary>(chargem, '/sessions'),
      allOf<CdrSummary>(chargem, '/cdrs'),
      allOf<CdrSummary>(mobilityyou, '/cdrs'),
    ]);
    return { sessions, issued, received };
  }

  /** Services that do not say that they are ready. */
  async dead(): Promise<string[]> {
    const { host, ports } = this.network.options;
    const all = Object.values(platforms).flatMap(({ name, services }) =>
      Object.entries(services).map(async ([service, port]) => {
        const ready = await fetch(`http://${host}:${ports[port]}/health/ready`).then(
          (answer) => answer.ok,
          () => false,
        );
        return ready ? [] : [`${name}/${service}`];
      }),
    );
    return (await Promise.all(all)).flat();
  }

  /** Messages that a service has given up: which, and why. */
  async parked(): Promise<string[]> {
    const parked: string[] = [];
    for (const { name } of Object.values(platforms)) {
      const broker = await connectBroker(this.network.nats.urlOf(name.toUpperCase(), 'provision'), 'console');
      const { streams } = await broker.manager();
      const { state } = await streams.info('PARKED');
      for (let seq = state.first_seq; state.messages > 0 && seq <= state.last_seq; seq++) {
        const { header } = await streams.getMessage('PARKED', { seq });
        parked.push(`${name}: ${header.get('Evenkeel-Subject')}: ${header.get('Evenkeel-Reason')}`);
      }
      await broker.close();
    }
    return parked;
  }

  /** What a tool of the laptop finds in both stores. @returns its lines of trouble; none when it exits with 0. */
  async lookWith(tool: 'rebuild' | 'verify'): Promise<string[]> {
    const { ports } = this.network.options;
    const env = {
      ...process.env,
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
      EVENKEEL_DATA: this.dataFolder,
    };
    const program = require.resolve(`@evenkeel/local/dist/${tool}-main.js`);
    try {
      await promisify(execFile)(process.execPath, [program], { env, maxBuffer: 64 * 1024 * 1024 });
      return [];
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '');
    }
  }

  async stop(): Promise<void> {
    await this.network.stop();
    await this.disk.remove();
    await rm(this.dataFolder, { recursive: true, force: true });
  }
}

async function allOf<T>(console: RestClient, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let after = ''; ; ) {
    const page = await console.get<{ items: T[]; next?: string }>(
      `${path}?${new URLSearchParams({ limit: '1000', ...(after ? { after } : {}) })}`,
    );
    items.push(...page.items);
    if (page.next === undefined) return items;
    after = page.next;
  }
}
