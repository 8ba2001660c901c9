import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import { MinimalStation, type Version } from './minimal-station';
import { boot, type Connecting, passwordOf, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const versions: readonly Version[] = ['1.6', '2.0.1', '2.1'];

async function admitted(stationId: string, connecting: Connecting = {}): Promise<MinimalStation> {
  const station = await system.tryConnect(stationId, connecting);
  if (!(station instanceof MinimalStation)) throw new Error(`refused with ${station.status}`);
  return station;
}

async function statusOf(stationId: string, connecting: Connecting = {}): Promise<number> {
  const station = await system.tryConnect(stationId, connecting);
  if (station instanceof MinimalStation) throw new Error('it was not refused');
  return station.status;
}

it.each(versions)('HS-01: OCPP %s: the right credentials and subprotocol are admitted, and the subprotocol is echoed', async (version) => {
  const stationId = await system.register(system.newName('HS1'), { versions: [version] });
  expect((await admitted(stationId, { version })).socket.protocol).toBe(`ocpp${version}`);
});

it.each(versions)("HS-02: OCPP %s: another station's credentials are refused", async (version) => {
  const [stationId, other] = [await system.register(system.newName('HS2')), await system.register(system.newName('HS2'))];
  expect(await statusOf(stationId, { version, user: other, password: passwordOf(other) })).toBe(401);
});

it.each(versions)('HS-03: OCPP %s: a wrong password and none are refused, and the right one is not locked out', async (version) => {
  const stationId = await system.register(system.newName('HS3'));
  expect(await statusOf(stationId, { version, password: 'wrong-0123456789' })).toBe(401);
  expect(await statusOf(stationId, { version, credentials: null })).toBe(401);
  await admitted(stationId, { version });
});

it.each(versions)('HS-04: OCPP %s: an unknown identity is 404, whatever its credentials', async (version) => {
  expect(await statusOf('NOPE', { version })).toBe(404);
});

it('HS-05: of ocpp0.1 and ocpp1.6 the one that is spoken is chosen', async () => {
  const stationId = await system.register(system.newName('HS5'));
  expect((await admitted(stationId, { protocols: ['ocpp0.1', 'ocpp1.6'] })).socket.protocol).toBe('ocpp1.6');
});

it("HS-06: the station's order of preference counts, not the newest version", async () => {
  const stationId = await system.register(system.newName('HS6'));
  expect((await admitted(stationId, { protocols: ['ocpp1.6', 'ocpp2.1'] })).socket.protocol).toBe('ocpp1.6');
  expect((await admitted(stationId, { protocols: ['ocpp2.0.1', 'ocpp2.1'] })).socket.protocol).toBe('ocpp2.0.1');
});

it('HS-07: without a common subprotocol a station is not served', async () => {
  const stationId = await system.register(system.newName('HS7'));
  expect(await statusOf(stationId, { protocols: ['ocpp0.1'] })).toBe(400);
  expect(await statusOf(stationId, { protocols: [] })).toBe(400);
});

it('HS-07, RPC-15: a legacy station that offers nothing is served where its version is registered', async () => {
  const stationId = await system.register(system.newName('HS7'), { unnamedVersion: '1.6' });
  const station = await admitted(stationId, { protocols: [] });
  expect(await boot(station)).toMatchObject({ status: 'Accepted' });
  expect(await statusOf(stationId, { protocols: ['ocpp0.1'] })).toBe(400);
});

it('HS-08: an identity is percent-decoded once, and two of them are two stations', async () => {
  for (const [stationId, path] of [
    ['RDAM|123', 'RDAM%7C123'],
    ['RDAM 123', 'RDAM%20123'],
  ] as const) {
    await system.register(stationId, { versions: ['1.6'] });
    await admitted(stationId, { path });
    expect((await system.station(stationId)).stationId).toBe(stationId);
  }
});

it('HS-09: an identity in other letters is the same station', async () => {
  const stationId = await system.register(system.newName('HS9'));
  const lower = stationId.toLowerCase();
  await admitted(stationId, { path: lower, user: lower });
  expect((await system.station(lower)).stationId).toBe(stationId);
});

describe('HS-10: the TLS door', () => {
  const offer = async (options: ConnectionOptions): Promise<{ protocol: string | null; suite: string; key: string | undefined }> => {
    const { hostname: host, port } = new URL(system.network.ocppTlsUrl);
    const ca = await readFile(system.network.certificates.rootFile);
    const socket = tlsConnect({ host, port: Number(port), ca, ...options });
    try {
      await once(socket, 'secureConnect');
      const { asn1Curve, nistCurve, bits } = socket.getPeerCertificate();
      const key = (asn1Curve ?? nistCurve) ? 'ECDSA' : bits && 'RSA';
      return { protocol: socket.getProtocol(), suite: socket.getCipher().name, key: key || undefined };
    } finally {
      socket.destroy();
    }
  };

  it.each([
    ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDSA'],
    ['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDSA'],
    ['AES128-GCM-SHA256', 'RSA'],
    ['AES256-GCM-SHA384', 'RSA'],
  ])('takes %s alone, with its %s certificate', async (suite, key) => {
    expect(await offer({ maxVersion: 'TLSv1.2', ciphers: suite })).toEqual({ protocol: 'TLSv1.2', suite, key });
  });

  it('takes TLS 1.3, and refuses what ends below 1.2', async () => {
    expect(['TLSv1.2', 'TLSv1.3']).toContain((await offer({ maxVersion: 'TLSv1.3' })).protocol);
    await expect(offer({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
  });
});
