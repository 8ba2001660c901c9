// Whether the contract certificate of a car is good (OCPP 2.0.1 C07.FR.13 to C07.FR.17): its chain, where it came with the question, and what
// the responders say of each certificate that they can be asked about.
import { X509Certificate } from 'node:crypto';
import type { ContractCertificates, ContractStatus, TokenVerdict } from '@evenkeel/contracts';
import { pemBlocks, verifyClientChain } from '@evenkeel/pki';
import type { CertificateStatusDesk } from '../certificate/certificate-status';

export interface ContractPolicy {
  /** Of the contracts that may charge here. */
  readonly roots: readonly X509Certificate[];
  /** Refuses what no responder could be asked about. */
  readonly revocationRequired: boolean;
}

export class ContractCheck {
  constructor(
    private readonly statuses: Pick<CertificateStatusDesk, 'certificateChainStatus'>,
    private readonly policy: ContractPolicy,
  ) {}

  /** What is wrong with the certificates themselves, whatever becomes of the token. */
  async statusOf({ certificate, hashes }: ContractCertificates, at: Date): Promise<ContractStatus> {
    const ofChain = certificate === undefined ? 'Accepted' : this.chainStatus(certificate, at);
    if (ofChain !== 'Accepted' || hashes === undefined) return ofChain;
    const answers = await this.statuses.certificateChainStatus(
      hashes.map(({ responderURL, ...certificateHashData }) => ({ certificateHashData, source: 'OCSP', urls: [responderURL] })),
    );
    if (answers.some(({ status }) => status === 'Revoked')) return 'CertificateRevoked';
    const isUnproved = ({ status }: { status: string }) => status === 'Unknown' || (status === 'Failed' && this.policy.revocationRequired);
    return answers.some(isUnproved) ? 'CertChainError' : 'Accepted';
  }

  private chainStatus(pem: string, at: Date): ContractStatus {
    let presented: X509Certificate[];
    try {
      presented = pemBlocks(pem).map((block) => new X509Certificate(block));
    } catch {
      return 'CertChainError';
    }
    const verdict = verifyClientChain(presented, this.policy.roots, at)?.verdict;
    if (verdict === 'expired') return 'CertificateExpired';
    return verdict === 'valid' ? 'Accepted' : 'CertChainError';
  }
}

/** A token without a good certificate does not charge, and a good certificate of a token that does not is a contract that has ended. */
export function contractVerdict(status: ContractStatus, verdict: TokenVerdict): { verdict: TokenVerdict; contractStatus: ContractStatus } {
  if (status === 'CertificateExpired') return { verdict: 'Expired', contractStatus: status };
  if (status !== 'Accepted') return { verdict: 'Invalid', contractStatus: status };
  return { verdict, contractStatus: verdict === 'Accepted' ? 'Accepted' : 'ContractCancelled' };
}
