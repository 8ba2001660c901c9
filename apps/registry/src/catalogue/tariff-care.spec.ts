// What is said of a tariff before it is registered, and where it is used.
import { randomUUID } from 'node:crypto';
import type { Connector, Location, Tariff } from '@evenkeel/contracts';
import { IdentitiesUnderTest, party } from '../identity/identities-under-test';
import { RegistryDesk } from './registry-desk';
import { TariffCare } from './tariff-care';

const now = '2026-03-01T10:00:00.000Z';
const tariff: Tariff = {
  countryCode: 'US',
  partyId: 'CHG',
  id: 'TOU',
  currency: 'USD',
  elements: [
    { priceComponents: [{ type: 'ENERGY', price: '0.62', stepSize: 1 }], restrictions: { startTime: '16:00', endTime: '21:00' } },
    { priceComponents: [{ type: 'ENERGY', price: '0.39', stepSize: 1 }] },
  ],
  taxIncluded: 'N/A',
  lastUpdated: '2026-01-01T00:00:00.000Z',
};
const oakland: Location = {
  locationId: 'OAK',
  party,
  name: 'Oakland',
  address: '107 Broadway',
  city: 'Oakland',
  state: 'CA',
  country: 'USA',
  latitude: '37.80',
  longitude: '-122.27',
  timeZone: 'America/Los_Angeles',
};
const berlin: Location = { ...oakland, locationId: 'BER', city: 'Berlin', state: 'BE', country: 'DEU', timeZone: 'Europe/Berlin' };
const fast: Connector = {
  connectorId: 1,
  standard: 'IEC_62196_T1_COMBO',
  format: 'CABLE',
  powerType: 'DC',
  maxVoltageV: 920,
  maxCurrentA: 350,
  maxPowerW: 150_000,
  tariffId: 'tou',
};
const { maxPowerW: _, ...slow }: Connector = { ...fast, powerType: 'AC_3_PHASE', maxVoltageV: 230, maxCurrentA: 32 };

let registry: IdentitiesUnderTest;
let desk: RegistryDesk;
let care: TariffCare;

const context = () => ({ cause: randomUUID(), operator: 'otto' });

async function stationAt(locationId: string, stationId: string, ...connectors: Connector[]): Promise<void> {
  const evses = connectors.map((connector, index) => ({ evseId: index + 1, uid: `${stationId}-${index + 1}`, connectors: [connector] }));
  await desk.registerStation({ party, stationId, locationId, password: 'a-long-enough-password', evses }, context());
}

beforeAll(async () => {
  registry = await IdentitiesUnderTest.start();
  desk = new RegistryDesk(registry.store, registry.projector, registry.stations, '5e'.repeat(32));
  care = new TariffCare(registry.view, () => now);
});
afterAll(() => registry.stop());

describe('a tariff that need not be registered', () => {
  it('is checked by what is told of its place, and shown', () => {
    const { findings, displayLines } = care.check({ tariff, context: { jurisdictions: ['nevi'], currency: 'EUR' } });
    expect(findings.map(({ code, rule }) => [code, rule])).toEqual([
      ['currency_differs', undefined],
      ['price_changes_in_session', '23 CFR 680.116(a)'],
    ]);
    expect(displayLines.map(({ text }) => text)).toEqual(['0.62 USD per kWh, from 16:00 to 21:00', '0.39 USD per kWh']);
  });

  it('is not shown if it cannot be read', () => {
    const { findings, displayLines } = care.check({ tariff: { ...tariff, currency: 'XXX' } });
    expect([findings.map(({ code }) => code), displayLines]).toEqual([['unknown_currency'], []]);
  });

  it('is over by now or not', () => {
    const codes = (endsAt: string) => care.check({ tariff: { ...tariff, endsAt } }).findings.map(({ code }) => code);
    expect([codes('2026-02-01T00:00:00.000Z'), codes('2026-04-01T00:00:00.000Z')]).toEqual([['validity_over'], []]);
  });

  it('is not checked in a time zone that there is not', () => {
    expect(() => care.check({ tariff, context: { timeZone: 'America/Atlantis' } })).toThrow('there is no time zone America/Atlantis');
  });
});

describe('a tariff that contradicts itself', () => {
  it('is refused with what is wrong, and not stored', async () => {
    const [first] = tariff.elements;
    const wrong = {
      ...tariff,
      id: 'WRONG',
      elements: [{ ...first, priceComponents: tariff.elements[1]?.priceComponents ?? [] }],
      maxPrice: { beforeTaxes: '-1' },
    };
    await expect(desk.putTariff({ ...wrong, endsAt: now, startsAt: now }, context())).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^the tariff is not registered\. endsAt: .+ maxPrice: A price limit below 0/),
    });
    await expect(registry.view.tariffAt(party, 'WRONG', now)).rejects.toThrow('there is no tariff WRONG');
  });

  it('is registered where it only surprises', async () => {
    const surprising = { ...tariff, id: 'GAP', elements: tariff.elements.slice(0, 1) };
    await expect(desk.putTariff(surprising, context())).resolves.toMatchObject({ id: 'GAP' });
  });
});

describe('a registered tariff', () => {
  const asked = () => care.findingsOf({ party, tariffId: 'tou' });

  it('that there is not has no findings', async () => {
    await expect(care.findingsOf({ party, tariffId: 'nothing' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is judged by the places where it is used', async () => {
    await desk.putTariff(tariff, context());
    expect(await asked()).toMatchObject({ findings: [], context: {} });

    await desk.putLocation(oakland, context());
    await stationAt('OAK', 'CP1', slow);
    const maxPowerKw = '22.08';
    expect((await asked()).context).toEqual({
      jurisdictions: ['california', 'nevi'],
      currency: 'USD',
      maxPowerKw,
      timeZone: 'America/Los_Angeles',
    });
    expect((await asked()).findings.map(({ code }) => code)).toEqual(['price_changes_in_session']);

    await desk.putLocation(berlin, context());
    await stationAt('BER', 'CP2', slow, fast);
    await stationAt('BER', 'CP3', { ...fast, tariffId: 'OTHER', maxPowerW: 400_000 });
    const { findings, context: places } = await asked();
    expect(places).toEqual({ jurisdictions: ['afir', 'california', 'eichrecht', 'nevi'], currency: 'EUR', maxPowerKw: '150' });
    expect(findings.map(({ code }) => code)).toEqual(['currency_differs', 'reading_at_change_needed', 'price_changes_in_session']);
  });

  it('is judged by its power alone where the location is not registered', async () => {
    await desk.putTariff({ ...tariff, id: 'NOWHERE' }, context());
    await stationAt('NOWHERE', 'CP4', { ...fast, tariffId: 'NOWHERE' });
    expect((await care.findingsOf({ party, tariffId: 'NOWHERE' })).context).toEqual({ maxPowerKw: '150' });
  });
});
