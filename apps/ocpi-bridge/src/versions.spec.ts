// Two bridges of ours in each version of OCPI: the handshake, tokens, the question in real time, a session, its CDR and the credit of it.
import { idOf } from '@evenkeel/contracts';
import { eventually, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { cdrOf, sessionOf, tariff } from './testing/charging';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';
import { locationOf, tokenOf } from './testing/roaming';

const actor = { operator: 'spec' };
jest.setTimeout(60_000);

describe.each(['2.1.1', '2.2.1', '2.3.0'])('OCPI %s', (version) => {
  let nats: RunningNats;
  let postgres: RunningPostgres;
  let chargem: PlatformUnderTest;
  let mobility: PlatformUnderTest;

  beforeAll(async () => {
    nats = await startNats({ platforms: ['CHARGEM', 'MOBILITYYOU'].map((name) => ({ name, passwordOf })) });
    postgres = await startPostgres();
    chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO' }, nats, postgres);
    mobility = await PlatformUnderTest.start({ account: 'MOBILITYYOU', party: 'US-MOB', role: 'EMSP', versions: version }, nats, postgres);
  });
  afterAll(async () => {
    await chargem?.stop();
    await mobility?.stop();
    await postgres?.stop();
    await nats?.stop();
  });

  it('HSK-1, TOK-1: is agreed on, and the eMSP has the tokens taken', async () => {
    mobility.tokens.push(tokenOf('CARD1'), tokenOf('CARD2'));
    chargem.locations.push(locationOf(7));
    chargem.tariffs.push(tariff);
    const { tokenA, versionsUrl } = await chargem.console.ask('introducePartner', { actor, partner: { name: 'MobilityYou' } });
    const introduced = await mobility.console.ask('introducePartner', { actor, partner: { name: 'Chargem', versionsUrl, tokenA } });
    expect(introduced).toMatchObject({ status: 'registered', version, roles: [{ role: 'CPO', party: 'US-CHG' }] });
    await eventually(() => chargem.tokensReceived.length >= 2);
    expect(chargem.tokensReceived.map(({ token }) => token).sort((a, b) => (a.uid < b.uid ? -1 : 1))).toEqual(mobility.tokens);
  });

  it('LOC-6, TAR-6: tells the eMSP of a location and a tariff that have changed, as they are when it is told', async () => {
    const lastUpdated = '2026-05-01T00:00:00.000Z';
    const [location] = chargem.locations;
    if (!location) throw new Error('there is a location');
    const [evse] = location.evses;
    chargem.locations[0] = { ...location, evses: evse ? [{ ...evse, status: 'CHARGING', lastUpdated }] : [], lastUpdated };
    chargem.tariffs[0] = { ...tariff, elements: [{ priceComponents: [{ type: 'ENERGY', price: '0.50', stepSize: 1 }] }], lastUpdated };
    const { registrySays } = chargem;
    await registrySays.say('locationChanged', 'US-CHG', { party: 'US-CHG', locationId: 'LOC-7', lastUpdated }, idOf('place', 1));
    await registrySays.say('tariffChanged', 'US-CHG', { party: 'US-CHG', tariffId: tariff.id, lastUpdated }, idOf('place', 2));
    const get = (module: string, id: string) => chargem.readAt(mobility, `emsp/${version}/${module}/US/CHG/${id}`);
    await eventually(async () => JSON.stringify(await get('locations', 'LOC-7')).includes('CHARGING'));
    await eventually(async () => JSON.stringify(await get('tariffs', tariff.id)).includes('"price":0.5,'));
    chargem.tariffs[0] = tariff;
    // A pull brings them too, sooner or later: they were pushed, and taken.
    const partner = async () => (await chargem.console.ask('listPartners', {})).items[0];
    await eventually(async () => (await partner())?.deliveriesPending === 0);
    expect(await partner()).toMatchObject({ deliveriesParked: 0 });
    const stored = await chargem.storedText();
    expect([stored.includes('"module":"locations"'), stored.includes('"module":"tariffs"')]).toEqual([true, true]);
  });

  it('LOC-2, TYP-1, STA-2: shows one location, EVSE and connector to a partner that asks for it', async () => {
    const read = (path: string) => mobility.readAt(chargem, `cpo/${version}/locations/${path}`);
    expect(await read('loc-7')).toMatchObject({ status_code: 1000, data: { id: 'LOC-7', evses: [{ uid: 'LOC-7-1' }] } });
    expect(await read('LOC-7/LOC-7-1')).toMatchObject({ status_code: 1000, data: { uid: 'LOC-7-1', connectors: [{ id: '1' }] } });
    const power = version === '2.1.1' ? { voltage: 920 } : { max_voltage: 920 };
    expect(await read('LOC-7/LOC-7-1/1')).toMatchObject({ status_code: 1000, data: { id: '1', ...power } });
    for (const path of ['LOC-8', 'LOC-7/LOC-7-2', 'LOC-7/LOC-7-1/2']) expect(await read(path)).toMatchObject({ status_code: 2003 });
  });

  it('TOK-2, RTA-4: answers in real time whether a token may charge', async () => {
    const ask = (uid: string) => chargem.registry.ask('authorizeWithPartner', { party: 'US-MOB', token: { uid, type: 'RFID' } });
    // OCPI 2.1.1 has no word for the reference.
    expect(await ask('CARD2')).toEqual({ verdict: 'Accepted', ...(version === '2.1.1' ? {} : { authorizationReference: 'REF-CARD2' }) });
    expect(await ask('NOBODY')).toEqual({ verdict: 'Invalid' });
  });

  it('SES-6, CDR-4, SCD-4, SCD-5: takes a session, its CDR and the credit of it, each once', async () => {
    const cdr = cdrOf('US-MOB', 'walk');
    const { ledger, billing } = chargem;
    await ledger.say('sessionStarted', 'US-CHG', { session: sessionOf('US-MOB', 'walk', { revision: 1, status: 'active' }) }, idOf('v', 1));
    await ledger.say('sessionCompleted', 'US-CHG', { session: sessionOf('US-MOB', 'walk') }, idOf('v', 2));
    await billing.say('cdrIssued', 'US-CHG', { cdr }, idOf('v', 3));
    await eventually(() => mobility.cdrsReceived.length === 1, 20_000);
    const negated = { ...cdr.total, beforeTaxes: '-2.70' };
    const credit = { ...cdr, cdrId: `${cdr.cdrId}-CR`, credit: true, creditReferenceId: cdr.cdrId, total: negated };
    await billing.say('cdrIssued', 'US-CHG', { cdr: credit }, idOf('v', 4));
    await eventually(() => mobility.cdrsReceived.length === 2, 20_000);
    expect(mobility.cdrsReceived).toMatchObject([
      { party: 'US-CHG', cdrId: cdr.cdrId, energyWh: '6000', durationSeconds: 1800, total: { beforeTaxes: '2.7' }, credit: false },
      { cdrId: credit.cdrId, credit: true, creditReferenceId: cdr.cdrId, total: { beforeTaxes: '-2.7' } },
    ]);
    expect(mobility.cdrsReceived[0]?.tariff).toMatchObject({ id: tariff.id });
    const partner = async () => (await chargem.console.ask('listPartners', {})).items[0];
    await eventually(async () => (await partner())?.deliveriesPending === 0);
    expect(await partner()).toMatchObject({ deliveriesParked: 0, version });
  });

  it('HSK-10: is the only one whose addresses the partner may use', async () => {
    for (const other of ['2.1.1', '2.2.1', '2.3.0'].filter((each) => each !== version)) {
      const response = await fetch(`${mobility.url}/${other}`);
      expect(response.status).toBe(404);
    }
  });
});
