import type { AdmitStationRequest, PresentedCertificate } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import { judge } from './admission';
import { fittingEncoding, passwordHashes } from './password';
import { type RegisteredStation, type StationCommand, type StationEvent, station, stationCodec } from './station';

const secret = 'ab'.repeat(32);
const OLD = '0123456789abcdefgh';
const NEW = 'fedcba98765432100123456789abcdef01234567';
const HEX = '0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF';
const at = '2026-03-01T10:00:00.000Z';
const certificate: PresentedCertificate = {
  commonName: 'SN-1',
  organization: 'Chargem',
  serialNumber: 'ab',
  fingerprint: 'f1'.repeat(32),
  notBefore: at,
  notAfter: '2027-03-01T10:00:00.000Z',
  chain: 'valid',
  revocation: 'good',
};

/** A station with its history: it is told things, and stations knock at its door. */
class Registered {
  readonly events: StationEvent[] = [];

  constructor(details: Partial<RegisteredStation> & { password?: string } = {}) {
    const { password = OLD, ...others } = details;
    const common = { stationId: 'CP1', party: 'US-CHG', locationId: 'L1', versions: ['1.6' as const], securityProfile: 1, evses: [] };
    const wanted = { ...common, registration: 'accepted' as const, ...others };
    expect(this.tell({ kind: 'register', station: wanted, passwordHashes: passwordHashes(password, secret) })).toBe('done');
  }

  get state() {
    return fold(station, this.events);
  }

  tell(command: StationCommand): string {
    const decision = station.decide(this.state, command);
    if (!decision.accepted) return decision.rejection;
    this.events.push(...decision.events);
    return 'done';
  }

  /** @returns `admitted`, or why not. */
  knock(
    request: Partial<AdmitStationRequest> & { text?: string; bytes?: Buffer },
    options: { revoked?: boolean; at?: string } = {},
  ): string {
    const { text, bytes = text === undefined ? undefined : Buffer.from(text), ...rest } = request;
    const { station: registered, access, boot } = this.state;
    if (!registered) throw new Error('not registered');
    const judgement = judge(
      { station: registered, access, ...(boot ? { boot } : {}) },
      { identity: 'CP1', ...(bytes ? { password: bytes.toString('base64') } : {}), ...rest },
      {
        policy: { secret, organization: 'Chargem', revocationRequired: false },
        at: options.at ?? at,
        certificateRevoked: options.revoked ?? false,
      },
    );
    const { admission, login, refused } = judgement;
    if (!admission.admitted) {
      expect(refused).toBeDefined();
      return admission.reason;
    }
    if (login) this.tell({ kind: 'login', login });
    return admission.pendingReason ?? 'admitted';
  }
}

const tls = { transport: 'tls' } as const;

describe('RPC-18: one profile at a time', () => {
  it('a profile-1 station is not let in by TLS, nor a profile-2 station without', () => {
    expect(new Registered().knock({ text: OLD })).toBe('admitted');
    expect(new Registered().knock({ text: OLD, ...tls })).toBe('wrong-profile');
    expect(new Registered({ securityProfile: 2 }).knock({ text: OLD })).toBe('wrong-profile');
    expect(new Registered({ securityProfile: 2 }).knock({ text: OLD, ...tls })).toBe('admitted');
  });

  it('but for the step up that was announced, after which it is in the new one', () => {
    const changing = new Registered({ announcedSecurityProfile: 2 });
    expect(changing.knock({ text: OLD })).toBe('admitted');
    expect(changing.knock({ text: 'wrong-password-0000', ...tls })).toBe('wrong-credentials');
    expect(changing.knock({ text: OLD, ...tls })).toBe('admitted');
    expect(changing.state.station).toMatchObject({ securityProfile: 2 });
    expect(changing.state.station?.announcedSecurityProfile).toBeUndefined();
    expect(changing.knock({ text: OLD })).toBe('wrong-profile');
  });

  it('a station of profile 0 needs no password', () => {
    expect(new Registered({ securityProfile: 0 }).knock({})).toBe('admitted');
    expect(new Registered({ securityProfile: 0 }).knock({ text: 'anything-at-all-0' })).toBe('admitted');
    expect(new Registered({ securityProfile: 0 }).knock(tls)).toBe('wrong-credentials');
  });
});

describe('RPC-19: the floor', () => {
  it('HS-12, RPC-29: after a login by TLS a plain one is refused, and no change of the registration helps', () => {
    const known = new Registered({ securityProfile: 2 });
    expect(known.knock({ text: OLD, ...tls })).toBe('admitted');
    expect(known.tell({ kind: 'change', change: { securityProfile: 1 } })).toBe('below-floor');
    expect(known.tell({ kind: 'change', change: { announcedSecurityProfile: 1 } })).toBe('done');
    expect(known.knock({ text: OLD })).toBe('wrong-profile');
  });

  it('does not bind a station that has never connected', () => {
    const fresh = new Registered({ securityProfile: 2 });
    expect(fresh.tell({ kind: 'change', change: { securityProfile: 1 } })).toBe('done');
    expect(fresh.knock({ text: OLD })).toBe('admitted');
  });

  it('sinks from 3 to 2 by the action for it, and never to 1', () => {
    const known = new Registered({ securityProfile: 3, expectedSerial: 'SN-1' });
    expect(known.knock({ certificate, ...tls })).toBe('admitted');
    expect(known.knock({ text: OLD, ...tls })).toBe('bad-certificate');
    expect(known.tell({ kind: 'lower-profile', reason: 'its certificate store is broken' })).toBe('done');
    expect(known.knock({ text: OLD, ...tls })).toBe('admitted');
    expect(known.tell({ kind: 'lower-profile', reason: 'again' })).toBe('not-on-profile-3');
    expect(known.tell({ kind: 'change', change: { securityProfile: 1 } })).toBe('below-floor');
  });

  it('holds against a connection that was judged before another one raised it', () => {
    const known = new Registered({ announcedSecurityProfile: 2 });
    expect(known.knock({ text: OLD, ...tls })).toBe('admitted');
    expect(known.tell({ kind: 'login', login: { securityProfile: 1, at } })).toBe('below-floor');
  });
});

describe('profile 3', () => {
  const withSerial = () => new Registered({ securityProfile: 3, expectedSerial: 'SN-1' });

  it('RPC-20: needs a serial number to bind the certificate to', () => {
    const command = { kind: 'change', change: { securityProfile: 3 } } as const;
    expect(new Registered().tell(command)).toBe('serial-missing');
    expect(new Registered({ expectedSerial: 'SN-1' }).tell(command)).toBe('done');
  });

  it.each([
    [{ chain: 'untrusted' }],
    [{ chain: 'unfit' }],
    [{ chain: 'not-yet-valid' }],
    [{ chain: 'expired' }],
    [{ revocation: 'revoked' }],
    [{ revocation: 'unknown' }],
    [{ organization: 'Another' }],
    [{ commonName: 'SN-2' }],
    [{ commonName: 'sn-1' }],
    [{ commonName: undefined }],
  ] as const)('RPC-24, RPC-25, HS-11: a certificate is refused with %j', (fault) => {
    expect(withSerial().knock({ certificate: { ...certificate, ...fault } as PresentedCertificate, ...tls })).toBe('bad-certificate');
  });

  it('RPC-24, HS-11: a password instead of a certificate is refused, and so is one that an operator has revoked', () => {
    expect(withSerial().knock({ text: OLD, ...tls })).toBe('bad-certificate');
    expect(withSerial().knock({ text: OLD })).toBe('bad-certificate');
    expect(withSerial().knock({ certificate, ...tls }, { revoked: true })).toBe('bad-certificate');
    expect(withSerial().knock({ certificate, ...tls })).toBe('admitted');
  });

  it('RPC-25: the first serial number is pinned only where the operator has allowed it', () => {
    const pinning = new Registered({ securityProfile: 3, pinSerialOnFirstUse: true });
    expect(pinning.knock({ certificate, ...tls })).toBe('admitted');
    expect(pinning.knock({ certificate: { ...certificate, commonName: 'SN-2' }, ...tls })).toBe('bad-certificate');
    expect(pinning.knock({ certificate, ...tls })).toBe('admitted');
  });

  it('RPC-26: an expired certificate is let in to be renewed where that is allowed, and no other fault with it', () => {
    const renewing = new Registered({ securityProfile: 3, expectedSerial: 'SN-1', renewWhenExpired: true });
    const expired = { ...certificate, chain: 'expired' as const };
    expect(renewing.knock({ certificate: expired, ...tls })).toBe('certificate-expired');
    expect(renewing.knock({ certificate: { ...expired, revocation: 'revoked' }, ...tls })).toBe('bad-certificate');
    expect(renewing.knock({ certificate: { ...expired, commonName: 'SN-2' }, ...tls })).toBe('bad-certificate');
  });
});

describe('a password', () => {
  it('RPC-31, RPC-34: fits as the UTF-8 bytes that were set, and no others', () => {
    for (const password of ['pässword-with:colon', '🔌'.repeat(16), 'x'.repeat(64)]) {
      const known = new Registered({ password });
      expect(known.knock({ text: password })).toBe('admitted');
      expect(known.knock({ text: password.slice(0, -1) })).toBe('wrong-credentials');
      expect(known.knock({ text: '' })).toBe('wrong-credentials');
      expect(known.knock({})).toBe('wrong-credentials');
    }
  });

  it('RPC-38: is kept as a keyed hash', () => {
    const hashes = passwordHashes(OLD, secret);
    expect(fittingEncoding(Buffer.from(OLD), hashes, 'cd'.repeat(32), 'auto')).toBeUndefined();
    expect(JSON.stringify(new Registered().events)).not.toContain(OLD);
  });

  const forms = { bytes: Buffer.from(HEX, 'hex'), hexText: Buffer.from(HEX.toLowerCase()), plain: Buffer.from(HEX) };
  it.each([
    ['bytes', ['bytes']],
    ['hexText', ['hexText', 'plain']],
    ['plain', ['plain']],
    ['auto', ['bytes', 'hexText', 'plain']],
  ] as const)('RPC-32, RPC-33: a hexadecimal key for a station that sends %s fits as %j', (passwordEncoding, fitting) => {
    for (const [form, bytes] of Object.entries(forms)) {
      const answer = new Registered({ password: HEX, passwordEncoding }).knock({ bytes });
      expect([form, answer]).toEqual([form, (fitting as readonly string[]).includes(form) ? 'admitted' : 'wrong-credentials']);
    }
  });

  it('RPC-33: the way that has worked is pinned, until an operator sets a password', () => {
    const known = new Registered({ password: HEX });
    expect(known.knock({ bytes: forms.hexText })).toBe('admitted');
    expect(known.knock({ bytes: forms.bytes })).toBe('wrong-credentials');
    known.tell({ kind: 'change', change: {}, passwordHashes: passwordHashes(HEX, secret) });
    expect(known.knock({ bytes: forms.bytes })).toBe('admitted');
  });

  it('RPC-33: a password that is its own bytes pins nothing', () => {
    const known = new Registered();
    expect(known.knock({ text: OLD })).toBe('admitted');
    known.tell({ kind: 'change', change: {}, passwordHashes: passwordHashes(HEX, secret) });
    expect(known.knock({ bytes: forms.plain })).toBe('admitted');
  });
});

describe('the rotation of a password', () => {
  const intend: StationCommand = { kind: 'intend-password', changeId: 'c1', passwordHashes: passwordHashes(NEW, secret), at };
  const settle = (outcome: 'accepted' | 'refused' | 'unconfirmed'): StationCommand => ({
    kind: 'settle-password',
    changeId: 'c1',
    outcome,
  });
  const changing = () => {
    const known = new Registered();
    expect(known.tell(intend)).toBe('done');
    return known;
  };
  const bothKnock = (known: Registered) => [known.knock({ text: OLD }), known.knock({ text: NEW })];

  it('RPC-35, RPC-37, C6-07: accepted, the new one counts at once and the old one no more', () => {
    const known = changing();
    expect(known.tell(settle('accepted'))).toBe('done');
    expect(bothKnock(known)).toEqual(['wrong-credentials', 'admitted']);
    expect(known.knock({ connected: true })).toBe('admitted');
  });

  it('RPC-35, C6-07: refused, only the old one counts', () => {
    const known = changing();
    expect(known.tell(settle('refused'))).toBe('done');
    expect(bothKnock(known)).toEqual(['admitted', 'wrong-credentials']);
  });

  it('RPC-36: while nobody knows, both count, until the new one logs in', () => {
    const known = changing();
    known.tell(settle('unconfirmed'));
    expect(known.knock({ text: NEW })).toBe('admitted');
    expect(bothKnock(known)).toEqual(['wrong-credentials', 'admitted']);
  });

  it('RPC-36: or until the old one does', () => {
    const known = changing();
    known.tell(settle('unconfirmed'));
    expect(bothKnock(known)).toEqual(['admitted', 'wrong-credentials']);
  });

  it('RPC-36: after a crash between the CALL and its answer both count, and the old one decides only when the CALL must be over', () => {
    const known = changing();
    expect(known.knock({ text: OLD })).toBe('admitted');
    expect(known.knock({ text: OLD }, { at: '2026-03-01T10:10:00.000Z' })).toBe('admitted');
    expect(known.knock({ text: NEW })).toBe('wrong-credentials');
  });

  it('RPC-36: a late answer counts more than a login that came before it', () => {
    const known = changing();
    known.tell(settle('unconfirmed'));
    known.knock({ text: OLD });
    expect(known.tell(settle('accepted'))).toBe('done');
    expect(bothKnock(known)).toEqual(['wrong-credentials', 'admitted']);
  });

  it('RPC-36: a second change after one that nobody knows of leaves all three in force', () => {
    const known = changing();
    known.tell(settle('unconfirmed'));
    const third = 'a-third-password-000';
    known.tell({ kind: 'intend-password', changeId: 'c2', passwordHashes: passwordHashes(third, secret), at });
    expect([OLD, NEW, third].map((text) => judgeOnly(known, text))).toEqual([true, true, true]);
    expect(known.tell({ kind: 'settle-password', changeId: 'c2', outcome: 'refused' })).toBe('done');
    expect([OLD, NEW, third].map((text) => judgeOnly(known, text))).toEqual([true, true, false]);
  });

  it('is written down once, and settled only where it was intended', () => {
    const known = changing();
    const { length } = known.events;
    known.tell(intend);
    expect(known.events).toHaveLength(length);
    expect(new Registered().tell(settle('accepted'))).toBe('change-unknown');
  });

  function judgeOnly(known: Registered, text: string): boolean {
    const { station: registered, access } = known.state;
    if (!registered) return false;
    const request = { identity: 'CP1', password: Buffer.from(text).toString('base64') };
    const policy = { secret, revocationRequired: false };
    return judge({ station: registered, access }, request, { policy, at, certificateRevoked: false }).admission.admitted;
  }
});

it('events of version 1 are read with the forms of the password that they held', () => {
  const [key, text] = passwordHashes(HEX, secret);
  const version1 = {
    id: '1',
    type: 'StationRegistered',
    data: { station: { stationId: 'CP1' }, passwordHashes: [text?.hash, key?.hash, 'lower', 'upper'] },
    metadata: {},
    stream: 'station-1',
    revision: 0,
    recordedAt: at,
  };
  const read = stationCodec.decode({ ...version1, position: '1/1' as Parameters<typeof stationCodec.decode>[0]['position'] });
  expect(read.data).toMatchObject({ passwordHashes: [key, text] });
});
