// Security profiles end to end: the real gateway, registry, broker and store, and stations that are nothing but TLS sockets.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Request } from '@evenkeel/contracts';
import { freePorts, Network } from '@evenkeel/local';
import { connectBroker, Requester } from '@evenkeel/messaging';
import { EmbeddedAuthority, newStationKeys, readCertificateRequest } from '@evenkeel/pki';
import { eventually } from '@evenkeel/testkit';
import WebSocket, { type ClientOptions } from 'ws';
import { START_MS } from './network-under-test';

const actor = { operator: 'otto' };
const organization = 'Chargem';
const PASSWORD = 'a-password-of-B16-01';
let dataFolder: string;
let network: Network;
let operator: Requester<'console'>;
let disconnect: () => Promise<unknown>;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-e2e-security-'));
  network = await Network.start({
    dataFolder,
    ports: await freePorts(),
    host: '127.0.0.1',
    progress: () => undefined,
    wants: (platform, service) => platform === 'chargem' && ['registry', 'ocpp-gateway'].includes(service),
  });
  const broker = await connectBroker(network.nats.urlOf('CHARGEM', 'console'), 'console');
  disconnect = () => broker.close();
  operator = new Requester(broker);
  await register({ stationId: 'B16', securityProfile: 2, password: PASSWORD });
  await register({ stationId: 'S3', securityProfile: 3, expectedSerial: 'SN-3' });
}, START_MS);
afterAll(async () => {
  await disconnect();
  await network.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

async function register(details: Partial<Request<'registerStation'>['station']> & { stationId: string }): Promise<void> {
  const connector = { connectorId: 1, standard: 'CHADEMO', format: 'CABLE', powerType: 'DC', maxVoltageV: 500, maxCurrentA: 125 } as const;
  const evses = [{ evseId: 1, uid: `${details.stationId}-1`, connectors: [connector] }];
  await operator.ask('registerStation', { actor, station: { party: 'US-CHG', locationId: 'SFO', evses, ...details } });
}

/** @returns `open`, or the status of the refusal. */
async function knock(url: string, stationId: string, options: ClientOptions & { password?: string } = {}): Promise<'open' | number> {
  const { password, ...client } = options;
  const headers: Record<string, string> = password === undefined ? {} : { authorization: `Basic ${btoa(`${stationId}:${password}`)}` };
  const ca = await readFile(network.certificates.rootFile);
  const socket = new WebSocket(`${url}/${stationId}`, ['ocpp1.6'], { ca, headers, ...client });
  return new Promise((resolve, fail) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode);
    });
    socket.once('error', fail);
  }).finally(() => socket.terminate()) as Promise<'open' | number>;
}

async function clientCertificate(commonName: string, authority: EmbeddedAuthority): Promise<{ cert: string; key: string }> {
  const { key, request } = await newStationKeys({ commonName, organization });
  const read = await readCertificateRequest(request);
  if ('refusal' in read) throw new Error(read.refusal);
  return { key, cert: await authority.sign(read, 'ChargingStationCertificate') };
}

/** What the log says of the station, the newest first. */
async function securityLog(stationId: string): Promise<string[]> {
  const { items } = await operator.ask('listSecurityEvents', { stationId });
  return items.map(({ type, techInfo = '' }) => `${type}: ${techInfo}`);
}

it('HS-12: after a login by TLS the right password on the plain port is refused, also after a restart, and is in the security log', async () => {
  expect(await knock(network.ocppTlsUrl, 'B16', { password: 'wrong-password-0000' })).toBe(401);
  expect(await knock(network.ocppTlsUrl, 'B16', { password: PASSWORD })).toBe('open');
  await eventually(async () => (await operator.ask('getStation', { stationId: 'B16' })).securityProfileFloor === 2);
  expect(await knock(network.ocppUrl, 'B16', { password: PASSWORD })).toBe(403);
  await Promise.all([network.service('chargem', 'registry').crash(), network.service('chargem', 'ocpp-gateway').crash()]);
  expect(await knock(network.ocppUrl, 'B16', { password: PASSWORD })).toBe(403);
  expect(await knock(network.ocppTlsUrl, 'B16', { password: PASSWORD })).toBe('open');
  const events = await eventually(async () => {
    const log = await securityLog('B16');
    return log.length === 3 && log;
  });
  expect(events.map((event) => event.split(':')[0])).toEqual([
    'SecurityProfileRefused',
    'SecurityProfileRefused',
    'FailedToAuthenticateAtCsms',
  ]);
}, 60_000);

it('HS-11: of five certificates one gets a WebSocket, and each of the others is in the security log', async () => {
  const { authorityFolder } = network.certificates;
  const authority = await EmbeddedAuthority.open(authorityFolder, { organization });
  const stranger = await EmbeddedAuthority.open(join(dataFolder, randomUUID()), { organization });
  const past = await EmbeddedAuthority.open(authorityFolder, { organization, now: () => new Date(Date.now() - 400 * 86_400_000) });
  const refused = [
    ['expired', await clientCertificate('SN-3', past)],
    ['untrusted', await clientCertificate('SN-3', stranger)],
    ['of another serial number', await clientCertificate('SN-4', authority)],
    ['no certificate', {}],
  ] as const;
  expect(await knock(network.ocppTlsUrl, 'S3', await clientCertificate('SN-3', authority))).toBe('open');
  for (const [reason, client] of refused) {
    expect([reason, await knock(network.ocppTlsUrl, 'S3', client)]).toEqual([reason, 403]);
    await eventually(async () => (await securityLog('S3'))[0]?.startsWith(`InvalidChargingStationCertificate: ${reason}`));
  }
  expect(await knock(network.ocppTlsUrl, 'S3', await clientCertificate('SN-3', authority))).toBe('open');
}, 60_000);

it('RPC-24: a certificate that an operator has revoked does not get in again', async () => {
  const authority = await EmbeddedAuthority.open(network.certificates.authorityFolder, { organization });
  const client = await clientCertificate('SN-3', authority);
  expect(await knock(network.ocppTlsUrl, 'S3', client)).toBe('open');
  const { certificates } = await operator.ask('stationCertificates', { stationId: 'S3' });
  const { fingerprint } = certificates.at(-1) ?? { fingerprint: '' };
  await operator.ask('revokeCertificate', { actor, stationId: 'S3', fingerprint, reason: 'keyCompromise' });
  expect(await knock(network.ocppTlsUrl, 'S3', client)).toBe(403);
});
