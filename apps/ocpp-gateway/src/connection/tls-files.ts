// The certificates of the TLS listener: an ECDSA and an RSA one with their keys, and the roots of stations' certificates. They are read again
// when they change, because certificates are renewed more often than a gateway is restarted.
import { constants, createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Log } from '@evenkeel/service';

/** File names in the folder, as a secret of a cluster has them. */
export const TLS_FILE_NAMES = {
  ecdsaChain: 'ecdsa.crt',
  ecdsaKey: 'ecdsa.key',
  rsaChain: 'rsa.crt',
  rsaKey: 'rsa.key',
  clientRoots: 'client-roots.crt',
} as const;
/** Need not be there. */
const CRL_FILE = 'client-crls.pem';

export interface TlsMaterial {
  readonly context: SecureContextOptions;
  /** PEM. */
  readonly clientRoots: string;
  /** PEM; empty where there are none. */
  readonly clientCrls: string;
}

/**
 * The first two are for the ECDSA certificate; the last two, without a key exchange of their own, are for stations that know no better
 * (security whitepaper, TLS_RSA_WITH_AES_128_GCM_SHA256 and TLS_RSA_WITH_AES_256_GCM_SHA384). Node's default list may lose them.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
].join(':');

export class TlsFiles {
  private digest = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {}

  /** @throws naming the file that is missing or does not fit. */
  async read(): Promise<TlsMaterial> {
    const { material, digest } = await this.readAll();
    this.digest = digest;
    return material;
  }

  /** Looks again and again; what cannot be used is reported, and the old certificates stay. */
  watch(everyMs: number, onChange: (material: TlsMaterial) => void): void {
    this.timer = setInterval(() => {
      this.readAll()
        .then(({ material, digest }) => {
          if (digest === this.digest) return;
          onChange(material);
          this.digest = digest;
          this.log.info({ folder: this.folder }, 'the TLS certificates have changed');
        })
        .catch((error) => this.log.error({ error, folder: this.folder }, 'the TLS certificates cannot be read; the old ones stay'));
    }, everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async readAll(): Promise<{ material: TlsMaterial; digest: string }> {
    const entries = Object.entries(TLS_FILE_NAMES).map(
      async ([use, name]) => [use, await readFile(join(this.folder, name), 'utf8')] as const,
    );
    const files = Object.fromEntries(await Promise.all(entries)) as Record<keyof typeof TLS_FILE_NAMES, string>;
    const clientCrls = await readFile(join(this.folder, CRL_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const context: SecureContextOptions = {
      cert: [files.ecdsaChain, files.rsaChain],
      key: [files.ecdsaKey, files.rsaKey],
      ca: files.clientRoots,
      minVersion: 'TLSv1.2',
      ciphers: CIPHERS,
      honorCipherOrder: true,
      // A resumed session would bring the client's certificate without its chain, and one that was revoked meanwhile.
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
    };
    // A key that does not belong to its certificate shows here and not at the first station.
    createSecureContext(context);
    const digest = createHash('sha256')
      .update(JSON.stringify([files, clientCrls]))
      .digest('hex');
    return { material: { context, clientRoots: files.clientRoots, clientCrls }, digest };
  }
}
