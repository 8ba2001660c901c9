// Contract certificates for cars (ISO 15118 Plug & Charge): the request of the car is passed on as it is to a service that knows the contracts,
// and its answer back (OCPP 2.0.1 M01, M02). Without such a service, or without its answer in time, the car is told that it failed.
import type { Request, Response } from '@evenkeel/ocpp';

export interface ContractCertificates {
  certificateFor(asked: Request<'2.1', 'Get15118EVCertificate'>): Promise<Response<'2.1', 'Get15118EVCertificate'>>;
}

export interface ServiceAddress {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string;
}

/** The car waits too, so the service has less time than the station has patience. */
const TIMEOUT_MS = 6_000;
/** The field is required, also where there is nothing to say. */
const FAILED = { status: 'Failed', exiResponse: '' } as const;

export class RemoteContractCertificates implements ContractCertificates {
  constructor(
    /** Absent: there is no such service. */
    private readonly service: ServiceAddress | undefined,
    private readonly onFailure: (reason: string) => void,
  ) {}

  /** The service is sent the station's payload, and answers `{ "exiResponse": "…", "remainingContracts": 0 }`. */
  async certificateFor(asked: Request<'2.1', 'Get15118EVCertificate'>): Promise<Response<'2.1', 'Get15118EVCertificate'>> {
    if (this.service === undefined) return FAILED;
    try {
      const response = await fetch(this.service.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.service.token}` },
        body: JSON.stringify(asked),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const answer: unknown = response.ok ? await response.json() : undefined;
      if (isAnswer(answer)) return { status: 'Accepted', ...answer };
      this.onFailure(`it answered ${response.status}`);
    } catch (error) {
      this.onFailure(error instanceof Error ? error.message : String(error));
    }
    return FAILED;
  }
}

function isAnswer(answer: unknown): answer is { exiResponse: string; remainingContracts?: number } {
  if (typeof answer !== 'object' || answer === null || !('exiResponse' in answer) || typeof answer.exiResponse !== 'string') return false;
  return !('remainingContracts' in answer) || typeof answer.remainingContracts === 'number';
}
