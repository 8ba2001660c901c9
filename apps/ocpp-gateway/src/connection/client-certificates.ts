// Judges a station's client certificate: whether it leads to one of our roots, and whether its authority has revoked it. The judgement goes
// to the registry with the facts; which station the certificate may stand for is decided there.
import { X509Certificate } from 'node:crypto';
import type { Request } from '@evenkeel/contracts';
import { certificateHashData, factsOf, type OcspClient, pemBlocks, RevocationList, respondersOf, verifyClientChain } from '@evenkeel/pki';
import type { TlsMaterial } from './tls-files';

type Presented = NonNullable<Request<'admitStation'>['certificate']>;

export class ClientCertificates {
  private roots: readonly X509Certificate[] = [];
  private lists: readonly RevocationList[] = [];

  constructor(private readonly responders: Pick<OcspClient, 'status'>) {}

  /** PEM: any number of certificates, and of revocation lists. */
  trust({ clientRoots, clientCrls }: Pick<TlsMaterial, 'clientRoots' | 'clientCrls'>): void {
    const lists = RevocationList.readAll(clientCrls);
    this.roots = pemBlocks(clientRoots).map((block) => new X509Certificate(block));
    this.lists = lists;
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

  /** A list that names the certificate is enough; else the responder knows better, because it is asked now. */
  private async revocationOf(leaf: X509Certificate, issuer: X509Certificate): Promise<Presented['revocation']> {
    const listed = this.lists.map((list) => list.statusOf(leaf, issuer, new Date()));
    if (listed.includes('revoked')) return 'revoked';
    const answer = await this.responders.status(certificateHashData(leaf, issuer), respondersOf(leaf), issuer);
    return answer?.status ?? (listed.includes('good') ? 'good' : 'unchecked');
  }
}
