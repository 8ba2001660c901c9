import { InMemoryEventStore } from '@evenkeel/event-store';
import { rebuild } from './rebuild';

const partnerCdr = {
  partnerId: 'p1',
  cdrId: 'c1',
  party: 'US-CHG',
  token: { key: 'a'.repeat(32), type: 'RFID' },
  startedAt: '2026-03-01T18:00:00.000Z',
  endedAt: '2026-03-01T19:00:00.000Z',
  timeZone: 'America/Los_Angeles',
  currency: 'USD',
  energyWh: '10000',
  durationSeconds: 3600,
  total: { beforeTaxes: '4.50' },
  tariff: {
    countryCode: 'US',
    partyId: 'CHG',
    id: 'T',
    currency: 'USD',
    elements: [{ priceComponents: [{ type: 'ENERGY', price: '0.45', stepSize: 1 }] }],
    taxIncluded: 'NO',
    lastUpdated: '2026-01-01T00:00:00.000Z',
  },
  periods: [{ startedAt: '2026-03-01T18:00:00.000Z', kind: 'charging', energyWh: '10000', evidence: [] }],
  credit: false,
  lastUpdated: '2026-03-01T19:01:00.000Z',
};

async function storeWith(checkedBeforeTaxes: string): Promise<InMemoryEventStore> {
  const store = new InMemoryEventStore();
  const data = { cdr: partnerCdr, checkedBeforeTaxes, bookedAt: '2026-03-01T19:02:00.000Z' };
  await store.append('purchase-1', 'no-stream', [{ id: '1', type: 'PartnerCdrBooked', data }]);
  return store;
}

describe('a rebuild', () => {
  it('of an empty store finds nothing', async () => {
    expect(await rebuild(new InMemoryEventStore())).toEqual({ sessions: 0, cdrs: 0, numbers: 0, entries: 0, differences: [] });
  });

  it("prices partners' CDRs again and names the place of a difference", async () => {
    expect(await rebuild(await storeWith('4.50'))).toMatchObject({ sessions: 0, cdrs: 1, differences: [] });
    const { differences } = await rebuild(await storeWith('9.99'));
    expect(differences).toEqual(['partner CDR c1 in purchase-1 (event 1) differs at /checkedBeforeTaxes: derived "4.50", stored "9.99"']);
  });

  it('names a CDR without a session', async () => {
    const store = new InMemoryEventStore();
    const data = { sessionId: 'x', sessionRevision: 3, reason: 'no-payer' };
    await store.append('cdr-x', 'no-stream', [{ id: '1', type: 'SessionNotBilled', data }]);
    expect((await rebuild(store)).differences).toEqual(['cdr-x: there is a CDR but no session']);
  });
});
