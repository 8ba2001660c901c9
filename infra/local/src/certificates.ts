// The laptop's certificates: an embedded authority, and from it an ECDSA and an RSA certificate for the door where stations connect by TLS.
// They are kept with the data and drawn again before they expire, or when the gateway listens under another name.
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EmbeddedAuthority } from '@evenkeel/pki';

export interface LaptopCertificates {
  /** Of the embedded authority. */
  readonly authorityFolder: string;
  /** Of the door's certificates. */
  readonly tlsFolder: string;
  /** PEM file of the root that stations must trust. */
  readonly rootFile: string;
}

const RENEW_BEFORE_MS = 30 * 86_400_000;

/** Before the services start: the authority is for one process at a time, and then it is the registry's. */
export async function prepareCertificates(dataFolder: string, organization: string, host: string): Promise<LaptopCertificates> {
  const places = certificatesIn(dataFolder);
  const { authorityFolder, tlsFolder } = places;
  const authority = await EmbeddedAuthority.open(authorityFolder, { organization });
  await mkdir(tlsFolder, { recursive: true, mode: 0o700 });
  const others = new Set(['127.0.0.1', hostname(), host].filter((name) => !['0.0.0.0', '::', 'localhost'].includes(name)));
  const names = ['localhost', ...others] as const;
  for (const kind of ['ecdsa', 'rsa'] as const) {
    const file = join(tlsFolder, `${kind}.crt`);
    if (await isGood(file, names, authority)) continue;
    const { chain, key } = await authority.issueServer(names, kind);
    await writeFile(join(tlsFolder, `${kind}.key`), key, { mode: 0o600 });
    await writeFile(file, chain);
  }
  await writeFile(join(tlsFolder, 'client-roots.crt'), authority.root);
  return places;
}

export function certificatesIn(dataFolder: string): LaptopCertificates {
  const authorityFolder = join(dataFolder, 'ca');
  return { authorityFolder, tlsFolder: join(dataFolder, 'tls'), rootFile: join(authorityFolder, 'root.crt') };
}

async function isGood(file: string, names: readonly string[], authority: EmbeddedAuthority): Promise<boolean> {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const isOurs = authority.issuers.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  const isNamed = names.every((name) => (certificate.checkHost(name) ?? certificate.checkIP(name)) !== undefined);
  return isOurs && isNamed && Date.parse(certificate.validTo) - Date.now() > RENEW_BEFORE_MS;
}
