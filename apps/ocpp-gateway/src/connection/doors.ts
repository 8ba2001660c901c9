// Opens the doors that the settings name: plain, TLS, and the one behind a proxy that ends TLS itself.
import { BadSettings, type Log } from '@evenkeel/service';
import type { GatewaySettings } from '../config';
import type { ClientCertificates } from './client-certificates';
import type { StationServer } from './station-server';
import { TlsFiles, type TlsMaterial } from './tls-files';
import { readProxied, readTls } from './transport';

export class Doors {
  private readonly files: TlsFiles | undefined;

  constructor(
    private readonly server: StationServer,
    private readonly certificates: ClientCertificates,
    private readonly settings: GatewaySettings,
    private readonly log: Log,
  ) {
    const { TLS_FOLDER, OCPP_TLS_PORT, OCPP_PROXY_PORT, OCPP_PROXY_SECRET } = settings;
    if (TLS_FOLDER === undefined && (OCPP_TLS_PORT !== undefined || OCPP_PROXY_PORT !== undefined)) {
      throw new BadSettings('TLS_FOLDER is not set, and OCPP_TLS_PORT or OCPP_PROXY_PORT is');
    }
    if ((OCPP_PROXY_PORT === undefined) !== (OCPP_PROXY_SECRET === undefined)) {
      throw new BadSettings('OCPP_PROXY_PORT and OCPP_PROXY_SECRET go together');
    }
    if (TLS_FOLDER !== undefined) this.files = new TlsFiles(TLS_FOLDER, log);
  }

  async open(): Promise<void> {
    const { HOST, OCPP_PORT } = this.settings;
    const ocppPort = await this.server.listen(HOST, OCPP_PORT);
    this.log.info({ ocppPort }, 'stations may connect');
    if (this.files) await this.openTls(this.files);
  }

  /** Whoever comes from now on is told to come again later. */
  stopAdmitting(): void {
    this.files?.stop();
    this.server.stopAdmitting();
  }

  close(): void {
    this.server.close();
  }

  private async openTls(files: TlsFiles): Promise<void> {
    const { HOST, OCPP_TLS_PORT, OCPP_PROXY_PORT, OCPP_PROXY_SECRET, TLS_RELOAD_MS } = this.settings;
    const material = await files.read();
    this.certificates.trust(material);
    const renewals: ((material: TlsMaterial) => void)[] = [(renewed) => this.certificates.trust(renewed)];
    if (OCPP_TLS_PORT !== undefined) {
      const door = await this.server.listenTls(HOST, OCPP_TLS_PORT, readTls(this.certificates), material);
      renewals.push((renewed) => door.renew(renewed));
      this.log.info({ ocppTlsPort: door.port }, 'stations may connect by TLS');
    }
    if (OCPP_PROXY_PORT !== undefined && OCPP_PROXY_SECRET !== undefined) {
      const ocppProxyPort = await this.server.listen(HOST, OCPP_PROXY_PORT, readProxied(this.certificates, OCPP_PROXY_SECRET));
      this.log.info({ ocppProxyPort }, 'a proxy may connect that has ended TLS');
    }
    files.watch(TLS_RELOAD_MS, (renewed) => {
      for (const renew of renewals) renew(renewed);
    });
  }
}
