// Requests to partners: one HTTP exchange, bounded in time and size, and its outcome as OCPI means it. Redirects are not followed; where one says
// that an address only wants a slash at its end, or none, the address that we were given is asked again that way.
import { randomUUID } from 'node:crypto';
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { type PartyKey, parseStorable } from '@evenkeel/contracts';
import { type Outcome, outcomeOf, statusOf, type VersionNumber, writeAuthorization, writeRouting } from '@evenkeel/ocpi';
import type { Metrics } from '@evenkeel/service';
import { PartnerBuckets } from '../traffic/token-bucket';
import type { TrafficBook } from '../traffic/traffic-book';
import type { UrlGuard } from './url-guard';

export interface PartnerRequest {
  /** Whom the request goes to; it is written down under this id. */
  partnerId: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  token: string;
  /** What was agreed; absent while nothing is. Before 2.2 a token was sent as it is, and nothing was routed. */
  peer?: { readonly version: VersionNumber; readonly rawToken?: boolean };
  body?: unknown;
  /** Whether the token is sent as it is instead of as Base64, where nothing is agreed yet. */
  rawToken?: boolean;
  /** The party that is meant; absent for versions and credentials, which carry no routing (OCPI 2.2.1 transport_and_format). */
  to?: PartyKey;
  /** Of one that is looked for in the answer. */
  requestId?: string;
  deadlineMs?: number;
  /** Somebody waits: it goes ahead of what the partner's rate holds back. */
  urgent?: boolean;
}

/** `unreachable`: nobody answered. Whether the request arrived is not known. */
export type Exchange =
  | {
      kind: 'answered';
      httpStatus: number;
      outcome: Outcome;
      headers: IncomingMessage['headers'];
      said: { code?: number; message?: string };
      /** The whole body; undefined where it is empty or no JSON. */
      body: unknown;
    }
  | { kind: 'unreachable'; reason: string };

const DEADLINE_MS = 10_000;
/** Servers close what is idle, Node.js after 5 s: a request that meets that is lost. We close first. */
const connections = { keepAlive: true, timeout: 4_000 };
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;
/** Those that may mean the same request at another address (RFC 9110, 15.4). */
const REDIRECTS = new Set([301, 302, 307, 308]);

export class PartnerClient {
  private readonly buckets: PartnerBuckets;
  private readonly agents = { 'http:': new Agent(connections), 'https:': new TlsAgent(connections) };

  constructor(
    private readonly guard: UrlGuard,
    private readonly ourParty: PartyKey,
    private readonly metrics: Metrics,
    private readonly traffic: Pick<TrafficBook, 'note'>,
    /** Requests to one partner. */
    perSecond: number,
  ) {
    this.buckets = new PartnerBuckets(perSecond);
  }

  /** @throws OcpiProblem for an address that must not be followed. */
  async send(request: PartnerRequest): Promise<Exchange> {
    const exchange = await this.sendOnce(request);
    const url = otherwiseSlashed(request.url, exchange);
    return url === undefined ? exchange : this.sendOnce({ ...request, url });
  }

  private async sendOnce(request: PartnerRequest): Promise<Exchange> {
    const url = this.guard.check(request.url);
    const waitMs = this.buckets.of(request.partnerId).reserve(performance.now());
    if (waitMs > 0 && request.urgent !== true) await pause(waitMs);
    const startedAt = performance.now();
    const { requestId = randomUUID() } = request;
    const exchange = await this.exchange(url, request, requestId).catch((error: unknown) => unreachable(error));
    const outcome = exchange.kind === 'answered' ? exchange.outcome.kind : exchange.kind;
    const durationMs = performance.now() - startedAt;
    const { method, partnerId, body } = request;
    this.metrics.observeSeconds('evenkeel_ocpi_client_seconds', 'Requests to partners', durationMs / 1000, { method, outcome });
    const answer = answerIn(exchange);
    this.traffic.note({ partnerId, direction: 'out', method, url: url.href, body, ...answer, durationMs, requestId, ending: outcome });
    return exchange;
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async exchange(url: URL, request: PartnerRequest, requestId: string): Promise<Exchange> {
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const secure = url.protocol === 'https:';
    const outgoing = (secure ? httpsRequest : httpRequest)(url, {
      method: request.method,
      agent: secure ? this.agents['https:'] : this.agents['http:'],
      lookup: this.guard.lookup,
      headers: {
        ...this.headersOf(request, requestId),
        ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
      },
    });
    return withinDeadline(outgoing, answerTo(outgoing, body), request.deadlineMs ?? DEADLINE_MS);
  }

  private headersOf(
    { token, to, peer, rawToken = peer?.rawToken ?? peer?.version === '2.1.1' }: PartnerRequest,
    requestId: string,
  ): Record<string, string> {
    return {
      accept: 'application/json',
      authorization: rawToken ? `Token ${token}` : writeAuthorization(token),
      'x-request-id': requestId,
      'x-correlation-id': randomUUID(),
      ...(to === undefined || peer?.version === '2.1.1' ? {} : writeRouting({ from: this.ourParty, to })),
    };
  }
}

/**
 * Web frameworks send whoever leaves out a slash at the end of an address, or adds one, to the address with it, or without it, before they do
 * anything else. @returns our own address in that spelling: nothing of it but the slash is the partner's word.
 */
function otherwiseSlashed(asked: string, exchange: Exchange): string | undefined {
  if (exchange.kind === 'unreachable' || !REDIRECTS.has(exchange.httpStatus)) return undefined;
  const { location = '' } = exchange.headers;
  const url = new URL(asked);
  url.pathname = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : `${url.pathname}/`;
  if (!URL.canParse(location, asked)) return undefined;
  const { host, pathname } = new URL(location, asked);
  return host === url.host && pathname === url.pathname ? url.href : undefined;
}

/** By a timer that ends with its request: abort signals that nobody waits for any more would pile up until they fire. */
function withinDeadline<T>(outgoing: ClientRequest, answer: Promise<T>, deadlineMs: number): Promise<T> {
  return new Promise((resolve, fail) => {
    const deadline = setTimeout(() => {
      fail(new Error(`no answer within ${deadlineMs} ms`));
      outgoing.destroy();
    }, deadlineMs);
    answer.then(resolve, fail).finally(() => clearTimeout(deadline));
  });
}

async function answerTo(outgoing: ClientRequest, body: Buffer | undefined): Promise<Exchange> {
  const response = await new Promise<IncomingMessage>((resolve, fail) => {
    outgoing.once('error', fail);
    outgoing.once('response', resolve);
    outgoing.end(body);
  });
  const text = await textOf(response);
  const { statusCode: httpStatus = 0, headers } = response;
  const answer = parsed(text);
  return {
    kind: 'answered',
    httpStatus,
    outcome: outcomeOf(httpStatus, answer, headers['retry-after']),
    headers,
    said: statusOf(answer),
    body: answer,
  };
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

function answerIn(exchange: Exchange): { httpStatus?: number; ocpiStatus?: number; statusMessage?: string } {
  if (exchange.kind === 'unreachable') return { statusMessage: exchange.reason };
  const { httpStatus, said } = exchange;
  return {
    httpStatus,
    ...(said.code === undefined ? {} : { ocpiStatus: said.code }),
    ...(said.message === undefined ? {} : { statusMessage: said.message }),
  };
}

/** What an answer says that grants nothing. */
export function inWords(outcome: Exclude<Outcome, { kind: 'acknowledged' }>): string {
  if (outcome.kind === 'refused') return `refused with ${outcome.statusCode} ${outcome.message}`;
  return outcome.kind === 'transient' ? outcome.reason : 'HTTP 401: our token is refused';
}

function unreachable(error: unknown): Exchange {
  return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
}
