// OCPI 2.2.1 from and to the canonical form: what it says otherwise, what it cannot say, and that nothing else changes on the way.
import type { Tariff } from '@evenkeel/contracts';
import { canonical } from '../v230/canonical';
import { bearer, cdr, location, session, tariff } from '../v230/fixtures';
import { contractOf, written } from '../version';
import { type Expressed, readWire } from '../wire-schema';
import { v221 } from './v221';

const owner = { owner: 'US-CHG' } as const;

function wireOf<T>(said: Expressed<T>): T {
  if (!said.ok) throw new Error(said.reason);
  return JSON.parse(JSON.stringify(said.wire));
}
const lossesOf = (said: Expressed<unknown>) => (said.ok ? said.losses : [said.reason]);
const tariffOf = (change: Partial<Tariff>) => written(v221.tariff, canonical.tariff.write({ ...tariff, ...change }));
const energyAt = (price: string, vat?: string): Tariff['elements'] => [
  { priceComponents: [{ type: 'ENERGY', price, stepSize: 1, ...(vat === undefined ? {} : { vat }) }] },
];

describe('a price', () => {
  it.each([
    [{ before_taxes: 4.25 }, { excl_vat: 4.25 }],
    [
      { before_taxes: 4.25, taxes: [] },
      { excl_vat: 4.25, incl_vat: 4.25 },
    ],
    [
      { before_taxes: 4.25, taxes: [{ name: 'VAT', amount: 0.4 }] },
      { excl_vat: 4.25, incl_vat: 4.65 },
    ],
  ])('%j is said as %j, and read as it was', (total_cost, said) => {
    const object = { ...wireOf(canonical.session.write(session, bearer)), total_cost };
    const wire = wireOf(v221.session.write(object)) as { total_cost: unknown };
    expect(wire.total_cost).toEqual(said);
    expect(v221.session.read(wire, owner)).toEqual({ ok: true, value: object });
  });

  it('with several taxes is said with their sum', () => {
    const taxes = [
      { name: 'GST', amount: 0.1 },
      { name: 'QST', amount: 0.2 },
    ];
    const object = { ...wireOf(canonical.session.write(session, bearer)), total_cost: { before_taxes: 1, taxes } };
    expect(wireOf(v221.session.write(object))).toMatchObject({ total_cost: { excl_vat: 1, incl_vat: 1.3 } });
  });
});

describe('a tariff', () => {
  it('comes back as it was, but for what is not said of taxes', () => {
    const said = tariffOf({ taxIncluded: 'NO', minPrice: { beforeTaxes: '1', afterTaxes: '1.19' } });
    expect(lossesOf(said)).toEqual([]);
    const read = v221.tariff.read(wireOf(said), owner);
    expect(read.ok && canonical.tariff.read(read.value)).toEqual({ ...tariff, minPrice: { beforeTaxes: '1', afterTaxes: '1.19' } });
  });

  it('whose prices include VAT is written without it: 0.60 with 20 % is 0.50', () => {
    const said = tariffOf({ taxIncluded: 'YES', elements: energyAt('0.60', '20') });
    expect(wireOf(said)).toMatchObject({ elements: [{ price_components: [{ type: 'ENERGY', price: 0.5, vat: 20, step_size: 1 }] }] });
    expect(lossesOf(said)).toEqual([]);
  });

  it('says where a price without VAT has no end: 0.59 with 19 %', () => {
    const said = tariffOf({ taxIncluded: 'YES', elements: energyAt('0.59', '19') });
    expect(wireOf(said)).toMatchObject({ elements: [{ price_components: [{ price: 0.4958 }] }] });
    expect(lossesOf(said)).toEqual(['the ENERGY price 0.59 is rounded to 0.4958']);
  });

  it.each<[string, Partial<Tariff>]>([
    ['includes a tax of unknown rate', { taxIncluded: 'YES', elements: energyAt('0.59') }],
    ['has limits that include taxes', { taxIncluded: 'YES', elements: energyAt('0.60', '20'), maxPrice: { beforeTaxes: '20' } }],
    ['prices bookings', { elements: [{ ...(tariff.elements[0] as Tariff['elements'][number]), restrictions: { booking: 'BOOKING' } }] }],
  ])('that %s is not published', (_, change) => {
    expect(tariffOf(change).ok).toBe(false);
  });
});

describe('a CDR', () => {
  it('comes back as it was, its taxes under the one name', () => {
    const object = wireOf(canonical.cdr.write(cdr, bearer));
    const said = v221.cdr.write(object);
    expect(lossesOf(said)).toEqual([]);
    expect(wireOf(said)).toMatchObject({ total_cost: { excl_vat: 4.25, incl_vat: 4.65 }, total_energy_cost: { excl_vat: 2.25 } });
    const read = v221.cdr.read(wireOf(said), owner);
    expect(read).toEqual({ ok: true, value: { ...object, total_cost: { before_taxes: 4.25, taxes: [{ name: 'VAT', amount: 0.4 }] } } });
  });

  it('SCD-8: goes without signed records that are longer than 512 characters, and whole with shorter ones', () => {
    const carrying = (data: string) =>
      v221.cdr.write(wireOf(canonical.cdr.write(cdr, bearer, [{ nature: 'End', encodingMethod: 'OCMF', data }])));
    expect(wireOf(carrying('OCMF|short'))).toMatchObject({ signed_data: { signed_values: [{ plain_data: 'OCMF|short' }] } });
    const long = carrying(`OCMF|${'x'.repeat(508)}`);
    expect(wireOf(long)).not.toHaveProperty('signed_data');
    expect(lossesOf(long)).toEqual(['without its signed meter data: a record is longer than 512 characters']);
  });

  it('goes without a tariff that cannot be said, rather than with a wrong one', () => {
    const object = wireOf(canonical.cdr.write({ ...cdr, tariff: { ...tariff, taxIncluded: 'YES' } }, bearer));
    const said = v221.cdr.write(object);
    expect(wireOf(said)).not.toHaveProperty('tariffs');
    expect(lossesOf(said)).toEqual([expect.stringMatching(/^without its tariff: /)]);
  });
});

describe.each([
  ['session', v221.session, () => wireOf(v221.session.write(wireOf(canonical.session.write(session, bearer))))],
  ['CDR', v221.cdr, () => wireOf(v221.cdr.write(wireOf(canonical.cdr.write(cdr, bearer))))],
] as const)('the token of a %s', (_name, object, said) => {
  const wire = said() as { cdr_token: { country_code: string; party_id: string; uid: string } };
  const { country_code: _1, party_id: _2, ...bare } = wire.cdr_token;
  const known = { ...canonical.session.tokenOf(bearer), uid: 'of-another-card' };

  it.each([
    ['without', bare],
    ['with half', { ...bare, country_code: 'US' }],
  ])('%s an owner is of whom its contract says', (_case, cdr_token) => {
    const read = object.read({ ...wire, cdr_token }, { ...owner, token: known });
    expect(read).toMatchObject({ ok: true, value: { cdr_token: wire.cdr_token } });
    expect(object.read({ ...wire, cdr_token }, owner)).toEqual({ ok: false, reason: expect.stringContaining('names no owner') });
  });

  it('is of its owner where it names one, whoever else has such a contract', () => {
    const cdr_token = { ...wire.cdr_token, party_id: 'ELS' };
    expect(object.read({ ...wire, cdr_token }, { ...owner, token: known })).toMatchObject({ ok: true, value: { cdr_token } });
  });
});

it.each([
  ['its contract, where it has no owner', { cdr_token: { contract_id: 'C1' } }, 'C1'],
  ['its contract, where its owner is null', { cdr_token: { contract_id: 'C1', country_code: null, party_id: null } }, 'C1'],
  ['nothing more where it has an owner', { cdr_token: { contract_id: 'C1', country_code: 'US', party_id: 'MOB' } }, undefined],
  ['nothing where it is none', { cdr_token: null }, undefined],
])('a token is looked for by %s', (_case, received, contract) => {
  expect(contractOf(received)).toBe(contract);
});

describe('a place', () => {
  it('with an address that is too long is said with what fits, and the loss is named', () => {
    const said = written(v221.location, canonical.location.write({ ...location, address: 'x'.repeat(50) }, 'Chargem'));
    expect(wireOf(said)).toMatchObject({ address: 'x'.repeat(45) });
    expect(lossesOf(said)).toEqual(['the address is cut off after 45 characters']);
  });

  it('comes back as it was', () => {
    const object = wireOf(canonical.location.write(location, 'Chargem'));
    expect(v221.location.read(wireOf(v221.location.write(object)), owner)).toEqual({ ok: true, value: object });
  });
});

describe('a token', () => {
  const sent = {
    ...{ country_code: 'US', party_id: 'MOB', uid: '1', type: 'EMAID', contract_id: 'C', issuer: 'M', valid: true },
    ...{ whitelist: 'ALLOWED', last_updated: '2026-01-01T00:00:00.000Z' },
  };

  it('of a type that came later is OTHER, and the loss is named', () => {
    const token = readWire(canonical.token.schema, sent);
    const said = v221.token.write(token.ok ? token.value : (sent as never));
    expect(wireOf(said)).toMatchObject({ type: 'OTHER' });
    expect(lossesOf(said)).toEqual(['the token type EMAID is said as OTHER']);
  });

  it('of a partner keeps what we do not know of it', () => {
    const read = v221.token.read({ ...sent, type: 'RFID', color: 'red' }, owner);
    expect(read.ok && v221.token.show(read.value)).toMatchObject({ color: 'red' });
    expect(read.ok && v221.token.write(read.value).ok).toBe(false);
  });
});

describe('credentials', () => {
  const wire = canonical.credentials.write('t', 'https://a.example/ocpi/versions', [{ role: 'CPO', party: 'US-CHG', name: 'C' }]);

  it('of ours have no hub', () => {
    expect(wireOf(v221.credentials.write({ ...wire, hub_party_id: 'USHUB' }))).toEqual(wire);
  });

  it('of a hub name it among its roles, in this version and the next', () => {
    const hub = { role: 'HUB', party_id: 'hub', country_code: 'us', business_details: { name: 'Hub' } };
    const rolesOf = (credentials: object) => {
      const read = v221.credentials.read({ ...wire, ...credentials }, owner);
      return read.ok ? canonical.credentials.rolesOf(read.value).map(({ role, party }) => `${role} ${party}`) : [read.reason];
    };
    expect(rolesOf({ roles: [...wire.roles, hub] })).toEqual(['CPO US-CHG', 'HUB US-HUB']);
    expect(rolesOf({ hub_party_id: 'ushub' })).toEqual(['CPO US-CHG', 'HUB US-HUB']);
    expect(rolesOf({})).toEqual(['CPO US-CHG']);
  });
});

describe('client info', () => {
  const info = { ...{ country_code: 'US', party_id: 'MOB', role: 'EMSP', status: 'OFFLINE' }, last_updated: '2026-01-01T00:00:00.000Z' };

  it('is said as it is, and a role that came later as OTHER', () => {
    expect(v221.clientInfo?.write(info)).toEqual({ ok: true, wire: info, losses: [] });
    const terminal = v221.clientInfo?.write({ ...info, role: 'PTP' });
    expect(terminal).toEqual({ ok: true, wire: { ...info, role: 'OTHER' }, losses: ['the role PTP is said as OTHER'] });
  });

  it('of a status that nobody knows is read, and not said', () => {
    const read = v221.clientInfo?.read({ ...info, status: 'AWAY' }, owner);
    expect(read).toEqual({ ok: true, value: { ...info, status: 'AWAY' } });
    expect(v221.clientInfo?.write({ ...info, status: 'AWAY' })).toMatchObject({ ok: false });
  });
});
