// Answers whether a certificate is still good, for cars and stations that cannot ask by themselves (OCPP GetCertificateStatus of 2.0.1,
// GetCertificateChainStatus of 2.1). An answer that cannot be had is a status, never an error.
import type { CertificateHashData } from '@evenkeel/contracts';
import { type CertificateAuthority, type OcspAnswer, type OcspClient, ocspRequest, readOcspResponse } from '@evenkeel/pki';

/** OCPP 2.0.1 OCSPRequestDataType. */
export interface OcspRequestData extends CertificateHashData {
  readonly responderURL: string;
}

export type CertificateStatusAnswer = { readonly status: 'Accepted'; readonly ocspResult: string } | { readonly status: 'Failed' };

/** OCPP 2.1 CertificateStatusRequestInfoType. */
export interface CertificateStatusQuestion {
  readonly certificateHashData: CertificateHashData;
  readonly source: 'CRL' | 'OCSP';
  readonly urls: readonly string[];
}

/** OCPP 2.1 CertificateStatusType. */
export interface CertificateStatus extends Omit<CertificateStatusQuestion, 'urls'> {
  readonly status: 'Good' | 'Revoked' | 'Unknown' | 'Failed';
  /** RFC 3339: when it is worth asking again. */
  readonly nextUpdate: string;
}

const ASK_AGAIN_MS = 3_600_000;
/** OCPP 2.0.1 GetCertificateStatusResponse.ocspResult. */
const LONGEST_RESULT = 5_500;
const STATUS = { good: 'Good', revoked: 'Revoked', unknown: 'Unknown' } as const;

export class CertificateStatusDesk {
  constructor(
    private readonly responders: Pick<OcspClient, 'status'>,
    private readonly authority: Pick<CertificateAuthority, 'ocsp'> | undefined,
  ) {}

  /** @param longestResult 18,000 characters for OCPP 2.1. */
  async certificateStatus({ responderURL, ...id }: OcspRequestData, longestResult = LONGEST_RESULT): Promise<CertificateStatusAnswer> {
    const answer = await this.ask(id, [responderURL]);
    const ocspResult = answer?.response.toString('base64');
    return ocspResult === undefined || ocspResult.length > longestResult ? { status: 'Failed' } : { status: 'Accepted', ocspResult };
  }

  async certificateChainStatus(questions: readonly CertificateStatusQuestion[]): Promise<CertificateStatus[]> {
    return Promise.all(
      questions.map(async ({ certificateHashData, source, urls }) => {
        const answer = source === 'OCSP' ? await this.ask(certificateHashData, urls) : undefined;
        const nextUpdate = (answer?.nextUpdate ?? new Date(Date.now() + ASK_AGAIN_MS)).toISOString();
        // Here the station takes our word for it, and we have not seen who said so.
        const status = answer?.verified ? STATUS[answer.status] : 'Failed';
        return { certificateHashData, source, status, nextUpdate };
      }),
    );
  }

  private async ask(id: CertificateHashData, urls: readonly string[]): Promise<OcspAnswer | undefined> {
    const response = await this.authority?.ocsp(ocspRequest(id));
    if (!response) return this.responders.status(id, urls);
    return { ...readOcspResponse(response, id, undefined, new Date()), response, verified: true };
  }
}
