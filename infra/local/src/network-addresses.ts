// Where a running network is reached: for whoever has started it, and for another process that was told where it is.
import { join } from 'node:path';
import type { Ports } from './addresses';
import { certificatesIn, type LaptopCertificates } from './certificates';
import { type PlatformName, platforms } from './platforms';

export interface NetworkPlace {
  readonly dataFolder: string;
  readonly ports: Ports;
  readonly host: string;
}

export class NetworkAddresses {
  constructor(readonly options: NetworkPlace) {}

  consoleUrl(platform: PlatformName): string {
    return `http://${this.options.host}:${this.options.ports[platforms[platform].consolePort]}/api`;
  }

  ocpiVersionsUrl(platform: PlatformName): string {
    return `${ocpiUrl(this.options, platform)}/versions`;
  }

  get ocppUrl(): string {
    return `ws://${this.options.host}:${this.options.ports.OCPP_PORT}/ocpp`;
  }

  get ocppTlsUrl(): string {
    return `wss://${this.options.host}:${this.options.ports.OCPP_TLS_PORT}/ocpp`;
  }

  /** Of Chargem, where stations connect. */
  get certificates(): LaptopCertificates {
    return certificatesIn(join(this.options.dataFolder, platforms.chargem.name));
  }
}

export function ocpiUrl({ host, ports }: NetworkPlace, platform: PlatformName): string {
  return `http://${host}:${ports[platforms[platform].ocpiPort]}/ocpi`;
}
