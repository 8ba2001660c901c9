// A partner's CDR that claims 4.60 for 10 kWh at 0.45, for specs.
import type { PartnerCdr } from '@evenkeel/contracts';

export const claimed: PartnerCdr = {
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
  total: { beforeTaxes: '4.60' },
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
