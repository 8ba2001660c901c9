// A company's own certificate authority behind HTTP. It gets the request by POST (`application/pkcs10`, PEM) with a bearer token and answers
// with the chain (PEM, leaf first); DELETE on the serial number revokes. Its address is a setting, and no redirect leads away from it.
import 'reflect-metadata';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { pemBlocks } from './certificate';
import {
  AuthorityUnavailable,
  type CertificateAuthority,
  type CertificatePurpose,
  RequestRejected,
  type RevocationReason,
} from './certificate-authority';
import type { CertificateRequest } from './certificate-request';
import { isIssuedBy } from './chain';

export interface RemoteAuthorityOptions {
  readonly url: string;
  readonly token: string;
  readonly timeoutMs: number;
}

/** OCPP 2.0.1 CertificateSigned takes no longer chain. */
const LONGEST_CHAIN = 10_000;

export class RemoteAuthority implements CertificateAuthority {
  constructor(private readonly options: RemoteAuthorityOptions) {}

  async sign(request: CertificateRequest, purpose: CertificatePurpose): Promise<string> {
    const url = new URL(this.options.url);
    url.searchParams.set('purpose', purpose);
    const reply = await this.send(url, { method: 'POST', body: request.pem, headers: { 'Content-Type': 'application/pkcs10' } });
    return checkedChain(await reply.text(), request);
  }

  async revoke(serialNumber: string, reason: RevocationReason): Promise<void> {
    const url = new URL(this.options.url);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(serialNumber)}`;
    url.searchParams.set('reason', reason);
    await this.send(url, { method: 'DELETE' });
  }

  /** Its own responder answers, at the address that its certificates name. */
  async ocsp(): Promise<undefined> {
    return undefined;
  }

  private async send(url: URL, request: RequestInit): Promise<Response> {
    const { token, timeoutMs } = this.options;
    let reply: Response;
    try {
      reply = await fetch(url, {
        ...request,
        headers: { ...request.headers, Authorization: `Bearer ${token}` },
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw new AuthorityUnavailable('the certificate authority is silent', { cause: error });
    }
    if (reply.ok) return reply;
    // 401 and 403 are about our token, which an operator can mend; 429 passes by itself.
    const final = reply.status >= 400 && reply.status < 500 && ![401, 403, 408, 429].includes(reply.status);
    if (final) throw new RequestRejected(`the certificate authority answered with HTTP ${reply.status}`);
    throw new AuthorityUnavailable(`the certificate authority answered with HTTP ${reply.status}`);
  }
}

/** @throws RequestRejected for a chain that a station could not use. */
function checkedChain(text: string, request: CertificateRequest): string {
  let chain: X509Certificate[];
  try {
    chain = pemBlocks(text).map((block) => new X509Certificate(block));
  } catch (error) {
    throw new RequestRejected('the certificate authority answered with no certificate', { cause: error });
  }
  const wanted = createPublicKey({
    key: Buffer.from(new Pkcs10CertificateRequest(request.pem).publicKey.rawData),
    format: 'der',
    type: 'spki',
  });
  if (chain[0]?.publicKey.equals(wanted) !== true) throw new RequestRejected('the certificate is for another key');
  const linked = chain.every((each, index) => {
    const issuer = chain[index + 1];
    return issuer === undefined || isIssuedBy(each, issuer);
  });
  if (!linked) throw new RequestRejected('the chain of the certificate is not in order');
  const withoutRoot = chain.filter((each) => !each.checkIssued(each));
  const pem = withoutRoot.map(String).join('');
  if (pem.length > LONGEST_CHAIN) throw new RequestRejected('the chain of the certificate is too long for a station');
  return pem;
}
