// Who may charge, stop and pay, where and when: the whole judgement, with stations and tokens as given.

import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Evse, type PartyKey, Problem, type RunningSession, type TokenRecord } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { EmbeddedAuthority, newStationKeys, pemBlocks, readCertificateRequest } from '@evenkeel/pki';
import type { CertificateStatus } from '../certificate/certificate-status';
import type { StationRow } from '../view/registry-tables';
import { type Asked, AuthorizationDesk, type AuthorizationPolicy } from './authorization-desk';
import { ContractCheck } from './contract-check';

const party: PartyKey = 'US-CHG';
const key = 'a'.repeat(32);
const card: TokenRecord = {
  party,
  uid: 'OK1',
  type: 'RFID',
  contractId: 'C',
  issuer: 'I',
  valid: true,
  whitelist: 'NEVER',
  lastUpdated: '2026-03-01T10:00:00.000Z',
};
const evse = (evseId: number, standard: string): Evse => ({
  evseId,
  uid: `E${evseId}`,
  connectors: [{ connectorId: 1, standard, format: 'CABLE', powerType: 'DC', maxVoltageV: 920, maxCurrentA: 350 }],
});
const station: Partial<StationRow> = {
  location_id: 'LOC-1',
  registered: { evses: [evse(1, 'IEC_62196_T1_COMBO'), evse(2, 'CHADEMO')] } as StationRow['registered'],
};

interface Given {
  token?: TokenRecord;
  /** What the token was before. */
  earlier?: TokenRecord;
  policy?: Partial<AuthorizationPolicy>;
  running?: RunningSession[] | Problem;
  revocation?: CertificateStatus['status'];
  roots?: X509Certificate[];
  revocationRequired?: boolean;
}

function under({ token = card, earlier, policy, running = [], revocation = 'Good', roots = [], revocationRequired = false }: Given) {
  const ask = async () => {
    if (running instanceof Problem) throw running;
    return { sessions: running } as never;
  };
  const certificateChainStatus = async (questions: readonly { certificateHashData: never; source: 'OCSP' | 'CRL' }[]) =>
    questions.map(({ certificateHashData, source }) => ({ certificateHashData, source, status: revocation, nextUpdate: '' }));
  const desk = new AuthorizationDesk({
    store: new InMemoryEventStore(),
    catalogue: { findToken: async () => token },
    stations: { find: async () => station as StationRow, placeOf: async () => ({}) },
    requester: { ask },
    vault: { tokenKey: () => key, issued: () => ({ party, key, type: 'RFID' }) },
    accounts: { find: async () => undefined },
    identities: { tokenAt: async () => earlier },
    contracts: new ContractCheck({ certificateChainStatus } as never, { roots, revocationRequired }),
    policy: { ownParty: party, concurrentTx: 'allow', ...policy },
  });
  const judge = (asked: Partial<Asked> = {}) => desk.judge({ token: { key, type: 'RFID' }, stationId: 'CP1', ...asked });
  return { desk, judge };
}

describe('groups', () => {
  const purposes = ['authorize', 'start', 'stop'] as const;

  it.each(purposes)('T2-04, T6-03: the group is in the answer to %s, also of a refused token', async (purpose) => {
    const grouped = { ...card, groupId: 'G' };
    expect(await under({ token: grouped }).judge({ purpose })).toMatchObject({ verdict: 'Accepted', groupId: 'G' });
    expect(await under({ token: { ...grouped, valid: false } }).judge({ purpose })).toMatchObject({ verdict: 'Blocked', groupId: 'G' });
  });

  it('C16: a token of the master pass group stops and never starts, nor pays', async () => {
    const { judge } = under({ token: { ...card, groupId: 'master' }, policy: { masterPassGroup: 'MASTER' } });
    const verdicts = await Promise.all([...purposes, 'bill' as const].map(async (purpose) => (await judge({ purpose })).verdict));
    expect(verdicts).toEqual(['Accepted', 'Invalid', 'Accepted', 'Invalid']);
    expect((await judge()).groupId).toBe('master');
  });
});

describe('places', () => {
  const places = (chargesAt: TokenRecord['chargesAt']) => under({ token: { ...card, ...(chargesAt ? { chargesAt } : {}) } }).judge;

  it('C01.FR.19, C01.FR.20: names the EVSEs where the token may charge, unless it may at each of them', async () => {
    expect(await places({ evseUids: ['e2', 'E9'] })()).toMatchObject({ verdict: 'Accepted', evseIds: [2] });
    expect(await places({ connectorStandards: ['CHADEMO'] })()).toMatchObject({ verdict: 'Accepted', evseIds: [2] });
    for (const all of [{ locationIds: ['LOC-1'] }, { evseUids: ['E1', 'E2'] }, undefined])
      expect(await places(all)()).not.toHaveProperty('evseIds');
  });

  it('C01.FR.22: refuses where none is left, and says whether place or plug is to blame', async () => {
    expect(await places({ locationIds: ['LOC-2'] })()).toMatchObject({ verdict: 'NotAtThisLocation' });
    expect(await places({ evseUids: ['E1'] })({ evseId: 2, purpose: 'start' })).toMatchObject({ verdict: 'NotAtThisLocation' });
    expect(await places({ connectorStandards: ['SAE_J3400'] })()).toMatchObject({ verdict: 'NotAllowedTypeEVSE' });
    expect(await places({ connectorStandards: ['CHADEMO'] })({ evseId: 1 })).toMatchObject({ verdict: 'NotAllowedTypeEVSE' });
    expect(await places({ evseUids: ['E1'] })({ evseId: 1, purpose: 'start' })).toMatchObject({ verdict: 'Accepted' });
    expect(await places({ locationIds: ['LOC-2'] })({ purpose: 'stop' })).toMatchObject({ verdict: 'Accepted' });
  });
});

describe('a token that charges elsewhere', () => {
  const refuse = { concurrentTx: 'refuse' } as const;
  const elsewhere = [{ stationId: 'CP2', transactionId: '7', evseId: 1 }];
  const here = [{ stationId: 'cp1', transactionId: '7', evseId: 1 }];

  it('TX-19: starts nowhere else where the operator says so, and everywhere otherwise', async () => {
    const { judge } = under({ policy: refuse, running: elsewhere });
    expect(await judge({ purpose: 'start', evseId: 1 })).toMatchObject({ verdict: 'ConcurrentTx' });
    expect(await under({ policy: refuse, running: here }).judge({ purpose: 'start', evseId: 2 })).toMatchObject({
      verdict: 'ConcurrentTx',
    });
    for (const purpose of ['authorize', 'stop', 'bill'] as const) expect(await judge({ purpose })).toMatchObject({ verdict: 'Accepted' });
    expect(await under({ running: elsewhere }).judge({ purpose: 'start' })).toMatchObject({ verdict: 'Accepted' });
  });

  it('TX-12: is not refused for the transaction that it starts, nor because nobody knows', async () => {
    expect(await under({ policy: refuse, running: here }).judge({ purpose: 'start', evseId: 1 })).toMatchObject({ verdict: 'Accepted' });
    const silent = new Problem('unavailable', 'session-ledger is not running');
    expect(await under({ policy: refuse, running: silent }).judge({ purpose: 'start' })).toMatchObject({ verdict: 'Accepted' });
  });
});

it('TX-15, TX-50: the verdict in force at an offline start counts for its bill, whatever has become of the token', async () => {
  const blocked = { ...card, valid: false, lastUpdated: new Date().toISOString() };
  const { judge } = under({ token: blocked, earlier: { ...card, expiresAt: '2026-03-01T12:00:00.000Z' } });
  expect(await judge({ purpose: 'start' })).toMatchObject({ verdict: 'Blocked' });
  expect(await judge({ purpose: 'bill', at: '2026-03-01T11:00:00.000Z' })).toMatchObject({ verdict: 'Accepted' });
  expect(await judge({ purpose: 'bill', at: '2026-03-01T13:00:00.000Z' })).toMatchObject({ verdict: 'Expired' });
  const prepaid = under({ token: { ...card, prepaid: { currency: 'USD' } } });
  expect(await prepaid.judge({ purpose: 'start' })).toMatchObject({ verdict: 'NoCredit' });
  expect(await prepaid.judge({ purpose: 'bill' })).toMatchObject({ verdict: 'Accepted' });
});

describe('a token that its issuer commands to be used at a station', () => {
  const issuer = 'US-MOB';
  const foreign = (change: Partial<TokenRecord>): TokenRecord => ({ ...card, party: issuer, whitelist: 'NEVER', ...change });
  const silent = { running: new Problem('unavailable', 'nobody answers'), policy: { concurrentTx: 'refuse' } } as const;
  const after = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const commanded = async (token: TokenRecord, ...references: (string | undefined)[]) => {
    const { desk, judge } = under({ ...silent, token });
    for (const [index, authorizationReference] of references.entries()) {
      const reference = authorizationReference === undefined ? {} : { authorizationReference };
      await desk.authorizedByCommand('cp1', { issuer, token: { uid: 'OK1', type: 'RFID' }, ...reference }, `command-${index}`);
    }
    return judge;
  };

  it('RTA-6, RTA-7: is good there without a question, whatever is known of it, and carries the last reference', async () => {
    expect(await (await commanded(foreign({})))({ purpose: 'start' })).toMatchObject({ verdict: 'Invalid' });
    const judge = await commanded(foreign({ valid: false }), 'REF-1', 'REF-2');
    for (const purpose of ['authorize', 'start', 'bill'] as const)
      expect(await judge({ purpose })).toMatchObject({ verdict: 'Accepted', authMethod: 'COMMAND', authorizationReference: 'REF-2' });
    expect(await judge({ stationId: 'CP2' })).toMatchObject({ verdict: 'Blocked' });
    const unnamed = await (await commanded(foreign({}), undefined))({ purpose: 'bill' });
    expect(unnamed).toMatchObject({ verdict: 'Accepted', authMethod: 'COMMAND' });
    expect(unnamed).not.toHaveProperty('authorizationReference');
  });

  it('RTA-6: is asked about again after 15 minutes where somebody shows a card, and not where it is an app', async () => {
    const card = await commanded(foreign({}), 'REF');
    expect(await card({ at: after(14) })).toMatchObject({ authMethod: 'COMMAND' });
    expect(await card({ at: after(16) })).toMatchObject({ verdict: 'Invalid' });
    // A station whose clock is a little behind; what began long before is not of the command.
    expect(await card({ at: after(-4) })).toMatchObject({ authMethod: 'COMMAND' });
    expect(await card({ at: after(-6) })).toMatchObject({ verdict: 'Invalid' });
    const app = await commanded(foreign({ type: 'APP_USER' }), 'REF');
    expect(await app({ at: after(120) })).toMatchObject({ authMethod: 'COMMAND', authorizationReference: 'REF' });
  });
});

describe('C07: a contract certificate', () => {
  let folder: string;
  let certificate: string;
  let roots: X509Certificate[];
  const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'ab', issuerKeyHash: 'cd', serialNumber: '1', responderURL: 'http://o' } as const;
  const asked = { stationId: 'CP1', token: { uid: 'OK1', type: 'OTHER' } } as const;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-contract-'));
    const authority = await EmbeddedAuthority.open(folder, { organization: 'Mobility' });
    const request = await readCertificateRequest((await newStationKeys({ commonName: 'US-MOB-C1', organization: 'Mobility' })).request);
    if ('refusal' in request) throw new Error(request.refusal);
    certificate = await authority.sign(request, 'V2GCertificate');
    roots = [new X509Certificate(authority.root)];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('C07.FR.13: is accepted with a good chain, good answers and a good token; without certificates nothing is said of them', async () => {
    const { desk } = under({ roots });
    expect(await desk.authorize({ ...asked, contract: { certificate, hashes: [hash] } })).toMatchObject({
      verdict: 'Accepted',
      contractStatus: 'Accepted',
    });
    expect(await desk.authorize(asked)).not.toHaveProperty('contractStatus');
  });

  it('C07.FR.14: of a token that may not charge is a cancelled contract', async () => {
    const { desk } = under({ roots, token: { ...card, valid: false } });
    expect(await desk.authorize({ ...asked, contract: { certificate } })).toMatchObject({
      verdict: 'Blocked',
      contractStatus: 'ContractCancelled',
    });
  });

  it('C07.FR.15, C07.FR.16, C07.FR.17: expired, revoked or of an unknown chain it lets nobody charge', async () => {
    jest.useFakeTimers({ now: Date.now() + 2 * 365 * 86_400_000, doNotFake: ['setTimeout', 'setImmediate', 'nextTick'] });
    const later = await under({ roots }).desk.authorize({ ...asked, contract: { certificate } });
    jest.useRealTimers();
    expect(later).toMatchObject({ verdict: 'Expired', contractStatus: 'CertificateExpired' });
    const contract = { certificate, hashes: [hash] };
    expect(await under({ roots, revocation: 'Revoked' }).desk.authorize({ ...asked, contract })).toMatchObject({
      verdict: 'Invalid',
      contractStatus: 'CertificateRevoked',
    });
    const broken = { verdict: 'Invalid', contractStatus: 'CertChainError' };
    expect(await under({}).desk.authorize({ ...asked, contract })).toMatchObject(broken);
    for (const pem of ['no PEM', pemBlocks(certificate)[1] ?? '', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
      expect(await under({ roots }).desk.authorize({ ...asked, contract: { certificate: pem } })).toMatchObject(broken);
    }
    const failed = { roots, revocation: 'Failed' } as const;
    expect(await under(failed).desk.authorize({ ...asked, contract })).toMatchObject({ contractStatus: 'Accepted' });
    expect(await under({ ...failed, revocationRequired: true }).desk.authorize({ ...asked, contract })).toMatchObject(broken);
  });
});
