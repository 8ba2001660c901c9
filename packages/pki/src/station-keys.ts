// A key pair and the request for its certificate: the station's half of getting a certificate, for simulated stations and tests.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Name, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { toPem } from './certificate';

export type KeyKind = 'ecdsa' | 'rsa' | 'weak-rsa';

export interface StationKeys {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM, PKCS #10. */
  readonly request: string;
}

export async function newStationKeys(
  { commonName, organization }: { commonName: string; organization: string },
  kind: KeyKind = 'ecdsa',
): Promise<StationKeys> {
  const algorithm =
    kind === 'ecdsa'
      ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
      : {
          name: 'RSASSA-PKCS1-v1_5',
          hash: 'SHA-256',
          publicExponent: new Uint8Array([1, 0, 1]),
          modulusLength: kind === 'rsa' ? 2_048 : 1_024,
        };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: new Name([{ CN: [commonName] }, { O: [organization] }]),
    keys,
    signingAlgorithm: algorithm,
  });
  const key = toPem(new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)), 'PRIVATE KEY');
  return { key, request: request.toString('pem') };
}
