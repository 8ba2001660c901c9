import 'reflect-metadata';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate as ParsedCertificate, X509CrlGenerator } from '@peculiar/x509';
import {
  AuthorityUnavailable,
  type CertificateRequest,
  certificateHashData,
  EmbeddedAuthority,
  factsOf,
  newStationKeys,
  OcspClient,
  ocspRequest,
  pemBlocks,
  RemoteAuthority,
  RequestRejected,
  RevocationList,
  readCertificateRequest,
  toPem,
  verifyClientChain,
} from '.';
import { readOcspResponse } from './ocsp-messages';

const subject = { commonName: 'SN-0001', organization: 'Chargem' };
const DAY_MS = 86_400_000;
let folder: string;
let authority: EmbeddedAuthority;
let other: EmbeddedAuthority;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-pki-'));
  authority = await EmbeddedAuthority.open(join(folder, 'a'), { organization: 'Chargem' });
  other = await EmbeddedAuthority.open(join(folder, 'b'), { organization: 'Chargem' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function request(of = subject): Promise<CertificateRequest> {
  const read = await readCertificateRequest((await newStationKeys(of)).request);
  if ('refusal' in read) throw new Error(read.refusal);
  return read;
}

async function chainFrom(from: EmbeddedAuthority): Promise<[X509Certificate, X509Certificate]> {
  const [leaf = '', issuer = ''] = pemBlocks(await from.sign(await request(), 'ChargingStationCertificate'));
  return [new X509Certificate(leaf), new X509Certificate(issuer)];
}

describe('a certificate request', () => {
  it('RPC-24: is read with its subject, also with an RSA key of 2048 bits', async () => {
    for (const kind of ['ecdsa', 'rsa'] as const) {
      const { request: pem } = await newStationKeys(subject, kind);
      expect(await readCertificateRequest(pem, subject)).toMatchObject(subject);
    }
  });

  it('RPC-24: is refused for a weak key, another subject and a signature that is not its own', async () => {
    const { request: weak } = await newStationKeys(subject, 'weak-rsa');
    expect(await readCertificateRequest(weak)).toEqual({ refusal: 'weak-key' });
    const { pem } = await request();
    expect(await readCertificateRequest(pem, { commonName: 'SN-0002' })).toEqual({ refusal: 'wrong-common-name' });
    expect(await readCertificateRequest(pem, { organization: 'Another' })).toEqual({ refusal: 'wrong-organization' });
    const der = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
    const name = der.indexOf('SN-0001');
    der.write('SN-0009', name);
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
    expect(await readCertificateRequest(forged)).toEqual({ refusal: 'bad-signature' });
  });

  it.each(['', 'hello', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'])(
    'is unreadable: %j',
    async (text) => {
      expect(await readCertificateRequest(text)).toEqual({ refusal: 'unreadable' });
    },
  );

  it('RPC-102: has the same fingerprint when it comes again, whatever its line ends', async () => {
    const { pem, fingerprint } = await request();
    expect(await readCertificateRequest(pem.replaceAll('\n', '\r\n'))).toMatchObject({ fingerprint });
    expect((await request()).fingerprint).not.toBe(fingerprint);
  });
});

describe('the embedded authority', () => {
  it('RPC-101, RPC-103: gives the leaf first, no root, and a validity that has begun', async () => {
    const [leaf, issuer] = await chainFrom(authority);
    expect(factsOf(leaf)).toMatchObject(subject);
    expect(Date.parse(factsOf(leaf).notBefore)).toBeLessThanOrEqual(Date.now() - 0.9 * DAY_MS);
    expect(leaf.verify(issuer.publicKey)).toBe(true);
    expect(issuer.verify(issuer.publicKey)).toBe(false);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  it('is the same after a restart, with what it has revoked, and keeps its keys to itself', async () => {
    const home = join(folder, 'restarted');
    const first = await EmbeddedAuthority.open(home, { organization: 'Chargem' });
    const [leaf, issuer] = await chainFrom(first);
    await first.revoke(leaf.serialNumber, 'keyCompromise');
    // As a crash in the middle of a line leaves it.
    await appendFile(join(home, 'book.jsonl'), '{"serialNu');
    const again = await EmbeddedAuthority.open(home, { organization: 'Chargem' });
    expect(again.root).toBe(first.root);
    const id = certificateHashData(leaf, issuer);
    const answer = await again.ocsp(ocspRequest(id));
    expect(readOcspResponse(answer ?? Buffer.alloc(0), id, issuer, new Date())).toMatchObject({ status: 'revoked' });
    const { serialNumber } = (await chainFrom(again))[0];
    const third = await EmbeddedAuthority.open(home, { organization: 'Chargem' });
    const later = certificateHashData(leaf, issuer);
    const known = (await third.ocsp(ocspRequest({ ...later, serialNumber }))) ?? Buffer.alloc(0);
    expect(readOcspResponse(known, { ...later, serialNumber }, issuer, new Date())).toMatchObject({ status: 'good' });
    expect((await stat(join(home, 'root.key'))).mode & 0o077).toBe(0);
  });

  it('RPC-106: answers about its own certificates only, under every hash of OCPP', async () => {
    const [leaf, issuer] = await chainFrom(authority);
    for (const algorithm of ['SHA256', 'SHA384', 'SHA512'] as const) {
      const id = certificateHashData(leaf, issuer, algorithm);
      const answer = (await authority.ocsp(ocspRequest(id))) ?? Buffer.alloc(0);
      expect(readOcspResponse(answer, id, issuer, new Date()).status).toBe('good');
      expect(() => readOcspResponse(answer, id, other.issuers[0], new Date())).toThrow(/not signed/);
      expect(await other.ocsp(ocspRequest(id))).toBeUndefined();
    }
    const unknown = { ...certificateHashData(leaf, issuer), serialNumber: 'abc' };
    const answer = (await authority.ocsp(ocspRequest(unknown))) ?? Buffer.alloc(0);
    expect(readOcspResponse(answer, unknown, issuer, new Date()).status).toBe('unknown');
  });

  it('issues certificates for servers with the names in them', async () => {
    const { chain } = await authority.issueServer(['ocpp.example.com', '127.0.0.1'], 'rsa');
    const leaf = new X509Certificate(pemBlocks(chain)[0] ?? '');
    expect(leaf.checkHost('ocpp.example.com')).toBe('ocpp.example.com');
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(leaf.publicKey.asymmetricKeyType).toBe('rsa');
  });
});

describe('a chain', () => {
  const roots = () => [new X509Certificate(authority.root)];

  it('RPC-24: is valid when it leads to a root of ours, in whatever order it comes', async () => {
    const [leaf, issuer] = await chainFrom(authority);
    expect(verifyClientChain([leaf, issuer], roots(), new Date())).toMatchObject({ verdict: 'valid' });
    const verified = verifyClientChain([leaf, ...roots(), issuer], roots(), new Date());
    expect(verified?.path.map(String)).toEqual([leaf, issuer, ...roots()].map(String));
    expect(verifyClientChain([leaf], roots(), new Date())).toMatchObject({ verdict: 'untrusted' });
    expect(verifyClientChain([], roots(), new Date())).toBeUndefined();
  });

  it('RPC-26: is expired only when nothing else is wrong', async () => {
    const late = new Date(Date.now() + 400 * DAY_MS);
    expect(verifyClientChain(await chainFrom(authority), roots(), late)).toMatchObject({ verdict: 'expired' });
    expect(verifyClientChain(await chainFrom(other), roots(), late)).toMatchObject({ verdict: 'untrusted' });
    expect(verifyClientChain(await chainFrom(authority), roots(), new Date(0))).toMatchObject({ verdict: 'untrusted' });
  });

  it('RPC-24: is unfit when the certificate is for servers', async () => {
    const { chain } = await authority.issueServer(['a.example'], 'ecdsa');
    const presented = pemBlocks(chain).map((block) => new X509Certificate(block));
    expect(verifyClientChain(presented, roots(), new Date())).toMatchObject({ verdict: 'unfit' });
  });
});

describe('a revocation list', () => {
  it('RPC-24: tells what is revoked, is believed from the issuer only, and for its time', async () => {
    const [revoked, issuer] = await chainFrom(authority);
    const [good] = await chainFrom(authority);
    const now = new Date();
    const pem = await listOf(join(folder, 'a'), [revoked.serialNumber], new Date(now.getTime() + DAY_MS));
    const [list] = RevocationList.readAll(`${pem}\n`);
    expect(list?.statusOf(revoked, issuer, now)).toBe('revoked');
    expect(list?.statusOf(good, issuer, now)).toBe('good');
    const late = new Date(now.getTime() + 2 * DAY_MS);
    expect(list?.statusOf(revoked, issuer, late)).toBe('revoked');
    expect(list?.statusOf(good, issuer, late)).toBeUndefined();
    const [stranger, strangersIssuer] = await chainFrom(other);
    expect(list?.statusOf(stranger, strangersIssuer, now)).toBeUndefined();
  });

  async function listOf(authorityFolder: string, serials: string[], nextUpdate: Date): Promise<string> {
    const key = createPrivateKey(await readFile(join(authorityFolder, 'sub.key'))).export({ format: 'der', type: 'pkcs8' });
    const signingKey = await webcrypto.subtle.importKey('pkcs8', key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    const issuer = new ParsedCertificate(await readFile(join(authorityFolder, 'sub.crt'), 'utf8')).subjectName.toString();
    const entries = serials.map((serialNumber) => ({ serialNumber, revocationDate: new Date() }));
    const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
    const { rawData } = await X509CrlGenerator.create({ issuer, entries, nextUpdate, signingKey, signingAlgorithm });
    return toPem(new Uint8Array(rawData), 'X509 CRL');
  }
});

describe('OCSP over HTTP', () => {
  let asked = 0;
  let answerWith: (request: Buffer) => Promise<Buffer | undefined>;
  let responder: { url: string; server: Server };
  beforeAll(async () => {
    responder = await serve(async (incoming, response) => {
      asked += 1;
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part);
      const answer = await answerWith(Buffer.concat(parts));
      response.writeHead(answer ? 200 : 500).end(answer);
    });
  });
  afterAll(() => stop(responder.server));
  beforeEach(() => {
    asked = 0;
    answerWith = (request) => authority.ocsp(request);
  });
  const client = (options: Partial<ConstructorParameters<typeof OcspClient>[0]> = {}) =>
    new OcspClient({ responders: [responder.url], issuers: authority.issuers, timeoutMs: 500, keptAnswers: 2, ...options });

  it('RPC-24, RPC-106: keeps an answer until its nextUpdate, and only as many as it may', async () => {
    let now = new Date();
    const asking = client({ now: () => now });
    const ids = await Promise.all([1, 2, 3].map(async () => certificateHashData(...(await chainFrom(authority)))));
    const [first, second, third] = ids as [(typeof ids)[0], (typeof ids)[0], (typeof ids)[0]];
    await Promise.all([asking.status(first, [responder.url]), asking.status(first, [responder.url])]);
    expect(await asking.status(first, [responder.url])).toMatchObject({ status: 'good', verified: true });
    expect(asked).toBe(1);
    await asking.status(second, [responder.url]);
    await asking.status(third, [responder.url]);
    await asking.status(first, [responder.url]);
    expect(asked).toBe(4);
    now = new Date(now.getTime() + 2 * 3_600_000);
    answerWith = async () => undefined;
    expect(await asking.status(first, [responder.url])).toBeUndefined();
  });

  it('asks nobody who is not configured, follows no redirect and believes no stranger', async () => {
    const id = certificateHashData(...(await chainFrom(authority)));
    expect(await client({ responders: ['http://127.0.0.1:1'] }).status(id, [responder.url, 'nonsense'])).toBeUndefined();
    expect(asked).toBe(0);
    answerWith = async () => Buffer.from('nonsense');
    expect(await client().status(id, [responder.url])).toBeUndefined();
    answerWith = async () => Buffer.alloc(1_000_000);
    expect(await client().status(id, [responder.url])).toBeUndefined();
    answerWith = (request) => authority.ocsp(request);
    expect(await client({ issuers: [] }).status(id, [responder.url])).toMatchObject({ verified: false });
  });
});

describe('a remote authority', () => {
  let answer: RequestListener;
  let remote: { url: string; server: Server };
  beforeAll(async () => {
    remote = await serve((incoming, response) => answer(incoming, response));
  });
  afterAll(() => stop(remote.server));
  const asking = () => new RemoteAuthority({ url: `${remote.url}/sign`, token: 'secret', timeoutMs: 500 });

  it('RPC-101: gets the request with its token, and its root stays behind', async () => {
    const wanted = await request();
    const chain = (await authority.sign(wanted, 'ChargingStationCertificate')) + authority.root;
    const seen: unknown[] = [];
    answer = (incoming, response) => {
      seen.push(incoming.method, incoming.url, incoming.headers.authorization);
      response.end(chain);
    };
    const signed = await asking().sign(wanted, 'ChargingStationCertificate');
    expect(pemBlocks(signed)).toHaveLength(2);
    await asking().revoke('ab12', 'superseded');
    expect(seen).toEqual([
      'POST',
      '/sign?purpose=ChargingStationCertificate',
      'Bearer secret',
      'DELETE',
      '/sign/ab12?reason=superseded',
      'Bearer secret',
    ]);
  });

  it('is not believed when it signs another key, and tried again only when it may change its mind', async () => {
    const chain = await authority.sign(await request(), 'ChargingStationCertificate');
    answer = (_, response) => response.end(chain);
    await expect(asking().sign(await request(), 'ChargingStationCertificate')).rejects.toThrow(RequestRejected);
    answer = (_, response) => response.writeHead(422).end();
    await expect(asking().sign(await request(), 'ChargingStationCertificate')).rejects.toThrow(RequestRejected);
    answer = (_, response) => response.writeHead(503).end();
    await expect(asking().sign(await request(), 'ChargingStationCertificate')).rejects.toThrow(AuthorityUnavailable);
    answer = (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1' }).end();
    await expect(asking().sign(await request(), 'ChargingStationCertificate')).rejects.toThrow(AuthorityUnavailable);
  });
});

function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
