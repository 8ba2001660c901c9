// A station's request for a certificate (PKCS #10): read, and checked for what no authority of ours would sign.
import 'reflect-metadata';
import { createHash, createPublicKey } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { pemBlocks, toPem } from './certificate';
import { isStrongKey } from './chain';

export interface CertificateRequest {
  readonly pem: string;
  /** SHA-256 over the DER: the same request again has the same one. */
  readonly fingerprint: string;
  readonly commonName: string;
  readonly organization?: string;
}

export type RequestRefusal =
  | 'unreadable'
  /** Whoever asks does not hold the key. */
  | 'bad-signature'
  | 'weak-key'
  | 'wrong-common-name'
  | 'wrong-organization';

/** What the subject must be; an absent expectation asks nothing. */
export interface ExpectedSubject {
  readonly commonName?: string;
  readonly organization?: string;
}

export async function readCertificateRequest(
  text: string,
  expected: ExpectedSubject = {},
): Promise<CertificateRequest | { readonly refusal: RequestRefusal }> {
  const [block, ...more] = pemBlocks(text, '(?:NEW )?CERTIFICATE REQUEST');
  if (block === undefined || more.length > 0) return { refusal: 'unreadable' };
  const der = Buffer.from(block.replaceAll(/-----[^-]+-----/g, ''), 'base64');
  let request: Pkcs10CertificateRequest;
  let strong: boolean;
  try {
    request = new Pkcs10CertificateRequest(der);
    strong = isStrongKey(createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' }));
  } catch {
    // Whatever a parser throws at bytes from outside, the bytes are to blame.
    return { refusal: 'unreadable' };
  }
  if (!strong) return { refusal: 'weak-key' };
  if (!(await isSigned(request))) return { refusal: 'bad-signature' };
  const commonNames = request.subjectName.getField('CN');
  const [organization] = request.subjectName.getField('O');
  const [commonName] = commonNames;
  if (commonName === undefined || commonNames.length > 1) return { refusal: 'wrong-common-name' };
  if (expected.commonName !== undefined && commonName !== expected.commonName) return { refusal: 'wrong-common-name' };
  if (expected.organization !== undefined && organization !== expected.organization) return { refusal: 'wrong-organization' };
  return {
    pem: toPem(der, 'CERTIFICATE REQUEST'),
    fingerprint: createHash('sha256').update(der).digest('hex'),
    commonName,
    ...(organization === undefined ? {} : { organization }),
  };
}

async function isSigned(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify();
  } catch {
    // An algorithm that is not known here cannot be checked, which is the same as failing.
    return false;
  }
}
