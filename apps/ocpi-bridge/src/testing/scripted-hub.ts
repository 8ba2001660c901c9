// A hub played by a spec: its own HTTP server, which goes through the handshake with real platforms, tells each who is behind it, and passes on what
// they send each other as the routing headers say (OCPI 2.2.1 and 2.3.0 transport_and_format, Message Routing).
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Endpoint, endpointOf, type InterfaceRole, readRouting, statusCodes, writeRouting } from '@evenkeel/ocpi';

export interface Client {
  party: string;
  role: 'CPO' | 'EMSP';
  status: 'CONNECTED' | 'OFFLINE' | 'PLANNED' | 'SUSPENDED';
  lastUpdated: string;
}

/** A platform that has joined. */
interface Platform {
  party: string;
  /** What we send. */
  token: string;
  endpoints: Endpoint[];
}

/** One request, as it came to the hub or as it left it. */
export interface Hop {
  method: string;
  path: string;
  query: string;
  from: string | undefined;
  to: string | undefined;
  requestId: string | undefined;
  correlationId: string | undefined;
}

interface Incoming {
  method: string;
  path: string;
  query: string;
  headers: IncomingMessage['headers'];
  body: unknown;
  caller: Platform;
}

interface Answer {
  http: number;
  body: { status_code: number; status_message?: string; data?: unknown };
  from?: string;
}

const modules = ['locations', 'tariffs', 'sessions', 'cdrs', 'tokens', 'commands'];
const opposite = { CPO: 'EMSP', EMSP: 'CPO' } as const;

export class ScriptedHub {
  readonly heard: Hop[] = [];
  readonly passedOn: Hop[] = [];
  /** Status codes that the next direct requests are answered with; before a 4002 the request is passed on. */
  readonly faults: number[] = [];
  /** What its lists hold beside what is fetched from the platforms: of others behind it, and of nobody. */
  readonly lists: Record<string, { last_updated: string }[]> = {};
  private server: Server | undefined;
  private base = '';
  /** By the token that they send. */
  private readonly platforms = new Map<string, Platform>();
  private readonly invitations = new Set<string>();
  /** Where a result goes that is posted to an address of ours. */
  private readonly callbacks: string[] = [];

  constructor(
    readonly party: string,
    private readonly version: '2.2.1' | '2.3.0',
    readonly clients: Client[],
  ) {}

  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  get versionsUrl(): string {
    return `${this.base}/versions`;
  }

  /** @returns token A for a platform that is to post its credentials here. */
  invite(): string {
    const tokenA = randomUUID();
    this.invitations.add(tokenA);
    return tokenA;
  }

  /** Posts our credentials at a platform that has invited us. */
  async join(versionsUrl: string, tokenA: string): Promise<void> {
    const endpoints = await this.endpointsAt(versionsUrl, tokenA);
    const ours = randomUUID();
    this.platforms.set(ours, { party: '', token: tokenA, endpoints });
    const answer = await call('POST', endpointOf(endpoints, 'credentials') ?? '', tokenA, {}, this.credentials(ours));
    this.welcome(ours, (answer.body as { data: Credentials }).data, endpoints);
  }

  /** Puts new credentials at a platform, as when somebody has left the hub. */
  async putCredentials(party: string): Promise<Answer['body']> {
    const platform = this.platformOf(party);
    const [ours] = [...this.platforms].find(([, each]) => each === platform) ?? [''];
    const url = endpointOf(platform.endpoints, 'credentials') ?? '';
    const { body } = await call('PUT', url, platform.token, {}, this.credentials(ours));
    platform.token = (body as { data: Credentials }).data.token;
    return body as Answer['body'];
  }

  /** The party has another status, and every platform is told. */
  async says(party: string, status: Client['status']): Promise<void> {
    const client = this.change(party, status);
    for (const platform of new Set(this.platforms.values())) await this.tell(platform.party, client);
  }

  /** Nobody is told: it is only in the list. */
  change(party: string, status: Client['status']): Client {
    const client = this.clients.find((each) => each.party === party);
    if (!client) throw new Error(`${party} is not behind the hub`);
    return Object.assign(client, { status, lastUpdated: new Date().toISOString() });
  }

  /** @returns the answer of the platform to what we say of a client, or to something else that we have to say there. */
  tell(at: string, client: Client, body: unknown = infoOf(client)): Promise<Answered> {
    return this.send(at, 'PUT', `hubclientinfo/${client.party.replace('-', '/')}`, { side: 'RECEIVER' }, body);
  }

  /** Whatever the spec wants to have sent to a platform, under the hub's own token. */
  send(
    at: string,
    method: string,
    path: string,
    { side, ...routing }: { side: InterfaceRole; from?: string; to?: string },
    body?: unknown,
  ): Promise<Answered> {
    const [module = '', ...rest] = path.split('/');
    const { token, endpoints } = this.platformOf(at);
    const url = [endpointOf(endpoints, module.split('?')[0] ?? '', side) + module.replace(/^\w+/, ''), ...rest].join('/');
    return call(method, url, token, writeRouting(routing), body);
  }

  private platformOf(party: string): Platform {
    const platform = [...this.platforms.values()].find((each) => each.party === party);
    if (!platform) throw new Error(`${party} has not joined`);
    return platform;
  }

  private credentials(token: string) {
    const business_details = { name: 'Hub' };
    const hub = { role: 'HUB', ...ownerOf(this.party), business_details };
    const reachable = this.clients.map(({ party, role }) => ({ role, ...ownerOf(party), business_details: { name: party } }));
    const told = this.version === '2.2.1' ? { roles: [hub] } : { roles: reachable, hub_party_id: this.party.replace('-', '') };
    return { token, url: this.versionsUrl, ...told };
  }

  private welcome(ours: string, { token, roles: [role] }: Credentials, endpoints: Endpoint[]): void {
    if (!role) throw new Error('the platform has no role');
    const party = `${role.country_code}-${role.party_id}`;
    this.platforms.set(ours, { party, token, endpoints });
    this.change(party, 'CONNECTED');
  }

  private async endpointsAt(versionsUrl: string, token: string): Promise<Endpoint[]> {
    const versions = (await call('GET', versionsUrl, token)).body as { data: { version: string; url: string }[] };
    const details = versions.data.find(({ version }) => version === this.version);
    return ((await call('GET', details?.url ?? '', token)).body as { data: { endpoints: Endpoint[] } }).data.endpoints;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { pathname, search, searchParams } = new URL(request.url ?? '/', this.base);
    const { headers, method = '' } = request;
    const token = Buffer.from(String(headers.authorization).replace('Token ', ''), 'base64').toString();
    const caller = this.platforms.get(token);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const reply = ({ http, body: said, from }: Answer, more: Record<string, string> = {}) => {
      const { from: sender } = readRouting(headers);
      const ids = { 'x-request-id': String(headers['x-request-id']), 'x-correlation-id': String(headers['x-correlation-id']) };
      const routing = writeRouting({ ...(from ? { from } : {}), ...(from && sender ? { to: sender } : {}) });
      response.writeHead(http, { 'content-type': 'application/json', ...ids, ...routing, ...more });
      response.end(JSON.stringify({ ...said, timestamp: new Date().toISOString() }));
    };
    if (!caller && !this.invitations.has(token)) return reply(failed(2000, '', 401));
    if (pathname === '/versions') return reply(granted([{ version: this.version, url: `${this.base}/${this.version}` }]));
    if (pathname === `/${this.version}`) return reply(granted({ version: this.version, endpoints: this.endpoints() }));
    if (pathname === '/credentials') return reply(await this.register(token, body as Credentials));
    if (!caller) return reply(failed(2000, '', 401));
    this.heard.push(hopOf({ method, path: pathname, query: search }, headers));
    if (pathname === '/SENDER/hubclientinfo') {
      const offset = Number(searchParams.get('offset') ?? 0);
      const next = `${this.base}${pathname}?offset=${offset + 1}`;
      return reply(granted([this.clients[offset]].flatMap((client) => (client ? [infoOf(client)] : []))), {
        'x-total-count': String(this.clients.length),
        ...(offset + 1 < this.clients.length ? { link: `<${next}>; rel="next"` } : {}),
      });
    }
    reply(await this.route({ method, path: pathname, query: search, headers, body, caller }));
  }

  private async register(token: string, { token: theirs, url, roles }: Credentials): Promise<Answer> {
    this.invitations.delete(token);
    const ours = randomUUID();
    this.welcome(ours, { token: theirs, url, roles }, await this.endpointsAt(url, theirs));
    return granted(this.credentials(ours));
  }

  private endpoints(): Endpoint[] {
    const both = modules.flatMap((identifier) => (['SENDER', 'RECEIVER'] as const).map((role) => ({ identifier, role })));
    return [
      { identifier: 'credentials', role: 'SENDER', url: `${this.base}/credentials` },
      { identifier: 'hubclientinfo', role: 'SENDER', url: `${this.base}/SENDER/hubclientinfo` },
      ...both.map(({ identifier, role }) => ({ identifier, role, url: `${this.base}/${role}/${identifier}` })),
    ];
  }

  private async route(request: Incoming): Promise<Answer> {
    const { to, from } = readRouting(request.headers);
    if (from !== request.caller.party) return failed(statusCodes.invalidParameters, `${from} does not call`);
    const [, side = '', module = ''] = request.path.split('/');
    const others = this.others(request.caller.party);
    if (side === 'callbacks') return this.passOn(request, this.callbacks[Number(module)] ?? '', to ?? '', from);
    if (to === this.party) {
      if (request.method === 'GET' && side === 'SENDER') return this.all(request, module, others);
      if (request.method === 'GET' || module === 'sessions' || module === 'cdrs')
        return failed(statusCodes.hubError, `${request.method} ${module} is not for everybody`);
      for (const other of others) await this.passOn(request, this.urlAt(request, other), other.party, this.party);
      return { ...granted(undefined), from: this.party };
    }
    const fault = this.faults.shift();
    if (fault === statusCodes.timeoutBehindHub) await this.direct(request, to, from);
    return fault === undefined ? this.direct(request, to, from) : failed(fault, 'as the script says');
  }

  /** Without a receiver: the one that there is in the opposite role. */
  private direct(request: Incoming, to: string | undefined, from: string): Answer | Promise<Answer> {
    const client = this.clients.find(({ party }) => party === (to ?? this.others(from)[0]?.party));
    if (!client) return failed(statusCodes.unknownReceiver, `${to} is not behind this hub`);
    const platform = [...this.platforms.values()].find(({ party }) => party === client.party);
    if (!platform || client.status !== 'CONNECTED') return failed(statusCodes.notConnected, `${client.party} is ${client.status}`);
    return this.passOn(request, this.urlAt(request, platform), client.party, from);
  }

  private others(party: string): Platform[] {
    const role = this.clients.find((client) => client.party === party)?.role ?? 'CPO';
    const parties = this.clients
      .filter((client) => client.role === opposite[role] && client.status === 'CONNECTED')
      .map((client) => client.party);
    return [...this.platforms.values()].filter((platform) => parties.includes(platform.party));
  }

  private async all(request: Incoming, module: string, others: Platform[]): Promise<Answer> {
    const answers = await Promise.all(others.map((other) => this.passOn(request, this.urlAt(request, other), other.party, this.party)));
    const items = answers.flatMap(({ body }) => (Array.isArray(body.data) ? body.data : []));
    const from = new URLSearchParams(request.query).get('date_from') ?? '';
    const own = (this.lists[module] ?? []).filter(({ last_updated }) => last_updated >= from);
    return { ...granted([...items, ...own]), from: this.party };
  }

  private urlAt({ path, query }: Incoming, { endpoints }: Platform): string {
    const [, side, module = '', ...rest] = path.split('/');
    return [endpointOf(endpoints, module, side as InterfaceRole) ?? '', ...rest].join('/') + query;
  }

  /** Under a new X-Request-ID and the same X-Correlation-ID; where a result is to be posted, it comes by us. */
  private async passOn({ method, path, query, headers, body }: Incoming, url: string, to: string, from: string): Promise<Answer> {
    const platform = this.platformOf(to);
    const routing = {
      ...writeRouting({ from, to }),
      'x-request-id': randomUUID(),
      'x-correlation-id': String(headers['x-correlation-id']),
    };
    this.passedOn.push(hopOf({ method, path, query }, routing));
    let said = body;
    const { response_url } = (body ?? {}) as { response_url?: string };
    if (response_url !== undefined) {
      this.callbacks.push(response_url);
      said = { ...(body as object), response_url: `${this.base}/callbacks/${this.callbacks.length - 1}` };
    }
    const answer = await call(method, url, platform.token, routing, said);
    const { from: responder } = readRouting(Object.fromEntries(answer.headers));
    return { http: answer.status, body: answer.body as Answer['body'], ...(responder ? { from: responder } : {}) };
  }
}

interface Credentials {
  token: string;
  url: string;
  roles: { country_code: string; party_id: string }[];
}

export interface Answered {
  status: number;
  headers: Headers;
  body: Answer['body'];
}

async function call(method: string, url: string, token: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answered> {
  const ids = { 'x-request-id': randomUUID(), 'x-correlation-id': randomUUID() };
  const sent = new Headers({ authorization: `Token ${Buffer.from(token).toString('base64')}`, ...ids, ...headers });
  if (body !== undefined) sent.set('content-type', 'application/json');
  const response = await fetch(url, { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

function ownerOf(party: string) {
  return { country_code: party.slice(0, 2), party_id: party.slice(3) };
}

export function infoOf({ party, role, status, lastUpdated }: Client) {
  return { ...ownerOf(party), role, status, last_updated: lastUpdated };
}

function hopOf({ method, path, query }: Pick<Hop, 'method' | 'path' | 'query'>, headers: IncomingMessage['headers']): Hop {
  const { from, to } = readRouting(headers);
  const idIn = (name: string) => (typeof headers[name] === 'string' ? headers[name] : undefined);
  return { method, path, query, from, to, requestId: idIn('x-request-id'), correlationId: idIn('x-correlation-id') };
}

function granted(data: unknown): Answer {
  return { http: 200, body: { status_code: statusCodes.success, data } };
}

/** What goes wrong at a hub travels in HTTP 200 (OCPI status_codes, 4xxx). */
function failed(status_code: number, status_message: string, http = 200): Answer {
  return { http, body: { status_code, status_message } };
}
