// Tokens, locations, sessions and credentials: what is written is strict, what is read is tolerant.
import { mismatch, TokenRecord } from '@evenkeel/contracts';
import fc from 'fast-check';
import { knownFields, readWire } from '../wire-schema';
import { Credentials, rolesOf, StrictCredentials, toCredentials } from './credentials';
import { bearer, location, session } from './fixtures';
import { toLocation, withConnector, withEvse } from './location';
import { toSession, WireSession } from './session';
import { fromAllowed, fromToken, toAllowed, toToken, WireToken } from './token';

const someToken: fc.Arbitrary<TokenRecord> = fc.record(
  {
    party: fc.constantFrom('US-MOB', 'DE-ABC'),
    uid: fc.stringMatching(/^[A-Z0-9]{1,36}$/),
    type: fc.constantFrom('RFID' as const, 'APP_USER' as const, 'AD_HOC_USER' as const, 'OTHER' as const),
    contractId: fc.stringMatching(/^[A-Z0-9-]{1,36}$/),
    visualNumber: fc.stringMatching(/^[A-Z0-9 ]{1,64}$/),
    issuer: fc.string({ minLength: 1, maxLength: 64 }),
    groupId: fc.stringMatching(/^[A-Z0-9]{1,36}$/),
    valid: fc.boolean(),
    whitelist: fc.constantFrom('ALWAYS' as const, 'ALLOWED' as const, 'ALLOWED_OFFLINE' as const, 'NEVER' as const),
    lastUpdated: fc.constant('2026-01-01T00:00:00.000Z'),
  },
  { requiredKeys: ['party', 'uid', 'type', 'contractId', 'issuer', 'valid', 'whitelist', 'lastUpdated'] },
);

function wireOf<T>(written: { ok: true; wire: T } | { ok: false; reason: string }): T {
  if (!written.ok) throw new Error(written.reason);
  return JSON.parse(JSON.stringify(written.wire));
}

describe('a token', () => {
  it('comes back from the wire as it was', () => {
    fc.assert(fc.property(someToken, (token) => expect(fromToken(wireOf(toToken(token)))).toEqual(token)));
  });

  it('keeps our own matters to ourselves', () => {
    const [token] = fc.sample(someToken, 1);
    const wire = wireOf(toToken({ ...(token as TokenRecord), driverId: 'driver-7', expiresAt: '2027-01-01T00:00:00.000Z' }));
    expect(JSON.stringify(wire)).not.toMatch(/driver-7|2027/);
  });

  it('PUT-9: of a partner may hold what we do not know', () => {
    const sent = {
      ...{ country_code: 'us', party_id: 'mob', uid: '1', type: 'EMAID', contract_id: 'C', issuer: '', group_id: null },
      ...{ valid: true, whitelist: 'SOMETIMES', color: 'red', last_updated: '2026-01-01T00:00:00' },
    };
    const read = readWire(WireToken, sent);
    if (!read.ok) throw new Error(read.reason);
    const token = fromToken(read.value);
    expect(token).toMatchObject({ party: 'US-MOB', type: 'OTHER', whitelist: 'NEVER', issuer: 'US-MOB' });
    expect(mismatch(TokenRecord, token)).toBeUndefined();
    expect(read.value).toHaveProperty('color', 'red');
  });

  it.each(['uid', 'contract_id', 'valid', 'last_updated'])('without %s is not read', (field) => {
    const wire: Record<string, unknown> = wireOf(toToken(fc.sample(someToken, 1)[0] as TokenRecord));
    delete wire[field];
    expect(readWire(WireToken, wire).ok).toBe(false);
  });

  it('is allowed only where the answer says so', () => {
    expect(['Accepted', 'Blocked', 'Expired', 'NoCredit', 'Invalid'].map((verdict) => toAllowed(verdict as 'Accepted'))).toEqual([
      'ALLOWED',
      'BLOCKED',
      'EXPIRED',
      'NO_CREDIT',
      'NOT_ALLOWED',
    ]);
    expect(['ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED', 'MAYBE', 'toString'].map(fromAllowed)).toEqual([
      'Accepted',
      'Blocked',
      'Expired',
      'NoCredit',
      'Blocked',
      'Blocked',
      'Blocked',
    ]);
  });
});

describe('a location', () => {
  it('TYP-4: is written with its EVSEs and connectors', () => {
    expect(wireOf(toLocation(location, 'Chargem'))).toMatchObject({
      id: 'HARBOR',
      publish: true,
      country: 'USA',
      coordinates: { latitude: '37.80000', longitude: '-122.2712346' },
      operator: { name: 'Chargem' },
      evses: [
        {
          uid: 'HARBOR-1',
          evse_id: 'US*CHG*E7*1',
          status: 'AVAILABLE',
          connectors: [
            { id: '1', max_voltage: 920, max_amperage: 350, max_electric_power: 150_000, tariff_ids: ['DAY'] },
            { standard: 'SAE_J3400' },
          ],
        },
      ],
    });
  });

  it('is not written with a status that the version does not have', () => {
    const [evse] = location.evses;
    const odd = { ...location, evses: evse ? [{ ...evse, status: 'Faulted' }] : [] };
    expect(toLocation(odd, 'Chargem')).toMatchObject({ ok: false });
  });

  it('PUT-7: moves with its children', () => {
    const wire = wireOf(toLocation(location, 'Chargem'));
    const [evse] = wire.evses ?? [];
    const [connector] = evse?.connectors ?? [];
    if (!evse || !connector) throw new Error('the fixture has an EVSE with a connector');
    const later = '2026-06-01T00:00:00.000Z';
    const changed = withConnector(wire, 'harbor-1', { ...connector, max_amperage: 200, last_updated: later });
    expect(changed).toMatchObject({
      last_updated: later,
      evses: [{ last_updated: later, connectors: [{ max_amperage: 200 }, { id: '2' }] }],
    });
    expect(withConnector(wire, 'NOWHERE', connector)).toBeUndefined();
    const added = withEvse(wire, { ...evse, uid: 'HARBOR-2' });
    expect(added.evses?.map(({ uid }) => uid)).toEqual(['HARBOR-1', 'HARBOR-2']);
    expect(added.last_updated).toBe(wire.last_updated);
  });
});

describe('a session', () => {
  it('is written whole', () => {
    expect(wireOf(toSession(session, bearer))).toMatchObject({
      id: session.sessionId,
      status: 'ACTIVE',
      kwh: 2.5,
      cdr_token: { uid: '04A1B2C3', contract_id: 'US-MOB-C1' },
      location_id: 'HARBOR',
      charging_periods: [
        {
          dimensions: [
            { type: 'ENERGY', volume: 2.5 },
            { type: 'TIME', volume: 0.25 },
          ],
          tariff_id: 'DAY',
        },
      ],
      last_updated: '2026-03-01T10:15:00.000Z',
    });
  });

  it('without a payer belongs to nobody', () => {
    const { payer: _, ...terms } = session.terms;
    expect(toSession({ ...session, terms }, bearer)).toMatchObject({ ok: false });
  });
});

describe('credentials', () => {
  it('come back from the wire as they were', () => {
    const roles = [{ role: 'CPO', party: 'US-CHG', name: 'Chargem' }];
    const wire = toCredentials('secret', 'https://chargem.example/ocpi/versions', roles);
    expect(mismatch(StrictCredentials, wire)).toBeUndefined();
    const read = readWire(Credentials, wire);
    expect(read.ok && rolesOf(read.value)).toEqual(roles);
  });
});

describe('what may be kept of an object', () => {
  it('is what the schema names, however deep, and nothing else', () => {
    const wire = wireOf(toSession(session, bearer));
    const said = { ...wire, driver_name: 'Ada', cdr_token: { ...wire.cdr_token, holder: 'Ada' } };
    expect(knownFields(WireSession, said)).toEqual(wire);
    expect(said).toHaveProperty('driver_name');
  });
});
