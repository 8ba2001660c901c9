// Chargem's processes for a measurement, on free ports and in a folder of their own, and its stations as the loader plays them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppName } from '@evenkeel/contracts';
import { demoStation, freePorts, Network, type NetworkOptions, networkFileOf } from '@evenkeel/local';
import { stationPassword, stationsOf } from '@evenkeel/registry';
import type { LoopStation } from './closed-loop';

export interface NetworkUnderLoad {
  network: Network;
  /** Uid of a card that may charge. */
  token: string;
  /** Where so many stations connect, and as whom. */
  stations(count: number): Omit<LoopStation, 'next'>[];
  stop(): Promise<void>;
}

/**
 * @param print is told of trouble: it is part of a measurement's result.
 * @param settings of services that differ from their defaults.
 */
export async function startUnderLoad(
  services: readonly AppName[],
  print: (line: string) => void,
  settings: NonNullable<NetworkOptions['settings']> = {},
): Promise<NetworkUnderLoad> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-load-'));
  const network = await Network.start({
    dataFolder,
    ports: await freePorts(),
    host: '127.0.0.1',
    progress: () => undefined,
    onServiceLine: (_, service, line) => /"level":"(warn|error|fatal)"/.test(line) && print(`${service}: ${line.slice(0, 300)}`),
    settings,
    wants: (platform, service) => platform === 'chargem' && services.includes(service),
  });
  const file = await networkFileOf('chargem');
  const identities = [...stationsOf(file)].map(({ stationId }) => stationId).filter((id) => id !== demoStation);
  return {
    network,
    token: file.tokens.find(({ valid }) => valid)?.uid ?? '',
    stations: (count) =>
      identities.slice(0, count).map((identity) => {
        const credentials = `${identity}:${stationPassword(file.passwordSecret, identity)}`;
        return { url: `${network.ocppUrl}/${identity}`, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
      }),
    stop: async () => {
      await network.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
