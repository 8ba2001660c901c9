// The certificate authority and the OCSP client that the settings name.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type CertificateAuthority, EmbeddedAuthority, OcspClient, pemBlocks, RemoteAuthority } from '@evenkeel/pki';
import { BadSettings } from '@evenkeel/service';
import type { RegistrySettings } from '../config';

const SIGNING_TIMEOUT_MS = 30_000;
/** Below what a station waits for its answer. */
const OCSP_TIMEOUT_MS = 5_000;
const KEPT_OCSP_ANSWERS = 5_000;

/** @returns nothing where no certificates are signed. */
export async function authorityOf(settings: RegistrySettings): Promise<CertificateAuthority | undefined> {
  const { CA_FOLDER, CA_URL: url, CA_TOKEN: token, CERTIFICATE_ORGANIZATION: organization = 'Evenkeel' } = settings;
  if (CA_FOLDER !== undefined && url !== undefined) throw new BadSettings('CA_FOLDER and CA_URL exclude each other');
  if (CA_FOLDER !== undefined) return EmbeddedAuthority.open(CA_FOLDER, { organization });
  if (url === undefined) return undefined;
  if (token === undefined) throw new BadSettings('CA_TOKEN is not set, and CA_URL is');
  return new RemoteAuthority({ url, token, timeoutMs: SIGNING_TIMEOUT_MS });
}

export async function ocspClientOf({ OCSP_RESPONDERS, OCSP_ISSUERS_FILE }: RegistrySettings): Promise<OcspClient> {
  const issuers = OCSP_ISSUERS_FILE === undefined ? [] : pemBlocks(await readFile(OCSP_ISSUERS_FILE, 'utf8'));
  return new OcspClient({
    responders: OCSP_RESPONDERS.split(',').filter((each) => each !== ''),
    issuers: issuers.map((block) => new X509Certificate(block)),
    timeoutMs: OCSP_TIMEOUT_MS,
    keptAnswers: KEPT_OCSP_ANSWERS,
  });
}
