import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Request } from '@evenkeel/contracts';
import { EmbeddedAuthority, newStationKeys, pemBlocks, readCertificateRequest } from '@evenkeel/pki';
import { eventually, freePort } from '@evenkeel/testkit';
import { TLS_FILE_NAMES } from '../connection/tls-files';
import { GatewayUnderTest } from './gateway-under-test';
import { type RawOptions, RawStation } from './raw-station';

const PROXY_SECRET = 'a-secret-between-proxy-and-gateway';
const LONG_AGO_MS = 400 * 86_400_000;
const organization = 'Chargem';
let folder: string;
let gateway: GatewayUnderTest;
let authority: EmbeddedAuthority;
let port: number;
let proxyPort: number;
const responder = createServer(async (incoming, response) => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  response.end(await authority.ocsp(Buffer.concat(parts)));
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-tls-'));
  const responderPort = await freePort();
  responder.listen(responderPort, '127.0.0.1');
  const responderUrl = `http://127.0.0.1:${responderPort}`;
  authority = await EmbeddedAuthority.open(join(folder, 'ca'), { organization, responderUrl });
  await writeServerFiles();
  [port, proxyPort] = [await freePort(), await freePort()];
  gateway = await GatewayUnderTest.start({
    FREE_FAILURES: '1000',
    OCPP_TLS_PORT: String(port),
    OCPP_PROXY_PORT: String(proxyPort),
    OCPP_PROXY_SECRET: PROXY_SECRET,
    TLS_FOLDER: folder,
    TLS_RELOAD_MS: '100',
    OCSP_RESPONDERS: responderUrl,
  });
  gateway.registry.register('B16');
  gateway.registry.register('S3', {
    refuses: ({ certificate }) => (certificate?.chain === 'valid' && certificate.revocation === 'good' ? undefined : 'bad-certificate'),
  });
});
afterAll(async () => {
  responder.close();
  responder.closeAllConnections();
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

async function writeServerFiles(): Promise<void> {
  const [ecdsa, rsa] = [await authority.issueServer(['127.0.0.1'], 'ecdsa'), await authority.issueServer(['127.0.0.1'], 'rsa')];
  const files = { ecdsaChain: ecdsa.chain, ecdsaKey: ecdsa.key, rsaChain: rsa.chain, rsaKey: rsa.key, clientRoots: authority.root };
  for (const [use, name] of Object.entries(TLS_FILE_NAMES)) {
    await writeFile(join(folder, name), files[use as keyof typeof TLS_FILE_NAMES]);
  }
}

async function stationCertificate(from = authority): Promise<{ cert: string; key: string }> {
  const { key, request } = await newStationKeys({ commonName: 'SN-1', organization });
  const read = await readCertificateRequest(request);
  if ('refusal' in read) throw new Error(read.refusal);
  return { key, cert: await from.sign(read, 'ChargingStationCertificate') };
}

async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: authority.root, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

function station(options: RawOptions & { url?: string }) {
  const { url = `wss://127.0.0.1:${port}/ocpp`, client, ...others } = options;
  return RawStation.connect(url, { ...others, client: { ca: authority.root, ...client } });
}

/** What the gateway last asked about the identity. */
function lastQuestion(identity: string): Request<'admitStation'> {
  const questions = gateway.registry.asked.filter(({ name }) => name === 'admitStation').map(({ request }) => request);
  const last = (questions as Request<'admitStation'>[]).filter((each) => each.identity === identity).at(-1);
  if (!last) throw new Error(`nothing was asked about ${identity}`);
  return last;
}

describe('HS-10', () => {
  it('RPC-21: a client that knows nothing newer than TLS 1.1 is refused, counted, and let in with 1.2 at once', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(handshake(old)).rejects.toThrow();
    const socket = await handshake({ maxVersion: 'TLSv1.2' });
    expect(socket.getProtocol()).toBe('TLSv1.2');
    socket.destroy();
    expect(await gateway.metrics()).toMatch(/tls_failures_total\{reason="old-version"/);
    expect(gateway.log.some((line) => line.includes('TlsHandshakeFailed'))).toBe(true);
  });

  it.each([
    ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ec'],
    ['ECDHE-ECDSA-AES256-GCM-SHA384', 'ec'],
    ['AES128-GCM-SHA256', 'rsa'],
    ['AES256-GCM-SHA384', 'rsa'],
  ])('RPC-22, RPC-23: %s alone completes, with the certificate that fits it and its chain without the root', async (ciphers, keyType) => {
    const socket = await handshake({ ciphers, maxVersion: 'TLSv1.2' });
    expect(socket.getCipher().name).toBe(ciphers);
    const certificate = socket.getPeerX509Certificate();
    expect(certificate?.publicKey.asymmetricKeyType).toBe(keyType);
    expect(certificate?.issuerCertificate?.subject).toContain('Sub CA');
    socket.destroy();
    await expect(station({ identity: 'B16', client: { ciphers, maxVersion: 'TLSv1.2' } })).resolves.toBeInstanceOf(RawStation);
  });

  it('RPC-21, RPC-22: TLS 1.3 completes, and a suite with CBC does not', async () => {
    const socket = await handshake({ minVersion: 'TLSv1.3' });
    expect(socket.getProtocol()).toBe('TLSv1.3');
    expect(socket.isSessionReused()).toBe(false);
    socket.destroy();
    await expect(handshake({ ciphers: 'ECDHE-ECDSA-AES128-SHA', maxVersion: 'TLSv1.2' })).rejects.toThrow();
  });
});

it('HS-01: a password is enough over TLS, and the registry hears that it was TLS', async () => {
  const connected = await station({ identity: 'B16' });
  expect(connected).toBeInstanceOf(RawStation);
  expect(lastQuestion('B16')).toMatchObject({ transport: 'tls' });
  expect(lastQuestion('B16').certificate).toBeUndefined();
});

describe('HS-11', () => {
  it('RPC-24: a valid certificate is told with its subject and that it is good', async () => {
    const client = await stationCertificate();
    const connected = await station({ identity: 'S3', password: null, client });
    expect(connected).toBeInstanceOf(RawStation);
    const leaf = new X509Certificate(pemBlocks(client.cert)[0] ?? '');
    expect(lastQuestion('S3').certificate).toMatchObject({
      commonName: 'SN-1',
      organization,
      fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
      root: new X509Certificate(authority.root).fingerprint256.replaceAll(':', '').toLowerCase(),
    });
  });

  it('RPC-24, RPC-26: none, one of a stranger, an expired and a revoked one are each told as what they are, and get no WebSocket', async () => {
    const stranger = await EmbeddedAuthority.open(join(folder, 'stranger'), { organization });
    const past = { organization, now: () => new Date(Date.now() - LONG_AGO_MS) };
    const expired = await stationCertificate(await EmbeddedAuthority.open(join(folder, 'ca'), past));
    const strangersExpired = await stationCertificate(await EmbeddedAuthority.open(join(folder, 'stranger'), past));
    const revoked = await stationCertificate();
    await authority.revoke(new X509Certificate(revoked.cert).serialNumber, 'keyCompromise');
    const cases = [
      [{}, undefined],
      [await stationCertificate(stranger), { chain: 'untrusted' }],
      [expired, { chain: 'expired' }],
      [strangersExpired, { chain: 'untrusted' }],
      [revoked, { chain: 'valid', revocation: 'revoked' }],
    ] as const;
    for (const [client, told] of cases) {
      expect(await station({ identity: 'S3', password: null, client })).toMatchObject({ status: 403 });
      const { certificate } = lastQuestion('S3');
      if (told === undefined) expect(certificate).toBeUndefined();
      else expect(certificate).toMatchObject(told);
    }
  });
});

describe('RPC-27: behind a proxy that ends TLS', () => {
  const derOf = (pem: string) => `:${Buffer.from(new X509Certificate(pem).raw).toString('base64')}:`;
  const throughProxy = (headers: Record<string, string>, url: string) =>
    station({ identity: 'S3', password: null, url, client: { headers } });

  it('a certificate is believed from whoever knows the secret, in either spelling', async () => {
    const { cert } = await stationCertificate();
    const [leaf = '', issuer = ''] = pemBlocks(cert);
    const url = `ws://127.0.0.1:${proxyPort}/ocpp`;
    const rfc9440 = { 'Client-Cert': derOf(leaf), 'Client-Cert-Chain': derOf(issuer) };
    const escaped = { 'Client-Cert': encodeURIComponent(leaf), 'Client-Cert-Chain': encodeURIComponent(issuer) };
    for (const headers of [rfc9440, escaped]) {
      await expect(throughProxy({ ...headers, 'X-Proxy-Secret': PROXY_SECRET }, url)).resolves.toBeInstanceOf(RawStation);
      expect(lastQuestion('S3')).toMatchObject({ transport: 'tls', certificate: { commonName: 'SN-1', chain: 'valid' } });
    }
    expect(await throughProxy({ ...rfc9440, 'X-Proxy-Secret': 'guessed' }, url)).toMatchObject({ status: 403 });
    expect(await throughProxy(rfc9440, url)).toMatchObject({ status: 403 });
  });

  it('at a door for everybody the same headers are nothing', async () => {
    const { cert } = await stationCertificate();
    const headers = { 'Client-Cert': derOf(cert), 'X-SSL-Client-Cert': encodeURIComponent(cert), 'X-Proxy-Secret': PROXY_SECRET };
    for (const url of [gateway.url, `wss://127.0.0.1:${port}/ocpp`]) {
      expect(await throughProxy(headers, url)).toMatchObject({ status: 403 });
      expect(lastQuestion('S3').certificate).toBeUndefined();
    }
  });
});

it('RPC-23: certificates that change on disk are served without a restart, and the open connections stay', async () => {
  const connected = await station({ identity: 'B16' });
  if (!(connected instanceof RawStation)) throw new Error('refused');
  const serialNumber = async () => {
    const socket = await handshake({ maxVersion: 'TLSv1.2' });
    const served = socket.getPeerX509Certificate()?.serialNumber;
    socket.destroy();
    return served;
  };
  const before = await serialNumber();
  await writeFile(join(folder, TLS_FILE_NAMES.rsaKey), 'no key');
  await eventually(() => gateway.log.some((line) => line.includes('cannot be read')));
  expect(before).toBeDefined();
  expect(await serialNumber()).toBe(before);
  await writeServerFiles();
  await eventually(async () => (await serialNumber()) !== before);
  expect((await connected.call('h1', 'Heartbeat'))[0]).toBe(3);
});
