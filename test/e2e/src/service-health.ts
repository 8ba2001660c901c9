// What each service says of itself: whether it lives, whether it is ready, and what it has counted.
import type { AppName } from '@evenkeel/contracts';
import { type Network, type PlatformName, platforms } from '@evenkeel/local';

export interface ServiceAddress {
  platform: PlatformName;
  service: AppName;
  url: string;
}

export function servicesOf({ options }: Network): ServiceAddress[] {
  return Object.values(platforms).flatMap(({ name, services }) =>
    (Object.entries(services) as [AppName, keyof typeof options.ports][]).map(([service, port]) => ({
      platform: name,
      service,
      url: `http://${options.host}:${options.ports[port]}`,
    })),
  );
}

export class Counters {
  private constructor(private readonly lines: readonly string[]) {}

  static async read(network: Network, platform: PlatformName, service: AppName): Promise<Counters> {
    const address = servicesOf(network).find((one) => one.platform === platform && one.service === service);
    const response = await fetch(`${address?.url}/metrics`);
    return new Counters((await response.text()).split('\n'));
  }

  /** The sum over all series of the counter that have these labels. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return this.lines
      .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }
}
