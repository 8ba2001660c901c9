// Requests to partners: one HTTP exchange, never a redirect, bounded in time and size, and its outcome as OCPI means it.
import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { type PartyKey, parseStorable } from '@evenkeel/contracts';
import { type Outcome, outcomeOf, type VersionNumber, writeAuthorization, writeRouting } from '@evenkeel/ocpi';
import type { Metrics } from '@evenkeel/service';
import type { UrlGuard } from './url-guard';

export interface PartnerRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  token: string;
  /** What was agreed; absent while nothing is. Before 2.2 a token was sent as it is, and nothing was routed. */
  peer?: { readonly version: VersionNumber; readonly rawToken?: boolean };
  body?: unknown;
  /** Whether the token is sent as it is instead of as Base64, where nothing is agreed yet. */
  rawToken?: boolean;
  /** The party that is meant; absent for versions and credentials, which carry no routing (OCPI 2.2.1 transport_and_format). */
  to?: PartyKey;
  deadlineMs?: number;
}

/** `unreachable`: nobody answered. Whether the request arrived is not known. */
export type Exchange =
  | { kind: 'answered'; httpStatus: number; outcome: Outcome; headers: IncomingMessage['headers'] }
  | { kind: 'unreachable'; reason: string };

const DEADLINE_MS = 10_000;
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;

export class PartnerClient {
  private readonly agents = { 'http:': new Agent({ keepAlive: true }), 'https:': new TlsAgent({ keepAlive: true }) };

  constructor(
    private readonly guard: UrlGuard,
    private readonly ourParty: PartyKey,
    private readonly metrics: Metrics,
  ) {}

  /** @throws OcpiProblem for an address that must not be followed. */
  async send(request: PartnerRequest): Promise<Exchange> {
    const url = this.guard.check(request.url);
    const startedAt = performance.now();
    const exchange = await this.exchange(url, request).catch((error: unknown) => unreachable(error));
    const outcome = exchange.kind === 'answered' ? exchange.outcome.kind : exchange.kind;
    const seconds = (performance.now() - startedAt) / 1000;
    this.metrics.observeSeconds('evenkeel_ocpi_client_seconds', 'Requests to partners', seconds, { method: request.method, outcome });
    return exchange;
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async exchange(url: URL, request: PartnerRequest): Promise<Exchange> {
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const secure = url.protocol === 'https:';
    const deadline = AbortSignal.timeout(request.deadlineMs ?? DEADLINE_MS);
    const response = await new Promise<IncomingMessage>((resolve, fail) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(url, {
        method: request.method,
        agent: secure ? this.agents['https:'] : this.agents['http:'],
        lookup: this.guard.lookup,
        signal: deadline,
        headers: { ...this.headersOf(request), ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}) },
      });
      outgoing.once('error', fail);
      outgoing.once('response', resolve);
      outgoing.end(body);
    });
    const text = await textOf(response);
    const { statusCode: httpStatus = 0, headers } = response;
    return { kind: 'answered', httpStatus, outcome: outcomeOf(httpStatus, parsed(text), headers['retry-after']), headers };
  }

  private headersOf({ token, to, peer, rawToken = peer?.rawToken ?? peer?.version === '2.1.1' }: PartnerRequest): Record<string, string> {
    return {
      accept: 'application/json',
      authorization: rawToken ? `Token ${token}` : writeAuthorization(token),
      'x-request-id': randomUUID(),
      'x-correlation-id': randomUUID(),
      ...(to === undefined || peer?.version === '2.1.1' ? {} : writeRouting({ from: this.ourParty, to })),
    };
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_ANSWER_BYTES) throw new Error(`the answer is longer than ${LARGEST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return parseStorable(text);
  } catch {
    // No JSON is no OCPI answer; what it means is judged by its HTTP status.
    return undefined;
  }
}

function unreachable(error: unknown): Exchange {
  return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
}
