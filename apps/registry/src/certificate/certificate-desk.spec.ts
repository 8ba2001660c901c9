// A station's certificate from its request to its delivery, over the real streams and tables and the embedded authority.
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '@evenkeel/contracts';
import {
  AuthorityUnavailable,
  type CertificateAuthority,
  EmbeddedAuthority,
  factsOf,
  certificateHashData as hashDataOf,
  newStationKeys,
  pemBlocks,
  RequestRejected,
} from '@evenkeel/pki';
import { eventually } from '@evenkeel/testkit';
import { revocationRelay } from '../announce/revocation-announcer';
import { RegistryDesk } from '../catalogue/registry-desk';
import { IdentitiesUnderTest, party } from '../identity/identities-under-test';
import { type CertificateDelivery, CertificateDesk } from './certificate-desk';
import { CertificateStatusDesk } from './certificate-status';
import { CertificateView } from './certificate-view';

const organization = 'Chargem';
const actor = { operator: 'otto' };
let folder: string;
let registry: IdentitiesUnderTest;
let authority: EmbeddedAuthority;
/** What the stations got, and how they answer. */
const delivered: { stationId: string; chain: string; type: string; requestId: number | undefined }[] = [];
let station: () => 'Accepted' | 'Rejected';
/** Stands between the desk and its authority. */
let beforeSigning: () => void;
let signed = 0;

const delivery: CertificateDelivery = {
  async sendCertificateSigned({ stationId }, chain, type, requestId) {
    const answer = station();
    delivered.push({ stationId, chain, type, requestId });
    return answer;
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-certificates-'));
  registry = await IdentitiesUnderTest.start();
  authority = await EmbeddedAuthority.open(folder, { organization });
  const desk = new RegistryDesk(registry.store, registry.projector, registry.stations, '5e'.repeat(32));
  for (const stationId of ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8']) {
    const details = { party, locationId: 'L1', securityProfile: 3, expectedSerial: `SN-${stationId}`, evses: [] };
    await desk.registerStation({ stationId, ...details }, { cause: stationId, operator: 'otto' });
  }
});
afterAll(async () => {
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  delivered.length = 0;
  signed = 0;
  station = () => 'Accepted';
  beforeSigning = () => undefined;
});

/** As after a start of the registry. */
function newDesk({ withDelivery = true, warningDays = 30 } = {}): CertificateDesk {
  const asked: CertificateAuthority = {
    sign: async (request, purpose) => {
      signed += 1;
      beforeSigning();
      return authority.sign(request, purpose);
    },
    revoke: (serialNumber, reason) => authority.revoke(serialNumber, reason),
    ocsp: (request) => authority.ocsp(request),
  };
  const view = new CertificateView(registry.database, registry.projector);
  const metrics = { count: () => undefined, gauge: () => undefined };
  const log = { warn: () => undefined, info: () => undefined };
  const desk = new CertificateDesk(registry.store, registry.stations, view, asked, { organization, warningDays }, metrics, log);
  if (withDelivery) desk.deliverThrough(delivery);
  return desk;
}

const csrOf = async (commonName: string, o = organization) => (await newStationKeys({ commonName, organization: o })).request;

async function shown(): Promise<void> {
  const position = await registry.store.lastPosition();
  if (position !== undefined) await registry.projector.reached(position);
}

async function requestsOf(stationId: string): Promise<number> {
  let requests = 0;
  await registry.store.readAll(['certificate-'], async (events) => {
    requests += events.filter(
      ({ type, data }) => type === 'CertificateRequested' && (data as { stationId: string }).stationId === stationId,
    ).length;
  });
  return requests;
}

async function newCertificate(desk: CertificateDesk, stationId: string) {
  const before = delivered.length;
  expect(await desk.signCertificate(stationId, await csrOf(`SN-${stationId}`))).toBe('Accepted');
  const { chain } = await eventually(() => delivered[before]);
  await desk.work(stationId);
  await shown();
  return new X509Certificate(pemBlocks(chain)[0] ?? '');
}

it('RPC-101, RPC-103, C6-08: the answer comes before the signature, and the chain arrives leaf first with type and requestId', async () => {
  const desk = newDesk();
  expect(await desk.signCertificate('s1', await csrOf('SN-S1'), 'ChargingStationCertificate', 17)).toBe('Accepted');
  expect(delivered).toEqual([]);
  const { stationId, chain, type, requestId } = await eventually(() => delivered[0]);
  expect([stationId, type, requestId]).toEqual(['S1', 'ChargingStationCertificate', 17]);
  const [leaf = '', issuer = ''] = pemBlocks(chain);
  expect(factsOf(new X509Certificate(leaf)).commonName).toBe('SN-S1');
  expect(new X509Certificate(leaf).verify(new X509Certificate(issuer).publicKey)).toBe(true);
});

it('RPC-101: a request that no authority should sign is rejected, not an error', async () => {
  const desk = newDesk();
  for (const csr of ['nonsense', await csrOf('SN-S1'), await csrOf('SN-S2', 'Another')]) {
    expect(await desk.signCertificate('S2', csr)).toBe('Rejected');
  }
  expect(await desk.signCertificate('NOBODY', await csrOf('SN-S2'))).toBe('Rejected');
  expect(signed).toBe(0);
});

it('RPC-102: the same request again is the same job, and a new one replaces the one that waits', async () => {
  const desk = newDesk();
  const csr = await csrOf('SN-S3');
  let isSilent = true;
  beforeSigning = () => {
    if (isSilent) throw new AuthorityUnavailable('silent');
  };
  for (let time = 0; time < 3; time++) expect(await desk.signCertificate('S3', csr)).toBe('Accepted');
  await desk.work('S3');
  expect(delivered).toEqual([]);
  expect(await requestsOf('S3')).toBe(1);
  const newer = await csrOf('SN-S3');
  await desk.signCertificate('S3', newer, 'ChargingStationCertificate', 2);
  await desk.work('S3');
  isSilent = false;
  await shown();
  await newDesk().look(new Date());
  expect(delivered).toMatchObject([{ stationId: 'S3', requestId: 2 }]);
  // It did not hear of it: the same certificate comes again.
  await desk.signCertificate('S3', newer, 'ChargingStationCertificate', 2);
  await eventually(() => delivered[1]);
  expect(delivered[1]?.chain).toBe(delivered[0]?.chain);
  await desk.work('S3');
});

it('a certificate waits for a station that is offline, also over a restart, and is signed once', async () => {
  station = () => {
    throw new Problem('offline', 'no gateway holds the socket');
  };
  const desk = newDesk();
  await desk.signCertificate('S4', await csrOf('SN-S4'));
  await desk.work('S4');
  await shown();
  expect([signed, delivered.length]).toEqual([1, 0]);
  station = () => 'Accepted';
  await newDesk().look(new Date());
  expect([signed, delivered.length]).toEqual([1, 1]);
  await shown();
  await newDesk().look(new Date());
  expect(delivered).toHaveLength(1);
});

it('what the authority refuses for good is not asked again', async () => {
  beforeSigning = () => {
    throw new RequestRejected('not this one');
  };
  const desk = newDesk();
  await desk.signCertificate('S5', await csrOf('SN-S5'));
  await desk.work('S5');
  await shown();
  await desk.look(new Date());
  expect(signed).toBe(1);
});

it('RPC-104: the old certificate is good until the first login with the new one, and revoked at the authority after it', async () => {
  const desk = newDesk();
  const relay = revocationRelay(registry.store, authority, (error) => {
    throw error;
  });
  await relay.start();
  const old = factsOf(await newCertificate(desk, 'S6'));
  await desk.noteUse('S6', old);
  const renewed = await newCertificate(desk, 'S6');
  await desk.noteUse('S6', old);
  expect(await desk.isRevoked(old.fingerprint)).toBe(false);
  await desk.noteUse('S6', factsOf(renewed));
  await shown();
  expect(await desk.isRevoked(old.fingerprint)).toBe(true);
  expect(await desk.isRevoked(factsOf(renewed).fingerprint)).toBe(false);
  const [subordinate] = authority.issuers;
  if (!subordinate) throw new Error('no issuer');
  const statuses = new CertificateStatusDesk({ status: async () => undefined }, authority);
  const question = (serialNumber: string) => {
    const certificateHashData = { ...hashDataOf(renewed, subordinate), serialNumber };
    return { certificateHashData, source: 'OCSP' as const, urls: [] };
  };
  await eventually(async () => {
    const [answer] = await statuses.certificateChainStatus([question(old.serialNumber)]);
    return answer?.status === 'Revoked';
  });
  await relay.stop();
});

it('RPC-24: an operator revokes a certificate, and expiring ones are reported once', async () => {
  const desk = newDesk({ warningDays: 400 });
  const { fingerprint } = factsOf(await newCertificate(desk, 'S7'));
  await desk.look(new Date());
  await desk.look(new Date());
  await shown();
  const events = await registry.tablesInBatchesOf(1);
  expect(events.station_certificate).toContainEqual(expect.objectContaining({ fingerprint, expiry_noted: true, revoked: false }));
  const request = { actor, stationId: 'S7', fingerprint, reason: 'keyCompromise' as const };
  const { certificates } = await desk.revokeCertificate(request, { cause: 'r', operator: 'otto' });
  expect(certificates).toMatchObject([{ fingerprint, revoked: 'keyCompromise' }]);
  expect(await desk.isRevoked(fingerprint)).toBe(true);
  await expect(desk.revokeCertificate({ ...request, fingerprint: '00' }, { cause: 'r2' })).rejects.toThrow(Problem);
  expect(await registry.tablesInBatchesOf(5_000)).toEqual(await registry.tablesInBatchesOf(1));
});

it('RPC-105, C6-08: what is deleted is named as the station has reported it, and never what it needs to connect', async () => {
  const desk = newDesk();
  const used = await newCertificate(desk, 'S8');
  await desk.noteUse('S8', factsOf(used));
  const hash = (serialNumber: string) => ({ hashAlgorithm: 'SHA384' as const, issuerNameHash: 'AB', issuerKeyHash: 'cd', serialNumber });
  const reported = [
    { certificateType: 'CSMSRootCertificate', hashData: hash('1') },
    { certificateType: 'V2GRootCertificate', hashData: hash('2') },
    { certificateType: 'V2GCertificateChain', hashData: hash(factsOf(used).serialNumber) },
  ];
  await desk.noteInstalled('S8', reported);
  expect((await desk.stationCertificates({ stationId: 's8' })).installed).toEqual(reported);
  expect(await desk.certificateToDelete('S8', { ...hash('2'), issuerNameHash: 'ab' })).toEqual(hash('2'));
  for (const serialNumber of ['1', '3', factsOf(used).serialNumber]) {
    await expect(desk.certificateToDelete('S8', hash(serialNumber))).rejects.toThrow(Problem);
  }
});

describe('RPC-106: the status of a certificate', () => {
  const silent = { status: async () => undefined };

  it('RPC-106, GetCertificateStatus, GetCertificateChainStatus: is the real answer of the responder, and Failed where none can be had', async () => {
    const certificate = await newCertificate(newDesk(), 'S1');
    const [subordinate] = authority.issuers;
    if (!subordinate) throw new Error('no issuer');
    const id = hashDataOf(certificate, subordinate);
    const desk = new CertificateStatusDesk(silent, authority);
    const answer = await desk.certificateStatus({ ...id, responderURL: 'http://192.0.2.1/' });
    expect(answer).toMatchObject({ status: 'Accepted', ocspResult: expect.stringMatching(/^MII?/) });
    const stranger = { ...id, issuerKeyHash: '00'.repeat(32) };
    expect(await desk.certificateStatus({ ...stranger, responderURL: 'http://192.0.2.1/' })).toEqual({ status: 'Failed' });
    const [own, foreign, list] = await desk.certificateChainStatus([
      { certificateHashData: id, source: 'OCSP', urls: [] },
      { certificateHashData: stranger, source: 'OCSP', urls: ['http://192.0.2.1/'] },
      { certificateHashData: id, source: 'CRL', urls: [] },
    ]);
    expect([own?.status, foreign?.status, list?.status]).toEqual(['Good', 'Failed', 'Failed']);
    expect(Date.parse(own?.nextUpdate ?? '')).toBeGreaterThan(Date.now());
  });

  it('is not believed for others when nobody could check who said it', async () => {
    const unverified = { response: Buffer.from('x'), verified: false, status: 'good' as const, thisUpdate: new Date() };
    const desk = new CertificateStatusDesk({ status: async () => unverified }, undefined);
    const id = { hashAlgorithm: 'SHA256' as const, issuerNameHash: 'ab', issuerKeyHash: 'cd', serialNumber: '1' };
    expect(await desk.certificateChainStatus([{ certificateHashData: id, source: 'OCSP', urls: [] }])).toMatchObject([
      { status: 'Failed' },
    ]);
  });
});
