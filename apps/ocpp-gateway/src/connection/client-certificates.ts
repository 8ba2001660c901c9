// Judges a station's client certificate: whether it leads to one of our roots, and whether its authority has revoked it. The judgement goes
// to the registry with the facts; which station the certificate may stand for is decided there.
import { X509Certificate } from 'node:crypto';
import type { Request } from '@evenkeel/contracts';
import { certificateHashData, factsOf, type OcspClient, pemBlocks, respondersOf, verifyClientChain } from '@evenkeel/pki';

type Presented = NonNullable<Request<'admitStation'>['certificate']>;

export class ClientCertificates {
  private roots: readonly X509Certificate[] = [];

  constructor(private readonly responders: Pick<OcspClient, 'status'>) {}

  /** @param pem any number of certificates. */
  trust(pem: string): void {
    this.roots = pemBlocks(pem).map((block) => new X509Certificate(block));
  }

  async judge(presented: readonly X509Certificate[]): Promise<{ certificate?: Presented }> {
    const verified = verifyClientChain(presented, this.roots, new Date());
    if (!verified) return {};
    const { verdict: chain, path } = verified;
    const [leaf, issuer] = path;
    if (!leaf) return {};
    const root = path.at(-1);
    const isJudged = issuer !== undefined && (chain === 'valid' || chain === 'expired');
    const certificate: Presented = {
      ...factsOf(leaf),
      chain,
      ...(isJudged && root ? { root: factsOf(root).fingerprint } : {}),
      revocation: isJudged ? await this.revocationOf(leaf, issuer) : 'unchecked',
    };
    return { certificate };
  }

  private async revocationOf(leaf: X509Certificate, issuer: X509Certificate): Promise<Presented['revocation']> {
    const answer = await this.responders.status(certificateHashData(leaf, issuer), respondersOf(leaf), issuer);
    return answer?.status ?? 'unchecked';
  }
}
