// Asks OCSP responders whether a certificate is still good, and keeps each answer until the responder has a newer one. Only responders that
// are configured are asked: the address comes out of a station's message or a certificate, and must not make us call our own network.
import type { X509Certificate } from 'node:crypto';
import { issuerHashes } from './hash-data';
import { type CertificateId, ocspRequest, type ReadAnswer, readOcspResponse } from './ocsp-messages';

export interface OcspAnswer extends ReadAnswer {
  /** DER of the OCSPResponse, for whoever wants to check it by himself. */
  readonly response: Buffer;
  /** Whether we could check that the issuer has said so; otherwise it is only what somebody has answered. */
  readonly verified: boolean;
}

export interface OcspClientOptions {
  /** Origins of the responders that may be asked, for example `http://ocsp.example.com`. */
  readonly responders: readonly string[];
  /** Authorities whose signatures we can check. */
  readonly issuers: readonly X509Certificate[];
  readonly timeoutMs: number;
  /** Answers kept at once; the one that was asked for longest ago goes first. */
  readonly keptAnswers: number;
  readonly now?: () => Date;
}

/** An answer without an end is asked for again after this long, and none is believed for longer than a day. */
const UNLIMITED_FOR_MS = 3_600_000;
const LONGEST_MS = 86_400_000;
const LARGEST_ANSWER_BYTES = 65_536;

export class OcspClient {
  private readonly kept = new Map<string, { answer: OcspAnswer; untilMs: number }>();
  private readonly asked = new Map<string, Promise<OcspAnswer | undefined>>();

  constructor(private readonly options: OcspClientOptions) {}

  /**
   * @param issuer of the certificate, where the asker knows it.
   * @returns nothing where no responder that may be asked has given a good answer.
   */
  async status(id: CertificateId, responderUrls: readonly string[], issuer = this.issuerOf(id)): Promise<OcspAnswer | undefined> {
    const key = [issuer !== undefined, id.hashAlgorithm, id.issuerNameHash, id.issuerKeyHash, id.serialNumber].join('/').toLowerCase();
    const known = this.kept.get(key);
    if (known && known.untilMs > this.now().getTime()) {
      this.keep(key, known.answer, known.untilMs);
      return known.answer;
    }
    const under = this.asked.get(key) ?? this.askEach(key, id, responderUrls, issuer).finally(() => this.asked.delete(key));
    this.asked.set(key, under);
    return under;
  }

  private async askEach(
    key: string,
    id: CertificateId,
    responderUrls: readonly string[],
    issuer: X509Certificate | undefined,
  ): Promise<OcspAnswer | undefined> {
    for (const url of responderUrls.filter((each) => this.mayAsk(each))) {
      try {
        const answer = await this.ask(id, url, issuer);
        const nowMs = this.now().getTime();
        const untilMs = answer.nextUpdate?.getTime() ?? nowMs + UNLIMITED_FOR_MS;
        this.keep(key, answer, Math.min(untilMs, nowMs + LONGEST_MS));
        return answer;
      } catch {
        // A responder that is silent, or talks nonsense, is the same to the asker as one that does not exist: the next one is tried.
      }
    }
    return undefined;
  }

  private async ask(id: CertificateId, url: string, issuer: X509Certificate | undefined): Promise<OcspAnswer> {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/ocsp-request', Accept: 'application/ocsp-response' },
      body: new Uint8Array(ocspRequest(id)),
      redirect: 'error',
      signal: AbortSignal.timeout(this.options.timeoutMs),
    });
    if (!reply.ok) throw new Error(`the responder answered with HTTP ${reply.status}`);
    const response = await bodyOf(reply);
    const answer = readOcspResponse(response, id, issuer, this.now());
    return { ...answer, response, verified: issuer !== undefined };
  }

  private issuerOf(id: CertificateId): X509Certificate | undefined {
    return this.options.issuers.find((each) => isNamedBy(each, id));
  }

  private mayAsk(url: string): boolean {
    return URL.canParse(url) && this.options.responders.includes(new URL(url).origin);
  }

  private keep(key: string, answer: OcspAnswer, untilMs: number): void {
    this.kept.delete(key);
    this.kept.set(key, { answer, untilMs });
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.options.keptAnswers && oldest !== undefined) this.kept.delete(oldest);
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}

/** OCSP addresses in a certificate (authority information access, RFC 5280 section 4.2.2.1). */
export function respondersOf(certificate: X509Certificate): string[] {
  return [...(certificate.infoAccess ?? '').matchAll(/^OCSP - URI:(\S+)$/gm)].map(([, url = '']) => url);
}

function isNamedBy(issuer: X509Certificate, id: CertificateId): boolean {
  const { issuerNameHash, issuerKeyHash } = issuerHashes(issuer, id.hashAlgorithm.toLowerCase());
  return issuerNameHash === id.issuerNameHash.toLowerCase() && issuerKeyHash === id.issuerKeyHash.toLowerCase();
}

async function bodyOf(reply: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of reply.body ?? []) {
    bytes += part.byteLength;
    if (bytes > LARGEST_ANSWER_BYTES) throw new Error('the answer of the responder is too long');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
