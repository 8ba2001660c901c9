// OCPI 2.1.1 from and to the canonical form: it names no owner, holds whole locations, and lacks much that later versions have. What it lacks is
// named, and what would be wrong is not said.
import type { Tariff } from '@evenkeel/contracts';
import { canonical } from '../v230/canonical';
import { bearer, cdr, location, session, tariff } from '../v230/fixtures';
import { contractOf, written } from '../version';
import type { Expressed } from '../wire-schema';
import { v211 } from './v211';

const owner = 'US-CHG' as const;
const place = wireOf(canonical.location.write(location, 'Chargem'));
const token = wireOf(canonical.session.write(session, bearer)).cdr_token;

function wireOf<T>(said: Expressed<T>): T {
  if (!said.ok) throw new Error(said.reason);
  return JSON.parse(JSON.stringify(said.wire));
}
const lossesOf = (said: Expressed<unknown>) => (said.ok ? said.losses : [said.reason]);
const energy: Tariff['elements'] = [{ priceComponents: [{ type: 'ENERGY', price: '0.45', stepSize: 1 }] }];

describe('a session', () => {
  const object = wireOf(canonical.session.write(session, bearer));

  it('holds its location with the one EVSE and connector, and names the driver by the contract', () => {
    const said = v211.session.write(object, { location: place });
    expect(wireOf(said)).toMatchObject({
      id: session.sessionId,
      start_datetime: '2026-03-01T10:00:00.000Z',
      auth_id: 'US-MOB-C1',
      kwh: 2.5,
      location: { id: 'HARBOR', type: 'UNKNOWN', evses: [{ uid: 'HARBOR-1', connectors: [{ id: '1', voltage: 920, tariff_id: 'DAY' }] }] },
    });
    expect(lossesOf(said)).toContain('the authorization reference is not said');
    expect(wireOf(said)).not.toHaveProperty('country_code');
  });

  it('comes back by whoever knows its owner and its contract', () => {
    const said = wireOf(v211.session.write(object, { location: place }));
    expect(contractOf(said)).toBe('US-MOB-C1');
    const { authorization_reference: _, charging_periods = [], ...rest } = object;
    const periods = charging_periods.map(({ tariff_id: __, ...period }) => period);
    expect(v211.session.read(said, { owner, token })).toEqual({ ok: true, value: { ...rest, charging_periods: periods } });
  });

  it('about a contract that nobody knows is not read; one at a place that nobody knows is not written', () => {
    const said = wireOf(v211.session.write(object, { location: place }));
    expect(v211.session.read(said, { owner })).toEqual({ ok: false, reason: 'auth_id US-MOB-C1 is not known here' });
    expect(v211.session.write(object)).toEqual({ ok: false, reason: 'its location HARBOR is not known' });
    expect(v211.session.write({ ...object, connector_id: '9' }, { location: place }).ok).toBe(false);
  });
});

describe('a CDR', () => {
  const object = wireOf(canonical.cdr.write({ ...cdr, tariff: { ...tariff, elements: energy } }, bearer));

  it('has one sum, before taxes, and says what it leaves out', () => {
    const said = v211.cdr.write(object, { location: place });
    expect(wireOf(said)).toMatchObject({
      stop_date_time: '2026-03-01T11:00:00.000Z',
      total_cost: 4.25,
      total_energy: 5,
      tariffs: [{ id: 'DAY' }],
    });
    expect(wireOf(said)).not.toHaveProperty('total_energy_cost');
    expect(lossesOf(said)).toEqual(
      expect.arrayContaining(['the session, the costs by kind and the taxes are not said', 'the dimension MAX_POWER is not said']),
    );
  });

  it('comes back with what pricing needs', () => {
    const said = wireOf(v211.cdr.write(object, { location: place }));
    const read = v211.cdr.read(said, { owner, token });
    if (!read.ok) throw new Error(read.reason);
    const ours = canonical.cdr.read(read.value, 'p', { key: 'a'.repeat(32), type: 'RFID' });
    expect(ours).toMatchObject({ party: owner, energyWh: '5000', durationSeconds: 3600, total: { beforeTaxes: '4.25' }, credit: false });
    expect(ours.tariff?.elements).toEqual(energy);
    expect(read.value.cdr_location).toMatchObject({ id: 'HARBOR', evse_uid: 'HARBOR-1', connector_id: '1' });
  });

  it('that is a credit is negative and says in its remark what it takes back', () => {
    const credit = { ...object, id: `${object.id}-CR`, credit: true, credit_reference_id: object.id, total_cost: { before_taxes: -4.25 } };
    const said = wireOf(v211.cdr.write(credit, { location: place }));
    expect(said).toMatchObject({ total_cost: -4.25, remark: `Credit of CDR ${object.id}` });
    const read = v211.cdr.read(said, { owner, token });
    expect(read.ok && read.value).toMatchObject({ credit: true, credit_reference_id: object.id });
  });
});

describe('a location', () => {
  it('loses its state and the power of its connectors, and says so', () => {
    const said = v211.location.write(place);
    expect(lossesOf(said)).toEqual(['the state is not said', 'the power of connector 1 is not said']);
    const read = v211.location.read(wireOf(said), { owner });
    expect(read.ok && read.value).toMatchObject({
      country_code: 'US',
      party_id: 'CHG',
      publish: true,
      evses: [{ connectors: [{ max_voltage: 920 }, {}] }],
    });
  });

  it('that is not to be published is not said', () => {
    expect(v211.location.write({ ...place, publish: false }).ok).toBe(false);
  });

  it('says two phases as one, and names it', () => {
    const evses = place.evses?.map((evse) => ({
      ...evse,
      connectors: evse.connectors.map((each) => ({ ...each, power_type: 'AC_2_PHASE' })),
    }));
    const said = v211.location.write({ ...place, ...(evses ? { evses } : {}) });
    expect(JSON.stringify(wireOf(said))).not.toContain('AC_2_PHASE');
    expect(lossesOf(said)).toContain('connector 1 of type AC_2_PHASE is said to be AC_1_PHASE');
  });
});

describe('a tariff', () => {
  const said = (change: Partial<Tariff>) => written(v211.tariff, canonical.tariff.write({ ...tariff, elements: energy, ...change }));

  it('has prices without taxes and without their rates', () => {
    const elements: Tariff['elements'] = [{ priceComponents: [{ type: 'ENERGY', price: '0.60', vat: '20', stepSize: 1 }] }];
    const wire = said({ taxIncluded: 'YES', elements });
    expect(wireOf(wire)).toMatchObject({ elements: [{ price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] }] });
    expect(lossesOf(wire)).toEqual(['the rates of tax are not said']);
    const read = v211.tariff.read(wireOf(wire), { owner });
    expect(read.ok && read.value).toMatchObject({ country_code: 'US', tax_included: 'NO' });
  });

  it.each<[string, Partial<Tariff>]>([
    ['a least price', { minPrice: { beforeTaxes: '1' } }],
    ['a highest price', { maxPrice: { beforeTaxes: '9' } }],
    ['a price by current', { elements: energy.map((element) => ({ ...element, restrictions: { minCurrentA: '16' } })) }],
    [
      'a price for reservations',
      { elements: energy.map((element) => ({ ...element, restrictions: { reservation: 'RESERVATION' as const } })) },
    ],
  ])('with %s is not published', (_, change) => {
    expect(said(change).ok).toBe(false);
  });
});

describe('a token', () => {
  it('is named by its contract, and its type may be lost', () => {
    const object = {
      ...{ country_code: 'US', party_id: 'MOB', uid: '1', type: 'APP_USER', contract_id: 'C1', issuer: 'M', group_id: 'G', valid: true },
      ...{ whitelist: 'ALLOWED', last_updated: '2026-01-01T00:00:00.000Z' },
    };
    const wire = v211.token.write(object);
    expect(wireOf(wire)).toMatchObject({ uid: '1', auth_id: 'C1', type: 'OTHER' });
    expect(lossesOf(wire)).toEqual(['the token type APP_USER is said as OTHER', 'the group of the token is not said']);
    const { group_id: _, ...rest } = object;
    expect(v211.token.read(wireOf(wire), { owner: 'US-MOB' })).toEqual({ ok: true, value: { ...rest, type: 'OTHER' } });
  });
});

describe('credentials', () => {
  const write = (parties: string[]) =>
    v211.credentials.write(
      canonical.credentials.write(
        't',
        'https://a.example/ocpi/versions',
        parties.map((party) => ({ role: 'CPO', party, name: 'C' })),
      ),
    );

  it('HSK-8: are flat, of one party and of no role', () => {
    const wire = wireOf(write(['US-CHG']));
    expect(wire).toEqual({
      ...{ token: 't', url: 'https://a.example/ocpi/versions', business_details: { name: 'C' }, country_code: 'US', party_id: 'CHG' },
    });
    expect(v211.credentials.read(wire, { owner })).toMatchObject({ ok: true, value: { roles: [{ role: 'OTHER', party_id: 'CHG' }] } });
  });

  it('cannot speak for two parties', () => {
    expect(write(['US-CHG', 'US-TWO']).ok).toBe(false);
  });
});
