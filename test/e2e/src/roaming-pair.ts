// The bridges of both networks, each behind a road that may have accidents, and each offering the versions of OCPI that a test wants.
import { introducePartners, type PlatformName, Terminal } from '@evenkeel/local';
import type { NetworkUnderTest } from './network-under-test';
import { Road } from './road';

type Bridge = ReturnType<NetworkUnderTest['network']['service']>;
export type Offers = Readonly<Record<PlatformName, string>>;

/** A crash costs seconds already; the pauses after it need not be those of a partner that is away for a night. */
const PATIENCE = { PUSH_RETRY_FIRST_MS: '100', PUSH_PROBE_MS: '300' };

export class RoamingPair {
  private bridges: Record<PlatformName, Bridge>;
  private offered: Partial<Offers> = {};
  private crashing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly net: NetworkUnderTest,
    /** Each leads to the bridge of that platform. */
    readonly roads: Readonly<Record<PlatformName, Road>>,
  ) {
    this.bridges = {
      chargem: net.network.service('chargem', 'ocpi-bridge'),
      mobilityyou: net.network.service('mobilityyou', 'ocpi-bridge'),
    };
  }

  static async on(net: NetworkUnderTest): Promise<RoamingPair> {
    const { OCPI_PORT, MOBILITYYOU_OCPI_PORT } = net.network.options.ports;
    return new RoamingPair(net, { chargem: await Road.to(OCPI_PORT), mobilityyou: await Road.to(MOBILITYYOU_OCPI_PORT) });
  }

  /** They part, and both bridges start anew with these versions on offer. */
  async partAndOffer(offers: Offers): Promise<void> {
    const { chargem } = this.net.consoles;
    for (const { partnerId, status } of await chargem.partners())
      if (status === 'registered') await chargem.delete(`/partners/${partnerId}`);
    await Promise.all(
      (['chargem', 'mobilityyou'] as const).map(async (platform) => {
        if (this.offered[platform] === offers[platform]) return;
        await this.bridges[platform].stop();
        const OCPI_PUBLIC_URL = `${this.roads[platform].url}/ocpi`;
        const bridge = this.net.network.service(platform, 'ocpi-bridge');
        this.bridges[platform] = bridge.beside({ ...PATIENCE, OCPI_VERSIONS: offers[platform], OCPI_PUBLIC_URL });
        await this.bridges[platform].start();
      }),
    );
    this.offered = offers;
  }

  meet(): Promise<void> {
    const { network, consoles } = this.net;
    return introducePartners(network, consoles, new Terminal(() => undefined));
  }

  /** SIGKILL, one at a time; resolves when the bridge is ready again. */
  crash(platform: PlatformName): Promise<void> {
    this.crashing = this.crashing.then(() => this.bridges[platform].crash());
    return this.crashing;
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.bridges).map((bridge) => bridge.stop()));
    await Promise.all(Object.values(this.roads).map((road) => road.close()));
  }
}
