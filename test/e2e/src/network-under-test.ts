// Both networks with their real processes, on free ports and in a folder of their own, for one file of end-to-end tests.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Consoles,
  freePorts,
  introducePartners,
  loginToConsoles,
  Network,
  type NetworkOptions,
  networkFileOf,
  Terminal,
} from '@evenkeel/local';
import { stationPassword } from '@evenkeel/registry';
import { acceleratedClock, SimulatedStation, type SimulatedVersion } from '@evenkeel/station-simulator';

export interface NetworkUnderTest {
  /** Everything that is on disk. */
  dataFolder: string;
  /** Every line that a service has logged, begun with its platform. */
  log: readonly string[];
  network: Network;
  consoles: Consoles;
  /** Tokens of a Chargem driver and of a MobilityYou driver. */
  tokens: { own: string; roaming: string };
  passwordOf(stationId: string): string;
  connect(stationId: string, version?: SimulatedVersion, speed?: number): Promise<SimulatedStation>;
  stop(): Promise<void>;
}

/** For a ledger that nothing reaches late: a session is billed a second after its end, also where messages are missing. */
export const PROMPT = { SESSION_POLICIES: JSON.stringify({ 'US-CHG': { settleSeconds: 1, gapSettleSeconds: 1 } }) };
/** How long starting both networks may take on a busy machine. */
export const START_MS = 120_000;

/** Roaming with each other, unless they are to be strangers. */
export async function startNetwork(
  settings: NetworkOptions['settings'] = {},
  { strangers = false }: { strangers?: boolean } = {},
): Promise<NetworkUnderTest> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-e2e-'));
  const lines: string[] = [];
  const network = await Network.start({
    dataFolder,
    ports: await freePorts(),
    host: '127.0.0.1',
    settings,
    progress: () => undefined,
    onServiceLine: (platform, service, line) => void lines.push(`${platform} ${service} ${line}`),
  });
  const [chargem, mobilityYou] = await Promise.all([networkFileOf('chargem'), networkFileOf('mobilityyou')]);
  const consoles = await loginToConsoles(network);
  if (!strangers) await introducePartners(network, consoles, new Terminal(() => undefined));
  const passwordOf = (stationId: string) => stationPassword(chargem.passwordSecret, stationId);
  return {
    dataFolder,
    log: lines,
    network,
    consoles,
    tokens: { own: validToken(chargem.tokens), roaming: validToken(mobilityYou.tokens) },
    passwordOf,
    connect: async (stationId, version = '1.6', speed = 3_000) => {
      const station = await SimulatedStation.connect({
        url: network.ocppUrl,
        identity: stationId,
        password: passwordOf(stationId),
        version,
        clock: acceleratedClock(speed),
        firstReconnectMilliseconds: 100,
        retryMilliseconds: 100,
      });
      await station.bootUntilAccepted();
      return station;
    },
    async stop() {
      await network.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function validToken(tokens: readonly { uid: string; valid: boolean }[]): string {
  const token = tokens.find(({ valid }) => valid);
  if (!token) throw new Error('the network file has no valid token');
  return token.uid;
}
