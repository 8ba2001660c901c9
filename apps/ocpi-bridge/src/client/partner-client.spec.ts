// Requests to a partner that is a small server here: at which rate they leave, where a redirect may lead them, and what is written down of them.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metrics } from '@evenkeel/service';
import type { Exchanged } from '../traffic/traffic-book';
import { PartnerClient, type PartnerRequest } from './partner-client';
import { UrlGuard } from './url-guard';

const noted: Exchanged[] = [];
let server: Server;
let url: string;
let answer: { status: number; body: unknown };
/** What was asked, and where from there each is sent on to. */
const asked: string[] = [];
let redirects: Record<string, string>;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/silent') return;
    if (request.url === '/stalled') return void response.writeHead(200).write('{"status_code":');
    const location = redirects[request.url ?? ''];
    if (location !== undefined) return void response.writeHead(307, { location }).end();
    response.writeHead(answer.status, { 'content-type': 'application/json', 'x-seen': String(request.headers['x-request-id']) });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  noted.length = 0;
  asked.length = 0;
  redirects = {};
  answer = { status: 200, body: { status_code: 1000 } };
});

function client(perSecond: number): PartnerClient {
  return new PartnerClient(new UrlGuard(true), 'US-CHG', new Metrics('spec'), { note: (one) => void noted.push(one) }, perSecond);
}

const request = (change: Partial<PartnerRequest> = {}): PartnerRequest => ({
  ...{ partnerId: 'p1', method: 'GET', url: `${url}/cdrs`, token: 'secret' },
  ...change,
});

describe('requests to a partner', () => {
  it('leave at its rate, those that somebody waits for ahead of the others, and nobody waits for another partner', async () => {
    const requests = client(10);
    const startMs = performance.now();
    const endedAfterMs: number[] = [];
    // A burst of two seconds, then ten a second.
    const all = Array.from({ length: 26 }, () => requests.send(request()).then(() => endedAfterMs.push(performance.now() - startMs)));
    await requests.send(request({ urgent: true }));
    await requests.send(request({ partnerId: 'p2' }));
    const before = endedAfterMs.length;
    await Promise.all(all);
    requests.close();
    expect(before).toBeLessThan(26);
    // The sixth beyond the burst.
    expect(endedAfterMs.at(-1)).toBeGreaterThanOrEqual(595);
  });

  it('are noted with what was answered and under the id that the partner has seen', async () => {
    const requests = client(100);
    answer = { status: 400, body: { status_code: 2001, status_message: 'no' } };
    const exchange = await requests.send(request({ method: 'POST', body: { id: 1 } }));
    requests.close();
    const seen = exchange.kind === 'answered' ? exchange.headers['x-seen'] : undefined;
    expect(noted).toEqual([
      {
        ...{ partnerId: 'p1', direction: 'out', method: 'POST', url: `${url}/cdrs`, body: { id: 1 }, ending: 'refused' },
        ...{ httpStatus: 400, ocpiStatus: 2001, statusMessage: 'no', durationMs: expect.any(Number), requestId: seen },
      },
    ]);
  });

  it.each(['/silent', '/stalled'])('end at their deadline where a partner does not: %s', async (path) => {
    const requests = client(10);
    const sent = await requests.send(request({ url: `${url}${path}`, deadlineMs: 150 }));
    expect(sent).toEqual({ kind: 'unreachable', reason: 'no answer within 150 ms' });
    requests.close();
  });

  it('are noted when nobody answers, too', async () => {
    const requests = client(100);
    await requests.send(request({ url: 'http://127.0.0.1:1/cdrs' }));
    requests.close();
    expect(noted).toMatchObject([{ ending: 'unreachable', statusMessage: expect.stringContaining('ECONNREFUSED') }]);
    expect(noted[0]).not.toHaveProperty('httpStatus');
  });

  const here = () => url.replace('http://', '');
  it.each([
    ['a slash more', '/cdrs', () => '/cdrs/', '/cdrs/'],
    ['a slash more in front of the query', '/cdrs?limit=1', () => `${url}/cdrs/?limit=1`, '/cdrs/?limit=1'],
    ['a slash less', '/cdrs/', () => `${url}/cdrs`, '/cdrs'],
    // As a server says it that does not know of the TLS in front of it: the scheme is ours all the same.
    ['a slash more in another scheme', '/cdrs', () => `https://${here()}/cdrs/`, '/cdrs/'],
  ])('SEC-2: are made again where the address wants %s', async (_case, path, location, other) => {
    const requests = client(100);
    redirects = { [path]: location() };
    const exchange = await requests.send(request({ method: 'POST', url: url + path, body: { id: 1 } }));
    requests.close();
    expect(asked).toEqual([`POST ${path}`, `POST ${other}`]);
    expect(exchange).toMatchObject({ httpStatus: 200, outcome: { kind: 'acknowledged' } });
    expect(noted.map(({ url: at, httpStatus, body }) => [at, httpStatus, body])).toEqual([
      [url + path, 307, { id: 1 }],
      [url + other, 200, { id: 1 }],
    ]);
  });

  it.each([
    ['another host', () => 'http://127.0.0.2/cdrs/'],
    ['another port', () => 'http://127.0.0.1:1/cdrs/'],
    ['another path', () => '/sessions/'],
    ['nowhere', () => 'http://'],
  ])('SEC-2: are not made again at %s', async (_case, location) => {
    const requests = client(100);
    redirects = { '/cdrs': location() };
    expect(await requests.send(request())).toMatchObject({ httpStatus: 307, outcome: { kind: 'transient' } });
    requests.close();
    expect(asked).toEqual(['GET /cdrs']);
  });

  it('are made again once, however often the partner changes its mind', async () => {
    const requests = client(100);
    redirects = { '/cdrs': '/cdrs/', '/cdrs/': '/cdrs' };
    expect(await requests.send(request())).toMatchObject({ httpStatus: 307, outcome: { kind: 'transient' } });
    requests.close();
    expect(asked).toEqual(['GET /cdrs', 'GET /cdrs/']);
  });
});
