// An eMSP that costs next to nothing, for measuring what is ours: it agrees on OCPI 2.3.0, lists TOKENS tokens, answers a pushed CDR after
// ANSWER_MS and every authorization at once. It is the baseline too: what is PUT to /page is what GET /page answers.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const TOKENS = Number(process.env.TOKENS ?? 0);
const ANSWER_MS = Number(process.env.ANSWER_MS ?? 0);
const owner = { country_code: 'US', party_id: 'LDT' };
const say = (line: string) => process.stdout.write(`${line}\n`);

let base = '';
let page = '';
let cdrs = 0;

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  say(`ready ${base}`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(request.url ?? '/', base);
  const send = (text: string, headers: Record<string, string> = {}) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(text);
  };
  const success = (data: unknown, headers?: Record<string, string>) =>
    send(JSON.stringify({ data, status_code: 1000, timestamp: new Date().toISOString() }), headers);
  if (pathname === '/page' && request.method === 'PUT') page = body;
  if (pathname === '/page') return send(page);
  if (pathname === '/counted') return send(String(cdrs));
  if (pathname === '/versions') return success([{ version: '2.3.0', url: `${base}/2.3.0` }]);
  if (pathname === '/2.3.0') return success({ version: '2.3.0', endpoints: endpoints() });
  if (pathname === '/credentials') {
    const { token } = JSON.parse(body) as { token: string };
    say(`token ${token}`);
    const roles = [{ role: 'EMSP', ...owner, business_details: { name: 'Load' } }];
    return success({ token: 'load', url: `${base}/versions`, roles });
  }
  if (pathname === '/tokens') return listed(searchParams, success);
  if (pathname.endsWith('/authorize')) return success({ allowed: 'ALLOWED', token: tokenOf(0), authorization_reference: 'R' });
  if (pathname === '/cdrs') {
    await pause(ANSWER_MS);
    cdrs += 1;
    return success(null, { location: `${base}/cdrs/${cdrs}` });
  }
  return success(null);
}

function listed(query: URLSearchParams, success: (data: unknown, headers: Record<string, string>) => void): void {
  // Whoever has read the list once has nothing new to read.
  const total = query.has('date_from') ? 0 : TOKENS;
  const offset = Number(query.get('offset') ?? 0);
  const limit = Math.min(Number(query.get('limit') ?? 1_000), 1_000);
  const tokens = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) => tokenOf(offset + index));
  const link: Record<string, string> =
    offset + limit < total ? { link: `<${base}/tokens?offset=${offset + limit}&limit=${limit}>; rel="next"` } : {};
  success(tokens, { 'x-total-count': String(total), 'x-limit': '1000', ...link });
}

function tokenOf(index: number) {
  const contract = { contract_id: `US-LDT-C${index}`, issuer: 'Load', valid: true, whitelist: 'NEVER' };
  return { ...owner, uid: `CARD${index}`, type: 'RFID', ...contract, last_updated: '2026-01-01T00:00:00.000Z' };
}

function endpoints() {
  const roles = { credentials: 'SENDER', tokens: 'SENDER', sessions: 'RECEIVER', cdrs: 'RECEIVER' };
  return Object.entries(roles).map(([identifier, role]) => ({ identifier, role, url: `${base}/${identifier}` }));
}
