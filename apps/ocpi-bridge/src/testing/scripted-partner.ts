// A partner platform played by a spec: its own small HTTP server with versions, details and receivers whose answers the spec decides, and a
// client that sends whatever the spec wants to send.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageHeaders, readPageQuery, readRouting, writeRouting } from '@evenkeel/ocpi';

const limits = { usual: 100, most: 1000 };

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface Answered {
  status: number;
  headers: Headers;
  body: { status_code?: number; status_message?: string; data?: unknown };
}

/** How the partner answers a push: an HTTP status and an OCPI code, or by hanging up after it has read the request. */
export type PushAnswer = { http: number; ocpi?: number; message?: string; data?: unknown; headers?: Record<string, string> } | 'hang up';

export interface Sent {
  http: number;
  body: unknown;
  headers: Record<string, string>;
}

export class ScriptedPartner {
  /** Pushes, in the order of their arrival. */
  readonly received: Received[] = [];
  /** Paths of the lists that were fetched. */
  readonly fetched: string[] = [];
  /** What we found at the address of credentials that were posted to us, with the token in them. */
  foundAtPoster: Answered | undefined;
  /** What is found at its paths; elsewhere an empty list. */
  readonly lists = new Map<string, unknown>();
  /** Answers to the next pushes, in order; then everything is acknowledged. */
  readonly script: PushAnswer[] = [];
  /** The same for what is sent to the credentials endpoint; what is answered is done already. */
  readonly credentialsScript: PushAnswer[] = [];
  /** Methods at the credentials endpoint, and the token in what was posted or put. */
  readonly credentialsReceived: { method: string; token?: string }[] = [];
  versions = ['2.1.1', '2.2.1'];
  /** Says that it is a hub, too, in the words of the newest version that it speaks. */
  isHub = false;
  hasProfiles = true;
  /** As good platforms are: it refuses every token but its own, repeats headers, and pages and filters its lists. */
  isCareful = false;
  /** Changes an answer before it is sent: what is wrong with this partner. */
  spoil: (answer: Sent, path: string) => Sent = (answer) => answer;
  /** Owns payment terminals, too. */
  isProvider = false;
  /** It knows its token as it is only, as platforms of OCPI 2.1.1 do. */
  readsRawOnly = false;
  private server: Server | undefined;
  private base = '';
  /** What the bridge gave us. */
  token = '';

  constructor(
    readonly role: 'CPO' | 'EMSP' | 'PTP',
    readonly partyId: string,
    public tokenB: string,
  ) {}

  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  get versionsUrl(): string {
    return `${this.base}/versions`;
  }

  get credentials() {
    const party = { country_code: 'US', party_id: this.partyId, business_details: { name: 'Scripted' } };
    const address = { token: this.tokenB, url: this.versionsUrl };
    // A platform of OCPI 2.1.1 alone has one party and says no role.
    if (this.versions.join() === '2.1.1') return { ...address, ...party };
    const roles = this.isProvider ? [this.role, 'PTP'] : [this.role];
    const own = { ...address, roles: roles.map((role) => ({ role, ...party })) };
    if (!this.isHub) return own;
    return this.versions.includes('2.3.0')
      ? { ...own, hub_party_id: `US${this.partyId}` }
      : { ...own, roles: [...own.roles, { role: 'HUB', ...party }] };
  }

  /** POSTs our credentials with the token that invited us, and keeps the token of the answer. */
  async register(bridgeUrl: string, tokenA: string): Promise<Answered> {
    const answer = await this.call('POST', `${bridgeUrl}/credentials`, { token: tokenA, body: this.credentials });
    const data = answer.body.data as { token?: string } | undefined;
    if (data?.token !== undefined) this.token = data.token;
    return answer;
  }

  async call(
    method: string,
    url: string,
    options: { token?: string; raw?: boolean; body?: unknown; text?: string; headers?: Record<string, string> } = {},
  ): Promise<Answered> {
    const token = options.token ?? this.token;
    const authorization = `Token ${options.raw === true ? token : Buffer.from(token).toString('base64')}`;
    const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const headers = new Headers({ authorization, ...options.headers });
    if (body !== undefined) headers.set('content-type', 'application/json');
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const path = request.url ?? '/';
    const reply = (http: number, body: unknown, headers: Record<string, string> = {}) => {
      const sent = this.spoil({ http, body, headers: { ...(this.isCareful ? echoed(request.headers) : {}), ...headers } }, path);
      response.writeHead(sent.http, { 'content-type': 'application/json', ...sent.headers });
      response.end(JSON.stringify(sent.body));
    };
    const isKnown = request.headers.authorization === `Token ${Buffer.from(this.tokenB).toString('base64')}`;
    if (this.isCareful && !isKnown) return reply(401, { status_code: 2001 });
    if (this.readsRawOnly && request.headers.authorization !== `Token ${this.tokenB}`) return reply(401, { status_code: 2001 });
    const success = (data: unknown, headers?: Record<string, string>) =>
      reply(200, { data, status_code: 1000, timestamp: new Date().toISOString() }, headers);
    if (path === '/versions' || (this.isCareful && path === '/versions/'))
      return success(this.versions.map((version) => ({ version, url: `${this.base}/${version}` })));
    const version = path.slice(1);
    if (this.versions.includes(version) && version !== '2.1.1') return success({ version, endpoints: this.endpoints() });
    if (this.versions.includes(version))
      return success({ version, endpoints: this.endpoints().map(({ role: _, ...endpoint }) => endpoint) });
    // The answer to a question about a profile is scripted: it is no list.
    if (request.method === 'GET' && !path.startsWith('/chargingprofiles/')) {
      this.fetched.push(path);
      const { pathname, searchParams } = new URL(path, this.base);
      if (!this.isCareful) return success(this.lists.get(pathname) ?? []);
      const list = this.lists.get(pathname);
      if (!list) return reply(404, { status_code: 2003, status_message: 'unknown', timestamp: new Date().toISOString() });
      const { data, headers } = pageOf(list as { last_updated: string }[], `${this.base}${pathname}`, searchParams);
      return success(data, headers);
    }
    const text = Buffer.concat(chunks).toString();
    if (path === '/credentials') {
      if (text !== '') await this.takeCredentials(JSON.parse(text));
      this.credentialsReceived.push({ method: request.method ?? '', ...(text === '' ? {} : { token: this.token }) });
      const scripted = this.credentialsScript.shift();
      if (scripted === 'hang up') return void request.socket.destroy();
      return scripted ? reply(scripted.http, { status_code: scripted.ocpi }) : success(text === '' ? undefined : this.credentials);
    }
    this.received.push({ method: request.method ?? '', path, headers: request.headers, body: text === '' ? undefined : JSON.parse(text) });
    const next = this.script.shift() ?? { http: 200, ocpi: 1000 };
    if (next === 'hang up') return void request.socket.destroy();
    if (next.ocpi === undefined) return reply(next.http, 'no OCPI', next.headers);
    reply(
      next.http,
      { data: next.data, status_code: next.ocpi, status_message: next.message, timestamp: new Date().toISOString() },
      next.headers,
    );
  }

  private async takeCredentials(posted: { url: string; token: string }): Promise<void> {
    this.foundAtPoster = await this.call('GET', posted.url, { token: posted.token });
    this.token = posted.token;
  }

  private endpoints() {
    const data = this.role === 'CPO' ? 'SENDER' : 'RECEIVER';
    const tokens = this.role === 'CPO' ? 'RECEIVER' : 'SENDER';
    const endpoint = (identifier: string, role: string) => ({ identifier, role, url: `${this.base}/${identifier}` });
    return [
      endpoint('credentials', 'RECEIVER'),
      endpoint('tokens', tokens),
      endpoint('commands', tokens),
      ...(this.isProvider || this.role === 'PTP' ? [endpoint('payments', 'SENDER')] : []),
      ...(this.hasProfiles ? [endpoint('chargingprofiles', tokens)] : []),
      ...['locations', 'tariffs', 'sessions', 'cdrs'].map((identifier) => endpoint(identifier, data)),
    ];
  }
}

/** What every answer repeats of its request (OCPI 2.2.1 transport_and_format, Message Routing). */
function echoed(headers: IncomingMessage['headers']): Record<string, string> {
  const { from, to } = readRouting(headers);
  return {
    'x-request-id': String(headers['x-request-id']),
    ...writeRouting({ ...(to ? { from: to } : {}), ...(from ? { to: from } : {}) }),
  };
}

function pageOf(all: readonly { last_updated: string }[], url: string, parameters: URLSearchParams) {
  const query = readPageQuery(Object.fromEntries(parameters), limits);
  const matching = all.filter(({ last_updated }) => query.from === undefined || Date.parse(last_updated) >= Date.parse(query.from));
  const { offset, limit } = query;
  return { data: matching.slice(offset, offset + limit), headers: pageHeaders(url, query, matching.length, limits) };
}
